"""Plans and grants of goals, as they are written down. Each try at a plan is counted before it begins."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from random import Random

from senter.components.task_engine.contract.call_arguments import moved_places
from senter.components.task_engine.contract.plan import Plan, PlannedTask, PlanResult, WorkKind
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.announcing import CameOfIt, announce_goal, announce_plan
from senter.components.task_engine.journal.attempts import ABSURD_SECONDS
from senter.components.task_engine.journal.audit import ENGINE
from senter.components.task_engine.journal.failures import AttemptFailure, death, judge
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import GoalRecord, TaskRecord
from senter.components.task_engine.journal.settling import goal_of, settle_goal
from senter.messages.goals import Amounts, GoalId, Grant, Status
from senter.store.database import Transaction

PLANNED_AT_ONCE = 4
YOURS = "It is yours to do."
"""Why a person's task waits."""


class PlanJournal:
    """From a goal to its plan and grant."""

    def __init__(self, ledger: JournalLedger, random: Random) -> None:
        self._ledger = ledger
        self._random = random

    def wanted(self) -> list[GoalRecord]:
        """Goals that need a plan now, the most urgent first."""
        values = {"now": self._ledger.now(), "absurd": self._ledger.after(ABSURD_SECONDS), "limit": PLANNED_AT_ONCE}
        return self._ledger.database.rows(queries.GOALS_TO_PLAN, values, GoalRecord)

    def begin(self, goal_id: GoalId) -> None:
        """Counted and committed before it begins, because planning may kill the process too."""
        with self._ledger.writing("planning_begun") as tx:
            tx.execute(queries.BEGIN_PLANNING, {"goal_id": goal_id, "supervisor_pid": self._ledger.supervisor_pid})

    def finish(self, goal_id: GoalId, planned: PlanResult, grant: Grant) -> None:
        """Fix the plan and the grant. A goal that was cancelled meanwhile stays cancelled."""
        with self._ledger.writing("planned") as tx:
            self.finish_within(tx, goal_id, planned, grant)

    def begin_within(self, tx: Transaction, goal_id: GoalId) -> None:
        """For a goal whose plan is there with it."""
        tx.execute(queries.BEGIN_PLANNING, {"goal_id": goal_id, "supervisor_pid": self._ledger.supervisor_pid})

    def finish_within(self, tx: Transaction, goal_id: GoalId, planned: PlanResult, grant: Grant) -> None:
        """The same in a transaction that does more."""
        plan = planned.plan
        values = {"goal_id": goal_id, "planned_by": planned.planned_by, "note": planned.note}
        about = {"focus": planned.focus, "topic": planned.topic}
        if tx.execute(queries.PLANNED, {**values, **about, "now": self._ledger.now()}) != 1:
            return
        before = tx.rows(queries.TASKS, {"goal_id": goal_id}, TaskRecord)
        for number, task in enumerate(_following(before, plan), 1 + len(before)):
            row = {"goal_id": goal_id, "number": number, "planned": task.model_dump_json()}
            needs = {"depends_on": json.dumps(task.depends_on), "optional": int(task.optional)}
            tx.execute(queries.ADD_TASK, {**row, **needs, **_beginning(task)})
        give_grant(self._ledger, tx, goal_id, grant, ENGINE)
        self._ledger.note(tx, ENGINE, "plan_made", f"goal {goal_id}", plan.model_dump_json())
        announce_plan(self._ledger, tx, goal_of(tx, goal_id), len(plan.tasks))
        settle_goal(self._ledger, tx, goal_id)

    def fail(self, goal_id: GoalId, failure: AttemptFailure) -> None:
        """Plan again later, or give up."""
        with self._ledger.writing("planning_failed") as tx:
            self._fail(tx, goal_of(tx, goal_id), failure)

    def give_back(self, being_planned: Collection[GoalId]) -> None:
        """Interrupt what counts as being planned and nobody here plans: its end could not be written down."""
        for goal in self._ledger.database.rows(queries.GOALS_BEING_PLANNED, (), GoalRecord):
            if goal.id not in being_planned:
                self.interrupt(goal.id)

    def interrupt(self, goal_id: GoalId) -> None:
        with self._ledger.writing("planning_interrupted") as tx:
            tx.execute(queries.PLANNING_INTERRUPTED, {"goal_id": goal_id})

    def take_over(self) -> None:
        """Plan again what a former process was planning; what killed it several times is quarantined."""
        found = self._ledger.database.rows(queries.GOALS_BEING_PLANNED, (), GoalRecord)
        if not found:
            return
        with self._ledger.writing("taken_over") as tx:
            for goal in found:
                if goal.supervisor_pid == self._ledger.supervisor_pid:
                    self._fail(tx, goal, death("while it was planned"))
                else:
                    tx.execute(queries.PLANNING_INTERRUPTED, {"goal_id": goal.id})

    def spend(self, goal_id: GoalId, spent: Amounts) -> None:
        """Count what a goal used beside its tasks."""
        with self._ledger.database.transaction() as tx:
            tx.execute(queries.SPEND_GOAL, {**spent.model_dump(), "goal_id": goal_id})

    def renew_grant(self, goal_id: GoalId, grant: Grant, given_by: str) -> None:
        """Give the goal another version of its grant."""
        with self._ledger.writing("grant_renewed") as tx:
            give_grant(self._ledger, tx, goal_id, grant, given_by)

    def grant(self, goal_id: GoalId) -> Grant:
        """The one that holds; empty before there is a plan."""
        content = self._ledger.database.row(queries.GRANT, {"goal_id": goal_id}, str)
        return Grant.model_validate_json(content) if content else Grant()

    def _fail(self, tx: Transaction, goal: GoalRecord, failure: AttemptFailure) -> None:
        record = goal.record.after(failure)
        verdict = judge(record, failure, self._ledger.settings, self._random.uniform(-1, 1))
        final = verdict.status is Status.FAILED
        values = {
            "goal_id": goal.id,
            "status": verdict.status,
            "error": failure.text,
            **asdict(record),
            "not_before": self._ledger.after(verdict.wait_seconds) if verdict.wait_seconds else "",
            "finished_at": self._ledger.now() if final else None,
        }
        tx.execute(queries.PLANNING_FAILED, values)
        if final:
            announce_goal(self._ledger, tx, goal, Status.FAILED, [], CameOfIt())


