"""What the engine tells everyone, in the transaction that makes it true.

It ends in digests and in notifications on other people's machines, where an address is opened to show what is behind
it: descriptions and reasons are defused.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Literal

from pydantic import JsonValue

from senter.component.tool_talk.defusing import addresses_in, defused
from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import GoalRecord, TaskRecord
from senter.components.task_engine.journal.states import TaskState
from senter.messages.activity import APPROVAL_CHARACTERS, APPROVAL_WAITING, ActivityLogged
from senter.messages.envelope import continuing
from senter.messages.goals import Status, TaskFinished
from senter.messages.message import Event, MessageId, named_after
from senter.store.database import Transaction
from senter.text import one_line

SUMMARY_CHARACTERS = 200
MOST_TOLD = 20
IN_WORDS = {
    Status.COMPLETED: "Done",
    Status.FAILED: "Failed",
    Status.CANCELLED: "Cancelled",
    Status.QUARANTINED: "Quarantined",
    Status.PLEASE_LOOK: "Done, please look",
}


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """What came of a goal, a sentence each; empty where there is none."""

    done: str = ""
    """What was done, by its receipt."""
    found: str = ""
    """The first thing that was found."""
    only_set: bool = False
    """Whether it did no more than set or change things, or take such back: nothing that somebody achieved."""
    each: tuple[str, ...] = ()
    """What was set or changed, by each receipt."""


def announce_plan(ledger: JournalLedger, tx: Transaction, goal: GoalRecord, task_count: int) -> None:
    details: dict[str, JsonValue] = {"goal_id": goal.id, "description": goal.text, "task_count": task_count}
    summary = f"Planned in {task_count} {'task' if task_count == 1 else 'tasks'}: {short(goal.text)}"
    _log(ledger, tx, goal, "plan_created", summary, details, "low")


def announce_task(ledger: JournalLedger, tx: Transaction, goal: GoalRecord, task: TaskRecord) -> None:
    """Announce how a task ended; `task` as it is now."""
    status, known = Status(task.status), addresses_in(goal.text)
    description, error = defused(task.plan.description, known), defused(task.error, known)
    finished = TaskFinished(goal_id=goal.id, task_id=task.id, status=status, description=description)
    _announce(ledger, tx, goal, finished, task.number, status)
    details: dict[str, JsonValue] = {"goal_id": goal.id, "task_id": task.id, "description": description}
    summary = f"{IN_WORDS[status]}: {short(description)}"
    if status is Status.COMPLETED:
        details["duration"] = round(task.wall_seconds, 3)
        _log(ledger, tx, goal, "task_completed", summary, details, "normal", task.number)
    elif status is not Status.CANCELLED:
        details["error"] = error
        why = f"{summary}. {short(error)}"
        _log(ledger, tx, goal, "task_failed", why, details, "high", task.number, status)


def announce_goal(
    ledger: JournalLedger, tx: Transaction, goal: GoalRecord, status: Status, tasks: list[TaskState], came: CameOfIt
) -> None:
    """Announce how a goal ended, and what came of it."""
    known = addresses_in(goal.text)
    details: dict[str, JsonValue] = {
        "goal_id": goal.id,
        "description": goal.text,
        "status": status.value,
        "tasks_completed": sum(task.status is Status.COMPLETED for task in tasks),
        "tasks_failed": sum(task.status is not Status.COMPLETED for task in tasks),
        "done": defused(short(came.done), known),
        "found": defused(short(came.found), known),
        "only_set": came.only_set,
        "own": goal.is_own,
        "each": [defused(short(done), known) for done in came.each[:MOST_TOLD]],
    }
    summary = f"{IN_WORDS[status]}: {short(goal.text)}"
    importance = "normal" if status in (Status.COMPLETED, Status.PLEASE_LOOK) else "high"
    _log(ledger, tx, goal, "goal_completed", summary, details, importance, status)
    researched = status is Status.PLEASE_LOOK or (status is Status.COMPLETED and goal.status != Status.PLEASE_LOOK)
    if researched and goal.focus == "research" and not goal.is_own:
        summary = f"Researched: {short(goal.topic)}"
        _log(ledger, tx, goal, "research_complete", summary, {"goal_id": goal.id, "topic": goal.topic}, "normal")


def announce_approval(
    ledger: JournalLedger, tx: Transaction, goal: GoalRecord, approval_id: int, said: str, step: str
) -> None:
    """Tell a person at once what waits for their word. `said` is the call and how it is decided, `step` names it."""
    summary = one_line(f"Waits for you: {defused(said, addresses_in(goal.text))}", APPROVAL_CHARACTERS)
    details: dict[str, JsonValue] = {"goal_id": goal.id, "approval_id": approval_id}
    _log(ledger, tx, goal, APPROVAL_WAITING, summary, details, "high", step)


def announce_overdue(ledger: JournalLedger, tx: Transaction, goal: GoalRecord) -> None:
    """Say once that the deadline of a goal of the person's own has passed."""
    details: dict[str, JsonValue] = {"goal_id": goal.id, "description": goal.text}
    _log(ledger, tx, goal, "goal_overdue", f"Overdue: {short(goal.text)}", details, "high", goal.deadline or "")


def short(text: str) -> str:
    """What fits into a sentence."""
    return one_line(text, SUMMARY_CHARACTERS)


def _log(
    ledger: JournalLedger,
    tx: Transaction,
    goal: GoalRecord,
    kind: str,
    summary: str,
    details: dict[str, JsonValue],
    importance: Literal["low", "normal", "high", "critical"],
    *fact: str | int,
) -> None:
    activity = ActivityLogged(kind=kind, summary=summary, details=details, importance=importance)
    _announce(ledger, tx, goal, activity, kind, *fact)


def _announce(ledger: JournalLedger, tx: Transaction, goal: GoalRecord, event: Event, *fact: str | int) -> None:
    named = _first_free(tx, goal.message_id, event.wire_name, *fact)
    tx.execute(queries.ADD_ANNOUNCED, {"event_id": named, "goal_id": goal.id})
    with continuing(goal.correlation_id):
        ledger.announce(tx, event, named=named)


def _first_free(tx: Transaction, *fact: str | int) -> MessageId:
    """The same may be true of a goal again, once a person has had it tried again: the second time is another fact.
    Nothing in the name is a number that is given anew after a fall-back."""
    names = (named_after(*fact, earlier) for earlier in count())
    return next(name for name in names if tx.row(queries.WAS_ANNOUNCED, {"event_id": name}, int) is None)
