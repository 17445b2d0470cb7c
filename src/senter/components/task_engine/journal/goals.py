"""Goals: asked for, changed by a person, ended, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from senter.components.task_engine.contract.goal_receipts import goal_inverse, goal_receipt
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.actions import add_action
from senter.components.task_engine.journal.announcing import announce_goal
from senter.components.task_engine.journal.audit import ENGINE, USER
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.plans import give_grant
from senter.components.task_engine.journal.records import TEXTS, GoalRecord, TaskRecord
from senter.components.task_engine.journal.settling import end_open_tasks, goal_of, settle_goal, states_of, task_state
from senter.components.task_engine.journal.states import settle
from senter.errors import Conflict
from senter.messages.goals import FINAL, GoalId, GoalLimits, Grant, Status
from senter.messages.message import named_after
from senter.store.database import Database, Transaction
from senter.store.numbers import number_after
from senter.store.stamps import stamp

FORGOTTEN_AT_ONCE = 20


@dataclass(frozen=True)
class NewGoal:
    """A goal as it was asked for."""

    request_id: str
    message_id: str
    correlation_id: str
    origin: str
    text: str
    priority: int
    deadline: datetime | None = None
    budget: GoalLimits = field(default_factory=GoalLimits)
    preapproved_grant: Grant | None = None


class GoalJournal:
    """The life of goals."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger

    def find(self, request_id: str, text: str) -> GoalId | None:
        """The goal that was made of a request. Raises `Conflict` where the request was for another."""
        return _made_of(self._ledger.database, request_id, text)

    def made_of(self, request_id: str) -> GoalId | None:
        """The goal that was made of a request, whatever it says."""
        found = self._ledger.database.row(queries.GOAL_BY_REQUEST, {"request_id": request_id}, GoalRecord)
        return found.id if found else None

    def add(self, new: NewGoal) -> GoalId:
        """Take a person's goal in, or find the one that was made of the same request. Raises `Conflict`."""
        with self._ledger.writing("goal_added") as tx:
            goal_id = self.add_within(tx, new)
            receipt, inverse = goal_receipt(goal_id, new.text, "made"), goal_inverse(goal_id, "made")
            event_id = named_after("goal made", new.request_id, goal_id)
            add_action(tx, self._ledger.now(), (receipt,), inverse, event_id=event_id)
            return goal_id

    def add_within(self, tx: Transaction, new: NewGoal) -> GoalId:
        values = {
            **vars(new),
            "deadline": stamp(new.deadline) if new.deadline else None,
            "budget": new.budget.model_dump_json(exclude_none=True),
            "preapproved_grant": new.preapproved_grant.model_dump_json() if new.preapproved_grant else None,
            "now": self._ledger.now(),
        }
        known = _made_of(tx, new.request_id, new.text)
        if known is not None:
            return known
        goal_id = GoalId(tx.row(queries.ADD_GOAL, values, int) or 0)
        self._ledger.note(tx, new.origin, "goal_created", f"goal {goal_id}", new.text)
        return goal_id

    def number_after(self, number: int) -> None:
        """Give no goal this number or a lower one again, although a restored file may not know of it."""
        with self._ledger.database.transaction() as tx:
            number_after(tx, "goals", number)

    def to_deliver(self) -> list[GoalRecord]:
        """Goals whose tasks have all ended and whose report is not written."""
        return self._ledger.database.rows(queries.GOALS_TO_DELIVER, (), GoalRecord)

    def outcome(self, goal_id: GoalId) -> Status:
        """How a goal whose tasks have all ended will end."""
        found = self._ledger.database.rows(queries.TASK_STATES, {"goal_id": goal_id}, task_state)
        return settle(found).status

    def deliver(self, goal_id: GoalId, results: Sequence[str], problem: str) -> None:
        """The report is written, the first of the results, or cannot be: the goal ends."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            status = settle(states_of(tx, goal_id)).status
            if status not in FINAL:  # a person had it tried again while its report was being written
                return
            error = goal.error if status is Status.FAILED else problem
            if problem and status is Status.COMPLETED:
                status = Status.FAILED
            self._end(tx, goal, status, error, results)

    def overdue(self) -> list[GoalRecord]:
        """Open goals whose deadline has passed."""
        return self._ledger.database.rows(queries.GOALS_OVERDUE, {"now": self._ledger.now()}, GoalRecord)

    def run_out(self, goal_id: GoalId, reason: str) -> None:
        """End what is left of a goal whose time is over; what was done stays, and is reported as that of any other."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status in FINAL:
                return
            end_open_tasks(self._ledger, tx, goal, reason)
            if states_of(tx, goal_id):
                settle_goal(self._ledger, tx, goal_id)
                tx.execute(queries.SET_GOAL_ERROR, {"goal_id": goal_id, "error": reason})
            else:
                self._end(tx, goal, Status.FAILED, reason)

    def cancel(self, goal_id: GoalId, *, by_tool: bool = False) -> None:
        """A person does not want it any more. Raises `Conflict` for one that has ended otherwise. What a tool does is
        on record as its call."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status == Status.CANCELLED:
                return
            if goal.status in FINAL:
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", f"See it with: senter goal show {goal_id}")
            reason = "A person cancelled the goal."
            end_open_tasks(self._ledger, tx, goal, reason)
            self._end(tx, goal, Status.CANCELLED, reason)
            self._ledger.note(tx, USER, "goal_cancelled", f"goal {goal_id}", goal.text)
            if not by_tool:
                receipt, inverse = goal_receipt(goal_id, goal.text, "cancel"), goal_inverse(goal_id, "cancel")
                add_action(tx, self._ledger.now(), (receipt,), inverse)

    def pause(self, goal_id: GoalId, *, paused: bool) -> None:
        """Begin nothing more of it, or go on. Raises `Conflict` for one that has ended."""
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status in FINAL:
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", f"See it with: senter goal show {goal_id}")
            if tx.execute(queries.PAUSE, {"goal_id": goal_id, "paused": int(paused)}):
                self._ledger.note(tx, USER, "goal_paused" if paused else "goal_resumed", f"goal {goal_id}", goal.text)

    def prioritise(self, goal_id: GoalId, priority: int) -> None:
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if tx.execute(queries.PRIORITISE, {"goal_id": goal_id, "priority": priority}):
                self._ledger.note(tx, USER, "goal_prioritised", f"goal {goal_id}", f"{goal.priority} to {priority}")

    def retry(self, goal_id: GoalId, grant: Grant | None) -> None:
        """Try again what failed, was cancelled or quarantined; what is done stays done.

        `grant` is given anew, because a person asks. Raises `Conflict` for a goal that has nothing to try again.
        """
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            reopened = tx.execute(queries.REOPEN_TASKS, {"goal_id": goal_id})
            if not reopened and goal.status in (Status.PENDING, Status.PLANNING, Status.IN_PROGRESS, Status.WAITING):
                return  # said twice
            if goal.status == Status.COMPLETED:
                raise Conflict(f"Goal {goal_id} is completed.", "Ask for it anew with: senter goal TEXT")
            passed = goal.deadline is not None and goal.deadline <= self._ledger.now()
            self._reopen(tx, goal, deadline=None if passed else goal.deadline)
            if grant is not None:
                give_grant(self._ledger, tx, goal_id, grant, USER)
            dropped = f" (its deadline {goal.deadline} had passed and holds no more)" if passed else ""
            self._ledger.note(tx, USER, "goal_retried", f"goal {goal_id}", f"{goal.text}{dropped}")

    def forget_ended(self, keep: timedelta) -> int:
        """Forget a few goals that ended long ago; returns how many, 0 when there are none left."""
        oldest = stamp(self._ledger.clock.now() - keep)
        with self._ledger.database.transaction() as tx:
            self._ledger.audit.erase_texts(tx, oldest)
            return tx.execute(queries.FORGET_GOALS, {"oldest": oldest, "limit": FORGOTTEN_AT_ONCE})

    def open_count(self) -> int:
        return self._ledger.database.row(queries.OPEN_GOALS, (), int) or 0

    def _end(self, tx: Transaction, goal: GoalRecord, status: Status, error: str, results: Sequence[str] = ()) -> None:
        values = {"goal_id": goal.id, "status": status, "error": error, "delivered": int(bool(results))}
        ended = {"results": TEXTS.dump_json(tuple(results)).decode(), "now": self._ledger.now()}
        if tx.execute(queries.END_GOAL, {**values, **ended}) == 1:
            self._ledger.note(tx, ENGINE, f"goal_{status.value}", f"goal {goal.id}", error)
            announce_goal(self._ledger, tx, goal, status, states_of(tx, goal.id))

    def _reopen(self, tx: Transaction, goal: GoalRecord, deadline: str | None) -> None:
        planned = bool(tx.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord))
        status = Status.IN_PROGRESS if planned else Status.PENDING
        values = {"goal_id": goal.id, "status": status, "deadline": deadline}
        tx.execute(queries.REOPEN_GOAL, values)
        tx.execute(queries.SET_REFUSED_ASIDE, {"goal_id": goal.id})
        if planned:
            settle_goal(self._ledger, tx, goal.id)


def _made_of(rows: Database | Transaction, request_id: str, text: str) -> GoalId | None:
    """The goal that was made of a request. Raises `Conflict` where the request was for another."""
    found = rows.row(queries.GOAL_BY_REQUEST, {"request_id": request_id}, GoalRecord)
    if found is not None and found.text != text:
        text = f"The request id {request_id} was used for another goal."
        raise Conflict(text, "Choose a new request id for a new goal.")
    return found.id if found else None
