"""What a component may do on the bus, whatever carries it.

Two implementations pass one contract suite (tests/contracts/test_bus.py): `NatsBus`
(senter.bus.connection) and `MemoryBus` (senter.bus.memory).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from senter.bus.jetstream import StreamState
from senter.messages.envelope import Envelope
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, Reply, Volatile

ReplyT = TypeVar("ReplyT", bound=Reply)
CommandT = TypeVar("CommandT", bound=Command[Reply])
BroadcastT = TypeVar("BroadcastT", bound=Broadcast[Reply])
EventT = TypeVar("EventT", bound=Event)
VolatileT = TypeVar("VolatileT", bound=Volatile)
MessageT = TypeVar("MessageT", bound=Message)

ATTEMPTS_BEFORE_DEAD_LETTER = 5


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """How much may wait for one receiver. Beyond it a sender gets `BusFull`, a volatile is dropped."""

    messages: int = 1_000
    bytes: int = 64 * 1024 * 1024


DEFAULT_LIMIT = QueueLimit()


class ConsumerOutcome(StrEnum):
    """What a consumer did with an event."""

    DONE = "done"
    RETRY = "retry"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Consumed:
    """A consumer's answer to one delivery of one event."""

    outcome: ConsumerOutcome
    error: str = ""
    attempts: int = 1


# Called with each delivery, one at a time, in order. It must have committed before it returns DONE.
# `replayed` is true when a person asked for the event again: attempts begin anew.
Consumer = Callable[[Event, bool], Awaitable[Consumed]]


@dataclass(frozen=True, slots=True)
class BroadcastReplies(Generic[ReplyT]):
    """What came back from a broadcast."""

    replies: Mapping[ComponentName, ReplyT]
    missing: frozenset[ComponentName]


@dataclass(slots=True)
class BusCounters:
    """What this connection dropped and refused since it was made."""

    volatile_dropped: int = 0
    commands_refused: int = 0
    late_refused: int = 0
    malformed: int = 0
    by_subject: dict[str, int] = field(default_factory=dict[str, int])

    def count_drop(self, wire_name: str) -> None:
        self.volatile_dropped += 1
        self.by_subject[wire_name] = self.by_subject.get(wire_name, 0) + 1


class Subscription(Protocol):
    """A running listener."""

    async def close(self) -> None:
        """Stop listening. Messages that already wait are discarded."""
        ...


class Bus(Protocol):
    """One component's connection. Every method raises `NotDeclared` for a message its SPEC does not name.

    While a handler runs, the envelope of its message is `senter.messages.envelope.current()`; what is sent from there
    tells that it came of it. A consumer's too.
    """

    @property
    def name(self) -> ComponentName: ...

    @property
    def counters(self) -> BusCounters: ...

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
        ...

    async def serve(
        self,
        command: type[CommandT],
        handler: Callable[[CommandT], Awaitable[Reply]],
        *,
        limit: QueueLimit = DEFAULT_LIMIT,
        concurrency: int | None = None,
    ) -> Subscription:
        """Answer `command`, at most `concurrency` at a time (none: as many as come); `limit` bounds all."""
        ...

    async def publish(self, event: Event, envelope: Envelope | None = None) -> int:
        """Store a durable event; returns its number in the stream once it is on disk.

        Components publish through their outbox, which keeps the envelope.
        """
        ...

    async def event_stream(self) -> StreamState:
        """What the event stream holds. Raises `BusUnavailable` when it is not there."""
        ...

    def on_stream_doubt(self, callback: Callable[[], None]) -> None:
        """Call back when the event stream may have lost something: it was made anew, or the link was down."""
        ...

    async def consume(self, events: Collection[type[Event]], consumer: Consumer) -> Subscription:
        """Receive the declared durable events from where this component left off."""
        ...

    async def broadcast(
        self, message: Broadcast[ReplyT], *, expected: Collection[ComponentName], timeout_seconds: float
    ) -> BroadcastReplies[ReplyT]:
        """Tell everyone; return when all `expected` answered or the time is over."""
        ...

    async def on_broadcast(
        self, broadcast: type[BroadcastT], handler: Callable[[BroadcastT], Awaitable[Reply]]
    ) -> Subscription:
        """Answer a broadcast. Never waits behind commands, events or volatiles of this component."""
        ...

    async def send(self, message: Volatile) -> None:
        """Send to whoever listens now. Dropped and counted when the connection is down or full."""
        ...

    async def listen(
        self,
        volatile: type[VolatileT],
        handler: Callable[[VolatileT], Awaitable[None]],
        *,
        key: str = "*",
        limit: QueueLimit = DEFAULT_LIMIT,
    ) -> Subscription:
        """Receive volatiles, all of them or those with `key`."""
        ...

    async def observe(self, event: type[EventT], handler: Callable[[EventT], Awaitable[None]]) -> Subscription:
        """See an event as it happens, without a durable place in the stream: for live views only."""
        ...

    async def close(self) -> None:
        """Flush what can be flushed and disconnect."""
        ...
