"""The child that speaks with one MCP server. Run as a module by mcp_servers.

The protocol's library, and the server's process where it has one, live and end here.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, cast

from senter.component.frames import Frame
from senter.component.isolated_child import FrameChannel, open_channel, run

if TYPE_CHECKING:
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters
    from mcp_types import CallToolResult, Tool
    from pydantic import JsonValue

MOST_PAGES = 20


def main() -> None:
    channel, _ = open_channel()
    asyncio.run(_serve(channel))


async def _serve(channel: FrameChannel) -> None:
    """The first frame says how to reach the server. What fails ends the process; its last words say why."""
    first = await asyncio.to_thread(channel.receive)
    if first is None:
        return
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(await _client(first.head, stack))
        channel.send(Frame({"open": True}))
        while (frame := await asyncio.to_thread(channel.receive)) is not None:
            channel.send(await _answer(client, frame))


async def _answer(client: Client, frame: Frame) -> Frame:
    from mcp import MCPError
    from mcp_types import CONNECTION_CLOSED, REQUEST_TIMEOUT

    try:
        if frame.head["do"] == "list":
            return Frame({"tools": [_told(tool) for tool in await _tools(client)]})
        arguments = cast("dict[str, JsonValue]", frame.head["arguments"])
        return _result(await client.call_tool(str(frame.head["tool"]), arguments))
    except MCPError as error:
        if error.error.code in (CONNECTION_CLOSED, REQUEST_TIMEOUT):
            raise  # the connection is of no more use, and nobody knows what became of the call
        return Frame({"error": f"{error}"[:1_000]})


async def _client(head: Mapping[str, JsonValue], stack: AsyncExitStack) -> Client:
    from mcp import Client

    seconds = cast(float, head["timeout_seconds"])
    if not head["url"]:
        return Client(_program(head), read_timeout_seconds=seconds)
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    headers = cast("dict[str, str]", head["headers"])
    http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=seconds, trust_env=False))
    return Client(streamable_http_client(str(head["url"]), http_client=http), read_timeout_seconds=seconds)


def _program(head: Mapping[str, JsonValue]) -> StdioServerParameters:
    from mcp.client.stdio import StdioServerParameters

    program, *arguments = cast("list[str]", head["command"])
    environment = cast("dict[str, str]", head["environment"])
    if sys.platform == "win32":
        return StdioServerParameters(command=program, args=arguments, env=environment)
    leash = ["-P", "-m", "senter.component.leash", str(os.getpid()), program]
    found = {**environment, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    return StdioServerParameters(command=sys.executable, args=[*leash, *arguments], env=found)


async def _tools(client: Client) -> list[Tool]:
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if not cursor:
            break
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


def _result(result: CallToolResult) -> Frame:
    """Text as it is; of pictures and sounds only that they are there."""
    blocks = [block.text if block.type == "text" else f"[{block.type}]" for block in result.content]
    head: dict[str, JsonValue] = {"failed": bool(result.is_error)}
    structured = result.structured_content
    if isinstance(structured, dict):
        head["data"] = cast("JsonValue", structured)
    return Frame(head, "\n".join(blocks).encode(errors="replace"))


if __name__ == "__main__":
    run(main)
