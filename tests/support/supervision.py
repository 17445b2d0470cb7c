"""What tests of the supervisor share: its journal, a program of a few lines of Python, a unit that runs it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog

import senter
from senter.clock import SystemClock
from senter.messages.control import State
from senter.messages.health import Health
from senter.messages.message import ComponentName
from senter.store.database import Database
from senter.supervisor.journal import RestartHistory
from senter.supervisor.life import Program
from senter.supervisor.process import Child, spawn
from senter.supervisor.settings import SupervisorSettings
from senter.supervisor.unit import Unit, stop_unit

LIVES = "import time; time.sleep(60)"
DIES = "raise SystemExit(3)"
NAME = ComponentName("script")

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(senter.__file__).parents[1])}
"""For programs of a few lines that import Senter."""


@contextmanager
def open_journal(folder: Path) -> Generator[RestartHistory]:
    """The supervisor's journal in this folder, as the next daemon would open it."""
    log, clock = structlog.stdlib.get_logger(), SystemClock()
    with Database.open(
        folder / "supervisor.db",
        migrations="senter.supervisor",
        snapshots=folder / "snapshots",
        clock=clock,
        log=log,
    ) as database:
        yield RestartHistory(database, clock, log)


class Script(Program):
    """A program that runs a few lines of Python and is ready soon, unless they are `DIES`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.unit: Unit | None = None
        self.pids: list[int] = []
        self.deaths: list[str] = []
        self.refusals: list[OSError] = []
        """What the system says to the next starts, instead of starting anything."""

    async def spawn(self) -> Child:
        if self.refusals:
            raise self.refusals.pop()
        child = spawn([sys.executable, "-c", self.code])
        self.pids.append(child.pid)
        if self.code != DIES:
            asyncio.get_running_loop().call_later(0.2, self._speak, child.pid)
        return child

    def _speak(self, pid: int) -> None:
        assert self.unit is not None
        self.unit.life.seen(pid, Health())

    async def died(self, pid: int, reason: str) -> None:
        self.deaths.append(reason)


@asynccontextmanager
async def unit_of(
    script: Script, journal: RestartHistory, wanted_until: State | None = None, **limits: float
) -> AsyncGenerator[Unit]:
    """A unit that runs the script, wanted until it is in a state, if one is named; stopped at the end."""
    unit = Unit(
        NAME,
        script,
        journal=journal,
        settings=SupervisorSettings(
            fast_limit=int(limits.get("fast_limit", 5)),
            first_wait_seconds=limits.get("first_wait_seconds", 0.01),
            start_timeout_seconds=5,
            stop_grace_seconds=limits.get("grace", 5.0),
        ),
        log=structlog.stdlib.get_logger(),
    )
    script.unit = unit
    story = asyncio.create_task(unit.run())
    try:
        if wanted_until is not None:
            unit.want()
            await unit.reach(wanted_until)
        yield unit
    finally:
        await stop_unit(unit)
        story.cancel()
        await asyncio.wait({story})


def start_python(code: str, *, stdout: int | None = None) -> subprocess.Popen[bytes]:
    """A process that no `Child` watches."""
    return subprocess.Popen([sys.executable, "-c", code], env=ENVIRONMENT, stdout=stdout)


def wait_until_dead(pid: int, *, collect: bool) -> None:
    """Wait for a child of this process; it stays to be collected unless `collect`."""
    os.waitid(os.P_PID, pid, os.WEXITED if collect else os.WEXITED | os.WNOWAIT)


def is_gone(pid: int) -> bool:
    """Whether there is no such process, not even one that waits to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
