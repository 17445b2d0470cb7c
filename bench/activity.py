"""The activity log with a million entries: adding one, a digest of a day, the progress of 24 hours.

Adding is one durable commit through the reporter's own inbox, as it is for an event from the bus. The entries are
spread evenly over a year; `--days` makes the days fuller. Prints JSON; the goals are at most 1, 100 and 100 ms.
Beside them, in the same run, a durable insert of the same row by SQLite alone on the same disk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.testing import run_component
from senter.components.reporter import queries
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC
from senter.messages.activity import ActivityLogged
from senter.messages.message import ComponentName
from senter.messages.reports import GetDigest, GetProgress, RecordVisit
from senter.paths import Paths
from senter.store.stamps import stamp

KINDS = ("task_completed", "task_completed", "task_failed", "research_complete", "goal_completed", "plan_created")
OTHERS = Manifest(sends=(ActivityLogged, GetDigest, GetProgress, RecordVisit))
SETTINGS = ReporterSettings(notifications=False)
ROUNDS = 30
ADDED = 500


def fill(path: Path, entries: int, days: int) -> None:
    """Put so many entries on record directly, the newest now."""
    now, gap = datetime.now(UTC), timedelta(days=days) / entries
    details = json.dumps({"description": "read the papers that came", "topic": "bees", "duration": 1.5})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        rows = (
            (stamp(now - gap * (entries - n)), KINDS[n % 6], "Completed: read the papers that came", details, "normal")
            for n in range(entries)
        )
        connection.executemany(queries.ADD_ACTIVITY, rows)
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


async def measure(home: Path, entries: int, days: int) -> dict[str, list[float]]:
    broker = MemoryBroker(max_events=1_000_000)
    bus = broker.bus(ComponentName("others"), OTHERS)
    async with run_component(SPEC, home, settings=SETTINGS, broker=broker):
        pass
    fill(Paths(home).database("activity"), entries, days)
    async with run_component(SPEC, home, settings=SETTINGS, broker=broker):
        found = {
            "digest_of_a_day_ms": await durations(
                lambda: bus.request(GetDigest(day="yesterday"), timeout_seconds=30), ROUNDS
            ),
            "progress_24_hours_ms": await durations(lambda: bus.request(GetProgress(), timeout_seconds=30), ROUNDS),
        }
        seen = (await bus.request(GetProgress(), timeout_seconds=30)).seen
        await bus.request(RecordVisit(seen=seen), timeout_seconds=30)
        begun = time.perf_counter()
        for _ in range(ADDED):
            event = ActivityLogged(kind="task_completed", summary="x", details={"description": "x" * 60})
            await bus.publish(event)
        while (await bus.request(GetProgress(limit=1), timeout_seconds=30)).seen.activity_id < seen.activity_id + ADDED:
            await SystemClock().sleep(0.02)
        found["append_ms"] = [(time.perf_counter() - begun) * 1_000 / ADDED]
    return found


def alone(home: Path) -> float:
    """Milliseconds for a durable insert by SQLite alone."""
    with closing(sqlite3.connect(home / "alone.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT)")
        begun = time.perf_counter()
        for _ in range(ADDED):
            connection.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", ("2026", "task", "x" * 60, "{}", "normal"))
        return (time.perf_counter() - begun) * 1_000 / ADDED


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--days", type=int, default=365)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder) / "home", chosen.entries, chosen.days))
        beside = alone(Path(folder))
    medians = {name: round(statistics.median(values), 3) for name, values in found.items()}
    worst = {name: round(max(values), 3) for name, values in found.items()}
    goals = {"append_ms": 1.0, "digest_of_a_day_ms": 100.0, "progress_24_hours_ms": 100.0}
    print(
        json.dumps(
            {
                "figure": "activity",
                "entries": chosen.entries,
                "days": chosen.days,
                "median": medians,
                "worst": worst,
                "must_reach": goals,
                "met": all(medians[name] <= goal for name, goal in goals.items()),
                "insert_alone_ms": round(beside, 3),
            }
        )
    )


main()
