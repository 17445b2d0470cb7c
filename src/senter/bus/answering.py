"""Answers requests: commands through a bounded queue, broadcasts beside it.

Commands wait for a free place among `concurrency`; what waits and what runs together stay within the
queue's limit. A handler's `SenterError` is its answer. Anything else it raises is told to the asker as
`ComponentError` and reported, so that the component ends with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Generic, TypeVar

from senter.bus.limits import BusCounters, QueueLimit
from senter.bus.link import Link, Parcel
from senter.bus.owned_tasks import OwnedTasks, Report
from senter.bus.wire import decode, encode, envelope_of, error_parcel, reply_parcel
from senter.clock import Clock
from senter.errors import (
    BusFull,
    CommunicationError,
    ComponentError,
    InvalidInput,
    NoResponder,
    SenterError,
    Unavailable,
)
from senter.messages.envelope import caused_by
from senter.messages.message import ComponentName, Message, Reply

MessageT = TypeVar("MessageT", bound=Message)
BROADCASTS_AT_ONCE = 100


class Answerer(Generic[MessageT]):
    """Turns parcels into calls of one handler and its results into replies."""

    def __init__(
        self,
        name: ComponentName,
        link: Link,
        kind: type[MessageT],
        handler: Callable[[MessageT], Awaitable[Reply]],
        clock: Clock,
        report: Report,
        counters: BusCounters,
    ) -> None:
        self.name = name
        self.counters = counters
        self._clock = clock
        self._link = link
        self._kind = kind
        self._handler = handler
        self._report = report

    async def answer(self, parcel: Parcel) -> None:
        envelope = envelope_of(parcel)
        if envelope.deadline is not None and self._clock.now() > envelope.deadline:
            self.counters.late_refused += 1
            await self.refuse(parcel, CommunicationError(f"{self.name} got the command too late."))
            return
        try:
            message = decode(self._kind, parcel.payload)
        except InvalidInput as error:
            self.counters.malformed += 1
            await self.refuse(parcel, error)
            return
        # Gathered rather than caught: whatever it is, the asker hears of it before the component ends.
        with caused_by(envelope):
            (result,) = await asyncio.gather(self._handler(message), return_exceptions=True)
        if isinstance(result, SenterError):
            await self.refuse(parcel, result)
        elif isinstance(result, BaseException):
            await self.refuse(parcel, ComponentError(self.name, f"failed at {self._kind.wire_name}"))
            self._report(result)
        else:
            await self._reply(parcel, result)

    async def refuse(self, parcel: Parcel, error: SenterError) -> None:
        await self._send(error_parcel(parcel.reply, self.name, error))

    async def _reply(self, parcel: Parcel, reply: Reply) -> None:
        try:
            payload = encode(reply, self._link.max_payload)
        except InvalidInput as error:
            await self.refuse(parcel, error)
            return
        await self._send(reply_parcel(parcel.reply, self.name, payload))

    async def _send(self, parcel: Parcel) -> None:
        if not parcel.subject:
            return
        try:
            await self._link.publish(parcel)
        except CommunicationError:
            # The asker learns of the lost link, or of the deadline, by itself.
            return


class CommandQueue(Generic[MessageT]):
    """The commands of one kind that wait or run."""

    def __init__(self, answerer: Answerer[MessageT], limit: QueueLimit, concurrency: int | None) -> None:
        self._answerer = answerer
        self._limit = limit
        self._places = asyncio.Semaphore(concurrency) if concurrency else nullcontext()
        self._held = 0
        self._held_bytes = 0
        self._tasks = OwnedTasks()
        self._closed = False

    def receive(self, parcel: Parcel) -> None:
        if self._held >= self._limit.messages or self._held_bytes + len(parcel.payload) > self._limit.bytes:
            self._answerer.counters.commands_refused += 1
            self._tasks.start(self._answerer.refuse(parcel, BusFull(self._answerer.name)))
            return
        self._held += 1
        self._held_bytes += len(parcel.payload)
        self._tasks.start(self._hold(parcel))

    async def close(self) -> None:
        """Those that wait are told that nobody answers; those that run may end."""
        self._closed = True

    async def cancel(self) -> None:
        """End those that run, too."""
        self._closed = True
        await self._tasks.cancel()

    async def _hold(self, parcel: Parcel) -> None:
        try:
            async with self._places:
                await self._answer(parcel)
        except asyncio.CancelledError:
            await self._answerer.refuse(parcel, Unavailable(f"{self._answerer.name} is stopping."))
            raise
        finally:
            self._held -= 1
            self._held_bytes -= len(parcel.payload)

    async def _answer(self, parcel: Parcel) -> None:
        if self._closed:
            await self._answerer.refuse(parcel, NoResponder(self._answerer.name))
        else:
            await self._answerer.answer(parcel)


class BroadcastQueue(Generic[MessageT]):
    """The broadcasts of one kind that are being answered, each at once."""

    def __init__(self, answerer: Answerer[MessageT]) -> None:
        self._answerer = answerer
        self._tasks = OwnedTasks()

    def receive(self, parcel: Parcel) -> None:
        if len(self._tasks) >= BROADCASTS_AT_ONCE:
            self._answerer.counters.commands_refused += 1
            return
        self._tasks.start(self._answerer.answer(parcel))

    async def cancel(self) -> None:
        await self._tasks.cancel()
