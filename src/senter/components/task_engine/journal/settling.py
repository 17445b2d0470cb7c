"""Writes down what follows for a goal from a change of one of its tasks, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from senter.components.task_engine.contract.finding import is_only_set, what_was_done, what_was_found
from senter.components.task_engine.contract.plan import PersonJudges, WorkKind
from senter.components.task_engine.journal import queries, states
from senter.components.task_engine.journal.actions import receipts_of
from senter.components.task_engine.journal.announcing import CameOfIt, announce_goal, announce_task
from senter.components.task_engine.journal.audit import ENGINE
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import CHECKS, NUMBERS, TEXTS, GoalRecord, TaskRecord
from senter.components.task_engine.journal.states import TaskState
from senter.errors import NotFound
from senter.messages.goals import FINAL, GoalId, Status, TaskId
from senter.store.database import Database, Transaction


def settle_goal(ledger: JournalLedger, tx: Transaction, goal_id: GoalId) -> None:
    """Cancel what can never begin, mark what may, and say how the goal stands."""
    goal = goal_of(tx, goal_id)
    settled = states.settle(states_of(tx, goal_id))
    for number, reason in settled.unreachable.items():
        values = {"goal_id": goal_id, "number": number, "error": reason, "now": ledger.now()}
        tx.execute(queries.CANCEL_OPEN_TASKS, values)
    _announce_unreachable(ledger, tx, goal, settled.unreachable)
    found = states_of(tx, goal_id)
    for task in found:
        values = {"goal_id": goal_id, "number": task.number, "ready": int(task.number in settled.ready)}
        tx.execute(queries.SET_READY, values)
    _set_status(tx, goal, settled.status, found)


def end_open_tasks(ledger: JournalLedger, tx: Transaction, goal: GoalRecord, reason: str) -> None:
    """Cancel all that has not ended, running attempts included: their claims end here."""
    found = tx.rows(queries.OPEN_TASKS, {"goal_id": goal.id}, TaskRecord)
    now = ledger.now()
    tx.execute(queries.CANCEL_OPEN_TASKS, {"goal_id": goal.id, "number": None, "error": reason, "now": now})
    tx.execute(queries.CLOSE_APPROVALS, {"goal_id": goal.id, "task_id": None, "now": now})
    for task in found:
        if task.status == Status.IN_PROGRESS:
            values = {"fence": task.fence, "now": now, "outcome": "cancelled", "error": reason}
            tx.execute(queries.END_ATTEMPT, values)
        announce_task(ledger, tx, goal, task_of(tx, task.id))


def end_goal(
    ledger: JournalLedger,
    tx: Transaction,
    goal: GoalRecord,
    status: Status,
    error: str,
    results: Sequence[str] = (),
    *,
    delivered: bool,
) -> None:
    """End a goal that has not ended for good, and say so."""
    values = {"goal_id": goal.id, "status": status, "error": error, "delivered": int(delivered), "now": ledger.now()}
    if tx.execute(queries.END_GOAL, {**values, "results": TEXTS.dump_json(tuple(results)).decode()}) == 1:
        ledger.note(tx, ENGINE, f"goal_{status.value}", f"goal {goal.id}", error)
        announce_goal(ledger, tx, goal, status, states_of(tx, goal.id), _came_of_it(tx, goal, error))


def outcome(rows: Database | Transaction, goal: GoalRecord) -> Status:
    """How a goal stands whose tasks have all ended: done is not said of what only a person can judge."""
    found = rows.rows(queries.TASK_STATES, {"goal_id": goal.id}, task_state)
    status = states.settle(found).status
    judged = status is Status.COMPLETED and not goal.is_own and _is_for_a_person(rows, goal)
    return Status.PLEASE_LOOK if judged else status


def _came_of_it(tx: Transaction, goal: GoalRecord, error: str) -> CameOfIt:
    """Of one of the person's own it is what they said."""
    if goal.is_own:
        return CameOfIt(found=error)
    shown = _shown(tx.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord))
    outputs = [task.result for task in shown if task.result]
    taken_back = bool(shown) and all(task.plan.work is WorkKind.UNDO and not task.plan.tool for task in shown)
    found = what_was_found(outputs)
    done = found if taken_back else what_was_done(outputs)
    only_set = taken_back or is_only_set(outputs)
    each = tuple(receipt.done for receipt in receipts_of(tx, goal.id)) if only_set else ()
    return CameOfIt(done, found, only_set, each)


