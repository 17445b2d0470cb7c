"""Goals: asked for, planned, changed by a person, ended, forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from senter.components.task_engine.failures import Failure, death, judge
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.attempts import ABSURD_SECONDS
from senter.components.task_engine.journal.audit import ENGINE, USER
from senter.components.task_engine.journal.ledger import Ledger
from senter.components.task_engine.journal.records import TEXTS, GoalRecord, Spent, TaskRecord
from senter.components.task_engine.journal.settling import end_open_tasks, goal_of, settle_goal, states_of, task_state
from senter.components.task_engine.journal.telling import tell_of_goal, tell_of_plan
from senter.components.task_engine.parts import Planned
from senter.components.task_engine.states import settle
from senter.errors import Conflict
from senter.messages.goals import FINAL, Budget, GoalId, Grant, Status
from senter.store.database import Transaction
from senter.store.stamps import stamp

FORGOTTEN_AT_ONCE = 20
PLANNED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class NewGoal:
    """A goal as it was asked for."""

    request_id: str
    message_id: str
    correlation_id: str
    origin: str
    text: str
    priority: int
    deadline: datetime | None = None
    budget: Budget | None = None
    standing_grant: Grant | None = None


class Goals:
    """The life of goals."""

    def __init__(self, ledger: Ledger, random: Random) -> None:
        self._ledger = ledger
        self._random = random

    def find(self, request_id: str, text: str) -> GoalId | None:
        """The goal that was made of a request. Raises `Conflict` where the request was for another."""
        found = self._ledger.database.row(queries.GOAL_BY_REQUEST, {"request_id": request_id}, GoalRecord)
        if found is not None and found.text != text:
            raise _used(request_id)
        return found.id if found else None

    def add(self, new: NewGoal) -> GoalId:
        """Take a goal in, or find the one that was made of the same request. Raises `Conflict`."""
        with self._ledger.writing("goal_added") as tx:
            return self.add_within(tx, new)

    def add_within(self, tx: Transaction, new: NewGoal) -> GoalId:
        values = {
            "request_id": new.request_id,
            "message_id": new.message_id,
            "correlation_id": new.correlation_id,
            "origin": new.origin,
            "text": new.text,
            "priority": new.priority,
            "deadline": stamp(new.deadline) if new.deadline else None,
            "budget": new.budget.model_dump_json() if new.budget else None,
            "standing_grant": new.standing_grant.model_dump_json() if new.standing_grant else None,
            "now": self._ledger.now(),
        }
        goal_id = tx.row(queries.ADD_GOAL, values, int)
        if goal_id is None:
            return _known(tx, new)
        self._audit(tx, new.origin, "goal_created", GoalId(goal_id), new.text)
        return GoalId(goal_id)

    def to_plan(self) -> list[GoalRecord]:
        """Goals that need a plan now, the most urgent first."""
        values = {
            "now": self._ledger.now(),
            "absurd": self._ledger.after(ABSURD_SECONDS),
            "limit": PLANNED_AT_ONCE,
        }
        return self._ledger.database.rows(queries.GOALS_TO_PLAN, values, GoalRecord)

    def begin_planning(self, goal_id: GoalId) -> None:
        """Counted and committed before it begins, because planning may kill the process too."""
        with self._ledger.writing("planning_begun") as tx:
            tx.execute(queries.BEGIN_PLANNING, {"goal_id": goal_id, "under": self._ledger.under})

    def planned(self, goal_id: GoalId, planned: Planned, grant: Grant) -> None:
        """Fix the plan and the grant. A goal that was cancelled meanwhile stays cancelled."""
        with self._ledger.writing("planned") as tx:
            plan = planned.plan
            values = {"goal_id": goal_id, "planned_by": planned.planned_by, "note": planned.note}
            values["focus"] = planned.focus
            if tx.execute(queries.PLANNED, {**values, "now": self._ledger.now()}) != 1:
                return
            for number, task in enumerate(plan.tasks, 1):
                row = {"goal_id": goal_id, "number": number, "planned": task.model_dump_json()}
                needs = {"depends_on": json.dumps(task.depends_on), "optional": int(task.optional)}
                tx.execute(queries.ADD_TASK, {**row, **needs})
            self._give(tx, goal_id, grant, ENGINE)
            self._audit(tx, ENGINE, "plan_made", goal_id, plan.model_dump_json())
            tell_of_plan(self._ledger, tx, goal_of(tx, goal_id), len(plan.tasks))
            settle_goal(self._ledger, tx, goal_id)

    def planning_failed(self, goal_id: GoalId, failure: Failure) -> None:
        """Plan again later, or give up."""
        with self._ledger.writing("planning_failed") as tx:
            self._planning_failed(tx, goal_of(tx, goal_id), failure)

    def planning_interrupted(self, goal_id: GoalId) -> None:
        with self._ledger.writing("planning_interrupted") as tx:
            tx.execute(queries.PLANNING_INTERRUPTED, {"goal_id": goal_id})

    def take_over(self) -> None:
        """Plan again what a former process was planning; what killed it several times is set apart."""
        found = self._ledger.database.rows(queries.GOALS_BEING_PLANNED, (), GoalRecord)
        if not found:
            return
        with self._ledger.writing("taken_over") as tx:
            for goal in found:
                if goal.under == self._ledger.under:
                    self._planning_failed(tx, goal, death("while it was planned"))
                else:
                    tx.execute(queries.PLANNING_INTERRUPTED, {"goal_id": goal.id})

    def spend(self, goal_id: GoalId, spent: Spent) -> None:
        """Count what a goal used beside its tasks."""
        with self._ledger.database.transaction() as tx:
            tx.execute(queries.SPEND_GOAL, {**spent.values(), "goal_id": goal_id})

    def renew_grant(self, goal_id: GoalId, grant: Grant, given_by: str) -> None:
        """Give the goal another version of its grant."""
        with self._ledger.writing("grant_renewed") as tx:
            self._give(tx, goal_id, grant, given_by)

    def grant(self, goal_id: GoalId) -> Grant:
        """The one that holds; empty before there is a plan."""
        content = self._ledger.database.row(queries.GRANT, {"goal_id": goal_id}, str)
        return Grant.model_validate_json(content) if content else Grant()

    def to_deliver(self) -> list[GoalRecord]:
        """Goals whose tasks have all ended and whose report is not written."""
        return self._ledger.database.rows(queries.GOALS_TO_DELIVER, (), GoalRecord)

    def outcome(self, goal_id: GoalId) -> Status:
        """How a goal whose tasks have all ended will end."""
        found = self._ledger.database.rows(queries.TASK_STATES, {"goal_id": goal_id}, task_state)
        return settle(found).status

    def deliver(self, goal_id: GoalId, results: Sequence[str], problem: str) -> None:
        """The report is written, or cannot be: the goal ends."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            status = settle(states_of(tx, goal_id)).status
            error = goal.error if status is Status.FAILED else problem
            if problem and status is Status.COMPLETED:
                status = Status.FAILED
            self._end(tx, goal, status, error, results, delivered=not problem)

    def overdue(self) -> list[GoalRecord]:
        """Open goals whose deadline has passed."""
        return self._ledger.database.rows(queries.GOALS_OVERDUE, {"now": self._ledger.now()}, GoalRecord)

    def fail(self, goal_id: GoalId, reason: str) -> None:
        """End a goal before its tasks have; what was done stays."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status not in FINAL:
                end_open_tasks(self._ledger, tx, goal, reason)
                self._end(tx, goal, Status.FAILED, reason, TEXTS.validate_json(goal.results), delivered=False)

    def cancel(self, goal_id: GoalId) -> None:
        """A person does not want it any more. Raises `Conflict` for one that has ended otherwise."""
        with self._ledger.writing("goal_ended") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status == Status.CANCELLED:
                return
            if goal.status in FINAL:
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", "See it with: senter goal show N")
            reason = "A person cancelled the goal."
            end_open_tasks(self._ledger, tx, goal, reason)
            self._end(tx, goal, Status.CANCELLED, reason, (), delivered=False)
            self._audit(tx, USER, "goal_cancelled", goal_id, goal.text)

    def pause(self, goal_id: GoalId, *, paused: bool) -> None:
        """Begin nothing more of it, or go on. Raises `Conflict` for one that has ended."""
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if goal.status in FINAL:
                raise Conflict(f"Goal {goal_id} has ended: {goal.status}.", f"Begin anew: senter goal retry {goal_id}")
            if tx.execute(queries.PAUSE, {"goal_id": goal_id, "paused": int(paused)}):
                self._audit(tx, USER, "goal_paused" if paused else "goal_resumed", goal_id, goal.text)

    def prioritise(self, goal_id: GoalId, priority: int) -> None:
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            if tx.execute(queries.PRIORITISE, {"goal_id": goal_id, "priority": priority}):
                self._audit(tx, USER, "goal_prioritised", goal_id, f"{goal.priority} to {priority}")

    def retry(self, goal_id: GoalId, grant: Grant | None) -> None:
        """Try again what failed, was cancelled or set apart; what is done stays done.

        `grant` is given anew, because a person asks. Raises `Conflict` for a goal that has nothing to try again.
        """
        with self._ledger.writing("goal_changed") as tx:
            goal = goal_of(tx, goal_id)
            reopened = tx.execute(queries.REOPEN_TASKS, {"goal_id": goal_id})
            if not reopened and goal.status in (Status.PENDING, Status.PLANNING, Status.IN_PROGRESS, Status.WAITING):
                return  # said twice
            if goal.status == Status.COMPLETED:
                raise Conflict(f"Goal {goal_id} is completed.", "Ask for it anew with: senter goal TEXT")
            self._reopen(tx, goal)
            if grant is not None:
                self._give(tx, goal_id, grant, USER)
            self._audit(tx, USER, "goal_retried", goal_id, goal.text)

    def forget_ended(self, keep: timedelta) -> int:
        """Forget a few goals that ended long ago; returns how many, 0 when there are none left."""
        oldest = stamp(self._ledger.clock.now() - keep)
        values = {"oldest": oldest, "limit": FORGOTTEN_AT_ONCE}
        found = self._ledger.database.rows(queries.GOALS_TO_FORGET, values, int)
        with self._ledger.database.transaction() as tx:
            for goal_id in found:
                tx.execute(queries.FORGET_GOAL, {"goal_id": goal_id})
            self._ledger.audit.erase_texts(tx, oldest)
        return len(found)

    def next_moments(self) -> list[str]:
        """When the next deadline passes, and when the next planning that was put off is due."""
        found = [
            self._ledger.database.row(queries.NEXT_DEADLINE, (), _text),
            self._ledger.database.row(queries.NEXT_PLANNING, {"now": self._ledger.now()}, _text),
        ]
        return [moment for moment in found if moment]

    def open_count(self) -> int:
        return self._ledger.database.row(queries.OPEN_GOALS, (), int) or 0

    def _planning_failed(self, tx: Transaction, goal: GoalRecord, failure: Failure) -> None:
        record = goal.record.after(failure)
        verdict = judge(record, failure, self._ledger.settings, self._random.uniform(-1, 1))
        final = verdict.status is Status.FAILED
        values = {
            "goal_id": goal.id,
            "status": verdict.status,
            "error": failure.text,
            "failures": record.failures,
            "same_failures": record.same_failures,
            "last_failure": record.last_failure,
            "not_before": self._ledger.after(verdict.wait_seconds) if verdict.wait_seconds else "",
            "finished_at": self._ledger.now() if final else None,
        }
        tx.execute(queries.PLANNING_FAILED, values)
        if final:
            tell_of_goal(self._ledger, tx, goal, Status.FAILED, [])

    def _end(
        self,
        tx: Transaction,
        goal: GoalRecord,
        status: Status,
        error: str,
        results: Sequence[str],
        *,
        delivered: bool,
    ) -> None:
        values = {"goal_id": goal.id, "status": status, "error": error, "delivered": int(delivered)}
        ended = {"results": TEXTS.dump_json(tuple(results)).decode(), "now": self._ledger.now()}
        if tx.execute(queries.END_GOAL, {**values, **ended}) == 1:
            self._audit(tx, ENGINE, f"goal_{status.value}", goal.id, error)
            tell_of_goal(self._ledger, tx, goal, status, states_of(tx, goal.id))

    def _reopen(self, tx: Transaction, goal: GoalRecord) -> None:
        planned = bool(tx.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord))
        passed = goal.deadline is not None and goal.deadline <= self._ledger.now()
        values = {
            "goal_id": goal.id,
            "status": Status.IN_PROGRESS if planned else Status.PENDING,
            "deadline": None if passed else goal.deadline,
        }
        tx.execute(queries.REOPEN_GOAL, values)
        tx.execute(queries.FORGET_DENIED, {"goal_id": goal.id})
        if planned:
            settle_goal(self._ledger, tx, goal.id)

    def _give(self, tx: Transaction, goal_id: GoalId, grant: Grant, given_by: str) -> None:
        now = self._ledger.now()
        content = grant.model_dump_json()
        tx.execute(queries.ADD_GRANT, {"goal_id": goal_id, "content": content, "given_by": given_by, "now": now})
        self._audit(tx, given_by, "grant_given", goal_id, content)

    def _audit(self, tx: Transaction, actor: str, action: str, goal_id: GoalId, text: str) -> None:
        self._ledger.audit.add(tx, self._ledger.now(), actor, action, f"goal {goal_id}", text)


def _known(tx: Transaction, new: NewGoal) -> GoalId:
    found = tx.row(queries.GOAL_BY_REQUEST, {"request_id": new.request_id}, GoalRecord)
    if found is None or found.text != new.text:
        raise _used(new.request_id)
    return found.id


def _used(request_id: str) -> Conflict:
    return Conflict(
        f"The request id {request_id} was used for another goal.", "Choose a new request id for a new goal."
    )


def _text(text: str | None) -> str | None:
    return text
