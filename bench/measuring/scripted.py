"""An instant OpenAI-compatible server in a process of its own: the same answer to everything, in three pieces.

A question that says `wait N ms` is answered after that long; one that says `write N words` by that many, fifty a
second. It ends when its parent does.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

PIECES = ("A scripted ", "answer, ", "at once.")
WRITE = re.compile(rb"write (\d+) words")
WORD_SECONDS = 0.02
WAIT = re.compile(rb"wait (\d+) ms")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class ScriptedServer:
    """Where it answers."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def scripted_server() -> Generator[ScriptedServer]:
    """A running server on a free port of loopback."""
    process = subprocess.Popen([sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    try:
        yield ScriptedServer(int(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def _event(event: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def _piece(text: str, reason: str | None = None) -> bytes:
    return _event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}]})


def _response(kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


USAGE = _event({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3}})
STREAM = b"".join(map(_piece, PIECES)) + _piece("", "stop") + USAGE + b"data: [DONE]\n\n"
ANSWER = _response("text/event-stream", STREAM)
MODELS = _response("application/json", json.dumps({"object": "list", "data": [{"id": "scripted"}]}).encode())


class Connection(asyncio.Protocol):
    """One client, which sends one request after the other."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, ended, body = self._received.partition(b"\r\n\r\n")
        if not ended:
            return
        length = LENGTH.search(head)
        if length and len(body) < int(length[1]):
            return
        self._received = b""
        if words := WRITE.search(body):
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
            self._write(int(words[1]))
            return
        self._answer(MODELS if head.startswith(b"GET") else ANSWER, WAIT.search(body))

    def _write(self, words: int) -> None:
        """One after the other; every tenth begins a paragraph."""
        if not words:
            self._transport.write(_piece("", "stop") + USAGE + b"data: [DONE]\n\n")
            self._transport.close()
            return
        self._transport.write(_piece("word\n\n" if words % 10 == 0 else "word "))
        asyncio.get_running_loop().call_later(WORD_SECONDS, self._write, words - 1)

    def _answer(self, answer: bytes, wait: re.Match[bytes] | None) -> None:
        if wait:
            asyncio.get_running_loop().call_later(int(wait[1]) / 1000, self._transport.write, answer)
        else:
            self._transport.write(answer)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def wait_for_end() -> None:
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait_for_end, daemon=True).start()
    server = await loop.create_server(Connection, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
