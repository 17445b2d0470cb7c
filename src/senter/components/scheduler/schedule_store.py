"""What jobs are kept with: the file, the way to tell, the time, the zone, and whom to wake when something changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import structlog

from senter.clock import Clock
from senter.component.events import Announce
from senter.components.scheduler import queries
from senter.components.scheduler.records import Firing, Job, Origin
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.work import name_of, skip_of
from senter.messages.envelope import caused_by
from senter.messages.message import Event
from senter.messages.schedule import FiringOutcome
from senter.store.database import Database, Transaction
from senter.store.stamps import from_stamp, stamp

MAX_CALLS = 1_000
FOLLOWED_SINCE = "followed_since"
"""The fact that says since when ends of runs are waited for; not there before a first fall-back."""


@dataclass(frozen=True, slots=True)
class ScheduleStore:
    """Shared by everything that reads or writes schedule.db."""

    database: Database
    announce: Announce
    clock: Clock
    zone: ZoneInfo
    settings: SchedulerSettings
    log: structlog.stdlib.BoundLogger
    wake: Callable[[], None] = field(default=lambda: None)

    def now(self) -> datetime:
        return self.clock.now()

    def call(self, tx: Transaction, job: Job, reason: str, *, request_id: str | None = None, chain: str = "") -> bool:
        """Request a run that no clock asks for; false where too many requests wait. No two have one due time."""
        if (tx.row(queries.CALLS_OF_JOB, (job.id,), int) or 0) >= MAX_CALLS:
            return False
        now, latest = stamp(self.now()), tx.row(queries.LATEST_CALL, (job.id,), str)
        due_at = _after(max(now, latest)) if latest else now
        due_at = stamp(self.not_fired_at(tx, job, from_stamp(due_at)))
        values = {"job_id": job.id, "due_at": due_at, "request_id": request_id, "chain": chain, "reason": reason}
        tx.execute(queries.CALL, values)
        return True

    def skip(
        self, tx: Transaction, job: Job, due: datetime, reason: str, *, request_id: str | None = None, chain: str = ""
    ) -> None:
        """Put on record, and tell, that a time came to nothing. What comes of the telling came of `job`."""
        # A time can be skipped more than once: the clock is set back, and times missed after it are told with it.
        names = (name_of(f"skipped {earlier}", job, due) for earlier in count())
        named = next(name for name in names if tx.row(queries.ORIGIN, (name,), Origin) is None)
        outcome, chain, now = FiringOutcome.SKIPPED, job.led_on(chain, skipped=True), stamp(self.now())
        firing = Firing(job.id, job.name, stamp(due), now, outcome, reason, named, chain, request_id)
        self.record(tx, firing, skip_of(job, due, reason))

    def record(self, tx: Transaction, firing: Firing, event: Event) -> None:
        """Put it on record and announce it: what comes of it goes back to its id, whoever is answered meanwhile."""
        tx.execute(queries.RECORD, vars(firing))
        with caused_by(None):
            self.announce(tx, event, named=firing.event_id)

    def not_fired_at(self, tx: Transaction, job: Job, moment: datetime) -> datetime:
        """That moment, or the next at which `job` did not run: no two of its runs have one due time."""
        due_at = stamp(moment)
        while tx.row(queries.HAS_FIRED, (job.id, due_at), int):
            due_at = _after(due_at)
        return from_stamp(due_at)

    def first_not_fired(self, tx: Transaction, job: Job, moment: datetime) -> datetime | None:
        """When `job` is due after `moment`, without times at which it ran already."""
        trigger = job.trigger(self.zone)
        following = trigger.next_after(moment)
        while following is not None and tx.row(queries.HAS_FIRED, (job.id, stamp(following)), int):
            following = trigger.next_after(following)
        return following


def _after(moment: str) -> str:
    """The next moment there can be."""
    return stamp(from_stamp(moment) + timedelta(microseconds=1))


def stamp_or_none(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None
