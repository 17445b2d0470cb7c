"""What an MCP server sends, made fit for the protocol's library, which refuses a whole answer for one part of it.

A tool that is described wrongly is left out, with the reason; a piece of a result that cannot be read is named, and so
is what is nested too deeply; what is no message at all is noted. Runs in the child.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from senter.components.task_engine.tools.children.mcp_depth import cut_to_depth, has_been_cut
from senter.text import one_line

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectSendStream
    from mcp.client._transport import ReadStream, TransportStreams
    from mcp.shared.message import SessionMessage
    from pydantic import JsonValue, ValidationError

Parts = dict[str, "JsonValue"]

SHAPES = "2025-11-25"
"""The revision whose shapes of tools and results are looked for; later ones allow no less."""
NOISE_CHARACTERS = 120
NESTED = "what it says of itself is nested too deeply"


@dataclass(slots=True)
class ServerHeard:
    """What a server said beside its answers."""

    noise: str = ""
    """The first line that was no message."""
    left_out: dict[str, str] = field(default_factory=dict[str, str])
    """Tools that are described wrongly, with the reason, since the list was begun."""
    tools_changed: bool = False
    """Whether it said so since they were listed."""
    has_ended: bool = False


@asynccontextmanager
async def tidied(
    transport: AbstractAsyncContextManager[TransportStreams], heard: ServerHeard
) -> AsyncGenerator[TransportStreams]:
    """The transport, with everything that comes through it tidied."""
    import anyio
    from mcp.shared.message import SessionMessage

    async with transport as (read, write), anyio.create_task_group() as forwarding:
        send, receive = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        forwarding.start_soon(_forward, read, send, heard)
        yield receive, write
        forwarding.cancel_scope.cancel()


async def _forward(
    read: ReadStream[SessionMessage | Exception],
    send: MemoryObjectSendStream[SessionMessage | Exception],
    heard: ServerHeard,
) -> None:
    import anyio

    try:
        async with send:
            async for message in read:
                whole = _cut(message) if isinstance(message, Exception) else message
                if whole is None:
                    heard.noise = heard.noise or _said(cast(Exception, message))
                else:
                    _tidy(whole, heard)
                    await send.send(whole)
    except (anyio.BrokenResourceError, anyio.ClosedResourceError):  # nobody listens any more
        pass
    finally:
        heard.has_ended = True


def _cut(refused: Exception) -> SessionMessage | None:
    """A message that was refused for its depth alone, without what lies too deep."""
    from mcp.shared.message import SessionMessage
    from mcp_types import jsonrpc_message_adapter
    from pydantic import ValidationError

    if not isinstance(refused, ValidationError) or (line := _line_of(refused)) == (cut := cut_to_depth(line)):
        return None
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(cut, by_name=False))
    except ValidationError:
        return None


def _tidy(message: SessionMessage, heard: ServerHeard) -> None:
    from mcp_types import JSONRPCResponse

    if not isinstance(message.message, JSONRPCResponse):
        return
    result = cast(Parts, message.message.result)
    if isinstance(tools := result.get("tools"), list):
        result["tools"] = [tool for tool in tools if _is_whole(tool, heard)]
    if isinstance(content := result.get("content"), list):
        result["content"] = [_readable(block) for block in content]
    elif "structuredContent" in result:
        result["content"] = []


def _is_whole(tool: JsonValue, heard: ServerHeard) -> bool:
    """Whether a tool can be taken. What it promises of its results is not looked at: they are read as they come."""
    if not isinstance(tool, dict):
        heard.left_out["(no name)"] = "it is no description of a tool"
        return False
    tool.pop("outputSchema", None)
    if wrong := NESTED if has_been_cut(tool) else _wrong("tools/list", {"tools": [tool]}):
        name = tool.get("name")
        heard.left_out[name if isinstance(name, str) and name else "(no name)"] = wrong
    return not wrong


def _readable(block: JsonValue) -> JsonValue:
    if not _wrong("tools/call", {"content": [block]}):
        return block
    kind = block.get("type") if isinstance(block, dict) else None
    return {"type": "text", "text": f"[{one_line(str(kind or 'something'), 40)} that cannot be read]"}


def _wrong(method: str, result: Parts) -> str:
    """What is wrong with a result; empty where nothing is."""
    from mcp_types.methods import validate_server_result
    from pydantic import ValidationError

    try:
        validate_server_result(method, SHAPES, result)
    except ValidationError as error:
        return _in_words(error)
    return ""


def _in_words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = next((str(part) for part in first["loc"][2:] if isinstance(part, str)), "description")
    return f"it has no {place}" if first["type"] == "missing" else f"its {place} is wrong"


def _said(noise: Exception) -> str:
    """The line that was no message."""
    from pydantic import ValidationError

    return one_line(_line_of(noise) if isinstance(noise, ValidationError) else str(noise), NOISE_CHARACTERS)


def _line_of(refused: ValidationError) -> str:
    return str(refused.errors(include_url=False)[0]["input"])
