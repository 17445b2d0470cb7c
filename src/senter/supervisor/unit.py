"""One supervised process by name, through all its lives: wanted or not, started again, given up.

One task per unit runs the whole story in order, so a successor is only ever started after its
predecessor is certainly dead.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

import structlog

from senter.errors import NotReady
from senter.messages.control import State
from senter.messages.health import HealthStatus
from senter.messages.message import ComponentName
from senter.supervisor.journal import RestartHistory
from senter.supervisor.life import ASKED_TO_STOP, Cause, Ending, Life, Program
from senter.supervisor.restarts import GiveUp, decide
from senter.supervisor.settings import SupervisorSettings

FIRST_NOT_READY_WAIT_SECONDS = 0.5
LONGEST_NOT_READY_WAIT_SECONDS = 30.0
DOWN = frozenset({State.STOPPED, State.STOPPED_BY_REPEATED_FAILURE, State.STOPPED_BY_SETTINGS_ERROR, State.DISABLED})


class Standing:
    """The state a unit is in, and why. It changes at once, so that nobody who looks after a request sees the state from
    before it."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.reason = ""
        self._waiting: dict[asyncio.Future[State], frozenset[State]] = {}

    @property
    def is_down(self) -> bool:
        return self.state in DOWN

    def set(self, state: State, reason: str = "") -> None:
        """Whoever waits for this state is told, however short it lasts."""
        self.state, self.reason = state, reason
        for waiting, states in self._waiting.items():
            if state in states and not waiting.done():
                waiting.set_result(state)

    async def reach(self, *states: State) -> State:
        """Wait until it is in one of `states`, or was for a moment; returns which."""
        if self.state in states:
            return self.state
        waiting: asyncio.Future[State] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = frozenset(states)
        try:
            return await waiting
        finally:
            del self._waiting[waiting]


