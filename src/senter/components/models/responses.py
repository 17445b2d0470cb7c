"""The bodies of an endpoint's answers: read up to a limit, whole or as the events of a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, suppress

import httpx2

from senter.components.models.chunks import AnswerChunk, parse_chunk
from senter.components.models.json_values import Garbage
from senter.components.models.sse import EventParser

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_DRAIN_SECONDS = 0.2
DONE = b"[DONE]"


async def chunks_of(response: httpx2.Response) -> AsyncGenerator[list[AnswerChunk]]:
    """The events of a streamed answer, those that came together as one list."""
    _check_plain(response)
    if response.headers.get("content-type", "").startswith("application/json"):
        yield _whole_answer(await read_whole(response))
        return
    parser, received = EventParser(), 0
    async with aclosing(response.aiter_raw()) as pieces:
        async for piece in pieces:
            received += len(piece)
            if received > MAX_BODY_BYTES:
                raise Garbage
            data = parser.feed(piece)
            if chunks := _events(data):
                yield chunks
            if DONE in data:
                await _drain(pieces)
                return
    yield _last_event(parser)


def _last_event(parser: EventParser) -> list[AnswerChunk]:
    """The one that no line end followed; half an event is none."""
    with suppress(Garbage):
        return _events(parser.feed(b"\n"))
    return []


def _events(data: Iterable[bytes]) -> list[AnswerChunk]:
    return [AnswerChunk(whole=True) if event == DONE else parse_chunk(event) for event in data if event]


def _whole_answer(body: bytes) -> list[AnswerChunk]:
    """Some servers call a stream of events JSON."""
    if body.lstrip().startswith(b"data:"):
        return _events(EventParser().feed(body + b"\n"))
    return [parse_chunk(body, whole=True)]


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the end, which is due now, so that the connection can be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_DRAIN_SECONDS):
            async for _ in pieces:
                pass


async def read_whole(response: httpx2.Response, limit_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Raises `Garbage` for a body beyond the limit, and for one that is compressed."""
    _check_plain(response)
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > limit_bytes:
            raise Garbage
    return bytes(body)


def _check_plain(response: httpx2.Response) -> None:
    """Compressed answers are not asked for, and unpacking one could fill the memory."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Garbage
