"""Goals and tasks as people see them."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.actions import receipts_of
from senter.components.task_engine.journal.approvals import ApprovalJournal
from senter.components.task_engine.journal.facts import Facts
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import CHECKS, OUTPUT, GoalRecord, TaskRecord
from senter.components.task_engine.journal.result_paths import whole_paths
from senter.components.task_engine.journal.settling import goal_of, task_of, task_state
from senter.components.task_engine.journal.states import SHOWN, TaskState, progress_percent
from senter.components.task_engine.journal.waiting import waits_of
from senter.errors import NotFound
from senter.messages.acts import Receipt
from senter.messages.goals import GoalId, GoalReply, GoalsReply, GoalView, Grant, Shown, Status, TaskId, TaskView
from senter.text import cut

RESULT_CHARACTERS = 2_000
SOURCES_SHOWN = 20
LISTED_CHARACTERS = 200
QUOTE_CHARACTERS = 300
ONLY_LOOKED_UP = 2
"""Tasks of an own goal for which nothing but looking up what there is can be done: that, and the person's own."""


class Views:
    """Reads; writes nothing."""

    def __init__(self, ledger: JournalLedger, facts: Facts, approvals: ApprovalJournal) -> None:
        self._database = ledger.database
        self._facts = facts
        self._approvals = approvals

    def goal(self, goal_id: GoalId) -> GoalReply:
        """A goal with its plan. Raises `NotFound`."""
        goal = self.record(goal_id)
        content = self._database.row(queries.GRANT, {"goal_id": goal_id}, str)
        tasks = self._database.rows(queries.TASKS, {"goal_id": goal_id}, TaskRecord)
        return GoalReply(
            goal=self.view(goal),
            tasks=tuple(map(task_view, tasks)),
            grant=Grant.model_validate_json(content) if content else Grant(),
            planned_by=goal.planned_by,
            note=goal.plan_note,
            waits=tuple(waits_of(goal, tasks, self._approvals.of_goal(goal_id))),
            stopped=self._facts.panicking,
        )

    def goals(self, *, include_finished: bool, limit: int) -> GoalsReply:
        values = {"include_finished": int(include_finished), "limit": limit}
        found = self._database.rows(queries.GOALS, values, GoalRecord)
        return GoalsReply(
            goals=tuple(_in_a_list(self.view(goal)) for goal in found),
            total=self._database.row(queries.GOALS_TOTAL, values, int) or 0,
            stopped=self._facts.panicking,
            approvals_waiting=self._approvals.waiting(),
            first_approval=self._approvals.first_waiting(),
        )

    def done_last(self) -> GoalId:
        """The goal that was done last. Raises `NotFound`."""
        found = self._database.row(queries.GOAL_DONE_LAST, (), int)
        if found is None:
            raise NotFound("No goal is done yet.", "See how far they are with: senter goals")
        return GoalId(found)

    def view(self, goal: GoalRecord) -> GoalView:
        states = self._database.rows(queries.TASK_STATES, {"goal_id": goal.id}, task_state)
        status = Status(goal.status)
        done = status in (Status.COMPLETED, Status.PLEASE_LOOK)
        executed = goal.executed and not self._database.row(queries.NOT_CARRIED_OUT, {"goal_id": goal.id}, int)
        changed = {
            "state": Shown.ACTIVE if goal.is_own and status is Status.WAITING else SHOWN[status],
            "progress_percent": 100 if done else _progress(goal, states),
            "executed": bool(executed),
            "verified": bool(executed and goal.verified),
            "overdue": bool(goal.overdue),
            "receipts": self._receipts(goal.id),
            "results": whole_paths(goal.results, self._database.path.parent),
            "cost": goal.cost,
        }
        return GoalView.model_validate({**vars(goal), **changed})

    def _receipts(self, goal_id: GoalId) -> tuple[Receipt, ...]:
        """The last of each thing; with those of the person's own goals that the same sentence named."""
        parts = self._database.rows(queries.PARTS, {"goal_id": goal_id}, int)
        found = [receipt for part in (*parts, goal_id) for receipt in receipts_of(self._database, GoalId(part))]
        return tuple({(receipt.kind, receipt.id): receipt for receipt in found}.values())

    def task(self, task_id: TaskId) -> TaskRecord:
        """Raises `NotFound`."""
        return task_of(self._database, task_id)

    def record(self, goal_id: GoalId) -> GoalRecord:
        """Raises `NotFound`."""
        return goal_of(self._database, goal_id)

    def outputs(self, goal_id: GoalId) -> dict[int, TaskOutput]:
        """What tasks handed on, by their numbers."""
        return self._database.pairs(queries.OUTPUTS, {"goal_id": goal_id}, int, OUTPUT.validate_json)


def _progress(goal: GoalRecord, states: Sequence[TaskState]) -> int:
    """Of a goal of the person's own only where Senter has begun with it; how far the person is, nobody counts."""
    return 0 if goal.is_own and len(states) <= ONLY_LOOKED_UP else progress_percent(states)


def task_view(task: TaskRecord) -> TaskView:
    output = task.result
    changed = {
        "state": Shown.PENDING if task.is_waited_for else SHOWN[Status(task.status)],
        "result": cut(output.text, RESULT_CHARACTERS) if output else "",
        "checks": CHECKS.validate_json(task.checks),
        "sources": tuple(
            source.model_copy(update={"quote": source.quote[:QUOTE_CHARACTERS]})
            for source in (output.sources[:SOURCES_SHOWN] if output else ())
        ),
        "cost": task.cost,
    }
    # files by the thousand would not fit into a reply
    hidden: dict[str, JsonValue] = {"tool_params": {}} if task.plan.work is WorkKind.UNDO else {}
    return TaskView.model_validate({**dict(task.plan), **vars(task), **changed, **hidden})


def _in_a_list(goal: GoalView) -> GoalView:
    """A thousand of them must fit into one reply."""
    short = {"text": cut(goal.text, LISTED_CHARACTERS), "error": cut(goal.error, LISTED_CHARACTERS)}
    return goal.model_copy(update={**short, "results": goal.results[:1]})
