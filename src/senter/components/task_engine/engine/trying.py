"""What a person tries before anything is done: the plan of a goal, one call of a tool."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.plan import PlannedTask
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.engine.goal_planner import GoalPlanner
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.audit import ENGINE, USER
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.result_codec import encode_result, shortened
from senter.components.task_engine.journal.states import SHOWN
from senter.components.task_engine.journal.steps import exact_json
from senter.components.task_engine.permissions.decide import outside, widened
from senter.errors import Forbidden, InvalidInput, PermissionNeeded, SenterError, ToolError
from senter.messages.acts import Act, ActKind
from senter.messages.goals import (
    Check,
    GoalId,
    GoalKind,
    GoalReply,
    GoalView,
    Grant,
    PlanGoal,
    Status,
    TaskId,
    TaskView,
    Widening,
)
from senter.messages.message import new_message_id
from senter.messages.tools import EffectClass, TestTool, ToolTested

NOT_STORED = GoalId(0)
USUAL_PRIORITY = 5
SHOWN_CHARACTERS = 20_000
SOURCES_SHOWN = 50


async def preview(
    command: PlanGoal, acts: tuple[Act, ...], planner: GoalPlanner, services: EngineServices
) -> GoalReply:
    """The plan of a goal without the goal: nothing is stored, nothing is carried out. Raises `PlanError`."""
    folders = await planner.folders()
    await services.tools.complete()
    grant = widened(services.default_grant(folders), (command.grant or Widening()).to_grant())
    own = any(act.kind is ActKind.GOAL for act in acts)
    asked = Asked(command.text, services.clock.now(), acts, own=own)
    planned = await services.plan(asked, folders, services.ask, grant)
    goal = GoalView(
        id=NOT_STORED,
        text=command.text,
        kind=GoalKind.OWN if own else GoalKind.WORK,
        priority=USUAL_PRIORITY,
        status=Status.PENDING,
        state=SHOWN[Status.PENDING],
        progress_percent=0,
        focus=planned.focus,
        created_at=services.clock.now(),
    )
    tasks = tuple(_shown(number, task) for number, task in enumerate(planned.plan.tasks, 1))
    grant = planner.with_asked(grant, planned.plan)
    return GoalReply(goal=goal, tasks=tasks, grant=grant, planned_by=planned.planned_by, note=planned.note)


def _shown(number: int, task: PlannedTask) -> TaskView:
    own = {"id": TaskId(0), "number": number, "status": Status.PENDING, "state": SHOWN[Status.PENDING]}
    checks = tuple(Check(what=condition.words) for condition in task.postconditions)
    return TaskView.model_validate({**dict(task), **own, "checks": checks})


async def try_tool(command: TestTool, grant: Grant, journal: EngineJournal, services: EngineServices) -> ToolTested:
    """One call of a tool with a person's own arguments. Raises `NotFound`, `InvalidInput`, `ToolError`, and `Forbidden`
    for a once-only tool or what `grant`, the default grant, does not cover."""
    tool = services.tools.get(command.tool)
    if tool.effect is EffectClass.ONCE_ONLY:
        raise Forbidden(f"{tool.name} has an effect that cannot be undone.", "Use it in a goal.")
    if reason := tool.unavailable():
        raise ToolError(f"{tool.name} cannot be used: {reason}")
    exact = _understood(tool, command)
    now = services.clock.now()
    if beyond := outside(grant, tool.needs(exact, services.paths), now):
        raise _outside_default(beyond)
    journal.audit.note(now, USER, "tool_tested", tool.name, exact_json(command.arguments))
    call = ToolCall(
        new_message_id(), services.access(grant, None), now, services.paths, services.bus, services.clock, services.log
    )
    try:
        result = shortened(await _called(tool, exact, call))
    except SenterError as error:
        journal.audit.note(services.clock.now(), ENGINE, "test_failed", tool.name, error.message)
        raise
    journal.audit.note(services.clock.now(), ENGINE, "test_returned", tool.name, encode_result(result))
    return ToolTested(
        text=result.text[:SHOWN_CHARACTERS],
        sources=result.sources[:SOURCES_SHOWN],
        truncated=len(result.text) > SHOWN_CHARACTERS,
    )


def _understood(tool: Tool[BaseModel], command: TestTool) -> BaseModel:
    try:
        return parsed(tool, command.arguments)
    except ToolError as error:
        raise InvalidInput(error.message, f"See: senter tools show {tool.name}") from error


async def _called(tool: Tool[BaseModel], exact: BaseModel, call: ToolCall) -> ToolResult:
    try:
        async with asyncio.timeout(tool.timeout_seconds):
            return await tool.run(exact, call)
    except PermissionNeeded as error:
        raise _outside_default(error.needs) from error
    except TimeoutError as error:
        raise ToolError(f"{tool.name} took longer than {tool.timeout_seconds:g} s.") from error


def _outside_default(needs: Sequence[object]) -> Forbidden:
    return Forbidden(
        f"A try may do what every goal may, and that is not: {'; '.join(map(str, needs))}.",
        "Use it in a goal, which asks you. See: senter approvals",
    )
