"""What a component may do on the bus, whatever carries it: one class over any link.

`NatsBus` (senter.bus.connection) and the buses of a `MemoryBroker` (senter.bus.memory) pass one contract suite
(tests/contracts/test_bus.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from senter.bus import jetstream, subjects
from senter.bus.answering import Answerer, BroadcastQueue, CommandQueue
from senter.bus.consuming import Consumer, Consuming
from senter.bus.limits import DEFAULT_LIMIT, BusCounters, QueueLimit
from senter.bus.link import Link, Parcel, Receiver
from senter.bus.listening import Listening
from senter.bus.manifest import Manifest
from senter.bus.pending_requests import PendingRequests
from senter.bus.wire import encode, headers_of, open_reply
from senter.clock import Clock
from senter.errors import BusUnavailable, CommunicationError, DeadlineExceeded, SenterError
from senter.messages.envelope import Envelope, following
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, Reply, Volatile

ReplyT = TypeVar("ReplyT", bound=Reply)
CommandT = TypeVar("CommandT", bound=Command[Reply])
BroadcastT = TypeVar("BroadcastT", bound=Broadcast[Reply])
EventT = TypeVar("EventT", bound=Event)
VolatileT = TypeVar("VolatileT", bound=Volatile)
MessageT = TypeVar("MessageT", bound=Message)


@dataclass(frozen=True, slots=True)
class BroadcastReplies(Generic[ReplyT]):
    """What came back from a broadcast."""

    replies: Mapping[ComponentName, ReplyT]
    missing: frozenset[ComponentName]


class Subscription:
    """A running listener: what takes its parcels in."""

    def __init__(self, *ends: Callable[[], Awaitable[None]]) -> None:
        self._ends = ends

    async def close(self) -> None:
        """Stop listening. Messages that already wait are discarded."""
        for end in self._ends:
            await end()


class Bus:
    """One component's connection. Every method raises `NotDeclared` for a message its SPEC does not name.

    While a handler runs, the envelope of its message is `senter.messages.envelope.current()`; what is sent from there
    tells that it came of it. A consumer's too.
    """

    def __init__(self, name: ComponentName, manifest: Manifest, clock: Clock) -> None:
        self.name = name
        self._manifest = manifest
        self._clock = clock
        self.counters = BusCounters()
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
        self.asking = PendingRequests(self.name, link)  # the supervisor talks with the broker itself by it
        return {self.asking.inbox: self.asking.receive, subjects.DEATHS: self._hear_of_death}

    # Commands.

    async def request(
        self, command: Command[ReplyT], *, timeout_seconds: float, to: ComponentName | None = None
    ) -> ReplyT:
        """Ask `to` (the command's own receiver by default) and wait for its reply.

        The receiver's own error comes back as itself. Raises `NoResponder` at once when nobody
        receives the command, `BusFull` when the receiver's queue is full, `ResponderDied` the moment
        the receiver dies, `BusUnavailable` when the connection is lost, `DeadlineExceeded` after
        `timeout_seconds`. The receiver refuses the command, unexecuted, when the deadline has passed.
        Cancelling the caller gives up waiting; it does not stop the receiver.
        """
        kind = type(command)
        self._manifest.check_sends(self.name, kind)
        receiver = to or kind.receiver
        if not receiver:
            raise ValueError(f"{kind.wire_name} has no receiver of its own: name one with `to`")
        if timeout_seconds <= 0:
            raise DeadlineExceeded(f"{kind.wire_name} to {receiver}", timeout_seconds)
        deadline = self._clock.now() + timedelta(seconds=timeout_seconds)
        question = self._parcel(subjects.of_command(kind, receiver), command, self._stamp(following(), deadline))
        parcel = await self.asking.ask(question, receiver=receiver, timeout_seconds=timeout_seconds)
        return cast(ReplyT, open_reply(parcel, kind.reply_type()))

    async def serve(
        self,
        command: type[CommandT],
        handler: Callable[[CommandT], Awaitable[Reply]],
        *,
        limit: QueueLimit = DEFAULT_LIMIT,
        concurrency: int | None = None,
    ) -> Subscription:
        """Answer `command`, at most `concurrency` at a time (none: as many as come); `limit` bounds all."""
        self._manifest.check_receives(self.name, command)
        queue = CommandQueue(self._answerer(command, handler), limit, concurrency)
        subscription = await self._link.subscribe(subjects.of_command(command, self.name), queue.receive)
        self._queues.append(queue)
        # Drained, so that a command on its way is refused rather than lost.
        return Subscription(queue.close, subscription.drain)

    # Events.

    async def publish(self, event: Event, envelope: Envelope | None = None) -> int:
        """Store a durable event; returns its number in the stream once it is on disk.

        Components publish through their outbox, which keeps the envelope.
        """
        self._manifest.check_sends(self.name, type(event))
        parcel = self._parcel(subjects.of_event(type(event)), event, self._stamp(envelope or following()), named=True)
        return await jetstream.store(self.asking, parcel)

    async def event_stream(self) -> jetstream.StreamState:
        """What the event stream holds. Raises `BusUnavailable` when it is not there."""
        state = await jetstream.look(self.asking)
        if state is None:
            raise BusUnavailable("the event stream is not there")
        return state

    def on_stream_doubt(self, callback: Callable[[], None]) -> None:
        """Call back when the event stream may have lost something: it was made anew, or the link was down."""
        self._doubts.append(callback)

    async def consume(self, events: Collection[type[Event]], consumer: Consumer) -> Subscription:
        """Receive the declared durable events from where this component left off."""
        for event in events:
            self._manifest.check_receives(self.name, event)
        kinds = {event.wire_name: event for event in events}
        consuming = Consuming(self.name, self._link, self.asking, self._clock, kinds, consumer, self.report)
        # Reset first: an event that was in flight when the predecessor ended is then delivered once, not twice.
        await consuming.open()
        subscription = await self._link.subscribe(subjects.deliver(self.name), consuming.receive)
        consuming.start()
        self._consumings.append(consuming)
        return Subscription(subscription.close, consuming.cancel)

    async def observe(self, event: type[EventT], handler: Callable[[EventT], Awaitable[None]]) -> Subscription:
        """See an event as it happens, without a durable place in the stream: for live views only."""
        self._manifest.check_observes(self.name, event)
        return await self._listen(event, handler, subjects.of_event(event), DEFAULT_LIMIT)

    # Broadcasts.

    async def broadcast(
        self, message: Broadcast[ReplyT], *, expected: Collection[ComponentName], timeout_seconds: float
    ) -> BroadcastReplies[ReplyT]:
        """Tell everyone; return when all `expected` answered or the time is over."""
        kind = type(message)
        self._manifest.check_sends(self.name, kind)
        question = await self.asking.ask_all(
            self._parcel(subjects.of_broadcast(kind), message, self._stamp(following())),
            expected=expected,
            timeout_seconds=timeout_seconds,
        )
        replies: dict[ComponentName, ReplyT] = {}
        for source, parcel in question.replies.items():
            with suppress(SenterError):
                replies[ComponentName(source)] = cast(ReplyT, open_reply(parcel, kind.reply_type()))
        return BroadcastReplies(replies, frozenset(expected) - replies.keys())

    async def on_broadcast(
        self, broadcast: type[BroadcastT], handler: Callable[[BroadcastT], Awaitable[Reply]]
    ) -> Subscription:
        """Answer a broadcast. Never waits behind commands, events or volatiles of this component."""
        queue = BroadcastQueue(self._answerer(broadcast, handler))
        subscription = await self._link.subscribe(subjects.of_broadcast(broadcast), queue.receive)
        self._queues.append(queue)
        return Subscription(subscription.close, queue.cancel)

    # Volatiles.

    async def send(self, message: Volatile) -> None:
        """Send to whoever listens now. Dropped and counted when the connection is down or full."""
        kind = type(message)
        self._manifest.check_sends(self.name, kind)
        envelope = self._stamp(following())
        parcel = self._parcel(subjects.of_volatile(kind, message.key(envelope)), message, envelope)
        try:
            await self._link.publish(parcel)
        except CommunicationError:
            self.counters.count_drop(kind.wire_name)

    async def listen(
        self,
        volatile: type[VolatileT],
        handler: Callable[[VolatileT], Awaitable[None]],
        *,
        key: str = "*",
        limit: QueueLimit = DEFAULT_LIMIT,
    ) -> Subscription:
        """Receive volatiles, all of them or those with `key`."""
        self._manifest.check_receives(self.name, volatile)
        return await self._listen(volatile, handler, subjects.of_volatile(volatile, key), limit)

    # The whole.

    async def wait_failed(self) -> None:
        """Wait until the component must end, and raise why: what a handler let through, or a link lost for good."""
        await self._failed.wait()
        if self._failure is not None:
            raise self._failure

    async def close(self) -> None:
        """Flush what can be flushed and disconnect."""
        if self._closing:
            return
        self._closing = True
        await asyncio.gather(
            *(consuming.cancel() for consuming in self._consumings),
            *(queue.cancel() for queue in self._queues),
            *(listening.cancel() for listening in self._listenings),
        )
        self.asking.fail_all(BusUnavailable("the component is leaving"))
        await self._link.close()

    def report(self, error: BaseException) -> None:
        """The component must end with this error; the first one counts."""
        if self._failure is None:
            self._failure = error
            self._failed.set()

    # What the link says.

    def lost(self) -> None:
        """It went down; what was in flight may be lost."""
        self.asking.fail_all(BusUnavailable())

    def restored(self) -> None:
        """It is up again, with its subscriptions."""
        for consuming in self._consumings:
            consuming.restored()
        for doubt in self._doubts:
            doubt()

    def ended(self, reason: str) -> None:
        """It is down for good."""
        if not self._closing:
            self.lost()
            self.report(BusUnavailable(reason))

    async def _listen(
        self, kind: type[MessageT], handler: Callable[[MessageT], Awaitable[None]], subject: str, limit: QueueLimit
    ) -> Subscription:
        listening = Listening(kind, handler, limit=limit, report=self.report, counters=self.counters)
        self._listenings.add(listening)

        async def end() -> None:
            self._listenings.discard(listening)
            await listening.cancel()

        try:
            subscription = await self._link.subscribe(subject, listening.receive)
        except BaseException:
            await end()
            raise
        return Subscription(subscription.close, end)

    def _answerer(self, kind: type[MessageT], handler: Callable[[MessageT], Awaitable[Reply]]) -> Answerer[MessageT]:
        return Answerer(self.name, self._link, kind, handler, self._clock, self.report, self.counters)

    def _hear_of_death(self, parcel: Parcel) -> None:
        name = ComponentName(parcel.subject.rpartition(".")[2])
        if name == subjects.EVENT_STREAM:  # what was in flight is of a stream that is no more
            self.restored()
        else:
            self.asking.died(name)

    def _stamp(self, envelope: Envelope, deadline: datetime | None = None) -> Envelope:
        return envelope.model_copy(update={"source": self.name, "deadline": deadline})

    def _parcel(self, subject: str, message: Message, envelope: Envelope, *, named: bool = False) -> Parcel:
        """`named` tells the stream the message's id."""
        headers = headers_of(envelope) | ({subjects.MESSAGE_ID: envelope.id} if named else {})
        return Parcel(subject, encode(message, self._link.max_payload), headers)
