"""Events on their way to the bus, written in the same transaction as the change they announce.

They are published in order, and forgotten once the stream holds them no more, because all its consumers have
them: should the stream be lost before, they are published again. They have the same id then, as after a crash, and
consumers know how to ignore that (see inbox.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog
from pydantic import ValidationError

from senter.clock import Clock
from senter.errors import BusFull, BusUnavailable, DeadlineExceeded, NoResponder, NotDeclared, SenterError, StorageFull
from senter.messages.envelope import Envelope, following
from senter.messages.message import Event, MessageId
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp

BATCH = 100
FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 5.0
# So many are published before the stream is asked which it still holds.
LOOK_EVERY = 256
# The bus or the disk will take the event later; nothing is wrong with the event.
PASSING = (BusFull, BusUnavailable, DeadlineExceeded, NoResponder, StorageFull)

# The same fact twice is told once.
ADD = """
INSERT OR IGNORE INTO outbox (event_id, wire_name, payload, added_at, caused_by, correlation_id)
VALUES (?, ?, ?, ?, ?, ?)
"""
NEXT = """
SELECT sequence, wire_name, payload, json_object(
    'id', event_id, 'sent_at', added_at, 'caused_by', caused_by, 'correlation_id', correlation_id
) AS envelope FROM outbox
WHERE sequence > ? AND stream_sequence IS NULL AND refusal = '' ORDER BY sequence LIMIT 1
"""
PUBLISHED = "UPDATE outbox SET stream_sequence = ? WHERE sequence = ?"
FORGET = "DELETE FROM outbox WHERE stream_sequence < ?"
LOST = "UPDATE outbox SET stream_sequence = NULL WHERE stream_sequence > ?"
KNOWN_STREAM = "SELECT created FROM outbox_stream"
FORGET_STREAM = "DELETE FROM outbox_stream"
KNOW_STREAM = "INSERT INTO outbox_stream (created) VALUES (?)"
REFUSE = "UPDATE outbox SET refusal = ? WHERE sequence = ?"
TRY_REFUSED_AGAIN = "UPDATE outbox SET refusal = '' WHERE refusal <> ''"
# Counting the rows would read them all; sequences have gaps only around refused events.
WAITING = "SELECT coalesce(max(sequence) - min(sequence) + 1, 0) FROM outbox WHERE stream_sequence IS NULL"


@dataclass(frozen=True, slots=True)
class _Entry:
    sequence: int
    wire_name: str
    payload: str
    envelope: str


class StreamExtent(Protocol):
    """What the stream holds: from which number to which, and when it was made, which tells it from one before."""

    @property
    def created(self) -> str: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


class Outbox:
    """One database's outbox. `events` are the types its owner may publish; `publish` hands one to the bus and says its
    number in the stream; `look` says what the stream holds."""

    def __init__(
        self,
        database: Database,
        publish: Callable[[Event, Envelope], Awaitable[int]],
        look: Callable[[], Awaitable[StreamExtent]],
        events: Collection[type[Event]],
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._database = database
        self._publish = publish
        self._look = look
        self._types = {event.wire_name: event for event in events}
        self._clock = clock
        self._log = log
        self._committed = asyncio.Event()
        self._draining = asyncio.Lock()
        self._published: list[tuple[int, int]] = []
        self._in_doubt = True
        self._since_look = 0
        self._remade: list[Callable[[Transaction], None]] = []
        database.on_commit(self._committed.set)

    def add(self, transaction: Transaction, event: Event, *, named: MessageId | None = None) -> None:
        """Have `event` published once `transaction` is committed, and only then; `named` where a fact names it."""
        if event.wire_name not in self._types:
            raise NotDeclared("This component", event.wire_name, "sends")
        envelope, moment = following(), stamp(self._clock.now())
        kept = (named or envelope.id, event.wire_name, event.model_dump_json(), moment)
        transaction.execute(ADD, (*kept, envelope.caused_by, envelope.correlation_id))

    def doubt(self) -> None:
        """The stream may be another than before, or have lost something: look, and publish again what is missing."""
        self._in_doubt = True
        self._committed.set()

    def on_remade(self, effect: Callable[[Transaction], None]) -> None:
        """Have `effect` carried out once for each stream that takes the place of a lost one."""
        self._remade.append(effect)

    def waiting(self) -> int:
        """About how many events are not on the bus yet."""
        return self._database.row(WAITING, (), int) or 0

    async def run(self) -> None:
        """Publish what is added, for ever. Events that were refused before get another chance first."""
        with suppress(StorageFull), self._database.transaction() as transaction:
            transaction.execute(TRY_REFUSED_AGAIN)
        while True:
            self._committed.clear()
            await self.drain()
            await self._committed.wait()

    async def drain(self) -> None:
        """Publish all that waits, in order; waits as long as the bus or the disk cannot take more."""
        async with self._draining:
            wait_seconds = FIRST_WAIT_SECONDS
            while True:
                try:
                    return await self._publish_all()
                except PASSING as error:
                    if wait_seconds == FIRST_WAIT_SECONDS:
                        self._log.warning("outbox_waits", reason=error.message)
                await self._clock.sleep(wait_seconds)
                wait_seconds = min(wait_seconds * 2, LONGEST_WAIT_SECONDS)

    async def _publish_all(self) -> None:
        if self._in_doubt:
            await self._compare()
        try:
            after = self._published[-1][0] if self._published else 0
            while entry := self._database.row(NEXT, (after,), _Entry):
                await self._publish_entry(entry)
                after = entry.sequence
                if len(self._published) >= BATCH:
                    self._mark_published()
        finally:
            self._mark_published()
        if self._since_look >= LOOK_EVERY:
            await self._compare()

    async def _compare(self) -> None:
        """Forget what all consumers have, and have published again what the stream should hold and does not."""
        self._in_doubt = False
        try:
            state = await self._look()
        except PASSING:
            self._in_doubt = True
            raise
        self._since_look = 0
        known = self._database.row(KNOWN_STREAM, (), str)
        if known == state.created:
            with self._database.transaction(durable=False) as transaction:
                transaction.execute(FORGET, (state.first,))
                lost = transaction.execute(LOST, (state.last,))
        else:
            lost = self._begin_anew(state.created, told=known is not None)
        if lost:
            self._log.warning("events_published_again", count=lost)

    def _begin_anew(self, created: str, *, told: bool) -> int:
        """Another stream holds nothing of this. Returns how many events are published again."""
        with self._database.transaction() as transaction:
            lost = transaction.execute(LOST, (0,))
            transaction.execute(FORGET_STREAM)
            transaction.execute(KNOW_STREAM, (created,))
            for effect in self._remade if told else ():
                effect(transaction)
        return lost

    async def _publish_entry(self, entry: _Entry) -> None:
        event = self._types.get(entry.wire_name)
        if event is None:
            self._refuse(entry, f"{entry.wire_name} is not declared any more")
            return
        try:
            envelope = Envelope.model_validate_json(entry.envelope)
            number = await self._publish(event.model_validate_json(entry.payload), envelope)
        except PASSING:
            raise
        except (SenterError, ValidationError) as error:
            self._refuse(entry, str(error))
        else:
            self._published.append((entry.sequence, number))

    def _mark_published(self) -> None:
        """Not durable: what a loss of power takes back is published again under the same id."""
        if self._published:
            with self._database.transaction(durable=False) as transaction:
                for sequence, number in self._published:
                    transaction.execute(PUBLISHED, (number, sequence))
            self._since_look += len(self._published)
            self._published.clear()

    def _refuse(self, entry: _Entry, reason: str) -> None:
        """Keep the event and go on with the next: one that the bus will never take must not hold up the rest."""
        self._log.error("event_refused", sequence=entry.sequence, wire_name=entry.wire_name, reason=reason)
        with self._database.transaction() as transaction:
            transaction.execute(REFUSE, (reason, entry.sequence))
