"""A person's word about one task: done, failed, or here is what it needs."""

from __future__ import annotations

from typing import Literal

from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.announcing import announce_task
from senter.components.task_engine.journal.audit import USER
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import OUTPUT, TaskRecord
from senter.components.task_engine.journal.settling import goal_of, settle_goal, task_of
from senter.errors import Conflict
from senter.messages.goals import FINAL, GoalId, Status, TaskId
from senter.store.database import Transaction

SAID_NOTHING = "A person said that it failed."


class ManualUpdates:
    """Carries out `UpdateTask`. Saying the same twice changes nothing more."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger

    def update(self, task_id: TaskId, action: Literal["done", "fail", "feed"], text: str) -> GoalId:
        """Raises `NotFound`, or `Conflict` where the task's state does not allow it."""
        with self._ledger.writing("task_updated") as tx:
            task = task_of(tx, task_id)
            if _said_before(task, action, text):
                return task.goal_id
            self._change(tx, task, action, text)
            self._ledger.note(tx, USER, f"task_{action}", f"task {task_id}", text)
            settle_goal(self._ledger, tx, task.goal_id)
        return task.goal_id

    def _change(self, tx: Transaction, task: TaskRecord, action: Literal["done", "fail", "feed"], text: str) -> None:
        match action:
            case "done":
                output = OUTPUT.dump_json(TaskOutput(text, trusted=True)).decode()
                self._end(tx, task, Status.COMPLETED, "", output)
            case "fail":
                self._end(tx, task, Status.FAILED, text or SAID_NOTHING, None)
            case "feed":
                _feed(tx, task, text)

    def _end(self, tx: Transaction, task: TaskRecord, status: Status, error: str, output: str | None) -> None:
        now = self._ledger.now()
        values = {"task_id": task.id, "status": status, "error": error, "output": output, "now": now}
        if tx.execute(queries.END_FROM_OUTSIDE, values) != 1:
            raise _refused(task)
        tx.execute(queries.CLOSE_APPROVALS, {"goal_id": task.goal_id, "task_id": task.id, "now": now})
        announce_task(self._ledger, tx, goal_of(tx, task.goal_id), task_of(tx, task.id))


def _feed(tx: Transaction, task: TaskRecord, text: str) -> None:
    approval_id = tx.row(queries.OPEN_APPROVAL_OF_TASK, {"task_id": task.id}, int)
    if approval_id is not None:
        raise Conflict(
            f"Task {task.id} waits for a yes or a no.", f"Give it with: senter approvals approve {approval_id}"
        )
    if task.plan.work is WorkKind.PERSON and not task.plan.tool:
        raise Conflict(f"Task {task.id} is yours to do.", f"Say when it is done: senter task done {task.id}")
    if tx.execute(queries.FEED, {"task_id": task.id, "text": text}) != 1:
        raise _refused(task)


def _said_before(task: TaskRecord, action: str, text: str) -> bool:
    """Whether nothing of what is said would be new, or lost."""
    if action == "done":
        known = task.result.text if task.result else ""
        return task.status == Status.COMPLETED and text in ("", known)
    if action == "fail":
        return task.status == Status.FAILED and text in ("", task.error)
    return task.status == Status.PENDING and task.fed == text


def _refused(task: TaskRecord) -> Conflict:
    if task.status == Status.IN_PROGRESS:
        return Conflict(f"Task {task.id} is being carried out.", f"Stop it with: senter goal cancel {task.goal_id}")
    if task.status in FINAL:
        return Conflict(f"Task {task.id} has ended: {task.status}.", f"See: senter goal show {task.goal_id}")
    return Conflict(f"Task {task.id} does not wait for anything: {task.status}.", "Only a waiting task can be fed.")
