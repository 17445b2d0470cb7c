"""An MCP server on standard input and output, written by hand, with one oddity that its argument names.

`good` has none. The protocol's library would refuse to send what some of these send.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

Json = dict[str, object]
SCHEMA: Json = {"type": "object", "properties": {"q": {"type": "string"}}}
BLOCKS: dict[str, list[Json]] = {
    "resource": [
        {"type": "text", "text": "one file:"},
        {
            "type": "resource",
            "resource": {"uri": "repo://x/README.md", "mimeType": "text/plain", "text": "open 9 to 5"},
        },
        {"type": "resource", "resource": {"uri": "file:///m.txt", "mimeType": "text/plain", "blob": "bGVlaw=="}},
        {"type": "resource", "resource": {"uri": "file:///m.pdf", "mimeType": "application/pdf", "blob": "bGVlaw=="}},
    ],
    "link": [{"type": "resource_link", "uri": "file:///home/anna/report.pdf", "name": "report.pdf"}],
    "media": [
        {"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"},
        {"type": "audio", "data": "A" * 40_000, "mimeType": "audio/wav"},
    ],
    "odd_block": [{"type": "hologram", "data": 1}, {"type": "text"}, {"type": "text", "text": "the rest"}],
}
REJECTED: Json = {"code": -32000, "message": "no such city"}
"""With the code that the protocol's library has for a lost connection."""
PLAIN = ("echo", "structured", "promised", "nothing", "refuses", "rejects", "latin", "grow", "shrink", "die", "added")


def tool(name: object, **more: object) -> Json:
    return {"name": name, "description": "x", "inputSchema": SCHEMA, "annotations": {"readOnlyHint": True}, **more}


def say(message: object) -> None:
    text = message if isinstance(message, str) else json.dumps(message)
    print(re.sub(r'"DEEP (\d+)"', lambda found: nested(int(found[1])), text), flush=True)


def nested(depth: int) -> str:
    """A schema of that many objects, one in the other; no library writes so deep a one."""
    return '{"type": "object", "properties": {"a": ' * depth + '{"type": "string"}' + "}}" * depth


def offered(oddity: str, hidden: set[str]) -> list[object]:
    """What the list has; `bad_tools` are of every wrong kind, between good ones."""
    whole: list[object] = [tool(name) for name in (*PLAIN, *BLOCKS) if name not in hidden]
    whole.append(tool("with_promise", outputSchema={"type": "object", "required": ["n"]}))
    if oddity == "deep":
        return [*whole, *(tool(f"deep_{depth}", inputSchema=f"DEEP {depth}") for depth in (5, 60, 400, 20_000))]
    if oddity != "bad_tools":
        return whole
    bad: list[object] = [
        {"name": "no_schema"},
        tool("null_schema", inputSchema=None),
        tool("wrong_schema", inputSchema={"type": "object", "properties": {"a": {"type": "nonsense"}}}),
        tool("wrong_description", description=7),
        tool(None),
        "no tool at all",
        tool("name with space"),
        tool("name_with_space"),
        tool("Ünïcode"),
        tool("日本"),
        tool("x" * 300),
    ]
    return [*bad, *whole]


def result_of(name: str) -> Json:
    match name:
        case "structured":
            return {"content": [], "structuredContent": {"temperature": 21, "town": "Köln"}}
        case "promised" | "with_promise":
            return {"content": [{"type": "text", "text": "n is not there"}], "structuredContent": {"wrong": "yes"}}
        case "deep_5":
            return {"content": [], "structuredContent": {"town": "Köln", "more": "DEEP 400"}}
        case "nothing":
            return {"content": []}
        case "refuses":
            return {"content": [{"type": "text", "text": "rate limit: try in 60 s"}], "isError": True}
        case _:
            return {"content": BLOCKS.get(name, [{"type": "text", "text": f"answered {name}"}])}


def main(oddity: str, file: str) -> None:
    hidden = {"added"}
    wait_for(oddity, Path(file))
    for line in sys.stdin:
        asked = json.loads(line)
        number, method = asked.get("id"), asked.get("method")
        if number is None:
            continue
        if oddity == "noise":
            say("DEBUG: about to answer")
        match method:
            case "initialize" if oddity == "no_licence":
                answer: Json = {"error": {"code": -32000, "message": "licence expired"}}
            case "initialize":
                version = asked["params"]["protocolVersion"]
                facts = {"protocolVersion": version, "capabilities": {"tools": {"listChanged": True}}}
                answer = {"result": {**facts, "serverInfo": {"name": "odd", "version": "1"}}}
            case "tools/list":
                cursor = {"nextCursor": "again"} if oddity == "same_page" else {"nextCursor": None}
                answer = {"result": {"tools": offered(oddity, hidden), **cursor}}
            case "tools/call":
                name = asked["params"]["name"]
                change(name, hidden)
                if name == "latin":
                    sys.stdout.buffer.write(b"caf\xe9\n")
                answer = {"error": REJECTED} if name == "rejects" else {"result": result_of(name)}
            case _:
                answer = {"error": {"code": -32601, "message": "no such method"}}
        say({"jsonrpc": "2.0", "id": number, **answer})


def wait_for(oddity: str, file: Path) -> None:
    """Before it speaks at all."""
    if oddity == "banner":
        say("Starting server v1.2 ...")
    if oddity == "slow":
        while not file.exists():
            time.sleep(0.01)
    if oddity == "dies_at_start":
        say("no protocol here")
        sys.exit("not today")


def change(name: str, hidden: set[str]) -> None:
    if name == "die":
        sys.stderr.write("out of cheese\n")
        sys.stderr.flush()
        os._exit(3)
    if name in ("grow", "shrink"):
        (hidden.remove if name == "grow" else hidden.add)("added")
        say({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})


if __name__ == "__main__":
    main(*sys.argv[1:])
