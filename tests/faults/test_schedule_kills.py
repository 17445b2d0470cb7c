"""History, message and next due time of a job are one transaction: a kill at any write parts none of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from senter.component.testing import FakeClock
from senter.messages.activity import REMINDER, ActivityLogged
from senter.messages.goals import JobTriggered
from senter.messages.schedule import FiringOutcome
from tests.support import one_scheduler
from tests.support.one_scheduler import JOBS, MINUTES
from tests.support.schedule import JobHouse

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
STRACE = shutil.which("strace")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
KILLED_AT_MOST = 1_000


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("call", "step"),
    [
        ("pwrite64", 61),
        ("fdatasync", 7),
        pytest.param("pwrite64", 1, marks=[pytest.mark.long, pytest.mark.timeout(1_800)]),
        pytest.param("fdatasync", 1, marks=[pytest.mark.long, pytest.mark.timeout(1_800)]),
    ],
)
def test_a_kill_at_any_write_of_the_schedule_loses_and_doubles_no_time(tmp_path: Path, call: str, step: int) -> None:
    kills = 0
    for number in range(1, KILLED_AT_MOST, step):
        home = tmp_path / str(number)
        was_killed, _ = a_life("one_scheduler", home, call, number)
        check_parts(home)
        one_scheduler.main(home, BEGIN + timedelta(minutes=MINUTES))
        check_whole(home)
        if not was_killed:
            break
        kills += 1
    assert kills >= 2


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("call", "step"),
    [
        ("pwrite64", 83),
        ("fdatasync", 11),
        pytest.param("pwrite64", 1, marks=[pytest.mark.long, pytest.mark.timeout(1_800)]),
        pytest.param("fdatasync", 1, marks=[pytest.mark.long, pytest.mark.timeout(1_800)]),
    ],
)
def test_a_kill_at_any_write_of_a_snooze_or_a_done_loses_and_doubles_no_telling(
    tmp_path: Path, call: str, step: int
) -> None:
    kills = 0
    for number in range(1, KILLED_AT_MOST, step):
        home = tmp_path / str(number)
        killed, said = a_life("one_reminder", home, call, number)
        check_tellings(home, said)
        if not killed:
            break
        kills += 1
    assert kills >= 2


def check_tellings(home: Path, said: str) -> None:
    """A day later: what was said to be snoozed is told then, once, and what was said to be done is not."""
    house = JobHouse(home, clock=FakeClock(BEGIN + timedelta(days=1)))
    house.decide()
    reminded = (event for event in house.told if isinstance(event, ActivityLogged) and event.kind == REMINDER)
    told = Counter(event.details["due_at"] for event in reminded)
    fired = [firing for firing in house.history() if firing.outcome is FiringOutcome.FIRED]
    assert told == Counter(firing.due_at.isoformat() for firing in fired)
    assert set(told.values()) <= {1}
    words = [line.split() for line in said.splitlines()]  # the log is among them
    done = {until for what, until, *_ in words if what == "done"}
    snoozed = {until for what, until, *_ in words if what == "snooze"} - done
    last = max(snoozed | done, default="")
    assert not done & told.keys()
    assert snoozed - {last} <= told.keys()
    assert all(job.snoozed_until is None for job in house.jobs.list(JOBS)[0])
    house.database.close()


def a_life(program: str, home: Path, call: str, number: int) -> tuple[bool, str]:
    """Killed at that call to the schedule's file: whether it was before it was through, and what it said until then."""
    data = home / "data"
    data.mkdir(parents=True, exist_ok=True)
    watched = [data / "schedule.db", data / "schedule.db-wal"]
    for path in watched:
        path.touch(mode=0o600)  # strace watches paths that are there
    places = [argument for path in watched for argument in ("-P", str(path))]
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    trace = (str(STRACE), "-f", "-qq", "-o", "/dev/null", *places, "-e", inject)
    command = [sys.executable, "-P", "-m", f"tests.support.{program}", str(home), BEGIN.isoformat()]
    environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin", "HOME": str(home)}
    ended = subprocess.run([*trace, *command], env=environment, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert ended.returncode in (0, -SIGKILL), ended.stderr.decode()
    return ended.returncode != 0, ended.stdout.decode()


def check_parts(home: Path) -> None:
    """After a kill: whatever is on record was told, was counted, and is not due any more."""
    house = JobHouse(home, clock=FakeClock(BEGIN))
    told = Counter((event.job_id, event.due_at) for event in house.told if isinstance(event, JobTriggered))
    fired = [(str(firing.job_id), firing.due_at) for firing in house.history() if firing.outcome is FiringOutcome.FIRED]
    assert told == Counter(fired)
    for job in house.jobs.list(JOBS)[0]:
        due = [moment for number, moment in fired if number == str(job.id)]
        view = job.view(house.zone)
        assert view.run_count == len(due)
        assert view.next_run == max(due, default=view.created_at) + timedelta(minutes=1)
    house.database.close()


def check_whole(home: Path) -> None:
    """At the end: each time was set off once, whichever life it was in."""
    house = JobHouse(home, clock=FakeClock(BEGIN))
    told = Counter((event.job_id, event.due_at) for event in house.told if isinstance(event, JobTriggered))
    assert set(told.values()) == {1}
    for job in house.jobs.list(JOBS)[0]:
        due = [moment for number, moment in told if number == str(job.id)]
        assert len(due) == (max(due) - job.view(house.zone).created_at) // timedelta(minutes=1)
        assert max(due) == BEGIN + timedelta(minutes=2 * MINUTES)
    house.database.close()
