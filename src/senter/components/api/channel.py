"""A bounded queue between the bus and one client of a stream, and the lines that client reads."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

# How the OpenAPI page describes a stream: the shape of each of its events.
STREAM_RESPONSE: Final[dict[str, Any]] = {
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "event": {"type": "string"},
                    "data": {"type": "string", "description": "JSON on one line."},
                },
                "required": ["data"],
            }
        }
    }
}

KEEP_ALIVE = b": still here\n\n"


def add_stream_route(router: APIRouter, path: str, stream: Callable[..., Awaitable[Response]], summary: str) -> None:
    """What answers a GET with a stream of events."""
    router.add_api_route(
        path, stream, summary=summary, response_class=StreamingResponse, responses={200: STREAM_RESPONSE}
    )


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One server-sent event; `data` is on one line. Without a name it is a plain message."""

    name: str
    data: str
    id: str = ""

    def encode(self) -> bytes:
        head = f"id: {self.id}\n" if self.id else ""
        if self.name:
            head += f"event: {self.name}\n"
        return f"{head}data: {self.data}\n\n".encode()


class EventQueue:
    """Holds at most `limit` events; what does not fit is dropped and counted, the sender never waits."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._events: deque[StreamEvent] = deque()
        self._changed = asyncio.Event()
        self._ended = False
        self._dropped = 0
        self.dropped_in_all = 0

    @property
    def room(self) -> int:
        return self._limit - len(self._events)

    def put(self, *events: StreamEvent) -> None:
        for event in events:
            if self.room <= 0:
                self._dropped += 1
                self.dropped_in_all += 1
                continue
            self._events.append(event)
            self._changed.set()

    def end(self) -> None:
        """No more will come; what waits is still delivered."""
        self._ended = True
        self._changed.set()

    async def encoded(self, comment_seconds: float, replayed: Iterable[StreamEvent] = ()) -> AsyncIterator[bytes]:
        """What is `replayed`, then the events as they come, a `dropped` event after a loss, and a comment when it is
        quiet for long.

        Suspends after each, even when more is waiting: a stream must not starve other requests.
        """
        for event in replayed:
            yield event.encode()
            await asyncio.sleep(0)
        while True:
            while self._events:
                yield self._events.popleft().encode()
                await asyncio.sleep(0)
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                yield StreamEvent("dropped", f'{{"count":{dropped}}}').encode()
                continue
            if self._ended:
                return
            self._changed.clear()
            try:
                async with asyncio.timeout(comment_seconds):
                    await self._changed.wait()
            except TimeoutError:
                yield KEEP_ALIVE


class EventStream(StreamingResponse):
    """A response of server-sent events that says when its client is gone, however it goes."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], gone: Callable[[], object]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._gone = gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._gone()


def stream_of(
    channel: EventQueue,
    asked: asyncio.Task[object],
    last_events: Callable[[], Iterable[StreamEvent]],
    comment_seconds: float,
) -> EventStream:
    """What is put into the channel while the task runs, and then how it ended. A client that goes away cancels it."""

    async def events() -> AsyncIterator[bytes]:
        async for line in channel.encoded(comment_seconds):
            yield line
        for event in last_events():
            yield event.encode()

    asked.add_done_callback(lambda _: channel.end())
    return EventStream(events(), asked.cancel)
