"""A person's verdict on a goal: it is done, or something is missing; and their word about goals of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from senter.components.task_engine.contract.goal_receipts import GoalDeed, goal_inverse, goal_receipt
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.actions import add_action
from senter.components.task_engine.journal.announcing import announce_overdue, announce_task
from senter.components.task_engine.journal.audit import ENGINE, USER
from senter.components.task_engine.journal.goals import SAID_DONE, GoalJournal, NewGoal
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import OUTPUT, TEXTS, GoalRecord, TaskRecord
from senter.components.task_engine.journal.settling import end_goal, end_open_tasks, goal_of, task_of
from senter.errors import Conflict
from senter.messages.acts import Receipt
from senter.messages.goals import FINAL, GoalId, Status
from senter.moments.shown import shown_when
from senter.moments.zones import user_zone
from senter.store.database import Transaction
from senter.store.stamps import stamp

REOPENED = (Status.COMPLETED, Status.PLEASE_LOOK)


class Verdicts:
    """What only a person can say. Saying the same twice changes nothing more."""

    def __init__(self, ledger: JournalLedger, goals: GoalJournal) -> None:
        self._ledger = ledger
        self._goals = goals

    def accept(self, goal_id: GoalId, *, by_tool: bool = False) -> None:
        """It is done, whatever is left of it. Raises `Conflict` for one that failed or was cancelled."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status == Status.COMPLETED:
                return
            if goal.status in FINAL:
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", f"Try again: senter goal retry {goal_id}")
            self._end_what_was_theirs(tx, goal)
            end_open_tasks(self._ledger, tx, goal, SAID_DONE)
            results = TEXTS.validate_json(goal.results)
            end_goal(self._ledger, tx, goal, Status.COMPLETED, SAID_DONE, results, delivered=bool(goal.delivered))
            self._ledger.note(tx, USER, "goal_accepted", f"goal {goal_id}", goal.text)
            self._record(tx, goal, "accept", by_tool=by_tool)

    def reopen(self, goal_id: GoalId, missing: str, *, by_tool: bool = False) -> None:
        """Plan what is missing of what was done. Raises `Conflict` for one that is not done."""
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if goal.missing == missing:
                return
            if goal.status not in REOPENED:
                hint = f"See it with: senter goal show {goal_id}"
                raise Conflict(f"Goal {goal_id} is not done: {goal.status.replace('_', ' ')}.", hint)
            passed = goal.deadline is not None and goal.deadline <= self._ledger.now()
            deadline = None if passed else goal.deadline
            values = {"goal_id": goal_id, "status": Status.PENDING, "deadline": deadline, "missing": missing}
            tx.execute(queries.REOPEN_GOAL, values)
            tx.execute(queries.GO_ON_WITHOUT, {"goal_id": goal_id})  # what was left undone when it was accepted
            self._ledger.note(tx, USER, "goal_reopened", f"goal {goal_id}", missing)
            self._record(tx, goal, "reopen", by_tool=by_tool)

    def keep(self, new: NewGoal, receipt: Callable[[GoalId], Receipt]) -> GoalId:
        """Take in a goal of the person's own, or find the one that was made of the same request."""
        with self._ledger.writing("goal_added") as tx:
            known = self._goals.find_within(tx, new)
            if known is not None:
                return known
            goal_id = self._goals.add_within(tx, new)
            add_action(tx, self._ledger.now(), (receipt(goal_id),), goal_inverse(goal_id, "made"), goal_id=goal_id)
        return goal_id

    def move(
        self, goal_id: GoalId, deadline: datetime | None, *, by_tool: bool = False, told: Receipt | None = None
    ) -> None:
        """Give an open goal another deadline, or none; `told` is what the goal itself says of it from now on. Raises
        `Conflict` for one that has ended."""
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status in (*FINAL, Status.PLEASE_LOOK):
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", f"See it with: senter goal show {goal_id}")
            until = stamp(deadline) if deadline else None
            if tx.execute(queries.MOVE_GOAL, {"goal_id": goal_id, "deadline": until}):
                said = f"{goal.deadline or 'no deadline'} to {until or 'no deadline'}"
                self._ledger.note(tx, USER, "goal_moved", f"goal {goal_id}", said)
                zone = user_zone(self._ledger.settings.timezone)
                due = shown_when(deadline.astimezone(zone), zone) if deadline else ""
                self._record(tx, goal, "move", by_tool=by_tool, due=due, told=told)

    def rename(self, goal_id: GoalId, text: str, *, by_tool: bool = False) -> None:
        """Call it otherwise; what was said stays written down."""
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if tx.execute(queries.RENAME_GOAL, {"goal_id": goal_id, "text": text}):
                self._ledger.note(tx, USER, "goal_renamed", f"goal {goal_id}", f"{goal.text} to {text}")
                if not by_tool:
                    inverse = goal_inverse(goal_id, "rename", text=goal.text)
                    add_action(tx, self._ledger.now(), (goal_receipt(goal_id, text, "rename"),), inverse)

    def overdue(self, goal: GoalRecord) -> None:
        """The deadline of a goal of the person's own has passed: it stays open, and is said once."""
        with self._ledger.writing("goal_overdue") as tx:
            if self._still_open(tx, goal.id):
                tx.execute(queries.SAID_OVERDUE, {"goal_id": goal.id})
                self._ledger.note(tx, ENGINE, "goal_overdue", f"goal {goal.id}", goal.text)
                announce_overdue(self._ledger, tx, goal)

    def own_goals(self) -> Sequence[GoalRecord]:
        """Those of the person's own that are open, the oldest first."""
        return self._ledger.database.rows(queries.OPEN_OWN_GOALS, (), GoalRecord)

    def _end_what_was_theirs(self, tx: Transaction, goal: GoalRecord) -> None:
        """The person's part is done by them; what of Senter's is left over is not done any more."""
        output = OUTPUT.dump_json(TaskOutput(SAID_DONE, trusted=True)).decode()
        done = {"status": Status.COMPLETED, "error": "", "output": output, "now": self._ledger.now()}
        for task in tx.rows(queries.OPEN_TASKS, {"goal_id": goal.id}, TaskRecord):
            if task.is_waited_for:
                tx.execute(queries.END_FROM_OUTSIDE, {"task_id": task.id, **done})
                announce_task(self._ledger, tx, goal, task_of(tx, task.id))

    def _record(
        self,
        tx: Transaction,
        goal: GoalRecord,
        deed: GoalDeed,
        *,
        by_tool: bool,
        due: str = "",
        told: Receipt | None = None,
    ) -> None:
        """So that it can be taken back; what a tool does is on record as its call."""
        if not by_tool:
            inverse = goal_inverse(goal.id, deed, goal.deadline or "")
            receipt = told or goal_receipt(goal.id, goal.text, deed, due)
            add_action(tx, self._ledger.now(), (receipt,), inverse, goal_id=goal.id if told else None)

    def _still_open(self, tx: Transaction, goal_id: GoalId) -> bool:
        return goal_of(tx, goal_id).status not in (*FINAL, Status.PLEASE_LOOK)
