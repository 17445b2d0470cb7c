"""Makes digests: the day's once for each local day, and others whenever somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from senter.clock import Clock
from senter.component.events import EventLog
from senter.components.reporter import queries
from senter.components.reporter.activities import Activities
from senter.components.reporter.audit_heads import AuditHeads
from senter.components.reporter.days import LocalDays
from senter.components.reporter.digest import Happened, headline, lines_of, text_of
from senter.components.reporter.notifications import Notifications
from senter.errors import StorageFull
from senter.messages.envelope import continuing, current
from senter.messages.message import named_after
from senter.messages.reports import DigestReady, DigestReply, DigestRequested, GetDigest
from senter.store.database import Transaction
from senter.store.stamps import from_stamp, stamp

PERIOD = timedelta(hours=24)
AT_THE_SAME_TIME = timedelta(minutes=1)
RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    day: str
    due_at: str
    by_hand: int
    cause: str


class Digests:
    """`notifications` is none when they are switched off."""

    def __init__(
        self,
        events: EventLog,
        activities: Activities,
        days: LocalDays,
        notifications: Notifications | None,
        audit_heads: AuditHeads,
        waiting_approvals: Callable[[], Awaitable[int]],
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._events = events
        self._database = events.database
        self._activities = activities
        self._days = days
        self._notifications = notifications
        self._audit_heads = audit_heads
        self._waiting_approvals = waiting_approvals
        self._clock = clock
        self._log = log
        self._changed = asyncio.Event()
        self.problem = ""
        self._database.on_commit(self._changed.set)

    def wanted(self, tx: Transaction, event: DigestRequested) -> None:
        """Have it made, unless it is the day's and that is made, or a person's asking at the same time is answered."""
        day = self._days.of(event.due_at).isoformat()
        values = {
            "key": f"{day} {current().id}" if event.by_hand else day,
            "day": day,
            "job": event.job,
            "due_at": stamp(event.due_at),
            "by_hand": int(event.by_hand),
            "correlation_id": current().correlation,
            "a_minute_before": stamp(event.due_at - AT_THE_SAME_TIME),
            "a_minute_after": stamp(event.due_at + AT_THE_SAME_TIME),
        }
        tx.execute(queries.ASK_FOR_DIGEST, values)

    async def of(self, command: GetDigest) -> DigestReply:
        """One on request: of a calendar day, or of the last 24 hours. Nothing is stored or sent."""
        now = self._clock.now()
        if not command.day.strip():
            return (await self._daily(now))[0]
        chosen = self._days.named(command.day, now)
        begin, end = self._days.span(chosen)
        waiting = await self._waiting_approvals() if chosen == self._days.of(now) else 0
        happened = self._activities.happened(begin, end, waiting)
        hours = round((end - begin).total_seconds() / 3_600)
        return self._reply("day", hours, happened, text_of(happened, f"No activity on {chosen}."))

    async def run(self) -> None:
        """Make what is wanted, for ever."""
        while True:
            self._changed.clear()
            wanted = self._database.row(queries.DIGEST_TO_MAKE, (), _Wanted)
            if wanted is None:
                await self._changed.wait()
                continue
            try:
                await self._make(wanted)
                self.problem = ""
            except StorageFull as error:
                self._log.warning("digest_waits", day=wanted.day, reason=error.message)
                self.problem = f"The digest of {wanted.day} waits: {error.message}"
                await self._clock.sleep(RETRY_SECONDS)

    async def _make(self, wanted: _Wanted) -> None:
        digest, line = await self._daily(from_stamp(wanted.due_at))
        ready = DigestReady(
            day=wanted.day, by_hand=bool(wanted.by_hand), activity_count=digest.activity_count, summary=digest.summary
        )
        named = named_after(DigestReady.wire_name, wanted.key)
        with self._database.transaction() as tx, continuing(wanted.cause):
            if not tx.execute(queries.DIGEST_MADE, (digest.model_dump_json(), stamp(self._clock.now()), wanted.key)):
                return
            if self._notifications is not None:
                self._notifications.add(tx, f"digest {wanted.key}", "normal", line, wanted.cause)
            self._events.add(tx, ready, named=named)
        self._log.info("digest_made", day=wanted.day, activities=digest.activity_count)

    async def _daily(self, until: datetime) -> tuple[DigestReply, str]:
        happened = self._activities.happened(until - PERIOD, until, await self._waiting_approvals())
        head = self._audit_heads.newest()
        summary = text_of(happened) + (f"\nAudit log: {head}" if head else "")
        return self._reply("daily", 24, happened, summary), headline(happened)

    def _reply(self, kind: Literal["daily", "day"], hours: int, happened: Happened, summary: str) -> DigestReply:
        return DigestReply(
            type=kind,
            period_hours=hours,
            activity_count=happened.count,
            summary=summary,
            lines=lines_of(happened),
            by_type=dict(happened.by_kind),
            generated_at=self._clock.now(),
        )
