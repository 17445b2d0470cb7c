"""How late jobs are set off, beside APScheduler in the same run, and what a hundred thousand stored jobs cost.

Prints JSON. Lateness of Senter is from the due time until another component has the message; of APScheduler until
its job runs. It runs twice: with its jobs in a SQLite file, which is nearest to what Senter does, and in memory.
"""

# APScheduler 3 has no types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from apscheduler.jobstores.base import BaseJobStore
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from measuring.report import Report, quantile, run_figure
from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.testing import checking_jobs, run_component
from senter.components.scheduler.decide import Surroundings
from senter.components.scheduler.due_jobs import DueJobs
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC
from senter.components.specs import SPECS
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.goals import JobTriggered
from senter.messages.message import ComponentName, Event, MessageId
from senter.messages.schedule import AddJob, JobType
from senter.paths import Paths
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp

JOBS, SECONDS, LEAD_SECONDS = 200, 30.0, 2.0
STORED = 100_000
WAKE_UPS = 50
ERRORS = 40
peer_late: list[float] = []
OTHER = ComponentName("other")
MANIFEST = Manifest(receives=(JobTriggered,), sends=(AddJob,), observes=())
ANCHORED = '{"seconds":86400.0,"anchor":"2026-01-01T00:00:00+00:00"}'
ADD_MANY = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
INSERT INTO jobs (request_id, name, job_type, component, trigger_type, trigger_config, payload, misfire, grace_seconds,
    overlap, only_when_idle, next_run, created_at)
SELECT 'many ' || n, 'many ' || n, 'goal', 'task_engine', 'interval', :anchored, '{"goal":"x"}', 'skip', 60, 0, 0,
    strftime('%Y-%m-%dT%H:%M:%S', 'now', '+' || (3600 + n) || ' seconds') || '.000000+00:00',
    strftime('%Y-%m-%dT%H:%M:%S', 'now') || '.000000+00:00'
FROM numbers
"""
MAKE_DUE = "UPDATE jobs SET next_run = ? WHERE name = ?"


def main() -> Report:
    report = Report("scheduler", "lateness of jobs, and the cost of many stored ones")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(ERRORS))
    ours = asyncio.run(senter_lateness())
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        on_disk = asyncio.run(peer_lateness(SQLAlchemyJobStore(f"sqlite:///{folder}/jobs.db")))
    in_memory = asyncio.run(peer_lateness(MemoryJobStore()))
    report.measured("senter_late", ours)
    report.measured("apscheduler_on_disk_late", on_disk)
    report.measured("apscheduler_in_memory_late", in_memory)
    report.at_most("lateness p50", quantile(ours, 50), 5, "ms")
    report.at_most("lateness p99", quantile(ours, 99), 40, "ms")
    for what, theirs in (("on disk", on_disk), ("in memory", in_memory)):
        for percent in (50, 99):
            target = f"lateness p{percent} beside APScheduler's {what}"
            report.at_most(target, quantile(ours, percent), quantile(theirs, percent), "ms")
    asyncio.run(many_stored(report))
    report.note("Senter writes every firing to disk before it tells.")
    return report


async def senter_lateness() -> list[float]:
    late: list[float] = []
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        async with running(Path(folder), late) as bus:
            begin = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
            for number in range(JOBS):
                await bus.request(once(f"job {number}", due(begin, number)), timeout_seconds=10)
            await until(lambda: len(late) == JOBS)
    return late


async def note_lateness(due_at: datetime) -> None:
    """The peer's job: a store on disk takes functions by name only."""
    peer_late.append((datetime.now(UTC) - due_at).total_seconds() * 1_000)


async def peer_lateness(store: BaseJobStore) -> list[float]:
    peer_late.clear()
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": store})
    scheduler.start()
    begin = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
    for number in range(JOBS):
        moment = due(begin, number)
        scheduler.add_job(note_lateness, "date", run_date=moment, args=[moment], misfire_grace_time=60)
    await until(lambda: len(peer_late) == JOBS)
    scheduler.shutdown()
    return list(peer_late)


