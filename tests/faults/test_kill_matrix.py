"""Real daemons, killed with kill -9 while they carry out goals: nothing is lost and nothing is doubled."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from senter.client import call_control
from senter.client.types import Done, GoalReply, GoalsReply
from senter.operations.crash_findings import look
from senter.operations.crash_goals import goal_text
from senter.operations.proof.counting import Effects
from senter.operations.proof.spec import STARTED_WITH, counts_folder
from senter.operations.prove_crash import TURNS, prove_crash
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support.scratch import scratch_daemon

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
# The failures that fill the supervisor's fast window as it is by default.
FAILURES_TO_GIVE_UP = 5
NOT_NEEDED = ("assistant", "documents", "models.primary", "models.research")
DEFAULT_LIMITS = "".join(f"[{name}]\nenabled = false\n" for name in NOT_NEEDED)
STRACE = shutil.which("strace")
# Each sync, and one write of three: a commit is many writes, which are one step to the file's reader.
SYSTEM_CALLS = (("pwrite64", 3), ("fdatasync", 1))


@pytest.fixture
def home() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="sk") as folder:
        yield Path(folder)


@pytest.mark.timeout(300)
def test_twenty_kills_lose_nothing_and_double_nothing(home: Path) -> None:
    proof = prove_crash(home, 20, seed=27)  # each target comes up
    assert proof.kills.total() == 20
    assert proof.kills.keys() == TURNS.keys()
    assert proof.findings is not None
    assert proof.findings.hold, proof
    assert proof.findings.completed == proof.findings.goals, proof


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_five_hundred_kills_lose_nothing_and_double_nothing(home: Path) -> None:
    proof = prove_crash(home, 500)
    assert proof.findings is not None
    assert proof.findings.hold, proof
    assert len(proof.kills) == 5
    assert len(proof.boundaries) >= 11


@pytest.mark.timeout(180)
def test_goals_of_a_given_up_engine_wait_untouched_and_go_on_after_a_restart(home: Path) -> None:
    with scratch_daemon(home / "home", DEFAULT_LIMITS, STARTED_WITH) as daemon:
        folder = counts_folder(daemon.paths)
        daemon.client.post("/api/panic", Done)
        for number in range(3):
            daemon.client.post(
                "/api/goals", GoalReply, text=goal_text(number, with_model=False), request_id=f"goal-{number}"
            )
        for _ in range(FAILURES_TO_GIVE_UP):
            daemon.wait_for("task_engine", "running")
            pid = daemon.kill("task_engine")
            wait_until(lambda old=pid: daemon.pid("task_engine") != old, "the kill is not seen", 10)
        daemon.wait_for("task_engine", "stopped_by_repeated_failure")
        database = daemon.paths.database("tasks")
        before = look(database, folder, ["goal-0", "goal-1", "goal-2"], 0)
        assert (before.goals_lost, before.goals_open, before.effects) == (0, 3, 0)
        call_control(daemon.paths, "restart", "task_engine")
        daemon.wait_for("task_engine", "running")
        daemon.client.post("/api/panic", Done, release=True)
        wait_until(lambda: daemon.client.get("/api/goals", GoalsReply, limit=1)["total"] == 0, "goals do not end", 60)
        after = look(database, folder, ["goal-0", "goal-1", "goal-2"], 0)
        assert after.hold
        assert after.completed == 3


@pytest.mark.long
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize(("call", "step"), SYSTEM_CALLS)
@pytest.mark.timeout(3_600)
def test_a_kill_at_any_write_of_the_journal_loses_nothing(home: Path, call: str, step: int) -> None:
    """The engine alone, in a process of its own, is killed at one write of tasks.db after another."""
    for number in range(1, 10_000, step):
        place = home / f"{call}-{number}"
        killed = one_life(place, inject=f"{call}:signal=SIGKILL:when={number}")
        one_life(place)
        paths = Paths(place / "home")
        findings = look(paths.database("tasks"), counts_folder(paths), ["goal-1"], 0)
        assert findings.hold, (call, number, findings)
        assert findings.completed == 1
        shutil.rmtree(place)
        if not killed:
            return


def one_life(place: Path, inject: str = "") -> bool:
    """Run the engine until its goal has ended; whether it was killed before."""
    data = place / "home" / "data"
    traced = [f"{data}/tasks.db", f"{data}/tasks.db-wal"]
    for path in traced if inject else ():
        data.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)  # strace watches paths that are there
    paths = [argument for path in traced for argument in ("-P", path)]
    trace = [str(STRACE), "-f", "-qq", "-o", "/dev/null", *paths, "-e", f"inject={inject}"] if inject else []
    program = [sys.executable, "-P", "-m", "tests.support.one_engine", str(place)]
    environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin", "HOME": str(place)}
    ended = subprocess.run([*trace, *program], env=environment, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert ended.returncode == 0 or inject, ended.stderr.decode()
    return ended.returncode != 0


def test_the_proof_would_see_a_doubled_effect(home: Path) -> None:
    with scratch_daemon(home / "home", DEFAULT_LIMITS, STARTED_WITH) as daemon:
        daemon.client.post("/api/goals", GoalReply, text=goal_text(1, with_model=False), request_id="goal-1")
        wait_until(
            lambda: daemon.client.get("/api/goals", GoalsReply, limit=1)["total"] == 0, "the goal does not end", 60
        )
        database = daemon.paths.database("tasks")
        folder = counts_folder(daemon.paths)
        assert look(database, folder, ["goal-1"], 0).hold
        effects = Effects(folder)
        done = next(line for line in effects.all() if line["tool"] == "count_once_only" and line["what"] == "did")
        effects.add("count_once_only", "called", done["key"])
        effects.add("count_once_only", "did", done["key"])
        found = look(database, folder, ["goal-1", "goal-2"], 0)
        assert (found.once_only_doubled, found.effects_unaccounted_for, found.goals_lost) == (1, 1, 1)
        assert not found.hold
