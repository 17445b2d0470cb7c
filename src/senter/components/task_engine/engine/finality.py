"""What cannot be taken back is said before it is done: of planned calls here, of approvals where they are asked for."""

from __future__ import annotations

from dataclasses import replace

from senter.components.task_engine.contract.plan import PlannedTask, PlanResult
from senter.components.task_engine.contract.tool import ToolLookup

CANNOT_BE_TAKEN_BACK = "It cannot be taken back."


def with_finality(planned: PlanResult, tools: ToolLookup) -> PlanResult:
    """The plan, each of its calls marked whose effect cannot be taken back."""
    tasks = tuple(_marked(task, tools) for task in planned.plan.tasks)
    return replace(planned, plan=planned.plan.model_copy(update={"tasks": tasks}))


def _marked(task: PlannedTask, tools: ToolLookup) -> PlannedTask:
    final = task.tool in tools.names() and tools.get(task.tool).final
    return task.model_copy(update={"final": True}) if final else task
