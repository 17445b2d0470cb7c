"""What became of a goal, in a receipt, and the call that takes it back."""

from __future__ import annotations

from typing import Literal

from senter.components.task_engine.contract.tool import InverseCall
from senter.messages.acts import Receipt, ThingKind
from senter.messages.goals import GoalId
from senter.text import one_line

GOAL_CHANGE = "goal_change"
TITLE_CHARACTERS = 200
GoalAction = Literal["accept", "reopen", "cancel", "retry", "pause", "resume", "move", "rename"]
GoalDeed = Literal["made", "accept", "reopen", "cancel", "retry", "pause", "resume", "move", "rename"]
BECAME: dict[str, str] = {
    "made": "",
    "accept": " is done",
    "reopen": " goes on",
    "cancel": " is cancelled",
    "retry": " goes on",
    "pause": " is paused",
    "resume": " goes on",
    "move": " has another deadline",
    "rename": " has another name",
}
OPPOSITE: dict[str, GoalAction] = {
    "made": "cancel",
    "accept": "retry",
    "reopen": "accept",
    "cancel": "retry",
    "retry": "cancel",
    "pause": "resume",
    "resume": "pause",
}


def goal_receipt(goal_id: GoalId, text: str, what: GoalDeed, became: str = "") -> Receipt:
    """`became` says more exactly what it is now."""
    title = one_line(text, TITLE_CHARACTERS)
    done = f"Goal {goal_id}{became or BECAME[what]}: {title}"
    return Receipt(kind=ThingKind.GOAL, id=str(goal_id), title=title, done=done)


def goal_inverse(goal_id: GoalId, what: GoalDeed, deadline: str = "", text: str = "") -> tuple[InverseCall, ...]:
    """`deadline` is what it was before it was moved, in ISO 8601; empty for none. `text` is what it was called."""
    if what == "rename":
        return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": "rename", "text": text}),)
    if what == "move":
        return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": "move", "deadline": deadline}),)
    return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": OPPOSITE[what]}),)