def _following(before: Sequence[TaskRecord], plan: Plan) -> list[PlannedTask]:
    """The tasks of a plan, behind those that the goal has already; what begins has what they came to in view."""
    used = {number for task in before for number in task.plan.depends_on}
    ends = tuple(task.number for task in before if task.number not in used and _came_to_something(task))
    return [_behind(task, len(before), ends) for task in plan.tasks]


def _came_to_something(task: TaskRecord) -> bool:
    """What a person did is their own word."""
    return task.output is not None and task.plan.work is not WorkKind.PERSON


def _behind(task: PlannedTask, count: int, ends: tuple[int, ...]) -> PlannedTask:
    """A person's task needs nothing, and a call of a tool only what it says."""
    needs = tuple(number + count for number in task.depends_on)
    first = not needs and not task.tool and task.work is not WorkKind.PERSON
    params = moved_places(task.tool_params, count) if count else task.tool_params
    return task.model_copy(update={"depends_on": ends if first else needs, "tool_params": params})


def _beginning(task: PlannedTask) -> dict[str, str]:
    """How a task stands when it is planned."""
    if task.work is WorkKind.PERSON and not task.tool:
        return {"status": Status.WAITING, "error": YOURS}
    return {"status": Status.PENDING, "error": ""}


def give_grant(ledger: JournalLedger, tx: Transaction, goal_id: GoalId, grant: Grant, given_by: str) -> None:
    """Add a version of a goal's grant; the last one holds."""
    content = grant.model_dump_json()
    values = {"goal_id": goal_id, "content": content, "given_by": given_by, "now": ledger.now()}
    tx.execute(queries.ADD_GRANT, values)
    ledger.note(tx, given_by, "grant_given", f"goal {goal_id}", content)
