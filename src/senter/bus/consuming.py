"""Takes in durable events: one at a time, in order, acknowledged after the consumer has committed.

The server pushes the next event when the one before is settled. After a lost link, or an
acknowledgement that was not confirmed, the consumer is reset on the server, so that what was in flight
comes again at once instead of after the acknowledgement wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from senter.bus import jetstream
from senter.bus.dead_letters import bury, is_replay, wire_name
from senter.bus.link import Link, Parcel
from senter.bus.owned_tasks import OwnedTasks, Report
from senter.bus.pending_requests import PendingRequests
from senter.bus.wire import decode, envelope_of
from senter.clock import Clock
from senter.errors import BusFull, CommunicationError, InvalidInput, NotReady
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.envelope import caused_by
from senter.messages.message import ComponentName, Event

RETRY_AFTER_SECONDS = (0.1, 0.5, 2.0, 5.0)
# A third of the server's acknowledgement wait: an event that takes long is not handed out twice.
IN_PROGRESS_EVERY_SECONDS = 10.0
RESET_AGAIN_AFTER_SECONDS = 0.1
OPEN_WITHIN_SECONDS = 3.0
# One unsettled event at a time: more than a few deliveries waiting here are repetitions.
DELIVERIES_KEPT = 16

# Called with each delivery, one at a time, in order. It must have committed before it returns DONE.
# `replayed` is true when a person asked for the event again: attempts begin anew.
Consumer = Callable[[Event, bool], Awaitable[Consumed]]


class Consuming:
    """One component's place in the event stream."""

    def __init__(
        self,
        name: ComponentName,
        link: Link,
        asking: PendingRequests,
        clock: Clock,
        kinds: Mapping[str, type[Event]],
        consumer: Consumer,
        report: Report,
    ) -> None:
        self._name = name
        self._link = link
        self._asking = asking
        self._clock = clock
        self._kinds = kinds
        self._consumer = consumer
        self._deliveries: asyncio.Queue[Parcel | None] = asyncio.Queue(DELIVERIES_KEPT)
        self._tasks = OwnedTasks(report)

    def receive(self, parcel: Parcel) -> None:
        if not self._deliveries.full():
            self._deliveries.put_nowait(parcel)

    def restored(self) -> None:
        """The link is up again: what was in flight may be lost."""
        while not self._deliveries.empty():
            self._deliveries.get_nowait()
        self._deliveries.put_nowait(None)

    async def open(self) -> None:
        """Begin where this component left off. Raises `NotReady` when the stream or its consumer is not there."""
        try:
            async with asyncio.timeout(OPEN_WITHIN_SECONDS):
                await self._reset()
        except TimeoutError:
            raise NotReady(
                f"The event stream has no place for {self._name} yet, or does not answer.",
                "See: senter status nats-server",
            ) from None

    def start(self) -> None:
        self._tasks.start(self._run())

    async def cancel(self) -> None:
        await self._tasks.cancel()

    async def _run(self) -> None:
        while True:
            parcel = await self._deliveries.get()
            if parcel is None:
                await self._reset()
                continue
            consumed = await self._consume(parcel)
            try:
                await self._settle(parcel, consumed)
            except CommunicationError:
                await self._reset()

    async def _consume(self, parcel: Parcel) -> Consumed:
        try:
            event = self._open(parcel)
        except InvalidInput as error:
            return Consumed(ConsumerOutcome.GIVEN_UP, error.message)
        with caused_by(envelope_of(parcel)):
            work = asyncio.ensure_future(self._consumer(event, is_replay(parcel)))
        try:
            while not (await asyncio.wait({work}, timeout=IN_PROGRESS_EVERY_SECONDS))[0]:
                await self._say_in_progress(parcel)
        finally:
            work.cancel()
        return work.result()

    def _open(self, parcel: Parcel) -> Event:
        kind = self._kinds.get(wire_name(parcel))
        if kind is None:
            raise InvalidInput(f"{self._name} does not know the event {wire_name(parcel)}.")
        return decode(kind, parcel.payload)

    async def _say_in_progress(self, parcel: Parcel) -> None:
        try:
            await self._link.publish(Parcel(parcel.reply, jetstream.IN_PROGRESS))
        except CommunicationError:
            # The link is down; `restored` will see to it that the event comes again.
            return

    async def _settle(self, parcel: Parcel, consumed: Consumed) -> None:
        if consumed.outcome is ConsumerOutcome.DONE:
            await jetstream.settle(self._asking, parcel, jetstream.ACK)
        elif consumed.outcome is ConsumerOutcome.RETRY:
            await self._retry(parcel, consumed.attempts)
        else:
            await self._give_up(parcel, consumed)

    async def _retry(self, parcel: Parcel, attempts: int) -> None:
        step = min(max(attempts, 1), len(RETRY_AFTER_SECONDS)) - 1
        await jetstream.settle(self._asking, parcel, jetstream.nak(RETRY_AFTER_SECONDS[step]))

    async def _give_up(self, parcel: Parcel, consumed: Consumed) -> None:
        dead = bury(self._name, parcel, error=consumed.error, attempts=consumed.attempts)
        try:
            await jetstream.store(self._asking, dead)
        except BusFull:
            await self._retry(parcel, len(RETRY_AFTER_SECONDS))
            return
        await jetstream.settle(self._asking, parcel, jetstream.TERM)

    async def _reset(self) -> None:
        while True:
            await self._link.up()
            try:
                await jetstream.reset_consumer(self._asking, self._name)
            except CommunicationError:
                await self._clock.sleep(RESET_AGAIN_AFTER_SECONDS)
            else:
                return
