"""What the engine puts to work beside its journal: what plans, what carries out, what looks, what reports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.plan import PlanResult, Postcondition
from senter.components.task_engine.contract.steps import Ask, Executor, TaskOutput
from senter.components.task_engine.contract.tool import ToolLookup
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.calendars import Calendars
from senter.messages.goals import Check, GoalView, Grant, TaskView
from senter.messages.tools import ToolView
from senter.messages.understanding import Understanding
from senter.paths import Paths
from senter.understanding.known import Known

MakePlan = Callable[[Asked, Sequence[str], Ask, Grant], Awaitable[PlanResult]]
"""Of what was asked for, the folders the user named, how to ask a model, and what the goal will be allowed."""
ReadText = Callable[[str, datetime, ZoneInfo, Known], Awaitable[Understanding]]
"""What a text means, said at a moment, where there is what is known."""
MakeAccess = Callable[[Grant, Collection[str] | None], Access]
"""A task that has read text from outside reaches only the addresses that tools found; None for all."""
Verify = Callable[[Sequence[Postcondition], TaskOutput, Access, Path], Awaitable[tuple[Check, ...]]]
"""Looks whether postconditions hold; relative paths begin at the folder."""
Report = Callable[[GoalView, Sequence[TaskView], Mapping[int, TaskOutput], str], Path]
"""Writes a goal's report, the note last; writing it again replaces it. Raises `OSError`."""


class ToolCatalogue(ToolLookup, Protocol):
    """Every tool there is, those that cannot be used too."""

    async def complete(self) -> None:
        """Find out what MCP servers offer, before a plan is made or the tools are shown."""
        ...

    def views(self) -> tuple[ToolView, ...]: ...


@dataclass(frozen=True, slots=True)
class EngineServices:
    """Everything the engine needs beside its journal."""

    tools: ToolCatalogue
    calendars: Calendars
    understand: ReadText
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
    settings: TaskEngineSettings
    bus: Bus
    paths: Paths
    clock: Clock
    log: structlog.stdlib.BoundLogger
