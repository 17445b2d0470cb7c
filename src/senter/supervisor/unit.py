"""One supervised process through all its lives: start, watch, stop, start again.

One task per unit runs the whole story in order, so a successor is only ever started after its
predecessor is certainly dead.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import structlog

from senter.component.launch import ExitCode
from senter.errors import StartError
from senter.messages.control import State
from senter.messages.health import Health, HealthStatus
from senter.messages.message import ComponentName
from senter.supervisor.journal import Journal
from senter.supervisor.process import Child, describe_exit
from senter.supervisor.restarts import GiveUp, RestartLimits, decide


class Program(Protocol):
    """How one kind of process comes to be."""

    async def prepare(self) -> None:
        """Wait for what it needs. May be cancelled."""
        ...

    async def spawn(self) -> Child:
        """Start it. Bounded in time, never cancelled. Raises `StartError`."""
        ...

    def last_words(self, pid: int) -> str:
        """What the process left as the reason for its end, or nothing."""
        ...

    async def died(self, pid: int, reason: str) -> None:
        """Called at every death, before anything else happens."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a unit is, in seconds."""

    start_timeout_seconds: float
    stop_grace_seconds: float


class Cause(Enum):
    """Why a life ended."""

    ASKED = auto()
    FAILED = auto()
    NOT_READY = auto()
    SETTINGS = auto()


@dataclass(frozen=True, slots=True)
class Ending:
    cause: Cause
    reason: str


DOWN = (
    State.STOPPED,
    State.STOPPED_BY_REPEATED_FAILURE,
    State.STOPPED_BY_SETTINGS_ERROR,
    State.DISABLED,
)
LONGEST_NOT_READY_WAIT_SECONDS = 30.0


