"""Takes events in so that each has its effect exactly once, however often it is delivered.

The effect and the mark that the event was processed are committed together. Attempts are counted in
the same file, each committed before it begins, so that one that kills the process counts too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from senter.clock import Clock
from senter.errors import CorruptDatabase, SenterError, StorageFull
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.message import Event, MessageId
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp

Effect = Callable[[Transaction, Event], None]

DIED = "the process ended while it took the event in"
ERROR_CHARACTERS = 1_000

IS_PROCESSED = "SELECT 1 FROM inbox_processed WHERE event_id = ?"
ATTEMPTS = "SELECT attempts, given_up, last_error FROM inbox_attempts WHERE event_id = ?"
COUNT = """
INSERT INTO inbox_attempts (event_id, wire_name, attempts, last_error, attempted_at)
VALUES (:event_id, :wire_name, 1, :error, :now)
ON CONFLICT (event_id) DO UPDATE SET attempts = attempts + 1, last_error = :error, attempted_at = :now
"""
UNCOUNT = "UPDATE inbox_attempts SET attempts = attempts - 1 WHERE event_id = ?"
FAILED = "UPDATE inbox_attempts SET last_error = ?, given_up = ? WHERE event_id = ?"
FORGET_ATTEMPTS = "DELETE FROM inbox_attempts WHERE event_id = ?"
MARK = "INSERT INTO inbox_processed (event_id, processed_at) VALUES (?, ?)"
PRUNE_PROCESSED = "DELETE FROM inbox_processed WHERE processed_at < ?"
PRUNE_ATTEMPTS = "DELETE FROM inbox_attempts WHERE attempted_at < ?"


@dataclass(frozen=True, slots=True)
class _Record:
    attempts: int
    given_up: int
    last_error: str


class Inbox:
    """One database's inbox. `keep` must be longer than the bus may deliver an event again."""

    def __init__(
        self,
        database: Database,
        *,
        attempts_limit: int,
        keep: timedelta,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._database = database
        self._attempts_limit = attempts_limit
        self._keep = keep
        self._clock = clock
        self._log = log

    def take(self, event_id: MessageId, event: Event, effect: Effect, *, replayed: bool = False) -> Consumed:
        """Carry out `effect` unless it was done before; `replayed` grants fresh attempts to a given-up event.

        A full disk is no attempt. Raises `CorruptDatabase`, because only opening the file again mends that.
        """
        try:
            return self._take(event_id, event, effect, replayed)
        except StorageFull as error:
            return Consumed(ConsumerOutcome.RETRY, error.message)

    def prune(self) -> None:
        """Forget events that are too old to be delivered again."""
        oldest = stamp(self._clock.now() - self._keep)
        with self._database.transaction() as transaction:
            transaction.execute(PRUNE_PROCESSED, (oldest,))
            transaction.execute(PRUNE_ATTEMPTS, (oldest,))

    def _take(self, event_id: MessageId, event: Event, effect: Effect, replayed: bool) -> Consumed:
        if self._database.row(IS_PROCESSED, (event_id,), int):
            return Consumed(ConsumerOutcome.DONE)
        record = self._database.row(ATTEMPTS, (event_id,), _Record) or _Record(0, 0, "")
        # Only a given-up event starts afresh: a replay that kills the process is delivered as a replay again.
        if replayed and record.given_up:
            with self._database.transaction() as transaction:
                transaction.execute(FORGET_ATTEMPTS, (event_id,))
            record = _Record(0, 0, "")
        if record.attempts >= self._attempts_limit:
            return self._give_up(event_id, event, record.attempts, record.last_error)
        self._count(event_id, event)
        return self._attempt(event_id, event, effect, record.attempts + 1)

    def _attempt(self, event_id: MessageId, event: Event, effect: Effect, attempts: int) -> Consumed:
        try:
            with self._database.transaction() as transaction:
                effect(transaction, event)
                transaction.execute(MARK, (event_id, stamp(self._clock.now())))
                transaction.execute(FORGET_ATTEMPTS, (event_id,))
        except CorruptDatabase:
            raise
        except StorageFull:
            with suppress(StorageFull), self._database.transaction(durable=False) as transaction:
                transaction.execute(UNCOUNT, (event_id,))
            raise
        except Exception as error:  # an event its consumer chokes on must end as a dead letter, not a crash loop
            return self._fail(event_id, event, attempts, error)
        return Consumed(ConsumerOutcome.DONE, attempts=attempts)

    def _fail(self, event_id: MessageId, event: Event, attempts: int, error: Exception) -> Consumed:
        text = error.message if isinstance(error, SenterError) else f"{type(error).__name__}: {error}"
        self._log.warning(
            "event_failed", event_id=event_id, wire_name=event.wire_name, attempts=attempts, exc_info=error
        )
        if attempts >= self._attempts_limit:
            return self._give_up(event_id, event, attempts, text[:ERROR_CHARACTERS])
        self._record_failure(event_id, text[:ERROR_CHARACTERS], given_up=False)
        return Consumed(ConsumerOutcome.RETRY, text[:ERROR_CHARACTERS], attempts)

    def _give_up(self, event_id: MessageId, event: Event, attempts: int, error: str) -> Consumed:
        self._log.error("event_given_up", event_id=event_id, wire_name=event.wire_name, attempts=attempts, error=error)
        self._record_failure(event_id, error, given_up=True)
        return Consumed(ConsumerOutcome.GIVEN_UP, error, attempts)

    def _count(self, event_id: MessageId, event: Event) -> None:
        values = {"event_id": event_id, "wire_name": event.wire_name, "error": DIED, "now": stamp(self._clock.now())}
        with self._database.transaction(durable=False) as transaction:
            transaction.execute(COUNT, values)

    def _record_failure(self, event_id: MessageId, error: str, *, given_up: bool) -> None:
        with self._database.transaction(durable=False) as transaction:
            transaction.execute(FAILED, (error, int(given_up), event_id))
