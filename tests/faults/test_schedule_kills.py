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
from senter.messages.goals import JobTriggered
from senter.messages.schedule import FiringOutcome
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
        was_killed = one_life(home, BEGIN, inject=f"{call}:signal=SIGKILL:when={number}")
        check_parts(home)
        one_life(home, BEGIN + timedelta(minutes=MINUTES))
        check_whole(home)
        if not was_killed:
            break
        kills += 1
    assert kills >= 2


def one_life(home: Path, begin: datetime, inject: str = "") -> bool:
    """Decide some minutes of jobs; says whether it was killed before it was through."""
    data = home / "data"
    data.mkdir(parents=True, exist_ok=True)
    watched = [data / "schedule.db", data / "schedule.db-wal"] if inject else []
    for path in watched:
        path.touch(mode=0o600)  # strace watches paths that are there
    places = [argument for path in watched for argument in ("-P", str(path))]
    trace = [str(STRACE), "-f", "-qq", "-o", "/dev/null", *places, "-e", f"inject={inject}"] if inject else []
    program = [sys.executable, "-P", "-m", "tests.support.one_scheduler", str(home), begin.isoformat()]
    environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin", "HOME": str(home)}
    ended = subprocess.run([*trace, *program], env=environment, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert ended.returncode in ((0, -SIGKILL) if inject else (0,)), ended.stderr.decode()
    return ended.returncode != 0


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
