"""A server of the OpenAI API that does as it is asked: it calls the tools it is offered, one after the other, fills in
schemas, and breaks where a message says so."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias, cast

Json: TypeAlias = dict[str, Any]

TOO_LONG = "TOO LONG"
BREAK = "BREAK"


def example_of(schema: Json, definitions: Json | None = None) -> object:
    """A value that fits a schema, as far as clients write them."""
    definitions = definitions or cast(Json, schema.get("$defs", {}))
    if reference := cast(str, schema.get("$ref", "")):
        return example_of(definitions[reference.rpartition("/")[2]], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type", "object"):
        case "object":
            return {name: example_of(one, definitions) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [example_of(schema.get("items", {}), definitions)]
        case "integer" | "number":
            return 5
        case "boolean":
            return True
        case _:
            return "Oslo"


def next_tool(body: Json) -> Json | None:
    """The first tool that was offered and not called yet."""
    messages: list[Json] = body["messages"]
    calls = [call for message in messages for call in cast("list[Json]", message.get("tool_calls") or [])]
    called = {str(call["function"]["name"]) for call in calls}
    tools = [cast(Json, tool["function"]) for tool in cast("list[Json]", body.get("tools", []))]
    return next((tool for tool in tools if tool["name"] not in called), None)


def text_for(body: Json) -> str:
    form = body.get("response_format", {})
    if form.get("type") == "json_schema":
        return json.dumps(example_of(form["json_schema"]["schema"]))
    last = body["messages"][-1]
    return f"It is {last['content']} there." if last["role"] == "tool" else "Hello there, all is well."


def pieces_for(body: Json) -> Iterator[Json]:
    if BREAK in str(body["messages"][-1]["content"]):
        yield {"choices": [{"index": 0, "delta": {"content": "Half an "}}]}
        yield {"error": {"message": "it broke", "code": 500}}
        return
    if tool := next_tool(body):
        function = {"name": tool["name"], "arguments": json.dumps(example_of(tool.get("parameters", {})))}
        call = {"index": 0, "id": f"call-{tool['name']}", "type": "function", "function": function}
        yield {"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}
    else:
        for word in text_for(body).split(" "):
            yield {"choices": [{"index": 0, "delta": {"content": f"{word} "}}]}
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls" if tool else "stop"}]}
    yield {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}}


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._whole(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        body = cast(Json, json.loads(self.rfile.read(int(self.headers["content-length"]))))
        if TOO_LONG in str(body["messages"][-1]["content"]):
            fault = {"message": "This is longer than the maximum context length.", "code": "context_length_exceeded"}
            self._whole(400, {"error": fault})
            return
        self._begin(200, "text/event-stream")
        for piece in pieces_for(body):
            self.wfile.write(b"data: " + json.dumps(piece).encode() + b"\n\n")
        self.wfile.write(b"data: [DONE]\n\n")

    def _whole(self, status: int, answer: Json) -> None:
        self._begin(status, "application/json")
        self.wfile.write(json.dumps(answer).encode())

    def _begin(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """What is asked is no news."""


@contextmanager
def serving() -> Generator[str]:
    """The server's address, for as long as the context lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