async def many_stored(report: Report) -> None:
    late: list[float] = []
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        async with running(Path(folder), late):
            await asyncio.sleep(0.5)  # what is done once for a new file
        store_many(Path(folder))
        begun = time.perf_counter()
        async with running(Path(folder), late) as bus:
            start_seconds = time.perf_counter() - begun
            await asyncio.sleep(1)
            added = [await timed(lambda number=number: add(bus, number)) for number in range(50)]
            cpu, begun = time.process_time(), time.perf_counter()
            await asyncio.sleep(5)
            idle_percent = 100 * (time.process_time() - cpu) / (time.perf_counter() - begun)
            await asyncio.sleep(1)
            for number in range(20):
                count, moment = len(late), datetime.now(UTC) + timedelta(milliseconds=100)
                await bus.request(once(f"wake {number}", moment), timeout_seconds=10)
                await until(lambda count=count: len(late) > count)
        woken = wake_ups(Path(folder))
    report.single("start_with_100000", start_seconds, "s")
    report.measured("wake_up_with_100000", woken)
    report.measured("add_to_100000", added)
    report.measured("late_with_100000", late)
    report.single("idle_cpu", idle_percent, "% of a core")
    report.at_most("start with 100,000 jobs", start_seconds, 1, "s")
    report.at_most("add one to 100,000, median", quantile(added, 50), 2, "ms")
    report.at_most("wake-up with 100,000 jobs, median", quantile(woken, 50), 1, "ms")
    report.at_most("idle CPU with 100,000 jobs", idle_percent, 0.1, "%")


@asynccontextmanager
async def running(home: Path, late: list[float]) -> AsyncGenerator[Bus]:
    """A scheduler on its file and the system's clock; `late` gets the lateness of what it sets off, in ms."""

    async def take_in(event: Event, _: bool) -> Consumed:
        if isinstance(event, JobTriggered):
            late.append((datetime.now(UTC) - event.due_at).total_seconds() * 1_000)
        return Consumed(ConsumerOutcome.DONE)

    broker = MemoryBroker()
    bus = broker.bus(OTHER, MANIFEST)
    await bus.consume((JobTriggered,), take_in)
    async with checking_jobs(broker, *SPECS), run_component(SPEC, home, broker=broker):
        yield bus
    await bus.close()


def opened(home: Path) -> Database:
    paths = Paths(home)
    paths.make_folders()
    log = structlog.stdlib.get_logger("bench")
    path, snapshots = paths.database("schedule"), paths.snapshots
    return Database.open(path, migrations=SPEC.package, snapshots=snapshots, clock=SystemClock(), log=log)


def store_many(home: Path) -> None:
    with opened(home) as database, database.transaction() as tx:
        tx.execute(ADD_MANY, {"count": STORED, "anchored": ANCHORED})


def untold(transaction: Transaction, event: Event, *, named: MessageId | None = None) -> None:
    """Nobody is told."""


def wake_ups(home: Path) -> list[float]:
    """How long it takes to find the one job that is due, have it decided and written down, and find the next; in ms."""
    zone, log = ZoneInfo("UTC"), structlog.stdlib.get_logger("bench")
    took: list[float] = []
    with opened(home) as database:
        firing = DueJobs(ScheduleStore(database, untold, SystemClock(), zone, SchedulerSettings(), log))
        for number in range(WAKE_UPS):
            now = datetime.now(UTC)
            with database.transaction() as tx:
                tx.execute(MAKE_DUE, (stamp(now), f"many {number + 1}"))
            begun = time.perf_counter()
            assert firing.due()
            assert firing.decide_due(Surroundings(now, zone, {"task_engine": ""}, (), "", ()))
            firing.next_due()
            took.append((time.perf_counter() - begun) * 1_000)
    return took


async def add(bus: Bus, number: int) -> None:
    await bus.request(once(f"more {number}", datetime.now(UTC) + timedelta(days=1)), timeout_seconds=10)


def once(name: str, moment: datetime) -> AddJob:
    return AddJob(request_id=name, name=name, job_type=JobType.GOAL, payload={"goal": name}, at=moment.isoformat())


def due(begin: datetime, number: int) -> datetime:
    return begin + timedelta(seconds=SECONDS * number / JOBS)


async def timed(act: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await act()
    return (time.perf_counter() - begun) * 1_000


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    run_figure(main, limit_seconds=180)
