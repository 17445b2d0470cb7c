"""The tool goal_change: ends a goal, or has one that was ended go on."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments
from senter.components.task_engine.contract.goal_receipts import (
    GOAL_CHANGE,
    GoalAction,
    goal_inverse,
    goal_receipt,
)
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.errors import SenterError, ToolError
from senter.messages.goals import ChangeGoal, GoalId
from senter.messages.tools import EffectClass

TIMEOUT_SECONDS = 10.0


class GoalChangeArguments(Arguments):
    goal: Annotated[int, Field(ge=1, le=2**53)]
    """Its number."""
    action: GoalAction
    """What to do."""


class GoalChange(Tool[GoalChangeArguments]):
    """Idempotent: a goal that is cancelled already stays so."""

    name = GOAL_CHANGE
    description = "Cancels a goal, or has a cancelled one go on."
    arguments = GoalChangeArguments
    effect = EffectClass.IDEMPOTENT
    permission = "nothing, before the task has read text from outside"
    changes = "schedules"
    undoable = True
    offered: ClassVar[bool] = False

    async def run(self, arguments: GoalChangeArguments, call: ToolCall) -> ToolResult:
        goal_id = GoalId(arguments.goal)
        try:
            command = ChangeGoal(goal_id=goal_id, action=arguments.action)
            goal = (await call.bus.request(command, timeout_seconds=TIMEOUT_SECONDS)).goal
        except SenterError as error:
            raise ToolError(error.message, error.hint, trusted=True) from error
        receipt = goal_receipt(goal_id, goal.text, arguments.action)
        inverse = goal_inverse(goal_id, arguments.action)
        return ToolResult(f"{receipt.done}.", {"goal_id": goal_id}, trusted=True, receipts=(receipt,), inverse=inverse)
