"""What follows from the states of a goal's tasks: which may begin, which never can, and how the goal stands.

Pure: the journal asks, and writes down the answer together with the change that led to the question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from senter.messages.goals import FINAL, Shown, Status
from senter.sentences import phrase

SHOWN = {
    Status.PENDING: Shown.PENDING,
    Status.PLANNING: Shown.ACTIVE,
    Status.IN_PROGRESS: Shown.ACTIVE,
    Status.WAITING: Shown.BLOCKED,
    Status.QUARANTINED: Shown.BLOCKED,
    Status.COMPLETED: Shown.COMPLETED,
    Status.FAILED: Shown.FAILED,
    Status.CANCELLED: Shown.CANCELLED,
    Status.PLEASE_LOOK: Shown.PLEASE_LOOK,
}


@dataclass(frozen=True, slots=True)
class TaskState:
    """As much of a task as decides what follows."""

    number: int
    status: Status
    depends_on: tuple[int, ...] = ()
    optional: bool = False
    error: str = ""

    @property
    def ended(self) -> bool:
        """Whether the goal has nothing more to expect of it."""
        return self.status in FINAL or (self.optional and self.status is Status.QUARANTINED)

    @property
    def met(self) -> bool:
        """Whether those that depend on it may begin."""
        return self.status is Status.COMPLETED or (self.optional and self.ended)


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows."""

    ready: frozenset[int]
    """Pending tasks whose dependencies are met."""
    unreachable: Mapping[int, str]
    """Pending tasks that can never begin, with the reason."""
    status: Status
    """How the goal stands; completed and failed before its report is written."""


def settle(tasks: Sequence[TaskState]) -> Settled:
    """What follows from the states of a goal's tasks."""
    unreachable = _unreachable(tasks)
    left = [replace(task, status=Status.CANCELLED) if task.number in unreachable else task for task in tasks]
    ready = frozenset(task.number for task in left if task.status is Status.PENDING and _may_begin(task, left))
    return Settled(ready, MappingProxyType(unreachable), _goal_status(left, ready))


def progress_percent(tasks: Sequence[TaskState]) -> int:
    """Finished tasks of all tasks; an optional one that came to nothing counts as finished."""
    return 100 * sum(task.met for task in tasks) // len(tasks) if tasks else 0


def failure_reason(tasks: Sequence[TaskState]) -> str:
    """One sentence about the task on which a goal failed."""
    culprits = [task for task in tasks if not task.optional and task.status is Status.FAILED]
    culprits = culprits or [task for task in tasks if not task.optional and task.status is Status.CANCELLED]
    if not culprits:
        return ""
    first = culprits[0]
    said = "Task {number} failed: {why}" if first.status is Status.FAILED else "Task {number} cancelled: {why}"
    return phrase(said, number=first.number, why=first.error).rstrip(": ")


def _unreachable(tasks: Sequence[TaskState]) -> dict[int, str]:
    states = {task.number: task for task in tasks}
    unreachable: dict[int, str] = {}
    while found := {
        task.number: reason
        for task in tasks
        if task.status is Status.PENDING
        and task.number not in unreachable
        and (reason := _reason(task, states, unreachable))
    }:
        unreachable.update(found)
    return unreachable


def _reason(task: TaskState, states: Mapping[int, TaskState], unreachable: Collection[int]) -> str:
    for number in task.depends_on:
        needed = states[number]
        if number in unreachable and not needed.optional:
            return f"It needs task {number}, which was cancelled."
        if needed.status in FINAL and not needed.met:
            return f"It needs task {number}, which {'failed' if needed.status is Status.FAILED else 'was cancelled'}."
    return ""


def _may_begin(task: TaskState, tasks: Sequence[TaskState]) -> bool:
    return all(other.met for other in tasks if other.number in task.depends_on)


def _goal_status(tasks: Sequence[TaskState], ready: Collection[int]) -> Status:
    found = {task.status for task in tasks if not task.ended}
    if ready or Status.IN_PROGRESS in found:
        return Status.IN_PROGRESS
    if Status.WAITING in found:
        return Status.WAITING
    if Status.QUARANTINED in found:
        return Status.QUARANTINED
    return Status.COMPLETED if all(task.met for task in tasks) else Status.FAILED
