"""The child that speaks with one MCP server. Run as a module by mcp_servers.

The protocol's library, and the server's process where it has one, live and end here. Why a server is lost is said in a
frame, `lost`; then the child ends, and another takes its place.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, cast

from senter.component.frames import Frame
from senter.component.isolated_child import FrameChannel, open_channel, run
from senter.components.task_engine.tools.children.mcp_results import result_frame
from senter.components.task_engine.tools.children.mcp_tidying import ServerHeard, tidied
from senter.errors import first_of
from senter.text import one_line

if TYPE_CHECKING:
    from mcp import Client, MCPError
    from mcp.client._transport import Transport
    from mcp.client.stdio import StdioServerParameters
    from mcp_types import Tool
    from pydantic import JsonValue

MOST_PAGES = 20
WORDS_BYTES, WORDS_CHARACTERS = 2_000, 200
LAST_WORDS_SECONDS = 0.5
OTHER_LETTERS = "replace"
"""What is not UTF-8 costs itself, and not the server."""
ENDED = "ended before it answered"


class StandardError:
    """The end of what a server writes to its standard error."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self.file = os.fdopen(self._write, "w")
        self._words = bytearray()
        self._thread = threading.Thread(target=self._listen, name="last words", daemon=True)
        self._thread.start()

    def last(self) -> str:
        """The last line, once the server has ended."""
        self.file.close()
        self._thread.join(LAST_WORDS_SECONDS)
        lines = bytes(self._words).decode(errors="replace").strip().splitlines()
        return one_line(lines[-1], WORDS_CHARACTERS) if lines else ""

    def _listen(self) -> None:
        while piece := os.read(self._read, 4_096):
            self._words += piece
            del self._words[:-WORDS_BYTES]


def main() -> None:
    channel, _ = open_channel()
    asyncio.run(_serve(channel))


async def _serve(channel: FrameChannel) -> None:
    """The first frame says how to reach the server."""
    first = await asyncio.to_thread(channel.receive)
    if first is None:
        return
    heard, words = ServerHeard(), StandardError()
    try:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(await _client(first.head, heard, words, stack))
            channel.send(Frame({"open": True}))
            listening = asyncio.create_task(_listen(client, heard))
            await _answer_all(client, channel, heard, cast(float, first.head["timeout_seconds"]))
            listening.cancel()
    except Exception as error:
        channel.send(Frame({"lost": _why(first_of(error), heard, words)}))


async def _answer_all(client: Client, channel: FrameChannel, heard: ServerHeard, seconds: float) -> None:
    """Until nothing more is asked, or the server has ended while nothing was: then the request has not reached it."""
    while (frame := await asyncio.to_thread(channel.receive)) is not None:
        if heard.has_ended:
            channel.send(Frame({"gone": True}))
            return
        answer = await _answer(client, frame, heard, seconds)
        channel.send(Frame({**answer.head, "changed": heard.tools_changed}, answer.body))


async def _answer(client: Client, frame: Frame, heard: ServerHeard, seconds: float) -> Frame:
    from mcp import MCPError
    from pydantic import ValidationError

    try:
        match frame.head["do"]:
            case "list":
                return await _list(client, heard)
            case "call":
                arguments = cast("dict[str, JsonValue]", frame.head["arguments"])
                tool = str(frame.head["tool"])
                return result_frame(await client.call_tool(tool, arguments, read_timeout_seconds=seconds))
            case _:  # whether its tools have changed
                return Frame({})
    except MCPError as error:
        if _is_lost(error):
            raise  # the connection is of no more use, and nobody knows what became of the call
        return Frame({"error": f"{error}"[:1_000]})
    except ValidationError:
        return Frame({"error": "what it answers does not keep to the protocol"})


async def _list(client: Client, heard: ServerHeard) -> Frame:
    heard.tools_changed = False
    heard.left_out.clear()
    tools = [_told(tool) for tool in await _tools(client)]
    left_out: list[JsonValue] = [{"name": name, "reason": reason} for name, reason in heard.left_out.items()]
    return Frame({"tools": cast("JsonValue", tools), "left_out": left_out})


