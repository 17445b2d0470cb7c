"""One supervised process through its lives, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from senter.clock import SystemClock
from senter.messages.control import State
from senter.messages.health import Health
from senter.messages.message import ComponentName
from senter.store.database import Database
from senter.supervisor.journal import Journal
from senter.supervisor.process import Child, spawn
from senter.supervisor.restarts import RestartLimits
from senter.supervisor.unit import Timing, Unit, stop_unit

pytestmark = pytest.mark.process

LIVES = "import time; time.sleep(60)"
DIES = "raise SystemExit(3)"
IGNORES_TERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
NAME = ComponentName("script")


class Script:
    """A program that runs a few lines of Python and is ready at once."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.unit: Unit | None = None
        self.pids: list[int] = []
        self.deaths: list[str] = []

    async def prepare(self) -> None:
        return

    async def spawn(self) -> Child:
        child = spawn([sys.executable, "-c", self.code])
        self.pids.append(child.pid)
        if self.code != DIES:
            asyncio.get_running_loop().call_later(0.2, self._speak, child.pid)
        return child

    def _speak(self, pid: int) -> None:
        assert self.unit is not None
        self.unit.seen(pid, Health())

    def last_words(self, pid: int) -> str:
        return ""

    async def died(self, pid: int, reason: str) -> None:
        self.deaths.append(reason)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Database.open(
        tmp_path / "supervisor.db",
        migrations="senter.supervisor",
        snapshots=tmp_path / "snapshots",
        clock=SystemClock(),
        log=structlog.stdlib.get_logger(),
    ) as database:
        yield Journal(database, SystemClock(), structlog.stdlib.get_logger())


@asynccontextmanager
async def unit_of(script: Script, journal: Journal, **limits: float) -> AsyncGenerator[Unit]:
    unit = Unit(
        NAME,
        script,
        journal=journal,
        limits=RestartLimits(
            fast_limit=int(limits.get("fast_limit", 5)),
            first_wait_seconds=limits.get("first_wait_seconds", 0.01),
        ),
        timing=Timing(start_timeout_seconds=5, stop_grace_seconds=limits.get("grace", 5.0)),
        log=structlog.stdlib.get_logger(),
    )
    script.unit = unit
    story = asyncio.create_task(unit.run())
    try:
        yield unit
    finally:
        await stop_unit(unit)
        story.cancel()
        await asyncio.wait({story})


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_a_killed_process_is_replaced_once_it_is_certainly_dead(journal: Journal) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal) as unit:
        unit.want()
        await unit.reach(State.RUNNING)
        os.kill(script.pids[0], signal.SIGKILL)
        await unit.reach(State.STARTING)
        assert is_gone(script.pids[0])
        await unit.reach(State.RUNNING)
        assert unit.restarts == 1
    assert script.deaths == ["killed by SIGKILL", "asked to stop"]
    assert is_gone(script.pids[1])
    newest = journal.history(NAME)[0]
    assert (newest.reason, newest.outcome) == ("killed by SIGKILL", "restarted")
    assert newest.downtime_seconds is not None


async def test_a_process_that_always_dies_is_given_up_and_stays_down(journal: Journal) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, fast_limit=3) as unit:
        unit.want()
        await unit.reach(State.STOPPED_BY_REPEATED_FAILURE)
        assert len(script.pids) == 3
        assert "failed 3 times" in unit.reason
        assert "exited with 3" in unit.reason
    assert journal.given_up_because(NAME)


async def test_a_unit_given_up_runs_again_when_it_is_forgiven_and_wanted(journal: Journal) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, fast_limit=2) as unit:
        unit.want()
        await unit.reach(State.STOPPED_BY_REPEATED_FAILURE)
        script.code = LIVES
        unit.forgive()
        unit.want()
        await unit.reach(State.RUNNING)
    assert journal.given_up_because(NAME) == ""


async def test_a_condemned_process_is_ended_though_it_is_stopped(journal: Journal) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal) as unit:
        unit.want()
        await unit.reach(State.RUNNING)
        os.kill(script.pids[0], signal.SIGSTOP)
        unit.condemn("hung: no sign of life for 10 s")
        await unit.reach(State.STARTING)
        assert is_gone(script.pids[0])
        await unit.reach(State.RUNNING)
    assert script.deaths[0] == "hung: no sign of life for 10 s"


async def test_a_process_that_ignores_the_request_to_end_is_ended_after_the_grace(journal: Journal) -> None:
    script = Script(IGNORES_TERM)
    async with unit_of(script, journal, grace=0.3) as unit:
        unit.want()
        await unit.reach(State.RUNNING)
        await stop_unit(unit)
        assert unit.state is State.STOPPED
        assert is_gone(script.pids[0])
    assert unit.restarts == 0


async def test_a_stop_during_the_back_off_cancels_the_next_start(journal: Journal) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, first_wait_seconds=60) as unit:
        unit.want()
        await unit.reach(State.BACKING_OFF)
        await stop_unit(unit)
        assert unit.state is State.STOPPED
    assert len(script.pids) == 2


async def test_failures_are_remembered_by_the_next_supervisor(journal: Journal, tmp_path: Path) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, fast_limit=2) as unit:
        unit.want()
        await unit.reach(State.STOPPED_BY_REPEATED_FAILURE)
    with Database.open(
        tmp_path / "supervisor.db",
        migrations="senter.supervisor",
        snapshots=tmp_path / "snapshots",
        clock=SystemClock(),
        log=structlog.stdlib.get_logger(),
    ) as database:
        successor = Journal(database, SystemClock(), structlog.stdlib.get_logger())
        assert len(successor.add_failure(NAME)) == 3
        assert successor.given_up_because(NAME)
        successor.set_digest(NAME, "other settings")
        assert successor.given_up_because(NAME) == ""