class Unit(Standing):
    """A process by name, whichever process that is at the moment."""

    def __init__(
        self,
        name: ComponentName,
        program: Program,
        *,
        journal: RestartHistory,
        settings: SupervisorSettings,
        log: structlog.stdlib.BoundLogger,
        enabled: bool = True,
    ) -> None:
        self.name = name
        self.program = program
        self.restarts = 0
        self._enabled = enabled
        super().__init__(self._stopped)
        self._journal = journal
        self._settings = settings
        self._log = log.bind(unit=name)
        self._wanted = asyncio.Event()
        self._unwanted = asyncio.Event()
        self._unwanted.set()
        self._idle = True
        self.life = self._new_life()
        self._down_since: float | None = None
        self._down_reason = ""
        self._not_ready_in_a_row = 0

    # How it is.

    @property
    def _stopped(self) -> State:
        return State.STOPPED if self._enabled else State.DISABLED

    @property
    def well(self) -> bool:
        return self.state is State.RUNNING and self.life.health.status is not HealthStatus.UNHEALTHY

    # What others ask of it.

    def want(self) -> None:
        """Have it run, unless it is disabled. A stop that is under way ends first: somebody waits for that."""
        if not self._enabled:
            return
        if self.is_down:
            self.set(State.STARTING)
        self._wanted.set()

    def unwant(self) -> None:
        """Have it stop."""
        self._wanted.clear()
        self._unwanted.set()
        if self._idle and not self.is_down:  # wanted a moment ago, and nothing came of it yet
            self._be_stopped("")

    def enable(self, enabled: bool) -> None:
        """Let it be started, or have it stop and never start: whoever wants it from here on wants it in vain."""
        self._enabled = enabled
        if not enabled:
            self.unwant()
        if self.is_down:
            self.set(self._stopped)

    def forgive(self) -> None:
        """Forget past failures, so that it may be tried again."""
        self._not_ready_in_a_row = 0
        self._journal.forget_failures(self.name)

    def give_up_as_before(self, reason: str) -> None:
        """Stay down, as the last daemon left it."""
        self.set(State.STOPPED_BY_REPEATED_FAILURE, reason)

    # Its story.

    async def run(self) -> None:
        """Go through lives until cancelled, which must come when no process runs."""
        try:
            while True:
                self._idle = True
                while not self._wanted.is_set():  # a stop may come between the wish and its being heard
                    await self._wanted.wait()
                self._idle = False
                self._unwanted.clear()
                await self._after(await self._live())
        finally:
            self.unwant()
            self._be_stopped("nobody looks after it any more")

    async def _live(self) -> Ending:
        self.set(State.STARTING)
        try:
            if not await self._finishes_while_wanted(self.program.prepare()):
                return ASKED_TO_STOP
        except NotReady as error:
            return Ending(Cause.NOT_READY, error.message)
        self.life = self._new_life()
        return await self.life.run()

    def _new_life(self) -> Life:
        return Life(
            self.program,
            self._settings,
            self._unwanted,
            on_ready=self._become_ready,
            on_stopping=lambda: self.set(State.STOPPING),
            log=self._log,
        )

    def _become_ready(self) -> None:
        self._not_ready_in_a_row = 0
        self._note_recovery()
        self.set(State.RUNNING)

    async def _after(self, ending: Ending) -> None:
        if ending.cause is Cause.ASKED or self._unwanted.is_set():
            self._be_stopped(ending.reason if ending.cause is not Cause.ASKED else "")
            return
        self._log.warning("unit_ended", reason=ending.reason)
        if self._down_since is None:
            self._down_since, self._down_reason = time.monotonic(), ending.reason
        match ending.cause:
            case Cause.SETTINGS:
                self._stay_down(State.STOPPED_BY_SETTINGS_ERROR, ending.reason)
            case Cause.NOT_READY:
                await self._back_off(self._not_ready_wait(), ending.reason)
            case _:
                await self._after_failure(ending.reason)

    async def _after_failure(self, reason: str) -> None:
        verdict = decide(self._journal.add_failure(self.name), self._settings)
        if isinstance(verdict, GiveUp):
            self._journal.give_up(self.name, reason)
            self._log.error("unit_given_up", reason=f"{verdict.reason}; last: {reason}")
            self._stay_down(State.STOPPED_BY_REPEATED_FAILURE, f"{verdict.reason}; last: {reason}")
            return
        await self._back_off(verdict, reason)

    def _stay_down(self, state: State, reason: str) -> None:
        self.unwant()
        self._journal.add_restart(self.name, reason=reason, outcome=state.value, downtime_seconds=None)
        self._down_since = None
        self.set(state, reason)

    async def _back_off(self, wait_seconds: float, reason: str) -> None:
        self.restarts += 1
        if wait_seconds <= 0:
            return
        self.set(State.BACKING_OFF, f"{reason}; next try in {wait_seconds:.1f} s")
        if not await self._finishes_while_wanted(asyncio.sleep(wait_seconds)):
            self._be_stopped("")

    def _be_stopped(self, reason: str) -> None:
        """Being down from here on is what somebody asked for, not part of a failure."""
        self._down_since = None
        self.set(self._stopped, reason)

    def _not_ready_wait(self) -> float:
        self._not_ready_in_a_row += 1
        doublings = min(self._not_ready_in_a_row - 1, 60)
        return min(FIRST_NOT_READY_WAIT_SECONDS * 2**doublings, LONGEST_NOT_READY_WAIT_SECONDS)

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
        """Whether `work` came to its end before anybody asked for a stop."""
        task = asyncio.ensure_future(work)
        stop = asyncio.create_task(self._unwanted.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            stopped = stop.done() or self._unwanted.is_set()
        finally:
            stop.cancel()
            task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.result()
        return not stopped


async def stop_unit(unit: Unit) -> None:
    """Stop a unit and wait until its process is gone."""
    unit.unwant()
    await unit.reach(*DOWN)
