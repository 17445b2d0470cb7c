"""Carries out one claimed task, from its claim to the words about how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from senter.components.task_engine.contract.steps import Assignment, TaskOutput
from senter.components.task_engine.engine.journaled import ClaimedTask, JournaledSteps, WaitsForPerson
from senter.components.task_engine.engine.recovering import recover
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.dispatch import Candidate
from senter.components.task_engine.journal.failures import failure_of
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.ledger import Fenced
from senter.components.task_engine.journal.records import Claim, GoalRecord
from senter.components.task_engine.offline.door import named_in
from senter.components.task_engine.permissions.taint import found_addresses, web_addresses
from senter.errors import StorageFull, ToolError
from senter.messages.envelope import continuing
from senter.messages.goals import Check, Grant, TaskId
from senter.sentences import speaking
from senter.store.database import Transaction
from senter.store.stamps import from_stamp

FED = 0
"""The number under which a task finds what a person fed it among its inputs."""
STOPPED = "It was stopped in the middle."


def claimed_task(journal: EngineJournal, claim: Claim, grant_of: Callable[[GoalRecord], Grant]) -> ClaimedTask:
    """What was claimed, with what the tasks before it yielded and what a person fed it."""
    goal, task = journal.views.record(claim.goal_id), journal.views.task(claim.task_id)
    outputs = journal.views.outputs(goal.id) if task.plan.depends_on else {}
    inputs = {number: outputs[number] for number in task.plan.depends_on if number in outputs}
    if task.fed:
        inputs[FED] = TaskOutput(task.fed, trusted=True)
    return ClaimedTask(claim, goal, task, inputs, grant_of(goal))


Successor = tuple[Candidate, Claim]


ClaimNext = Callable[[Transaction, TaskId], list[Successor]]
"""What begins when a task is done: claimed in the commit that completes it, to save one of its own."""


@dataclass(frozen=True, slots=True)
class AttemptRunner:
    """Runs attempts; each ends in the journal, whatever happens."""

    journal: EngineJournal
    services: EngineServices
    claim_next: ClaimNext

    async def run(self, claimed: ClaimedTask) -> list[Successor]:
        """Returns what begins now. Raises `StorageFull`, `CorruptDatabase`; all else is the task's own affair."""
        begun_at = self.services.clock.monotonic()
        try:
            with continuing(claimed.goal.correlation_id), speaking(claimed.goal.language):
                return await self._run(claimed, begun_at)
        except asyncio.CancelledError:
            self._interrupt(claimed, begun_at)
            raise
        except Fenced as error:
            self.services.log.info("attempt_superseded", task_id=claimed.task.id, reason=error.message)
            return []

    async def _run(self, claimed: ClaimedTask, begun_at: float) -> list[Successor]:
        tainted = claimed.task.plan.tainted or any(not given.trusted for given in claimed.inputs.values())
        found = {address for given in claimed.inputs.values() for address in found_addresses(given.sources)}
        found |= web_addresses(named_in(claimed.goal.text))
        steps = JournaledSteps(claimed, begun_at, self.journal, self.services, tainted, found)
        try:
            output, checks = await self._carry_out(claimed, steps)
        except WaitsForPerson as waiting:
            self.journal.attempts.wait(claimed.claim, waiting.reason, self._since(begun_at))
        except (Fenced, StorageFull):
            raise
        except Exception as error:  # whatever a task does must end as its failure, never as the engine's
            await self._fail(claimed, steps, error, begun_at)
        else:
            return self._end(claimed, output, checks, begun_at)
        return []

    async def _carry_out(self, claimed: ClaimedTask, steps: JournaledSteps) -> tuple[TaskOutput, tuple[Check, ...]]:
        await recover(steps)
        goal = claimed.goal
        asked_at = from_stamp(goal.created_at)
        assignment = Assignment(goal.id, goal.text, claimed.task.plan, claimed.inputs, asked_at, claimed.grant)
        output = await self.services.executor.carry_out(assignment, steps)
        await recover(steps)  # the task's code may have gone on after a call that was cut off
        checks = await self._verify(claimed, output)
        return replace(output, trusted=output.trusted and not steps.tainted), checks

    async def _verify(self, claimed: ClaimedTask, output: TaskOutput) -> tuple[Check, ...]:
        conditions = claimed.task.plan.postconditions
        if not conditions:
            return ()
        access, folder = self.services.access(claimed.grant, None), self.services.folder(claimed.goal.focus)
        return await self.services.verify(conditions, output, access, folder)

    def _end(
        self, claimed: ClaimedTask, output: TaskOutput, checks: tuple[Check, ...], begun_at: float
    ) -> list[Successor]:
        """What is known not to be so fails the task; trying again would yield the same results of its steps."""
        seconds = self._since(begun_at)
        if missed := misses(checks):
            failure = failure_of(ToolError(f"It was carried out, but this does not hold: {'; '.join(missed)}."))
            self.journal.attempts.fail(claimed.claim, failure, seconds, checks)
            return []
        chosen: list[Successor] = []
        self.journal.attempts.complete(
            claimed.claim, output, checks, seconds, lambda tx: chosen.extend(self.claim_next(tx, claimed.task.id))
        )
        return chosen

    async def _fail(self, claimed: ClaimedTask, steps: JournaledSteps, error: Exception, begun_at: float) -> None:
        """Before a task is given up or tried again, what its cut-off calls did is undone or asked about."""
        try:
            await recover(steps)
        except WaitsForPerson as waiting:
            self.journal.attempts.wait(claimed.claim, waiting.reason, self._since(begun_at))
            return
        except (Fenced, StorageFull):
            raise
        except Exception as not_undone:  # undoing is the work of a tool too
            error = not_undone
        failure = failure_of(error)
        if not failure.understood:
            self.services.log.error("task_broke", task_id=claimed.task.id, exc_info=error)
        status = self.journal.attempts.fail(claimed.claim, failure, self._since(begun_at))
        self.services.log.info("task_failed", task_id=claimed.task.id, reason=failure.text, status=status.value)

    def _interrupt(self, claimed: ClaimedTask, begun_at: float) -> None:
        try:
            self.journal.attempts.interrupt(claimed.claim, STOPPED, self._since(begun_at))
        except Fenced:
            self.services.log.info("attempt_superseded", task_id=claimed.task.id, reason="it was cancelled")

    def _since(self, begun_at: float) -> float:
        return self.services.clock.monotonic() - begun_at


def misses(checks: Sequence[Check]) -> list[str]:
    """What is known not to hold, in words; what could not be looked at is not among it."""
    return [f"{check.what} ({check.found})" if check.found else check.what for check in checks if check.held is False]
