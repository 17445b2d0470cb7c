"""Attempts: a task is claimed before it is begun, and every write of an attempt carries its fence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from random import Random

from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.announcing import announce_task
from senter.components.task_engine.journal.dispatch import Candidate
from senter.components.task_engine.journal.failures import AttemptFailure, death, judge
from senter.components.task_engine.journal.ledger import Fenced, JournalLedger
from senter.components.task_engine.journal.records import CHECKS, OUTPUT, AttemptRecord, Claim, StepRecord, TaskRecord
from senter.components.task_engine.journal.settling import goal_of, settle_goal, task_of
from senter.messages.goals import Amounts, Check, Status, TaskId
from senter.store.database import Transaction

CANDIDATES = 64
# A wait that is longer than any the engine asks for comes from a wall clock that was set back.
ABSURD_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended."""

    outcome: str
    status: Status
    error: str = ""
    wait_seconds: float = 0.0
    checks: tuple[Check, ...] = ()
    failure: AttemptFailure | None = None
    output: TaskOutput | None = None


class Attempts:
    """Claims on tasks, and how they end."""

    def __init__(self, ledger: JournalLedger, random: Random) -> None:
        self._ledger = ledger
        self._random = random

    def candidates(self, tx: Transaction | None = None) -> list[Candidate]:
        """Tasks that may begin now, the most urgent first."""
        values = {"now": self._ledger.now(), "absurd": self._ledger.after(ABSURD_SECONDS), "limit": CANDIDATES}
        return (tx or self._ledger.database).rows(queries.CANDIDATES, values, Candidate)

    def claim(self, chosen: Sequence[Candidate]) -> list[Claim]:
        """Begin an attempt at each, counted and committed before anything of it is carried out."""
        with self._ledger.writing("claimed") as tx:
            return self.claim_within(tx, chosen)

    def claim_within(self, tx: Transaction, chosen: Sequence[Candidate]) -> list[Claim]:
        """Begin an attempt at each when the transaction is committed."""
        return [self._claim(tx, candidate) for candidate in chosen]

    def renew(self, claims: Sequence[Claim]) -> None:
        """Keep claims for as long as they are being worked on. Need not survive a loss of power."""
        until = self._ledger.after(self._ledger.settings.lease_seconds)
        with self._ledger.database.transaction(durable=False) as tx:
            for claim in claims:
                tx.execute(queries.RENEW, {**asdict(claim), "lease_until": until})

    def complete(
        self,
        claim: Claim,
        output: TaskOutput,
        checks: tuple[Check, ...],
        seconds: float,
        then: Callable[[Transaction], None] = lambda _: None,
    ) -> None:
        """The task is done; `then` adds to the same commit what follows. Raises `Fenced`."""
        with self._ledger.writing("task_completed") as tx:
            self._end(tx, claim, Ended("completed", Status.COMPLETED, checks=checks, output=output), seconds)
            self._after_end(tx, claim)
            then(tx)

    def fail(self, claim: Claim, failure: AttemptFailure, seconds: float, checks: tuple[Check, ...] = ()) -> Status:
        """The attempt failed: the task is tried again, failed or quarantined. Raises `Fenced`."""
        with self._ledger.writing("task_failed") as tx:
            return self._fail(tx, claim, failure, seconds, checks)

    def wait(self, claim: Claim, reason: str, seconds: float) -> None:
        """The task waits for a person. Raises `Fenced`."""
        with self._ledger.writing("task_waits") as tx:
            waits = tx.row(queries.OPEN_APPROVAL_OF_TASK, {"task_id": claim.task_id}, int) is not None
            # A person may have decided before the task had begun to wait.
            status = Status.WAITING if waits else Status.PENDING
            self._end(tx, claim, Ended("waiting", status, reason), seconds)
            settle_goal(self._ledger, tx, claim.goal_id)

    def interrupt(self, claim: Claim, reason: str, seconds: float) -> None:
        """The attempt was stopped in the middle; the task goes on later. Raises `Fenced`."""
        with self._ledger.writing("task_interrupted") as tx:
            self._end(tx, claim, Ended("interrupted", Status.PENDING, reason), seconds)
            settle_goal(self._ledger, tx, claim.goal_id)

    def take_over(self) -> list[TaskId]:
        """End the claims of a former process; called before anything else. Returns the tasks it was at."""
        found = self._ledger.database.rows(queries.CLAIMED, (), TaskRecord)
        if found:
            with self._ledger.writing("taken_over") as tx:
                for task in found:
                    self._take_over(tx, task)
        return [task.id for task in found]

    def give_back_expired(self, running: Collection[int]) -> None:
        """Interrupt claims whose lease ran out and which nobody here works on."""
        found = self._ledger.database.rows(queries.EXPIRED, {"now": self._ledger.now()}, TaskRecord)
        for task in found:
            if task.fence not in running:
                self.interrupt(Claim(task.id, task.goal_id, task.fence), "Its lease ran out.", 0.0)

    def _claim(self, tx: Transaction, candidate: Candidate) -> Claim:
        now = self._ledger.now()
        values = {"task_id": candidate.task_id, "supervisor_pid": self._ledger.supervisor_pid, "now": now}
        fence = tx.row(queries.ADD_ATTEMPT, values, int) or 0
        until = self._ledger.after(self._ledger.settings.lease_seconds)
        claim = Claim(candidate.task_id, candidate.goal_id, fence)
        if tx.execute(queries.CLAIM, {**asdict(claim), "lease_until": until, "now": now}) != 1:
            raise Fenced("its claim")
        return claim

    def _take_over(self, tx: Transaction, task: TaskRecord) -> None:
        claim = Claim(task.id, task.goal_id, task.fence)
        attempt = tx.row(queries.ATTEMPT, {"fence": task.fence}, AttemptRecord)
        if attempt and attempt.supervisor_pid == self._ledger.supervisor_pid:
            self._fail(tx, claim, death(_place(tx, task.id)), 0.0)
            return
        self._end(tx, claim, Ended("interrupted", Status.PENDING, "Senter ended while it was carried out."), 0.0)
        settle_goal(self._ledger, tx, task.goal_id)

    def _fail(
        self, tx: Transaction, claim: Claim, failure: AttemptFailure, seconds: float, checks: tuple[Check, ...] = ()
    ) -> Status:
        record = task_of(tx, claim.task_id).record.after(failure)
        verdict = judge(record, failure, self._ledger.settings, self._random.uniform(-1, 1))
        outcome = "died" if failure.died else "failed"
        ended = Ended(outcome, verdict.status, failure.text, verdict.wait_seconds, checks, failure)
        self._end(tx, claim, ended, seconds)
        self._after_end(tx, claim)
        return verdict.status

    def _end(self, tx: Transaction, claim: Claim, ended: Ended, seconds: float) -> None:
        before, now = task_of(tx, claim.task_id).record, self._ledger.now()
        values = {
            **asdict(claim),
            **asdict(before.after(ended.failure) if ended.failure else before),
            "status": ended.status,
            "error": "" if ended.outcome == "interrupted" else ended.error,
            "not_before": self._ledger.after(ended.wait_seconds) if ended.wait_seconds else "",
            "wall_seconds": seconds,
            "output": OUTPUT.dump_json(ended.output).decode() if ended.output else None,
            "checks": CHECKS.dump_json(ended.checks).decode(),
            "finished_at": None if ended.status in (Status.PENDING, Status.WAITING) else now,
        }
        if tx.execute(queries.END_CLAIM, values) != 1:
            raise Fenced("how it ended")
        attempt = {"fence": claim.fence, "now": now, "outcome": ended.outcome, "error": ended.error}
        tx.execute(queries.END_ATTEMPT, attempt)
        tx.execute(queries.SPEND_GOAL, {**asdict(claim), **Amounts(wall_seconds=seconds).model_dump()})

    def _after_end(self, tx: Transaction, claim: Claim) -> None:
        task = task_of(tx, claim.task_id)
        if task.status != Status.PENDING:
            announce_task(self._ledger, tx, goal_of(tx, claim.goal_id), task)
        settle_goal(self._ledger, tx, claim.goal_id)


def _place(tx: Transaction, task_id: TaskId) -> str:
    """Where in a task its process died: the same place twice is the same failure."""
    steps = tx.rows(queries.STEPS, {"task_id": task_id}, StepRecord)
    started = [step for step in steps if step.state == "started"]
    if started:
        return f"in {started[0].name}, step {len(steps)}"
    return f"after step {len(steps)}" if steps else "at its beginning"
