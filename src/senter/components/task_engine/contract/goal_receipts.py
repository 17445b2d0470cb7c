"""What making, cancelling and reopening a goal is to people, and the call that takes each back."""

from __future__ import annotations

from typing import Literal

from senter.components.task_engine.contract.tool import InverseCall
from senter.messages.acts import Receipt, ThingKind
from senter.messages.goals import GoalId
from senter.text import one_line

GOAL_CHANGE = "goal_change"
TITLE_CHARACTERS = 200
GoalAction = Literal["cancel", "retry"]
BECAME: dict[str, str] = {"made": "", "cancel": " is cancelled", "retry": " goes on"}
OPPOSITE: dict[str, GoalAction] = {"made": "cancel", "cancel": "retry", "retry": "cancel"}


def goal_receipt(goal_id: GoalId, text: str, what: Literal["made", "cancel", "retry"]) -> Receipt:
    title = one_line(text, TITLE_CHARACTERS)
    return Receipt(kind=ThingKind.GOAL, id=str(goal_id), title=title, done=f"Goal {goal_id}{BECAME[what]}: {title}")


def goal_inverse(goal_id: GoalId, what: Literal["made", "cancel", "retry"]) -> tuple[InverseCall, ...]:
    return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": OPPOSITE[what]}),)
