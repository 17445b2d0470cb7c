"""What a running task may do, each step journaled: carried out once, whatever happens in between.

This is the contract; `JournaledSteps` (senter.components.task_engine.engine.journaled) keeps it. A task's code runs
again from its beginning after an interruption; a step that was finished then returns what it returned
before, without being carried out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from senter.components.task_engine.contract.plan import PlannedTask
from senter.components.task_engine.contract.tool import ToolResult
from senter.messages.goals import GoalId, Grant
from senter.messages.model import ModelRequest, ModelResponse

BODY = "body"
"""Where an output's data holds its text without notes about it."""
Ask = Callable[[ModelRequest], Awaitable[ModelResponse]]
"""Asks a model."""


@dataclass(frozen=True, slots=True)
class TaskOutput(ToolResult):
    """What a finished task hands to those that depend on it, and to the report."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One task to carry out, with the outputs it depends on by their task's number."""

    goal_id: GoalId
    goal: str
    task: PlannedTask
    inputs: Mapping[int, TaskOutput]
    asked_at: datetime
    """When its goal was asked for, so that a task that goes on later says the same to a model."""
    grant: Grant = field(default_factory=Grant)
    """So that work which can do without something does not wait for a person to allow it."""


class Steps(Protocol):
    """The journaled steps of one task."""

    async def tool(self, name: str, arguments: Mapping[str, JsonValue], *, may_wait: bool = True) -> ToolResult:
        """Call a tool. Raises what the tool raises. Where the grant does not allow it, the task waits for a person,
        or goes on with `PermissionNeeded` where it can do without (`may_wait` is false)."""
        ...

    def taint(self) -> None:
        """Text from outside came into the task's context by another way than a tool's result or failure."""
        ...

    async def model(self, request: ModelRequest) -> ModelResponse:
        """Ask a research worker. Counts against the budget."""
        ...


class Executor(Protocol):
    """Carries out tasks. Deterministic apart from its steps, so that it can be run again from the beginning."""

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput: ...
