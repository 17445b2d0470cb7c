"""Goals: asked for, changed by a person, ended, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from senter.components.task_engine.contract.asked import is_work
from senter.components.task_engine.contract.goal_receipts import goal_inverse, goal_receipt
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.actions import add_action
from senter.components.task_engine.journal.audit import USER
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.plans import YOURS, give_grant
from senter.components.task_engine.journal.records import ACTS, TEXTS, GoalRecord, TaskRecord
from senter.components.task_engine.journal.result_paths import from_data
from senter.components.task_engine.journal.settling import (
    end_goal,
    end_open_tasks,
    goal_of,
    outcome,
    settle_goal,
    states_of,
)
from senter.errors import Conflict
from senter.messages.acts import Act
from senter.messages.goals import ENDED, FINAL, GoalId, GoalKind, GoalLimits, Grant, Status
from senter.messages.message import named_after
from senter.sentences import spoken
from senter.store.database import Database, Transaction
from senter.store.numbers import number_after
from senter.store.stamps import stamp

FORGOTTEN_AT_ONCE = 20
SAID_DONE = "You said that it is done."
"""Why a goal is completed that a person accepted."""


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
    kind: GoalKind = GoalKind.WORK
    acts: tuple[Act, ...] | None = None
    """What it asks for; none where nobody has read it so far."""
    asked_at: datetime | None = None
    """When the person said it; none is now."""
    said: str = ""
    """The whole sentence, where the text is a part of it."""
    language: str = field(default_factory=spoken)
    """What it does is told in that language."""


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
        return self.add_with_parts(new, ())

    def add_with_parts(self, new: NewGoal, parts: Sequence[GoalId]) -> GoalId:
        """The same; `parts` are goals of the person's own from the same sentence."""
        with self._ledger.writing("goal_added") as tx:
            goal_id = self.add_within(tx, new)
            for part in parts:
                tx.execute(queries.SET_PART_OF, {"goal_id": part, "whole": goal_id})
            if is_work(new.acts):  # what is only calls is taken back call by call
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
            "acts": None if new.acts is None else ACTS.dump_json(new.acts).decode(),
            "created_at": min(stamp(new.asked_at), self._ledger.now()) if new.asked_at else self._ledger.now(),
        }
        known = _made_of(tx, new.request_id, new.said or new.text)
        if known is not None:
            return known
        goal_id = GoalId(tx.row(queries.ADD_GOAL, values, int) or 0)
        self._ledger.note(tx, new.origin, "goal_created", f"goal {goal_id}", new.text)
        return goal_id

    def find_within(self, tx: Transaction, new: NewGoal) -> GoalId | None:
        """The goal that was made of the same request. Raises `Conflict`."""
        return _made_of(tx, new.request_id, new.said or new.text)

    def number_after(self, number: int) -> None:
        """Give no goal this number or a lower one again, although a restored file may not know of it."""
        with self._ledger.database.transaction() as tx:
            number_after(tx, "goals", number)

    def to_deliver(self) -> list[GoalRecord]:
        """Goals whose tasks have all ended and whose report is not written."""
        return self._ledger.database.rows(queries.GOALS_TO_DELIVER, (), GoalRecord)

    def outcome(self, goal_id: GoalId) -> Status:
        """How a goal whose tasks have all ended will end."""
        return outcome(self._ledger.database, goal_of(self._ledger.database, goal_id))

    def deliver(self, goal_id: GoalId, results: Sequence[str], problem: str) -> None:
        """The report is written, the first of the results, or cannot be: the goal ends."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            status = outcome(tx, goal)
            if (
                status not in ENDED or goal.status in ENDED
            ):  # a person had it tried again while its report was being written
                return
            error = goal.error if status is Status.FAILED else problem
            if problem and status is not Status.CANCELLED:
                status = Status.FAILED
            kept = from_data(results, self._ledger.data_folder)
            end_goal(self._ledger, tx, goal, status, error, kept, delivered=bool(kept))

    def overdue(self) -> list[GoalRecord]:
        """Open goals whose deadline has passed, and of which that was not said."""
        return self._ledger.database.rows(queries.GOALS_OVERDUE, {"now": self._ledger.now()}, GoalRecord)

    def run_out(self, goal_id: GoalId, reason: str) -> None:
        """End what is left of a goal whose time is over; what was done stays, and is reported as that of any other."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status in ENDED:
                return
            end_open_tasks(self._ledger, tx, goal, reason)
            if states_of(tx, goal_id):
                settle_goal(self._ledger, tx, goal_id)
                tx.execute(queries.SET_GOAL_ERROR, {"goal_id": goal_id, "error": reason})
            else:
                end_goal(self._ledger, tx, goal, Status.FAILED, reason, delivered=False)

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
            results = TEXTS.validate_json(goal.results)
            end_goal(self._ledger, tx, goal, Status.CANCELLED, reason, results, delivered=bool(goal.delivered))
            self._ledger.note(tx, USER, "goal_cancelled", f"goal {goal_id}", goal.text)
            if not by_tool:
                receipt, inverse = goal_receipt(goal_id, goal.text, "cancel"), goal_inverse(goal_id, "cancel")
                add_action(tx, self._ledger.now(), (receipt,), inverse)

    def pause(self, goal_id: GoalId, *, paused: bool) -> None:
        """Begin nothing more of it, or go on. Raises `Conflict` for one that has ended."""
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status in ENDED:
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", f"See it with: senter goal show {goal_id}")
            if tx.execute(queries.PAUSE, {"goal_id": goal_id, "paused": int(paused)}):
                self._ledger.note(tx, USER, "goal_paused" if paused else "goal_resumed", f"goal {goal_id}", goal.text)

    def prioritise(self, goal_id: GoalId, priority: int) -> None:
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if tx.execute(queries.PRIORITISE, {"goal_id": goal_id, "priority": priority}):
                self._ledger.note(tx, USER, "goal_prioritised", f"goal {goal_id}", f"{goal.priority} to {priority}")

    def retry(self, goal_id: GoalId, grant: Grant | None) -> None:
        """Try again what failed, was cancelled or quarantined; what is done stays done. Takes a verdict back, too.

        `grant` is given anew, because a person asks. Raises `Conflict` for a goal that has nothing to try again.
        """
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            reopened = tx.execute(queries.REOPEN_TASKS, {"goal_id": goal_id, "yours": YOURS, "said": SAID_DONE})
            if not reopened and goal.status in (Status.PENDING, Status.PLANNING, Status.IN_PROGRESS, Status.WAITING):
                return  # said twice
            accepted = goal.status == Status.COMPLETED and goal.error == SAID_DONE
            if goal.status in (Status.COMPLETED, Status.PLEASE_LOOK) and not accepted:
                said = f'Say what is missing: senter goal reopen {goal_id} "..."'
                raise Conflict(f"Goal {goal_id} is {goal.status.replace('_', ' ')}.", said)
            passed = goal.deadline is not None and goal.deadline <= self._ledger.now()
            self._reopen(tx, goal, deadline=None if passed and not goal.is_own else goal.deadline)
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

    def _reopen(self, tx: Transaction, goal: GoalRecord, deadline: str | None) -> None:
        planned = bool(tx.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord)) and not goal.missing
        status = Status.IN_PROGRESS if planned else Status.PENDING
        values = {"goal_id": goal.id, "status": status, "deadline": deadline, "missing": goal.missing}
        tx.execute(queries.REOPEN_GOAL, values)
        tx.execute(queries.SET_REFUSED_ASIDE, {"goal_id": goal.id})
        if planned:
            settle_goal(self._ledger, tx, goal.id)


def _made_of(rows: Database | Transaction, request_id: str, text: str) -> GoalId | None:
    """The goal that was made of a request. Raises `Conflict` where the request was for another."""
    found = rows.row(queries.GOAL_BY_REQUEST, {"request_id": request_id}, GoalRecord)
    if found is not None and (found.said or found.text) != text:
        text = f"The request id {request_id} was used for another goal."
        raise Conflict(text, "Choose a new request id for a new goal.")
    return found.id if found else None
