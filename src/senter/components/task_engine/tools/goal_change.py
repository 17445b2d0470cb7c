"""The tool goal_change: does to another goal what a person says in talk: that it is done, no more wanted, due later."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, Text
from senter.components.task_engine.contract.goal_receipts import GOAL_CHANGE, GoalAction, goal_inverse, goal_receipt
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.naming import as_said
from senter.errors import CommunicationError, SenterError, ToolError
from senter.messages.goals import ChangeGoal, GetGoal, GoalId, GoalView
from senter.messages.tools import EffectClass
from senter.moments.shown import shown_when
from senter.moments.zones import user_zone

TIMEOUT_SECONDS = 10.0


class GoalChangeArguments(Arguments):
    goal: Annotated[int, Field(ge=1, le=2**53)]
    """Its number."""
    action: GoalAction
    """What to do: accept says that it is done, reopen that something is missing, move gives it another deadline,
    rename another text."""
    deadline: str = Field(default="", max_length=100)
    """With move: the new deadline, in words or ISO 8601; empty for none."""
    text: Text = ""
    """With reopen: what is missing; with rename: what it is called from now on."""


class GoalChange(Tool[GoalChangeArguments]):
    """Idempotent: a change said twice changes nothing more."""

    name = GOAL_CHANGE
    description = (
        "Says that another goal of the user's is done, goes on, is cancelled, paused, renamed, or due at another time."
    )
    arguments = GoalChangeArguments
    examples = (ToolExample("Cancel goal 3", {"goal": 3, "action": "cancel"}),)
    effect = EffectClass.IDEMPOTENT
    permission = "nothing, before the task has read text from outside"
    changes = "goals"
    undoable = True

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone

    async def run(self, arguments: GoalChangeArguments, call: ToolCall) -> ToolResult:
        goal_id, action = GoalId(arguments.goal), arguments.action
        before = await _ask(GetGoal(goal_id=goal_id), call)
        command = ChangeGoal(goal_id=goal_id, action=action, deadline=arguments.deadline, text=arguments.text)
        after = await _ask(command, call)
        receipt = goal_receipt(goal_id, after.text, action, self._due(after) if action == "move" else "")
        was = before.deadline.isoformat() if before.deadline else ""
        return ToolResult(
            f"{receipt.done}.",
            {"goal_id": goal_id},
            trusted=True,
            receipts=(receipt,),
            inverse=goal_inverse(goal_id, action, was, before.text),
        )

    def _due(self, goal: GoalView) -> str:
        if goal.deadline is None:
            return ""
        with as_said():
            zone = user_zone(self._timezone)
        return shown_when(goal.deadline.astimezone(zone), zone)


async def _ask(command: ChangeGoal | GetGoal, call: ToolCall) -> GoalView:
    try:
        return (await call.bus.request(command, timeout_seconds=TIMEOUT_SECONDS)).goal
    except CommunicationError as error:
        raise ToolError(error.message, error.hint, retryable=True, trusted=True) from error
    except SenterError as error:
        raise ToolError(error.message, error.hint, trusted=True) from error
