"""A scheduler's jobs on a file, without a process or a bus: decided, crashed at any step, opened again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from senter.bus.jetstream import StreamState
from senter.component.testing import FakeClock
from senter.components.scheduler.decide import Surroundings
from senter.components.scheduler.due_jobs import DueJobs
from senter.components.scheduler.due_times import DueTimes
from senter.components.scheduler.event_triggers import EventTriggers
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC
from senter.messages.envelope import Envelope, caused_by
from senter.messages.message import Event, MessageId
from senter.messages.schedule import AddJob, FiringView
from senter.paths import Paths
from senter.store.database import Database, Transaction
from senter.store.outbox import Outbox

KINDS = tuple(kind for kind in SPEC.sends if issubclass(kind, Event))
WORKERS = "SELECT DISTINCT component FROM jobs"
TOLD = "SELECT wire_name, payload FROM outbox ORDER BY sequence"
IDS = "SELECT event_id FROM outbox ORDER BY sequence"
COPIES = (
    """
    CREATE TEMP TABLE copies AS
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?)
    SELECT jobs.* FROM jobs, numbers
    """,
    "UPDATE copies SET id = id + rowid, name = 'job ' || (rowid + 1), request_id = 'add job ' || (rowid + 1)",
    "INSERT INTO jobs SELECT * FROM copies",
)
"""Rows like the only job."""


class Gone(BaseException):
    """The process is gone."""


class JobHouse:
    """One home folder whose schedule can be abandoned and opened again, on a clock that moves by hand."""

    def __init__(self, home: Path, *, zone: str = "UTC", clock: FakeClock | None = None) -> None:
        self.paths = Paths(home)
        self.paths.make_folders()
        self.clock = clock or FakeClock()
        self.zone = ZoneInfo(zone)
        self.settings = SchedulerSettings()
        self.away: dict[str, str] = {}
        self.jobless: tuple[str, ...] = ()
        self.busy: str | None = ""
        self.interests: tuple[str, ...] = ()
        self.crash_after: int | None = None
        self.open()

    def open(self) -> None:
        log = structlog.stdlib.get_logger("scheduler")
        self.database = Database.open(
            self.paths.database("schedule"),
            migrations="senter.components.scheduler",
            snapshots=self.paths.snapshots,
            clock=self.clock,
            log=log,
        )
        self._outbox = Outbox(self.database, self._publish, self._look, KINDS, self.clock, log)
        self.store = store = ScheduleStore(self.database, self._announce, self.clock, self.zone, self.settings, log)
        self.jobs, self.due_jobs, self.due_times = Jobs(store), DueJobs(store), DueTimes(store)
        self.event_triggers = EventTriggers(store, self.jobs)

    def reopen(self) -> None:
        self.database.close()
        self.open()

    def add(self, name: str = "job", **asked: object) -> Job:
        command = AddJob.model_validate(
            {"request_id": f"add {name}", "name": name, "payload": payload_for(asked, "Do it"), **asked}
        )
        return self.jobs.add(command)

    def add_many(self, count: int, **asked: object) -> None:
        """`add` once, and copies of that row, each under a name of its own: all in one commit."""
        self.add("job 1", **asked)
        with self.database.transaction() as tx:
            for sql in COPIES:
                tx.execute(sql, (count - 1,) if "?" in sql else ())

    def decide(self) -> int:
        """Decide all that is due now."""
        done = 0
        while batch := self.due_jobs.decide_due(self.around()):
            done += batch
        return done

    def around(self) -> Surroundings:
        looked_at = dict.fromkeys(self.database.rows(WORKERS, (), str), "")
        return Surroundings(
            self.clock.now(), self.zone, {**looked_at, **self.away}, self.jobless, self.busy, self.interests
        )

    def take_in(self, event: Event, begun_by: str | None = None) -> None:
        """An event that goes back to the one with this id, or is that one."""
        envelope = Envelope(correlation_id=MessageId(begun_by) if begun_by else None)
        with self.database.transaction() as tx, caused_by(envelope):
            self.event_triggers.happened(tx, event)

    def end(self, event_id: str, status: str = "completed") -> None:
        with self.database.transaction() as tx:
            self.event_triggers.ended(tx, event_id, status)

    def history(self, named: str = "") -> list[FiringView]:
        """The oldest first."""
        return self.jobs.history(named, 1_000)[::-1]

    @property
    def told(self) -> list[Event]:
        """What was committed to be told, in order; nothing is ever published here."""
        return self.database.rows(TOLD, (), _event)

    @property
    def told_ids(self) -> list[str]:
        """The ids of what was told."""
        return self.database.rows(IDS, (), str)

    def _announce(self, transaction: Transaction, event: Event, *, named: MessageId | None = None) -> None:
        self._outbox.add(transaction, event, named=named)
        if self.crash_after is not None:
            self.crash_after -= 1
            if self.crash_after < 0:
                self.crash_after = None
                raise Gone

    async def _publish(self, event: Event, envelope: Envelope) -> int:
        raise AssertionError(event)

    async def _look(self) -> StreamState:
        raise AssertionError


def payload_for(asked: Mapping[str, object], goal: str) -> dict[str, str]:
    """That of a goal, where no other type of job is asked for."""
    return {} if "job_type" in asked else {"goal": goal}


def _event(wire_name: str, payload: str) -> Event:
    return next(kind for kind in KINDS if kind.wire_name == wire_name).model_validate_json(payload)
