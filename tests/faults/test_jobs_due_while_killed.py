"""A thousand jobs fall due while what carries them is killed, and at last everything: each is told once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from senter.operations.scratch import ScratchDaemon, scratch_daemon, wait_until
from senter.paths import Paths
from tests.support.daemon import quick_settings, short_home, wait_until_none_is_left

pytestmark = pytest.mark.process

JOBS = 1_000
LEAD_SECONDS = 12.0
SPREAD_SECONDS = 10.0
KILLS = ((1.0, "scheduler"), (2.5, "reporter"), (4.0, "nats-server"), (5.5, "task_engine"), (6.5, "scheduler"))


def test_each_of_a_thousand_jobs_is_told_once_or_on_record_as_skipped() -> None:
    settings = quick_settings(reporter={"notifications": False, "desktop": False})
    with short_home() as home, scratch_daemon(home, settings) as daemon:
        begin = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
        _add_jobs(daemon, begin)
        for offset, name in KILLS:
            _wait_for(begin + timedelta(seconds=offset))
            daemon.kill(name)
        _wait_for(begin + timedelta(seconds=8))
        daemon.kill("supervisor")
        wait_until_none_is_left(home, 10)
        daemon.start()
        paths = daemon.paths
        wait_until(lambda: len(_firings(paths)) >= JOBS, "not every job was decided", 40)
        assert set(Counter(job for job, _, _ in _firings(paths)).values()) == {1}
        fired = {job for job, outcome, _ in _firings(paths) if outcome == "fired"}
        assert all(reason for _, outcome, reason in _firings(paths) if outcome == "skipped")
        assert len(fired) > JOBS / 2
        wait_until(lambda: len(_told(paths)) >= len(fired), "not everything that was set off was told", 40)
        assert Counter(_told(paths)) == Counter(fired)


def _add_jobs(daemon: ScratchDaemon, begin: datetime) -> None:
    for number in range(JOBS):
        due = begin + timedelta(seconds=SPREAD_SECONDS * number / JOBS)
        name = f"job {number}"
        daemon.client.schedule.add(
            {"name": name, "job_type": "custom", "payload": {"reminder": name}, "at": due.isoformat()}
        )


def _wait_for(moment: datetime) -> None:
    wait_until(lambda: datetime.now(UTC) >= moment, "the clock stands still", LEAD_SECONDS + SPREAD_SECONDS)


def _firings(paths: Paths) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(paths.database("schedule"))) as database:
        return database.execute("SELECT job_name, outcome, reason FROM firings WHERE job_name LIKE 'job %'").fetchall()


def _told(paths: Paths) -> list[str]:
    with closing(sqlite3.connect(paths.database("activity"))) as database:
        rows = database.execute("SELECT summary FROM activities WHERE kind = 'reminder'").fetchall()
    return [str(summary).removeprefix("Reminder: ") for (summary,) in rows]
