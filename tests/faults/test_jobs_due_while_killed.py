"""A thousand jobs fall due while what carries them is killed, and at last everything: each has its effect once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from senter.component.testing import FakeClock
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support.daemon import quick_settings, short_home, wait_until_none_is_left
from tests.support.schedule import JobHouse
from tests.support.scratch import KILL, ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

JOBS = 1_000
# The start and the first look around must be over before the first job is due.
LEAD_SECONDS = 20.0
TARGETS = ("scheduler", "reporter", "nats-server", "task_engine")
ALL = "supervisor"  # nothing outlives it


@dataclass(frozen=True)
class Course:
    """Within how many seconds the jobs fall due, and who is killed how many seconds after the first."""

    spread_seconds: float
    kills: tuple[tuple[float, str], ...]


QUICK = Course(10.0, ((1.0, "scheduler"), (2.5, "reporter"), (4.0, "nats-server"), (5.5, "task_engine"), (6.5, ALL)))
MINUTE = Course(
    60.0,
    tuple(
        sorted(
            [(4.0 + 3.1 * number, TARGETS[number % len(TARGETS)]) for number in range(18)] + [(20.0, ALL), (45.0, ALL)]
        )
    ),
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "course", [pytest.param(QUICK, id="ten seconds"), pytest.param(MINUTE, id="a minute", marks=pytest.mark.long)]
)
def test_each_of_a_thousand_jobs_has_its_effect_once_or_is_on_record_as_skipped(course: Course) -> None:
    with short_home() as home:
        begin = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
        add_jobs(home, begin, course.spread_seconds)
        with scratch_daemon(home, quick_settings(reporter={"notifications": False, "desktop": False})) as daemon:
            assert datetime.now(UTC) < begin, "the jobs were to be due after the start"
            for offset, name in course.kills:
                wait_for(begin + timedelta(seconds=offset))
                kill(daemon, name)
            paths = daemon.paths
            wait_until(lambda: len(firings(paths)) >= JOBS, "not every job was decided", course.spread_seconds + 40)
            decided = firings(paths)
            assert set(Counter(job for job, _, _ in decided).values()) == {1}
            skipped = {job: reason for job, outcome, reason in decided if outcome == "skipped"}
            assert all(reason.endswith("this job skips what is missed") for reason in skipped.values()), skipped
            assert all(number_of(job) % 3 == 0 for job in skipped), "only some jobs skip what is missed"
            fired = {job for job, outcome, _ in decided if outcome == "fired"}
            assert len(fired) > JOBS / 2
            wait_until(lambda: len(effects(paths)) >= len(fired), "not everything that was set off was done", 60)
            assert Counter(effects(paths)) == Counter(fired)


def add_jobs(home: Path, begin: datetime, spread_seconds: float) -> None:
    """Put the jobs into the file that the scheduler will find: reminders, and every tenth a goal."""
    house = JobHouse(home, clock=FakeClock(datetime.now(UTC)))
    for number in range(JOBS):
        name = f"job {number}"
        work = {"payload": {"goal": name}} if number % 10 == 0 else {"payload": {"reminder": name}}
        missed = {"misfire": "skip", "grace_seconds": 0.5} if number % 3 == 0 else {}
        due = begin + timedelta(seconds=spread_seconds * number / JOBS)
        job_type = "goal" if number % 10 == 0 else "custom"
        house.add(name, at=due.isoformat(), job_type=job_type, **work, **missed)
    house.database.close()


def kill(daemon: ScratchDaemon, name: str) -> None:
    """Kill -9; a target that is just being restarted is killed when it is there."""
    if name == ALL:
        daemon.kill(ALL)
        wait_until_none_is_left(daemon.paths.home, 10)
        daemon.start()
    else:
        wait_until(lambda: killed(daemon, name), f"there is no {name} to be killed", 20)


def killed(daemon: ScratchDaemon, name: str) -> bool:
    with suppress(KeyError, ProcessLookupError):
        daemon.kill(name, KILL)
        return True
    return False


def wait_for(moment: datetime) -> None:
    wait_until(lambda: datetime.now(UTC) >= moment, "the clock stands still", 90)


def number_of(job: str) -> int:
    return int(job.removeprefix("job "))


def firings(paths: Paths) -> list[tuple[str, str, str]]:
    query = "SELECT job_name, outcome, reason FROM firings WHERE job_name LIKE 'job %'"
    with closing(sqlite3.connect(paths.database("schedule"))) as database:
        return database.execute(query).fetchall()


def effects(paths: Paths) -> list[str]:
    """Jobs whose reminder is in the reporter's record, or whose goal the task engine has; as often as it is there."""
    return [
        *first_column(paths.database("activity"), "SELECT summary FROM activities WHERE kind = 'reminder'"),
        *first_column(paths.database("tasks"), "SELECT text FROM goals WHERE text LIKE 'job %'"),
    ]


def first_column(path: Path, query: str) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [str(row[0]).removeprefix("Reminder: ") for row in database.execute(query)]
