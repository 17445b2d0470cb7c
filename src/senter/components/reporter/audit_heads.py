"""Keeps the head of the audit log for the task engine, in a file that whoever shortens the log must shorten too."""

from __future__ import annotations

from datetime import timedelta

from senter.clock import Clock
from senter.components.reporter import queries
from senter.messages.audit_heads import AuditGrew, GetNotedHeads, NotedHead, NotedHeads
from senter.messages.envelope import current
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp

KEPT = timedelta(days=366)


class AuditHeads:
    """Owns the table of heads. The newest of each day stays, and whatever the next one does not follow: a log that was
    cut and went on, or was made anew, does not fit them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(self, tx: Transaction, event: AuditGrew) -> None:
        """It takes the place of the one that it follows; why it follows none is for the log to say."""
        at = stamp(current().sent_at)
        tx.execute(queries.ADD_HEAD, (event.number, event.digest, at))
        tx.execute(queries.FORGET_FOLLOWED, (event.follows, event.number, at[:10]))
        tx.execute(queries.FORGET_HEADS, (stamp(self._clock.now() - KEPT),))

    def newest(self) -> str:
        """The newest as NUMBER:DIGEST, or nothing."""
        return self._database.row(queries.NEWEST_HEAD, (), str) or ""

    async def all(self, _: GetNotedHeads) -> NotedHeads:
        return NotedHeads(heads=tuple(self._database.rows(queries.HEADS, (), NotedHead)))
