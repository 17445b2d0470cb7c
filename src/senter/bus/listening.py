"""Hears volatiles and watches events: a bounded queue and one handler call at a time.

What does not fit into the queue is dropped and counted. An error of the handler has nobody to go to,
so the component ends with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from senter.bus.limits import BusCounters, QueueLimit
from senter.bus.link import Parcel
from senter.bus.owned_tasks import OwnedTasks, Report
from senter.bus.wire import decode, envelope_of
from senter.errors import InvalidInput
from senter.messages.envelope import caused_by
from senter.messages.message import Message

MessageT = TypeVar("MessageT", bound=Message)


class Listening(Generic[MessageT]):
    """One listener's queue."""

    def __init__(
        self,
        kind: type[MessageT],
        handler: Callable[[MessageT], Awaitable[None]],
        *,
        limit: QueueLimit,
        report: Report,
        counters: BusCounters,
    ) -> None:
        self._kind = kind
        self._handler = handler
        self._limit = limit
        self._counters = counters
        self._waiting: deque[Parcel] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._tasks = OwnedTasks(report)
        self._tasks.start(self._run())

    def receive(self, parcel: Parcel) -> None:
        full = len(self._waiting) >= self._limit.messages
        if full or self._waiting_bytes + len(parcel.payload) > self._limit.bytes:
            self._counters.count_drop(self._kind.wire_name)
            return
        self._waiting.append(parcel)
        self._waiting_bytes += len(parcel.payload)
        self._arrived.set()

    async def cancel(self) -> None:
        self._waiting.clear()
        await self._tasks.cancel()

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            while self._waiting:
                await self._hear(self._take())
            self._arrived.clear()

    def _take(self) -> Parcel:
        parcel = self._waiting.popleft()
        self._waiting_bytes -= len(parcel.payload)
        return parcel

    async def _hear(self, parcel: Parcel) -> None:
        try:
            message = decode(self._kind, parcel.payload)
        except InvalidInput:
            self._counters.malformed += 1
            return
        with caused_by(envelope_of(parcel)):
            await self._handler(message)
