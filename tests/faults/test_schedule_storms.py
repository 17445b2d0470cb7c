"""What the schedule does when very much is due at once, and when there is no space to write it down."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from senter.client.types import JobReply, JobsReply
from senter.component.testing import FakeClock
from senter.errors import SenterError
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support.daemon import quick_settings, short_home
from tests.support.schedule import JobHouse
from tests.support.scratch import ScratchDaemon, scratch_daemon
from tests.support.small_disk import fill, mounted

pytestmark = pytest.mark.process

SETTINGS = quick_settings(reporter={"notifications": False, "desktop": False})
MOST_MEMORY_MB = 60


@pytest.mark.timeout(300)
@pytest.mark.parametrize("at_once", [4_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_thousands_of_jobs_due_in_one_second_are_all_done_once_and_people_are_answered_meanwhile(at_once: int) -> None:
    with short_home() as home:
        begin = add_reminders(home, at_once, lead_seconds=20.0)
        with scratch_daemon(home, SETTINGS) as daemon:
            wait_until(lambda: datetime.now(UTC) >= begin, "the clock stands still", 60)
            fired_when_answered: set[int] = set()
            while at_once not in fired_when_answered:
                assert daemon.client.get("/api/schedule/jobs", JobsReply, limit=5)["total"] == at_once + 3
                fired_when_answered.add(len(fired(daemon.paths)))
                assert datetime.now(UTC) < begin + timedelta(seconds=120)
            assert fired_when_answered - {0, at_once}
            wait_until(lambda: len(reminded(daemon.paths)) >= at_once, "not all were reminded of", 120)
            assert set(Counter(fired(daemon.paths)).values()) == set(Counter(reminded(daemon.paths)).values()) == {1}
            assert 0 < float(str(daemon.component("scheduler")["memory_mb"])) < MOST_MEMORY_MB


def test_jobs_due_on_a_full_disk_wait_for_space_that_is_said_and_each_is_done_once() -> None:
    with short_home() as home, mounted(home, "size=24m"), scratch_daemon(home, SETTINGS) as daemon:
        begin = datetime.now(UTC) + timedelta(seconds=10)
        for number in range(20):
            due = begin + timedelta(seconds=number / 5)
            add(daemon, f"job {number}", f"job {number}", due.isoformat())
        filler = fill(home)
        with pytest.raises(SenterError) as refused:
            for number in range(1_000):  # what the database has in reserve is soon used up
                add(daemon, f"long {number}", "long " * 1_500, "2099-01-01")
        assert refused.value.code == "storage_full"
        before = daemon.pids()
        wait_until(lambda: "Jobs wait: " in str(daemon.component("scheduler")["health"]), "it is not said", 40)
        assert len(fired(daemon.paths)) < 20
        filler.unlink()
        wait_until(lambda: len(reminded(daemon.paths)) >= 20, "the jobs are not done", 40)
        assert Counter(fired(daemon.paths)) == Counter(reminded(daemon.paths)) == {f"job {n}": 1 for n in range(20)}
        assert daemon.pids() == before
        wait_until(lambda: "Jobs wait" not in str(daemon.component("scheduler")["health"]), "it is still said", 10)


def add(daemon: ScratchDaemon, name: str, reminder: str, at: str) -> None:
    daemon.client.post(
        "/api/schedule/jobs", JobReply, name=name, job_type="custom", payload={"reminder": reminder}, at=at
    )


def add_reminders(home: Path, count: int, lead_seconds: float) -> datetime:
    """Put reminders that are all due at one moment into the file that the scheduler will find."""
    begin = datetime.now(UTC) + timedelta(seconds=lead_seconds)
    house = JobHouse(home, clock=FakeClock(datetime.now(UTC)))
    house.add_many(count, at=begin.isoformat(), job_type="custom", payload={"reminder": "job 1"})
    with house.database.transaction() as tx:
        tx.execute("UPDATE jobs SET payload = json_object('reminder', name) WHERE name LIKE 'job %'")
    house.database.close()
    return begin


def fired(paths: Paths) -> list[str]:
    return column(paths.database("schedule"), "SELECT job_name FROM firings WHERE outcome = 'fired'")


def reminded(paths: Paths) -> list[str]:
    found = column(paths.database("activity"), "SELECT summary FROM activities WHERE kind = 'reminder'")
    return [summary.removeprefix("Reminder: ") for summary in found]


def column(path: Path, query: str) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [str(row[0]) for row in database.execute(query)]