def states_of(tx: Transaction, goal_id: GoalId) -> list[TaskState]:
    return tx.rows(queries.TASK_STATES, {"goal_id": goal_id}, task_state)


def task_state(number: int, status: str, depends_on: str, optional: int, error: str) -> TaskState:
    return TaskState(number, Status(status), NUMBERS.validate_json(depends_on), bool(optional), error)


def goal_of(rows: Database | Transaction, goal_id: GoalId) -> GoalRecord:
    """Raises `NotFound`."""
    goal = rows.row(queries.GOAL, {"goal_id": goal_id}, GoalRecord)
    if goal is None:
        raise NotFound(f"There is no goal {goal_id}.", "See them with: senter goals")
    return goal


def task_of(rows: Database | Transaction, task_id: TaskId) -> TaskRecord:
    """Raises `NotFound`."""
    task = rows.row(queries.TASK, {"task_id": task_id}, TaskRecord)
    if task is None:
        raise NotFound(f"There is no task {task_id}.", "See the tasks of a goal with: senter goal show N")
    return task


def _announce_unreachable(ledger: JournalLedger, tx: Transaction, goal: GoalRecord, numbers: Collection[int]) -> None:
    if numbers:
        for task in tx.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord):
            if task.number in numbers:
                announce_task(ledger, tx, goal, task)


def _set_status(tx: Transaction, goal: GoalRecord, status: Status, tasks: Sequence[TaskState]) -> None:
    """A goal whose tasks have all ended stays in progress until its report is written."""
    executed = status in FINAL
    values = {
        "goal_id": goal.id,
        "status": Status.IN_PROGRESS if executed else status,
        "executed": int(executed),
        "verified": int(executed and _verified(tx, goal.id)),
        "error": _error(status, tasks),
    }
    tx.execute(queries.SET_GOAL_STATUS, values)


def _error(status: Status, tasks: Sequence[TaskState]) -> str:
    if status in (Status.WAITING, Status.QUARANTINED):
        held_up = next(task for task in tasks if task.status is status and not task.ended)
        return f"Task {held_up.number}: {held_up.error}"
    return states.failure_reason(tasks) if status is Status.FAILED else ""


def _verified(tx: Transaction, goal_id: GoalId) -> bool:
    """Every check held, and of each task whose output a person reads one that says more than that there is one."""
    tasks = tx.rows(queries.TASKS, {"goal_id": goal_id}, TaskRecord)
    shown = _shown(tasks)
    every = all(check.held is True for task in tasks for check in CHECKS.validate_json(task.checks))
    return every and bool(shown) and all(map(_content_was_checked, shown))


def _is_for_a_person(rows: Database | Transaction, goal: GoalRecord) -> bool:
    """Whether a person has to judge some of it. A model's plan says of itself what it wants to be held to: of what it
    shows there must be a check that looks at more than that something is there, or a receipt."""
    tasks = rows.rows(queries.TASKS, {"goal_id": goal.id}, TaskRecord)
    done = [task for task in tasks if task.status == Status.COMPLETED and not _by_hand(task)]
    if any(isinstance(condition, PersonJudges) for task in done for condition in task.plan.postconditions):
        return True
    left_open = (task for task in _shown(tasks) if not (_by_hand(task) or _content_was_checked(task) or _made(task)))
    return goal.planned_by == "model" and any(left_open)


def _shown(tasks: Sequence[TaskRecord]) -> list[TaskRecord]:
    """Those whose output a person reads."""
    used = {number for task in tasks for number in task.plan.depends_on}
    return [task for task in tasks if task.number not in used and task.status == Status.COMPLETED]


def _content_was_checked(task: TaskRecord) -> bool:
    """One that a person ended by their word was not looked at."""
    return task.checks != "[]" and any(condition.about_content for condition in task.plan.postconditions)


def _by_hand(task: TaskRecord) -> bool:
    """Whether a person ended it by their word, which is a verdict."""
    return task.checks == "[]" and bool(task.plan.postconditions)


def _made(task: TaskRecord) -> bool:
    """Whether something came of it that has a receipt."""
    return task.result is not None and bool(task.result.receipts)
