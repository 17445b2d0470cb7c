"""One supervised process through its lives, with real processes."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from senter.messages.control import State
from senter.supervisor.journal import RestartHistory
from senter.supervisor.process import Child
from senter.supervisor.unit import Unit, stop_unit
from tests.support.supervision import DIES, LIVES, NAME, Script, is_gone, open_journal, unit_of

pytestmark = pytest.mark.process

IGNORES_TERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[RestartHistory]:
    with open_journal(tmp_path) as journal:
        yield journal


async def test_a_killed_process_is_replaced_once_it_is_certainly_dead(journal: RestartHistory) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal, State.RUNNING) as unit:
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


async def test_a_process_that_always_dies_is_given_up_and_stays_down(journal: RestartHistory) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, State.STOPPED_BY_REPEATED_FAILURE, fast_limit=3) as unit:
        assert len(script.pids) == 3
        assert "failed 3 times" in unit.reason
        assert "exited with 3" in unit.reason
    assert journal.given_up_because(NAME)


@asynccontextmanager
async def run_again(script: Script, journal: RestartHistory) -> AsyncGenerator[Unit]:
    """A unit that was given up, and is forgiven and wanted with a program that lives."""
    async with unit_of(script, journal, State.STOPPED_BY_REPEATED_FAILURE, fast_limit=2) as unit:
        script.code = LIVES
        unit.forgive()
        unit.want()
        yield unit


async def test_a_unit_given_up_runs_again_when_it_is_forgiven_and_wanted(journal: RestartHistory) -> None:
    script = Script(DIES)
    async with run_again(script, journal) as unit:
        await unit.reach(State.RUNNING)
    assert journal.given_up_because(NAME) == ""


async def test_a_condemned_process_is_ended_though_it_is_stopped(journal: RestartHistory) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal, State.RUNNING) as unit:
        os.kill(script.pids[0], signal.SIGSTOP)
        unit.life.condemn("hung: no sign of life for 10 s")
        await unit.reach(State.STARTING)
        assert is_gone(script.pids[0])
        await unit.reach(State.RUNNING)
    assert script.deaths[0] == "hung: no sign of life for 10 s"


async def test_a_process_that_ignores_the_request_to_end_is_ended_after_the_grace(journal: RestartHistory) -> None:
    script = Script(IGNORES_TERM)
    async with unit_of(script, journal, State.RUNNING, grace=0.5) as unit:
        await stop_unit(unit)
        assert unit.state is State.STOPPED
        assert is_gone(script.pids[0])
    assert unit.restarts == 0


async def test_a_stop_during_the_back_off_cancels_the_next_start(journal: RestartHistory) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, State.BACKING_OFF, first_wait_seconds=60) as unit:
        await stop_unit(unit)
        assert unit.state is State.STOPPED
    assert len(script.pids) == 2


async def test_failures_are_remembered_by_the_next_supervisor(journal: RestartHistory, tmp_path: Path) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, State.STOPPED_BY_REPEATED_FAILURE, fast_limit=2):
        pass
    with open_journal(tmp_path) as successor:
        assert len(successor.add_failure(NAME)) == 3
        assert successor.given_up_because(NAME)
        successor.set_digest(NAME, "other settings")
        assert successor.given_up_because(NAME) == ""


async def test_a_unit_that_was_given_up_and_is_wanted_again_is_starting_at_once(journal: RestartHistory) -> None:
    script = Script(DIES)
    async with run_again(script, journal) as unit:
        assert unit.state is State.STARTING
        assert await unit.reach(State.RUNNING, State.STOPPED_BY_REPEATED_FAILURE) is State.RUNNING


class Held(Script):
    """Stays in `prepare` and in `spawn` until it is let go."""

    def __init__(self) -> None:
        super().__init__(LIVES)
        self.reached: asyncio.Queue[str] = asyncio.Queue()
        self.gates = {"prepare": asyncio.Event(), "spawn": asyncio.Event()}

    async def prepare(self) -> None:
        await self._pass("prepare")

    async def spawn(self) -> Child:
        await self._pass("spawn")
        return await super().spawn()

    async def _pass(self, gate: str) -> None:
        self.reached.put_nowait(gate)
        await self.gates[gate].wait()


@pytest.mark.parametrize("moment", ["prepare", "spawn"])
async def test_a_stop_that_a_start_follows_at_once_ends_whatever_the_unit_is_at(
    journal: RestartHistory, moment: str
) -> None:
    script = Held()
    async with unit_of(script, journal) as unit, asyncio.timeout(20):
        unit.want()
        while await script.reached.get() != moment:
            script.gates["prepare"].set()
        stopping = asyncio.create_task(stop_unit(unit))
        await asyncio.sleep(0)
        unit.want()
        for gate in script.gates.values():
            gate.set()
        await stopping
        assert await unit.reach(State.RUNNING) is State.RUNNING


async def test_a_stop_and_a_start_at_once_both_come_to_an_end(journal: RestartHistory) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal, State.RUNNING) as unit:
        stopping = asyncio.create_task(stop_unit(unit))
        await asyncio.sleep(0)
        unit.want()
        async with asyncio.timeout(20):
            await stopping
            await unit.reach(State.RUNNING)
        assert len(script.pids) == 2
        assert is_gone(script.pids[0])


async def test_a_stop_right_after_a_start_leaves_nothing_running(journal: RestartHistory) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal) as unit:
        unit.want()
        await stop_unit(unit)
        assert unit.state is State.STOPPED
        assert all(map(is_gone, script.pids))


async def test_a_system_that_refuses_a_process_is_a_failure_that_is_tried_again(journal: RestartHistory) -> None:
    script = Script(LIVES)
    script.refusals.append(OSError(errno.EAGAIN, "no more processes"))
    async with unit_of(script, journal, State.RUNNING) as unit:
        assert unit.restarts == 1
    assert "no more processes" in journal.history(NAME)[0].reason


async def test_the_time_a_unit_is_kept_down_is_no_downtime(journal: RestartHistory) -> None:
    script = Script(DIES)
    async with unit_of(script, journal, State.BACKING_OFF, first_wait_seconds=60) as unit:
        await stop_unit(unit)
        script.code = LIVES
        unit.want()
        await unit.reach(State.RUNNING)
    assert journal.history(NAME) == []


async def test_a_disabled_unit_is_not_started(journal: RestartHistory) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal) as unit:
        unit.enable(enabled=False)
        unit.want()
        assert unit.state is State.DISABLED
        unit.enable(enabled=True)
        unit.want()
        await unit.reach(State.RUNNING)


async def test_a_unit_that_is_disabled_while_it_is_restarted_does_not_run(journal: RestartHistory) -> None:
    script = Script(LIVES)
    async with unit_of(script, journal, State.RUNNING) as unit:

        async def restart() -> None:
            await stop_unit(unit)
            unit.want()

        restarting = asyncio.create_task(restart())
        await unit.reach(State.STOPPING)
        unit.enable(enabled=False)
        await asyncio.gather(restarting, stop_unit(unit))
        assert unit.state is State.DISABLED
        assert all(map(is_gone, script.pids))