class Unit:
    """A process by name, whichever process that is at the moment."""

    def __init__(
        self,
        name: ComponentName,
        program: Program,
        *,
        journal: Journal,
        limits: RestartLimits,
        timing: Timing,
        log: structlog.stdlib.BoundLogger,
        enabled: bool = True,
    ) -> None:
        self.name = name
        self.program = program
        self.state = State.STOPPED if enabled else State.DISABLED
        self.reason = ""
        self.child: Child | None = None
        self.restarts = 0
        self.health = Health()
        self.last_seen = 0.0
        self.dropped = 0
        self._journal = journal
        self._limits = limits
        self._timing = timing
        self._log = log.bind(unit=name)
        self._wanted = asyncio.Event()
        self._unwanted = asyncio.Event()
        self._unwanted.set()
        self._changed = asyncio.Condition()
        self._ready = asyncio.Event()
        self._condemned: asyncio.Future[str] | None = None
        self._down_since: float | None = None
        self._down_reason = ""
        self._not_ready_in_a_row = 0

    # What others ask of it.

    def want(self) -> None:
        """Have it run."""
        self._unwanted.clear()
        self._wanted.set()

    def unwant(self) -> None:
        """Have it stop."""
        self._wanted.clear()
        self._unwanted.set()

    def forgive(self) -> None:
        """Forget past failures, so that it may be tried again."""
        self._not_ready_in_a_row = 0
        self._journal.forget_failures(self.name)

    def condemn(self, reason: str) -> None:
        """End the process that runs now, and treat that as a failure."""
        if self._condemned and not self._condemned.done():
            self._condemned.set_result(reason)

    def seen(self, pid: int, health: Health, dropped: int = 0) -> None:
        """Take note of a sign of life; the first one of a process means that it is ready."""
        if self.child is None or self.child.pid != pid:
            return
        self.last_seen = time.monotonic()
        self.health = health
        self.dropped = dropped
        self._ready.set()

    async def reach(self, *states: State) -> State:
        """Wait until it is in one of `states`."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.state in states)
        return self.state

    @property
    def settled(self) -> bool:
        """Whether nothing will change unless somebody asks or something fails."""
        return self.state not in (State.STARTING, State.STOPPING, State.BACKING_OFF)

    async def enable(self, enabled: bool) -> None:
        """Let it be started, or not. Only while it is down."""
        await self._set(State.STOPPED if enabled else State.DISABLED)

    @property
    def well(self) -> bool:
        return self.state is State.RUNNING and self.health.status is not HealthStatus.UNHEALTHY

    # Its story.

    async def run(self) -> None:
        """Go through lives until cancelled, which must come when no process runs."""
        while True:
            await self._wanted.wait()
            ending = await self._live()
            await self._after(ending)

    async def give_up_as_before(self, reason: str) -> None:
        """Stay down, as the last daemon left it."""
        await self._set(State.STOPPED_BY_REPEATED_FAILURE, reason)

    async def _live(self) -> Ending:
        await self._set(State.STARTING)
        if not await self._finishes_while_wanted(self.program.prepare()):
            return Ending(Cause.ASKED, "asked to stop")
        self._ready.clear()
        self.health = Health()
        self._condemned = asyncio.get_running_loop().create_future()
        try:
            self.child = await self.program.spawn()
        except StartError as error:
            return Ending(Cause.FAILED, error.message)
        self._log.info("unit_spawned", child_pid=self.child.pid)
        ending = await self._watch(self.child)
        await self.program.died(self.child.pid, ending.reason)
        self.child = None
        return ending

    async def _watch(self, child: Child) -> Ending:
        async with asyncio.TaskGroup() as group:
            exited = group.create_task(child.wait())
            ready = group.create_task(self._become_ready())
            stop = group.create_task(self._unwanted.wait())
            condemned = group.create_task(self._sentence())
            await asyncio.wait({exited, stop, condemned}, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            ending = await self._end(child, exited, condemned, asked=stop.done() and not exited.done())
            stop.cancel()
            condemned.cancel()
        return ending

    async def _become_ready(self) -> None:
        try:
            async with asyncio.timeout(self._timing.start_timeout_seconds):
                await self._ready.wait()
        except TimeoutError:
            self.condemn(f"not ready after {self._timing.start_timeout_seconds:g} s")
            return
        self._not_ready_in_a_row = 0
        self._note_recovery()
        await self._set(State.RUNNING)

    async def _sentence(self) -> str:
        assert self._condemned is not None
        return await asyncio.shield(self._condemned)

    async def _end(
        self, child: Child, exited: asyncio.Task[int], condemned: asyncio.Task[str], *, asked: bool
    ) -> Ending:
        if exited.done():
            return self._explain(child.pid, exited.result())
        if asked:
            await self._set(State.STOPPING)
            child.terminate()
            grace = self._timing.stop_grace_seconds
            await asyncio.wait({exited, condemned}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        child.kill()
        await exited
        return Ending(Cause.ASKED, "asked to stop") if asked else Ending(Cause.FAILED, condemned.result())

    def _explain(self, pid: int, code: int) -> Ending:
        words = self.program.last_words(pid)
        if code == ExitCode.SETTINGS:
            return Ending(Cause.SETTINGS, words or "its settings cannot be used")
        if code == ExitCode.NOT_READY:
            return Ending(Cause.NOT_READY, words or "it is not ready")
        return Ending(Cause.FAILED, f"{describe_exit(code)}: {words}" if words else describe_exit(code))

    async def _after(self, ending: Ending) -> None:
        if self._unwanted.is_set():
            await self._set(State.STOPPED, ending.reason if ending.cause is not Cause.ASKED else "")
            return
        if ending.cause is Cause.ASKED:
            return
        self._log.warning("unit_ended", reason=ending.reason)
        if self._down_since is None:
            self._down_since, self._down_reason = time.monotonic(), ending.reason
        match ending.cause:
            case Cause.SETTINGS:
                await self._stay_down(State.STOPPED_BY_SETTINGS_ERROR, ending.reason)
            case Cause.NOT_READY:
                await self._back_off(self._not_ready_wait(), ending.reason)
            case _:
                await self._after_failure(ending.reason)

    async def _after_failure(self, reason: str) -> None:
        verdict = decide(self._journal.add_failure(self.name), self._limits)
        if isinstance(verdict, GiveUp):
            self._journal.give_up(self.name, reason)
            self._log.error("unit_given_up", reason=f"{verdict.reason}; last: {reason}")
            await self._stay_down(State.STOPPED_BY_REPEATED_FAILURE, f"{verdict.reason}; last: {reason}")
            return
        await self._back_off(verdict.wait_seconds, reason)

    async def _stay_down(self, state: State, reason: str) -> None:
        self.unwant()
        self._journal.add_restart(self.name, reason=reason, outcome=state.value, downtime_seconds=None)
        self._down_since = None
        await self._set(state, reason)

    async def _back_off(self, wait_seconds: float, reason: str) -> None:
        self.restarts += 1
        if wait_seconds > 0:
            await self._set(State.BACKING_OFF, f"{reason}; next try in {wait_seconds:.1f} s")
            await self._finishes_while_wanted(asyncio.sleep(wait_seconds))
            if self._unwanted.is_set():
                await self._set(State.STOPPED)

    def _not_ready_wait(self) -> float:
        self._not_ready_in_a_row += 1
        return min(0.5 * 2 ** (self._not_ready_in_a_row - 1), LONGEST_NOT_READY_WAIT_SECONDS)

    def _note_recovery(self) -> None:
        if self._down_since is None:
            return
        down_seconds = time.monotonic() - self._down_since
        self._journal.add_restart(
            self.name, reason=self._down_reason, outcome="restarted", downtime_seconds=down_seconds
        )
        self._log.info("unit_recovered", reason=self._down_reason, duration_ms=round(down_seconds * 1000, 1))
        self._down_since = None

    async def _finishes_while_wanted(self, work: Awaitable[None]) -> bool:
        task = asyncio.ensure_future(work)
        stop = asyncio.create_task(self._unwanted.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            task.result()
            return True
        task.cancel()
        await asyncio.wait({task})
        return False

    async def _set(self, state: State, reason: str = "") -> None:
        async with self._changed:
            self.state, self.reason = state, reason
            self._changed.notify_all()


async def stop_unit(unit: Unit) -> None:
    """Stop a unit and wait until its process is gone."""
    unit.unwant()
    await unit.reach(*DOWN)
