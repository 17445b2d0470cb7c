"""What became of a goal, in a receipt, and the call that takes it back."""

from __future__ import annotations

from typing import Literal

from senter.components.task_engine.contract.tool import InverseCall
from senter.messages.acts import Receipt, ThingKind
from senter.messages.goals import GoalId
from senter.sentences import phrase
from senter.text import one_line

GOAL_CHANGE = "goal_change"
TITLE_CHARACTERS = 200
GoalAction = Literal["accept", "reopen", "cancel", "retry", "pause", "resume", "move", "rename"]
GoalDeed = Literal["made", "accept", "reopen", "cancel", "retry", "pause", "resume", "move", "rename"]
BECAME: dict[str, str] = {
    "made": "Goal {id}: {title}",
    "accept": "Goal {id} is done: {title}",
    "reopen": "Goal {id} goes on: {title}",
    "cancel": "Goal {id} is cancelled: {title}",
    "retry": "Goal {id} goes on: {title}",
    "pause": "Goal {id} is paused: {title}",
    "resume": "Goal {id} goes on: {title}",
    "move": "Goal {id} has no deadline any more: {title}",
    "rename": "Goal {id} has another name: {title}",
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


def goal_receipt(goal_id: GoalId, text: str, what: GoalDeed, due: str = "") -> Receipt:
    """`due` is the deadline that it was given, in words."""
    title = one_line(text, TITLE_CHARACTERS)
    done = phrase("Goal {id} is due {due}: {title}", id=goal_id, due=due, title=title) if due else ""
    done = done or phrase(BECAME[what], id=goal_id, title=title)
    return Receipt(kind=ThingKind.GOAL, id=str(goal_id), title=title, done=done)


def goal_inverse(goal_id: GoalId, what: GoalDeed, deadline: str = "", text: str = "") -> tuple[InverseCall, ...]:
    """`deadline` is what it was before it was moved, in ISO 8601; empty for none. `text` is what it was called."""
    if what == "rename":
        return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": "rename", "text": text}),)
    if what == "move":
        return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": "move", "deadline": deadline}),)
    return (InverseCall(GOAL_CHANGE, {"goal": goal_id, "action": OPPOSITE[what]}),)
