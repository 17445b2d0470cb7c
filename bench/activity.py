"""The activity log with a million entries: adding one, a digest of a day, the progress of 24 hours.

Adding is a durable commit through the reporter's own inbox, as it is for an event from the bus. The entries are
spread evenly over a year. Beside it, in turns, a durable insert by SQLite alone on the same disk.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from measuring.report import Report, quantile, run_figure
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.testing import run_component
from senter.components.reporter import queries
from senter.components.reporter.activities import Activities
from senter.components.reporter.days import LocalDays
from senter.components.reporter.exports import WRITTEN
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC
from senter.messages.activity import ActivityLogged
from senter.messages.message import ComponentName, Event, new_message_id
from senter.messages.reports import GetDigest, GetProgress
from senter.paths import Paths
from senter.store.database import Database, Transaction
from senter.store.inbox import Inbox
from senter.store.stamps import stamp

KINDS = ("task_completed", "task_completed", "task_failed", "research_complete", "goal_completed", "plan_created")
OTHERS = Manifest(sends=(GetDigest, GetProgress))
SETTINGS = ReporterSettings(notifications=False)
ENTRIES, DAYS = 1_000_000, 365
ROUNDS = 30
ADDED = 500


def fill(path: Path) -> None:
    """Put so many entries on record directly, the newest now, as if their days' files were written."""
    now, gap = datetime.now(UTC), timedelta(days=DAYS) / ENTRIES
    details = json.dumps({"description": "read the papers that came", "topic": "bees", "duration": 1.5})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        rows = (
            (stamp(now - gap * (ENTRIES - n)), KINDS[n % 6], "Completed: read the papers that came", details, "normal")
            for n in range(ENTRIES)
        )
        connection.executemany(queries.ADD_ACTIVITY, rows)
        connection.execute(queries.SAY, (WRITTEN, str(ENTRIES)))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def durations(work: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """Milliseconds each."""
    found: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await work()
        found.append((time.perf_counter() - begun) * 1_000)
    return found


async def measure(home: Path) -> dict[str, list[float]]:
    broker = MemoryBroker(max_events=1_000_000)
    bus = broker.bus(ComponentName("others"), OTHERS)
    async with run_component(SPEC, home, settings=SETTINGS, broker=broker):
        pass
    fill(Paths(home).database("activity"))
    async with run_component(SPEC, home, settings=SETTINGS, broker=broker):
        return {
            "digest of a day": await durations(
                lambda: bus.request(GetDigest(day="yesterday"), timeout_seconds=30), ROUNDS
            ),
            "progress of 24 hours": await durations(lambda: bus.request(GetProgress(), timeout_seconds=30), ROUNDS),
        }


def add(home: Path) -> dict[str, list[float]]:
    """Milliseconds for each event taken in, and for as many durable inserts by SQLite alone, in turns."""
    clock, log = SystemClock(), structlog.stdlib.get_logger()
    path, snapshots = Paths(home).database("activity"), Paths(home).snapshots
    found: dict[str, list[float]] = {"append": [], "insert of SQLite alone": []}
    with (
        Database.open(path, migrations=SPEC.package, snapshots=snapshots, clock=clock, log=log) as database,
        closing(sqlite3.connect(home / "alone.db", isolation_level=None)) as alone,
    ):
        activities = Activities(database, clock, LocalDays(ZoneInfo("UTC")))

        def taken_in(tx: Transaction, event: Event) -> None:
            assert isinstance(event, ActivityLogged)
            activities.add(tx, event, clock.now())

        inbox = Inbox(database, attempts_limit=5, keep=timedelta(days=120), clock=clock, log=log)
        alone.execute("PRAGMA journal_mode = WAL")
        alone.execute("PRAGMA synchronous = FULL")
        alone.execute("CREATE TABLE rows (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT)")
        for _ in range(ADDED):
            event = ActivityLogged(kind="task_completed", summary="x", details={"description": "x" * 60})
            begun = time.perf_counter()
            inbox.take(new_message_id(), event, taken_in)
            between = time.perf_counter()
            alone.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", ("2026", "task", "x" * 60, "{}", "normal"))
            found["append"].append((between - begun) * 1_000)
            found["insert of SQLite alone"].append((time.perf_counter() - between) * 1_000)
    return found


def main() -> Report:
    report = Report("activity", f"{ENTRIES:,} activities over {DAYS} days")
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        home = Path(folder) / "home"
        found = asyncio.run(measure(home)) | add(home)
    for name, values in found.items():
        report.measured(name, values)
    for name, limit in (("append", 1), ("digest of a day", 100), ("progress of 24 hours", 100)):
        report.at_most(f"{name}, median", quantile(found[name], 50), limit, "ms")
    return report


if __name__ == "__main__":
    run_figure(main, limit_seconds=300)
