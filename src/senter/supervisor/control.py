"""The supervisor's own small socket: status, stop, start, restart, whatever state the api is in.

One request for each connection, one line of JSON each way:
`{"command": NAME, "component": NAME|null}` is answered by `{"result": ...}` or
`{"error": {"code", "message", "hint"}}`. Only the same user is answered. Where there are no Unix sockets
(Windows) it listens on loopback and every request carries the token; that is untested.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import socket
import struct
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from senter.errors import InvalidInput, SenterError
from senter.paths import Paths, write_private

REQUEST_LIMIT_BYTES = 64 * 1024
READ_SECONDS = 5.0

Handler = Callable[[str | None], Awaitable[JsonValue]]


class ControlRequest(BaseModel):
    """What the command line asks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str
    """Which handler."""
    component: str | None = None
    """The component meant, where one is."""
    token: str = ""
    """Only where the socket cannot tell who asks."""


@asynccontextmanager
async def control_server(
    paths: Paths, handlers: Mapping[str, Handler], *, read_seconds: float = READ_SECONDS
) -> AsyncGenerator[None]:
    """Listen while the context is open. Whoever does not finish a request in `read_seconds` is hung up on."""
    server = _ControlServer(handlers, read_seconds)
    if hasattr(asyncio, "start_unix_server"):
        paths.control_socket.unlink(missing_ok=True)
        listening = await asyncio.start_unix_server(
            server.converse, str(paths.control_socket), limit=REQUEST_LIMIT_BYTES, backlog=16
        )
        paths.control_socket.chmod(0o600)
    else:
        listening = await asyncio.start_server(server.converse, "127.0.0.1", 0, limit=REQUEST_LIMIT_BYTES)
        server.token = secrets.token_urlsafe(32)
        port = listening.sockets[0].getsockname()[1]
        write_private(paths.control_socket, f"{port} {server.token}\n")
    try:
        yield
    finally:
        listening.close()
        with suppress(OSError):  # a disk that has become read-only; the next daemon removes it
            paths.control_socket.unlink()


class _ControlServer:
    def __init__(self, handlers: Mapping[str, Handler], read_seconds: float) -> None:
        self._handlers = handlers
        self._read_seconds = read_seconds
        self.token = ""

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if _is_same_user(writer):
                answer = await self._answer(reader)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            return
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> dict[str, JsonValue]:
        try:
            async with asyncio.timeout(self._read_seconds):
                line = await reader.readline()
            return {"result": await self._handle(line)}
        except SenterError as error:
            return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
        except (ValidationError, ValueError):
            return {"error": {"code": "invalid_input", "message": "That is not a control request.", "hint": ""}}

    async def _handle(self, line: bytes) -> JsonValue:
        request = ControlRequest.model_validate_json(line)
        if not hmac.compare_digest(request.token.encode(), self.token.encode()):
            raise InvalidInput("The control token is wrong.")
        handler = self._handlers.get(request.command)
        if handler is None:
            raise InvalidInput(f"There is no control command {request.command!r}.")
        return await handler(request.component)


def _is_same_user(writer: asyncio.StreamWriter) -> bool:
    channel = writer.get_extra_info("socket")
    if sys.platform != "linux":
        return True  # the socket's folder is private; on loopback the token tells
    credentials = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return uid in (os.getuid(), 0)
