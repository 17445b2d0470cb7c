"""Waits for the next due time and has it decided. Never polls: without a due time it sleeps until something changes."""

from __future__ import annotations

import asyncio
from datetime import datetime

from senter.clock import set_within
from senter.components.scheduler.due_jobs import DueJobs
from senter.components.scheduler.due_times import DueTimes
from senter.components.scheduler.schedule_store import ScheduleStore
from senter.components.scheduler.system_state import SystemState
from senter.errors import StorageFull

DAY_SECONDS = 86_400.0
# The wall clock may be set, and the machine may sleep, while a wait goes by another clock: so it is cut short.
LONGEST_WAIT_SECONDS = 60.0
LONGEST_WAIT_FOR_ANOTHER_DAY_SECONDS = 3_600.0
# Less than this is a clock being kept right, not one being set.
JUMP_SECONDS = 2.0
NO_SPACE_SECONDS = 5.0


class SchedulerLoop:
    """One loop; `wake` has it look again."""

    def __init__(self, due_jobs: DueJobs, system_state: SystemState, store: ScheduleStore) -> None:
        self._due_jobs = due_jobs
        self._system_state = system_state
        self._due_times = DueTimes(store)
        self._clock = store.clock
        self._log = store.log
        self._woken = asyncio.Event()
        self.problem = ""

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """For ever. A full disk is waited out; nothing runs before it is written down."""
        while True:
            try:
                await self._go_on()
            except StorageFull as error:
                self.problem = f"Jobs wait: {error.message}"
                self._log.warning("jobs_wait_for_space", reason=error.message)
                await self._clock.sleep(NO_SPACE_SECONDS)

    async def _go_on(self) -> None:
        before = self._clocks_apart()
        await self._due_times.catch_up()
        while True:
            self._woken.clear()
            if await self.decide_due():
                await self._clock.sleep(0)
                continue
            self.problem = ""
            apart = self._clocks_apart()
            if apart < before - JUMP_SECONDS:
                await self._due_times.recompute()
            before = apart
            await self._wait(self._due_jobs.next_due())

    async def decide_due(self) -> int:
        """Decide what is due now, a batch of it; says how much that was."""
        jobs = self._due_jobs.due()
        return self._due_jobs.decide_due(await self._system_state.look(jobs)) if jobs else 0

    def _clocks_apart(self) -> float:
        """Wall clock less monotonic clock, in seconds; less than before once the wall clock was set back."""
        return self._clock.now().timestamp() - self._clock.monotonic()

    async def _wait(self, due: datetime | None) -> None:
        """Until `due`, a change, or long enough."""
        if due is None:
            await self._woken.wait()
        else:
            seconds = (due - self._clock.now()).total_seconds()
            longest = LONGEST_WAIT_SECONDS if seconds < DAY_SECONDS else LONGEST_WAIT_FOR_ANOTHER_DAY_SECONDS
            await set_within(self._woken, self._clock, min(seconds, longest))
