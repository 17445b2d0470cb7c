"""The parts that the engine puts to work, as it sees them: what plans, what carries out, what looks, what reports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from senter.bus.bus import Bus
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.plan import PlanResult, Postcondition
from senter.components.task_engine.contract.steps import Executor, TaskOutput
from senter.components.task_engine.contract.tool import ToolLookup
from senter.messages.goals import Check, GoalView, Grant, TaskView
from senter.messages.model import ModelRequest, ModelResponse
from senter.messages.tools import ToolView
from senter.paths import Paths


class ToolCatalogue(ToolLookup, Protocol):
    """Every tool there is, those that cannot be used too."""

    async def complete(self) -> None:
        """Find out what MCP servers offer, before a plan is made or the tools are shown."""
        ...

    def views(self) -> tuple[ToolView, ...]: ...


Ask = Callable[[ModelRequest], Awaitable[ModelResponse]]


class MakePlan(Protocol):
    """Makes a plan; `ask` is how it asks a model, `grant` what the goal will be allowed."""

    def __call__(self, text: str, folders: Sequence[str], ask: Ask, grant: Grant) -> Awaitable[PlanResult]: ...


class MakeAccess(Protocol):
    """The access that a grant gives; a task that has read text from outside reaches only what tools `found`."""

    def __call__(self, grant: Grant, *, found: Collection[str] | None = None) -> Access: ...


class Verify(Protocol):
    """Looks whether postconditions hold; relative paths begin at `folder`."""

    def __call__(
        self, postconditions: Sequence[Postcondition], output: TaskOutput, access: Access, folder: Path
    ) -> Awaitable[tuple[Check, ...]]: ...


class Report(Protocol):
    """Writes a goal's report; writing it again replaces it. Raises `OSError`."""

    def __call__(
        self, goal: GoalView, tasks: Sequence[TaskView], outputs: Mapping[int, TaskOutput], note: str
    ) -> Path: ...


@dataclass(frozen=True, slots=True)
class EngineServices:
    """Everything the engine needs beside its journal."""

    tools: ToolCatalogue
    plan: MakePlan
    executor: Executor
    verify: Verify
    report: Report
    folder: Callable[[str], Path]
    """Where the results of a focus lie."""
    default_grant: Callable[[Sequence[str]], Grant]
    """The grant of a goal, from the folders the user named."""
    access: MakeAccess
    list_folders: Callable[[], Awaitable[Sequence[str]]]
    """The folders the user named, asked for when nobody has said so far."""
    ask: Ask
    """Asks a research worker."""
    bus: Bus
    paths: Paths