async def _client(
    head: Mapping[str, JsonValue], heard: ServerHeard, words: StandardError, stack: AsyncExitStack
) -> Client:
    from mcp import Client

    async def note(message: object) -> None:
        from mcp_types import ToolListChangedNotification

        if isinstance(message, ToolListChangedNotification):
            heard.tools_changed = True

    transport = tidied(await _transport(head, words, stack), heard)
    seconds = cast(float, head["start_seconds"])
    return Client(transport, read_timeout_seconds=seconds, message_handler=note, cache=None)


async def _transport(head: Mapping[str, JsonValue], words: StandardError, stack: AsyncExitStack) -> Transport:
    if not head["url"]:
        from mcp.client.stdio import stdio_client

        return stdio_client(_program(head), errlog=words.file)
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    seconds = cast(float, head["timeout_seconds"])
    headers = cast("dict[str, str]", head["headers"])
    http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=seconds, trust_env=False))
    return streamable_http_client(str(head["url"]), http_client=http)


def _program(head: Mapping[str, JsonValue]) -> StdioServerParameters:
    from mcp.client.stdio import StdioServerParameters

    program, *arguments = cast("list[str]", head["command"])
    environment = cast("dict[str, str]", head["environment"])
    if sys.platform == "win32":
        return StdioServerParameters(
            command=program, args=arguments, env=environment, encoding_error_handler=OTHER_LETTERS
        )
    leash = ["-P", "-m", "senter.component.leash", str(os.getpid()), program]
    found = {**environment, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    return StdioServerParameters(
        command=sys.executable, args=[*leash, *arguments], env=found, encoding_error_handler=OTHER_LETTERS
    )


async def _listen(client: Client, heard: ServerHeard) -> None:
    """Later revisions tell of changes only who listens for them; earlier ones tell everybody."""
    from mcp import MCPError
    from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost

    with suppress(MCPError, ListenNotSupportedError, SubscriptionLost, TimeoutError):
        async with client.listen(tools_list_changed=True) as changes:
            async for _ in changes:
                heard.tools_changed = True


async def _tools(client: Client) -> list[Tool]:
    """All pages; a server that names a page again would do so for ever."""
    found: list[Tool] = []
    cursor: str | None = None
    read: set[str | None] = set()
    while cursor not in read and len(read) < MOST_PAGES:
        read.add(cursor)
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor or None
    return found


def _told(tool: Tool) -> dict[str, JsonValue]:
    hints = tool.annotations
    effect = "pure" if hints and hints.read_only_hint else "idempotent" if hints and hints.idempotent_hint else ""
    return {
        "name": tool.name,
        "description": tool.description or "",
        "json_schema": cast("dict[str, JsonValue]", tool.input_schema),
        "effect": effect,
    }


def _is_lost(error: MCPError) -> bool:
    """Whether the library says so: servers use its codes for errors of their own."""
    from mcp_types import CONNECTION_CLOSED, REQUEST_TIMEOUT

    code, message = error.error.code, error.error.message
    return (
        message == "Connection closed"
        if code == CONNECTION_CLOSED
        else code == REQUEST_TIMEOUT and "timed out" in message
    )


def _why(error: BaseException, heard: ServerHeard, words: StandardError) -> str:
    """What became of a server, to go behind its name."""
    from mcp import MCPError
    from mcp_types import CONNECTION_CLOSED

    if isinstance(error, MCPError) and _is_lost(error):
        what = ENDED if error.error.code == CONNECTION_CLOSED else "did not answer in time"
    elif isinstance(error, MCPError):
        what = f"refuses: {one_line(str(error), WORDS_CHARACTERS)}"
    else:
        what = f"cannot be used: {one_line(f'{type(error).__name__}: {error}', WORDS_CHARACTERS)}"
    noise = f'; it wrote "{heard.noise}" to its standard output, where only messages belong' if heard.noise else ""
    last = words.last()
    return f"{what}{noise}{f'; its last words: {last}' if last else ''}".rstrip(".") + "."


if __name__ == "__main__":
    run(main)
