"""The loop that plans goals, begins tasks, delivers reports, and sleeps until there is something to do.

Everything it decides is in the journal before it acts on it. It can be abandoned at any instant; another
engine on the same file goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

from senter.components.task_engine.engine.attempt import AttemptRunner, Successor, claimed_task
from senter.components.task_engine.engine.goal_planner import GoalPlanner
from senter.components.task_engine.engine.machine import Awake, DiskSpaceGuard, SleepDetector
from senter.components.task_engine.engine.reporting import deliver
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.dispatch import Candidate, choose
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.records import Claim, GoalRecord
from senter.errors import StorageFull
from senter.messages.goals import GoalId, TaskId
from senter.store.database import Transaction

LONGEST_SLEEP_SECONDS = 30.0
LEAST_SLEEP_SECONDS = 0.005
RENEWALS_PER_LEASE = 3
MOST_GOALS_AT_ONCE = 3
CANCEL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Begun:
    claim: Claim
    suspect: bool
    job: asyncio.Task[None]


class Engine:
    """Carries out goals as long as `run` runs."""

    def __init__(self, journal: EngineJournal, services: EngineServices) -> None:
        clock, log = services.clock, services.log
        self._journal = journal
        self._settings = services.settings
        self._clock = clock
        self._log = log
        self._services = services
        self._panic_mark = services.paths.panic
        self._runner = AttemptRunner(journal, services, self.claim)
        self.planner = GoalPlanner(journal, services)
        self._begun: dict[TaskId, _Begun] = {}
        self._goal_jobs: dict[GoalId, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._failure: BaseException | None = None
        self._stopping = False
        self._renewed_at = clock.monotonic()
        self._sleep_detector = SleepDetector(clock, log)
        self._disk_space = DiskSpaceGuard(clock, log)
        self._awake = Awake(log, wanted=services.settings.keep_awake)

    @property
    def running(self) -> int:
        """Tasks being carried out now."""
        return len(self._begun)

    def wake(self) -> None:
        """There may be something new to do."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever. Raises when the journal cannot be used."""
        try:
            while True:
                self._wake.clear()
                await self._sleep(await self._tick())
        finally:
            await self._cancel()
            await self._awake.release()

    async def finish(self, grace_seconds: float) -> None:
        """Begin nothing more; let what runs end within the grace, and interrupt the rest."""
        self._stopping = True
        jobs = self._jobs(None)
        if jobs:
            over = asyncio.ensure_future(self._clock.sleep(grace_seconds))
            all_done = asyncio.ensure_future(asyncio.wait(jobs))
            await asyncio.wait({over, all_done}, return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
            all_done.cancel()
        await self._cancel()

    async def stop_goal(self, goal_id: GoalId) -> None:
        """End what runs for a goal whose claims have ended in the journal."""
        await self._cancel(goal_id)
        self.wake()

    async def panic(self) -> None:
        """Interrupt everything that runs, whether or not that can be written down, and begin nothing more.

        Raises `StorageFull`.
        """
        try:
            self._journal.facts.panic(release=False)
            self._panic_mark.unlink(missing_ok=True)
        finally:
            await self._cancel()

    def release(self) -> None:
        """Go on after a panic. Raises `StorageFull`."""
        self._journal.facts.panic(release=True)
        self._panic_mark.unlink(missing_ok=True)
        self.wake()

    async def _tick(self) -> float | None:
        """Do what there is to do now. Returns the seconds until there may be more, none for never."""
        try:
            if self._panic_mark.exists():
                await self.panic()
            await self._keep_time()
            if self._may_begin:
                self._begin_deliveries()
                self._begin_planning()
                self._begin_tasks()
            await self._awake.keep(busy=bool(self._begun))
            return self._seconds_to_next()
        except StorageFull as error:
            self._disk_space.refused(error)
            return self._disk_space.seconds_to_wait

    @property
    def _fences(self) -> set[int]:
        """The claims that are being worked on."""
        return {begun.claim.fence for begun in self._begun.values()}

    @property
    def _may_begin(self) -> bool:
        return not (self._stopping or self._journal.facts.panicking or self._disk_space.seconds_to_wait)

    async def _keep_time(self) -> None:
        """What follows from time alone: leases, silence, deadlines."""
        gap = self._sleep_detector.look()
        self._journal.attempts.give_back_expired(self._fences)
        self._journal.plans.give_back(self._goal_jobs.keys())
        self._journal.approvals.expire()
        for goal in self._journal.goals.overdue():
            if goal.is_own:
                self._journal.verdicts.overdue(goal)
                continue
            reason = f"Its deadline passed {gap or 'before it was done'}."
            self._journal.goals.run_out(goal.id, reason)
            self._log.warning("deadline_passed", goal_id=goal.id, reason=reason)
            await self.stop_goal(goal.id)

    def _begin_deliveries(self) -> None:
        for goal in self._journal.goals.to_deliver():
            if self._may_be_begun(goal):
                self._begin_goal(goal, deliver(goal, self._journal, self._services))

    def _begin_planning(self) -> None:
        for goal in self._journal.plans.wanted():
            if self._may_be_begun(goal):
                self._journal.plans.begin(goal.id)
                self._begin_goal(goal, self.planner.plan(goal))

    def _may_be_begun(self, goal: GoalRecord) -> bool:
        """A goal is planned or delivered, never both at once."""
        return goal.id not in self._goal_jobs and len(self._goal_jobs) < MOST_GOALS_AT_ONCE

    def _begin_goal(self, goal: GoalRecord, work: Coroutine[None, None, None]) -> None:
        job = asyncio.create_task(work, name=f"goal {goal.id}")
        self._goal_jobs[goal.id] = job
        job.add_done_callback(lambda _: self._goal_jobs.pop(goal.id, None))
        job.add_done_callback(self._ended)

    def _begin_tasks(self) -> None:
        chosen = self._choose()
        if chosen:
            self._begin(list(zip(chosen, self._journal.attempts.claim(chosen), strict=True)))

    def claim(self, tx: Transaction, ended: TaskId) -> list[Successor]:
        """Claim what takes the place of a task that ends."""
        if not self._may_begin:
            return []
        chosen = self._choose(tx, ended)
        return list(zip(chosen, self._journal.attempts.claim_within(tx, chosen), strict=True))

    def _begin(self, chosen: list[Successor]) -> None:
        """Carry out what was claimed."""
        for candidate, claim in chosen:
            job = asyncio.create_task(self._carry_out(claim), name=f"task {claim.task_id}")
            self._begun[claim.task_id] = _Begun(claim, candidate.suspect, job)
            job.add_done_callback(lambda _, task_id=claim.task_id: self._begun.pop(task_id, None))
            job.add_done_callback(self._ended)

    def _choose(self, tx: Transaction | None = None, ended: TaskId | None = None) -> list[Candidate]:
        running = {task_id: begun.suspect for task_id, begun in self._begun.items() if task_id != ended}
        limit = self._settings.max_concurrent_tasks
        if len(running) >= limit:
            return []
        return choose(self._journal.attempts.candidates(tx), running, max_concurrent_tasks=limit)

    async def _carry_out(self, claim: Claim) -> None:
        self._begin(await self._runner.run(claimed_task(self._journal, claim, self.planner.current_grant)))

    def _ended(self, job: asyncio.Task[None]) -> None:
        """A full disk passes, and what it left open is given back; another failure of the journal ends the engine."""
        error = None if job.cancelled() else job.exception()
        if isinstance(error, StorageFull):
            self._disk_space.refused(error)
        elif error:
            self._failure = self._failure or error
        self.wake()

    def _seconds_to_next(self) -> float | None:
        moment = self._journal.next_moment(self._fences)
        waits = [(moment - self._clock.now()).total_seconds()] if moment else []
        if self._begun:
            waits.append(self._renew())
        if wait_seconds := self._disk_space.seconds_to_wait:
            waits.append(wait_seconds)
        return min(max(LEAST_SLEEP_SECONDS, min(waits)), LONGEST_SLEEP_SECONDS) if waits else None

    def _renew(self) -> float:
        """Keep the leases. Returns the seconds until it is time to do so again."""
        now, every_seconds = self._clock.monotonic(), self._settings.lease_seconds / RENEWALS_PER_LEASE
        if now - self._renewed_at >= every_seconds:
            self._journal.attempts.renew([begun.claim for begun in self._begun.values()])
            self._renewed_at = now
        return every_seconds - (now - self._renewed_at)

    async def _sleep(self, seconds: float | None) -> None:
        """Until `wake`, or for so long. Raises what ended the engine."""
        waits: list[asyncio.Task[object]] = [asyncio.create_task(self._wake.wait())]
        if seconds is not None:
            waits.append(asyncio.create_task(self._clock.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:  # not waited for: whoever cancels the engine has what runs cancelled at once
                one.cancel()
        if self._failure:
            raise self._failure

    async def _cancel(self, goal_id: GoalId | None = None) -> None:
        jobs = self._jobs(goal_id)
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait(jobs, timeout=CANCEL_SECONDS)

    def _jobs(self, goal_id: GoalId | None) -> list[asyncio.Task[None]]:
        """What runs for a goal, or for all."""
        tasks = [begun.job for begun in self._begun.values() if goal_id in (None, begun.claim.goal_id)]
        return tasks + [job for number, job in self._goal_jobs.items() if goal_id in (None, number)]
