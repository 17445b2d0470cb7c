"""The bus of one component over any link: what bus.py promises, built once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from senter.bus import jetstream, subjects
from senter.bus.answering import Answerer, BroadcastQueue, CommandQueue
from senter.bus.bus import (
    DEFAULT_LIMIT,
    BroadcastReplies,
    BroadcastT,
    BusCounters,
    CommandT,
    Consumer,
    EventT,
    MessageT,
    QueueLimit,
    ReplyT,
    Subscription,
    VolatileT,
)
from senter.bus.consuming import Consuming
from senter.bus.link import Link, Parcel, Receiver
from senter.bus.listening import Listening
from senter.bus.manifest import Manifest
from senter.bus.pending_requests import PendingRequests
from senter.bus.wire import encode, headers_of, open_reply
from senter.clock import Clock
from senter.errors import BusUnavailable, CommunicationError, DeadlineExceeded, SenterError
from senter.messages.envelope import Envelope, following
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, Reply, Volatile


class Listener:
    """A running subscription and what takes its parcels in."""

    def __init__(self, *ends: Callable[[], Awaitable[None]]) -> None:
        self._ends = ends

    async def close(self) -> None:
        for end in self._ends:
            await end()


class Member:
    """One component on the bus. See `senter.bus.bus.Bus` for what each method promises."""

    def __init__(self, name: ComponentName, manifest: Manifest, clock: Clock) -> None:
        self._name = name
        self._manifest = manifest
        self._clock = clock
        self._counters = BusCounters()
        self._consumings: list[Consuming] = []
        self._doubts: list[Callable[[], None]] = []
        self._queues: list[CommandQueue[Any] | BroadcastQueue[Any]] = []
        self._listenings: set[Listening[Any]] = set()
        self._failure: BaseException | None = None
        self._failed = asyncio.Event()
        self._closing = False

    def join(self, link: Link) -> Mapping[str, Receiver]:
        """Use this link, and say which subjects must be received for as long as it is up."""
        self._link = link
        self._asking = PendingRequests(self._name, link)
        return {self._asking.inbox: self._asking.receive, subjects.DEATHS: self._hear_of_death}

    @property
    def name(self) -> ComponentName:
        return self._name

    @property
    def counters(self) -> BusCounters:
        return self._counters

    @property
    def asking(self) -> PendingRequests:
        """For the supervisor's talk with the broker itself."""
        return self._asking

    # Commands.

    async def request(
        self, command: Command[ReplyT], *, timeout_seconds: float, to: ComponentName | None = None
    ) -> ReplyT:
        kind = type(command)
        self._manifest.check_sends(self._name, kind)
        receiver = to or kind.receiver
        if not receiver:
            raise ValueError(f"{kind.wire_name} has no receiver of its own: name one with `to`")
        if timeout_seconds <= 0:
            raise DeadlineExceeded(f"{kind.wire_name} to {receiver}", timeout_seconds)
        deadline = self._clock.now() + timedelta(seconds=timeout_seconds)
        parcel = await self._asking.ask(
            subjects.of_command(kind, receiver),
            self._encode(command),
            receiver=receiver,
            timeout_seconds=timeout_seconds,
            headers=self._headers(following(), deadline),
        )
        return cast(ReplyT, open_reply(parcel, kind.reply_type()))

    async def serve(
        self,
        command: type[CommandT],
        handler: Callable[[CommandT], Awaitable[Reply]],
        *,
        limit: QueueLimit = DEFAULT_LIMIT,
        concurrency: int | None = None,
    ) -> Subscription:
        self._manifest.check_receives(self._name, command)
        queue = CommandQueue(self._answerer(command, handler), limit, concurrency)
        subscription = await self._link.subscribe(subjects.of_command(command, self._name), queue.receive)
        self._queues.append(queue)
        # Drained, so that a command on its way is refused rather than lost.
        return Listener(queue.close, subscription.drain)

    # Events.

    async def publish(self, event: Event, envelope: Envelope | None = None) -> int:
        self._manifest.check_sends(self._name, type(event))
        made = envelope or following()
        headers = {subjects.MESSAGE_ID: made.id, **self._headers(made)}
        return await jetstream.store(self._asking, subjects.of_event(type(event)), self._encode(event), headers)

    async def event_stream(self) -> jetstream.StreamState:
        state = await jetstream.look(self._asking)
        if state is None:
            raise BusUnavailable("the event stream is not there")
        return state

    def on_stream_doubt(self, callback: Callable[[], None]) -> None:
        self._doubts.append(callback)

    async def consume(self, events: Collection[type[Event]], consumer: Consumer) -> Subscription:
        for event in events:
            self._manifest.check_receives(self._name, event)
        kinds = {event.wire_name: event for event in events}
        consuming = Consuming(self._name, self._link, self._asking, self._clock, kinds, consumer, self.report)
        # Reset first: an event that was in flight when the predecessor ended is then delivered once, not twice.
        await consuming.open()
        subscription = await self._link.subscribe(subjects.deliver(self._name), consuming.receive)
        consuming.start()
        self._consumings.append(consuming)
        return Listener(subscription.close, consuming.cancel)

    async def observe(self, event: type[EventT], handler: Callable[[EventT], Awaitable[None]]) -> Subscription:
        self._manifest.check_observes(self._name, event)
        return await self._listen(event, handler, subjects.of_event(event), DEFAULT_LIMIT)

    # Broadcasts.

    async def broadcast(
        self, message: Broadcast[ReplyT], *, expected: Collection[ComponentName], timeout_seconds: float
    ) -> BroadcastReplies[ReplyT]:
        kind = type(message)
        self._manifest.check_sends(self._name, kind)
        question = await self._asking.ask_all(
            subjects.of_broadcast(kind),
            self._encode(message),
            expected=expected,
            timeout_seconds=timeout_seconds,
            headers=self._headers(following()),
        )
        replies: dict[ComponentName, ReplyT] = {}
        for source, parcel in question.replies.items():
            with suppress(SenterError):
                replies[ComponentName(source)] = cast(ReplyT, open_reply(parcel, kind.reply_type()))
        return BroadcastReplies(replies, frozenset(expected) - replies.keys())

    async def on_broadcast(
        self, broadcast: type[BroadcastT], handler: Callable[[BroadcastT], Awaitable[Reply]]
    ) -> Subscription:
        queue = BroadcastQueue(self._answerer(broadcast, handler))
        subscription = await self._link.subscribe(subjects.of_broadcast(broadcast), queue.receive)
        self._queues.append(queue)
        return Listener(subscription.close, queue.cancel)

    # Volatiles.

    async def send(self, message: Volatile) -> None:
        kind = type(message)
        self._manifest.check_sends(self._name, kind)
        envelope = self._stamp(following())
        parcel = Parcel(subjects.of_volatile(kind, message.key(envelope)), self._encode(message), headers_of(envelope))
        try:
            await self._link.publish(parcel)
        except CommunicationError:
            self._counters.count_drop(kind.wire_name)

    async def listen(
        self,
        volatile: type[VolatileT],
        handler: Callable[[VolatileT], Awaitable[None]],
        *,
        key: str = "*",
        limit: QueueLimit = DEFAULT_LIMIT,
    ) -> Subscription:
        self._manifest.check_receives(self._name, volatile)
        return await self._listen(volatile, handler, subjects.of_volatile(volatile, key), limit)

    # The whole.

    async def wait_failed(self) -> None:
        """Wait until the component must end, and raise why: what a handler let through, or a link lost for good."""
        await self._failed.wait()
        if self._failure is not None:
            raise self._failure

    async def close(self) -> None:
        if self._closing:
            return
        self._closing = True
        await asyncio.gather(
            *(consuming.cancel() for consuming in self._consumings),
            *(queue.cancel() for queue in self._queues),
            *(listening.cancel() for listening in self._listenings),
        )
        self._asking.fail_all(BusUnavailable("the component is leaving"))
        await self._link.close()

    def report(self, error: BaseException) -> None:
        """The component must end with this error; the first one counts."""
        if self._failure is None:
            self._failure = error
            self._failed.set()

    def lost(self) -> None:
        self._asking.fail_all(BusUnavailable())

    def restored(self) -> None:
        for consuming in self._consumings:
            consuming.restored()
        for doubt in self._doubts:
            doubt()

    def ended(self, reason: str) -> None:
        if not self._closing:
            self.lost()
            self.report(BusUnavailable(reason))

    async def _listen(
        self, kind: type[MessageT], handler: Callable[[MessageT], Awaitable[None]], subject: str, limit: QueueLimit
    ) -> Subscription:
        listening = Listening(kind, handler, limit=limit, report=self.report, counters=self._counters)
        self._listenings.add(listening)

        async def end() -> None:
            self._listenings.discard(listening)
            await listening.cancel()

        try:
            subscription = await self._link.subscribe(subject, listening.receive)
        except BaseException:
            await end()
            raise
        return Listener(subscription.close, end)

    def _answerer(self, kind: type[MessageT], handler: Callable[[MessageT], Awaitable[Reply]]) -> Answerer[MessageT]:
        return Answerer(self._name, self._link, kind, handler, self._clock, self.report, self._counters)

    def _hear_of_death(self, parcel: Parcel) -> None:
        name = ComponentName(parcel.subject.rpartition(".")[2])
        if name == subjects.EVENT_STREAM:  # what was in flight is of a stream that is no more
            self.restored()
        else:
            self._asking.died(name)

    def _stamp(self, envelope: Envelope, deadline: datetime | None = None) -> Envelope:
        return envelope.model_copy(update={"source": self._name, "deadline": deadline})

    def _headers(self, envelope: Envelope, deadline: datetime | None = None) -> dict[str, str]:
        return headers_of(self._stamp(envelope, deadline))

    def _encode(self, message: Message) -> bytes:
        return encode(message, self._link.max_payload)
