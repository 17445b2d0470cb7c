"""An OpenAI-compatible server that does what a test or a bench tells it to, over TCP or a Unix socket.

Each chat request is answered by the next behaviour of the script; the last one stays. Run as a
program (`python -m tests.scripted_model [--delay SECONDS] [--socket PATH]`) it prints its address and
answers at once until it is stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, JsonValue


class Asked(BaseModel):
    """A chat request, as far as tests look at it."""

    model: str
    messages: list[dict[str, JsonValue]]
    max_tokens: int | None = None
    temperature: float | None = None
    stream: bool = False
    response_format: JsonValue = None
    body: dict[str, JsonValue]
    """All of it."""
    tools: JsonValue = None


@dataclass
class Exchange:
    """One chat request and the means to answer it."""

    asked: Asked
    writer: asyncio.StreamWriter
    keep_alive: bool = True

    async def respond(
        self, status: int, body: bytes, headers: Sequence[str] = (), kind: str = "application/json"
    ) -> None:
        lines = [f"HTTP/1.1 {status} Scripted", f"content-type: {kind}", f"content-length: {len(body)}", *headers]
        await self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def begin_stream(self) -> None:
        lines = ["HTTP/1.1 200 OK", "content-type: text/event-stream", "transfer-encoding: chunked"]
        await self.raw("\r\n".join(lines).encode() + b"\r\n\r\n")

    async def piece(self, text: str) -> None:
        await self.event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})

    async def event(self, event: JsonValue) -> None:
        await self.chunk(b"data: " + json.dumps(event).encode() + b"\n\n")

    async def chunk(self, data: bytes) -> None:
        """One chunk of the stream, whatever it holds."""
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end_stream(self, reason: str = "stop", usage: tuple[int, int] | None = None) -> None:
        await self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        if usage:
            await self.event({"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}})
        await self.raw(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        self.keep_alive = False
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


def answering(*pieces: str, delay_seconds: float = 0.0, usage: tuple[int, int] | None = (7, 3)) -> Behaviour:
    """Streams the pieces, each after a delay."""

    async def behave(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for piece in pieces:
            await asyncio.sleep(delay_seconds)
            await exchange.piece(piece)
        await exchange.end_stream(usage=usage)

    return behave


def refusing(status: int, body: JsonValue = None, *headers: str) -> Behaviour:
    """Answers with a status and a body."""

    async def behave(exchange: Exchange) -> None:
        await exchange.respond(status, json.dumps(body).encode(), headers)

    return behave


def saying(raw: bytes, kind: str = "text/event-stream") -> Behaviour:
    """Answers 200 with exactly this body."""

    async def behave(exchange: Exchange) -> None:
        await exchange.respond(200, raw, kind=kind)

    return behave


async def resetting(exchange: Exchange) -> None:
    """Breaks the connection before the answer begins."""
    exchange.reset()


async def resetting_midway(exchange: Exchange) -> None:
    """Breaks the connection in the middle of the answer."""
    await exchange.begin_stream()
    await exchange.piece("half an ")
    exchange.reset()


async def ending_early(exchange: Exchange) -> None:
    """Ends the stream properly, but before the answer is complete."""
    await exchange.begin_stream()
    await exchange.piece("half an ")
    await exchange.raw(b"0\r\n\r\n")


async def hanging(exchange: Exchange) -> None:
    """Says nothing, for ever."""
    await asyncio.Event().wait()


async def hanging_midway(exchange: Exchange) -> None:
    """Says nothing more after the first piece."""
    await exchange.begin_stream()
    await exchange.piece("half an ")
    await asyncio.Event().wait()


async def writing_for_ever(exchange: Exchange) -> None:
    """Never ends its answer."""
    await exchange.begin_stream()
    while True:
        await exchange.piece("more ")
        await asyncio.sleep(0.005)


@dataclass
class ScriptedModel:
    """What the server lists, does, and has seen."""

    script: list[Behaviour]
    models: list[str] = field(default_factory=lambda: ["scripted"])
    key: str = ""
    facts: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """What it tells of each model that it lists."""
    url: str = ""
    asked: list[Asked] = field(default_factory=list[Asked])
    listed: int = 0
    refused: int = 0
    """Requests with a wrong key."""
    hung_up: int = 0
    """Clients that went away before their answer was complete."""
    open_answers: int = 0

    def next_behaviour(self) -> Behaviour:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._exchange(reader, writer):
                pass
        writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if self.key and headers.get("authorization") != f"bearer {self.key}".lower():
            self.refused += 1
            await _send(writer, 401, {"error": {"message": f"wrong key, not {self.key}"}})
            return True
        if head.startswith("GET"):
            self.listed += 1
            await _send(writer, 200, {"object": "list", "data": [{"id": name, **self.facts} for name in self.models]})
            return True
        asked = json.loads(body)
        return await self._answer(Asked.model_validate({**asked, "body": asked}), reader, writer)

    async def _answer(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer until done or until the client hangs up, whichever is first."""
        self.asked.append(asked)
        exchange = Exchange(asked, writer)
        behaving = asyncio.ensure_future(self.next_behaviour()(exchange))
        gone = asyncio.ensure_future(_until_gone(reader))
        self.open_answers += 1
        try:
            await asyncio.wait({behaving, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not behaving.done():
                self.hung_up += 1
            return behaving.done() and exchange.keep_alive
        finally:
            self.open_answers -= 1
            behaving.cancel()
            gone.cancel()
            await asyncio.wait({behaving, gone})
            if not behaving.cancelled() and isinstance(behaving.exception(), ConnectionError):
                self.hung_up += 1


async def _until_gone(reader: asyncio.StreamReader) -> None:
    """Clients here send nothing while they wait for an answer, so the end of input means that they left."""
    await reader.read(1)


async def _send(writer: asyncio.StreamWriter, status: int, body: JsonValue) -> None:
    data = json.dumps(body).encode()
    writer.write(f"HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\n".encode())
    writer.write(f"content-length: {len(data)}\r\n\r\n".encode() + data)
    await writer.drain()


@asynccontextmanager
async def scripted_model(
    *script: Behaviour, models: Sequence[str] = ("scripted",), key: str = "", socket: Path | None = None
) -> AsyncGenerator[ScriptedModel]:
    """Serve the script on a free loopback port, or on `socket`."""
    model = ScriptedModel(list(script) or [answering("Hello", " there")], list(models), key)
    connections = set[asyncio.Task[None]]()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(model.serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)
        task.add_done_callback(lambda _: writer.transport.abort() if not writer.is_closing() else None)

    if socket:
        server = await asyncio.start_unix_server(connected, socket)
        model.url = f"unix://{socket}"
    else:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        model.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield model
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0.01)  # transports close one turn of the loop later


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each piece")
    parser.add_argument("--socket", type=Path, default=None, help="listen on this Unix socket")
    chosen = parser.parse_args()
    behaviour = answering("Scripted ", "answer.", delay_seconds=chosen.delay)
    async with scripted_model(behaviour, socket=chosen.socket) as model:
        sys.stdout.write(f"{model.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_main())
