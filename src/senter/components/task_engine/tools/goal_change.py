"""The tool goal_change: does to another goal what a person says in talk: that it is done, that it is to be later."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, Text
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.naming import as_said
from senter.errors import CommunicationError, SenterError, ToolError
from senter.messages.acts import Receipt, ThingKind
from senter.messages.goals import MAX_NUMBER, ChangeGoal, GetGoal, GoalId, GoalView, Status
from senter.messages.tools import EffectClass
from senter.moments.dates import shown, user_zone
from senter.text import one_line

TIMEOUT_SECONDS = 10.0
TITLE_CHARACTERS = 100
Change = Literal["accept", "reopen", "cancel", "retry", "pause", "resume", "move"]
DONE = {
    "accept": "is done",
    "reopen": "goes on",
    "cancel": "is cancelled",
    "retry": "goes on",
    "pause": "is paused",
    "resume": "goes on",
}
BACK = {"accept": "retry", "reopen": "accept", "cancel": "retry", "pause": "resume", "resume": "pause"}
"""What takes a change back; trying again has nothing to go back to."""


class GoalChangeArguments(Arguments):
    goal: int = Field(ge=1, le=MAX_NUMBER)
    """The goal's number."""
    action: Change
    """What to do: accept says that it is done, reopen that something is missing, move gives it another deadline."""
    deadline: str = Field(default="", max_length=100)
    """With move: the new deadline, in words or ISO 8601; empty for none."""
    text: Text = ""
    """With reopen: what is missing."""
    was: str = Field(default="", max_length=100)
    """Only where the goal still has this status; empty for any."""


class GoalChange(Tool[GoalChangeArguments]):
    """Idempotent: each change said twice changes nothing more."""

    name = "goal_change"
    description = "Changes another goal of the user's: done, reopened, cancelled, paused, resumed, or due later."
    arguments = GoalChangeArguments
    examples = (ToolExample("Cancel goal 3", {"goal": 3, "action": "cancel"}),)
    effect = EffectClass.IDEMPOTENT
    permission = "nothing, before the task has read text from outside"
    changes = "goals"
    undoable = True

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone

    async def run(self, arguments: GoalChangeArguments, call: ToolCall) -> ToolResult:
        before = await self._ask(GetGoal(goal_id=GoalId(arguments.goal)), call)
        if arguments.was and before.status != arguments.was and not _is_made(before, arguments):
            raise ToolError(
                f"Goal {before.id} was changed since: it is {before.status.replace('_', ' ')}.", trusted=True
            )
        after = await self._ask(_command(arguments), call)
        sentence = f"Goal {after.id} {self._done(arguments, after)}: {one_line(after.text, TITLE_CHARACTERS)}"
        title = one_line(after.text, TITLE_CHARACTERS)
        receipt = Receipt(kind=ThingKind.GOAL, id=str(after.id), title=title, done=call.defused(sentence))
        inverse = _inverse(arguments, before, after)
        return ToolResult(text=sentence, trusted=True, receipts=(receipt,), inverse=inverse)

    def _done(self, arguments: GoalChangeArguments, goal: GoalView) -> str:
        if arguments.action != "move":
            return DONE[arguments.action]
        with as_said():
            zone = user_zone(self._timezone)
        return f"is due {shown(goal.deadline, zone)}, {zone.key}" if goal.deadline else "has no deadline any more"

    async def _ask(self, command: ChangeGoal | GetGoal, call: ToolCall) -> GoalView:
        try:
            return (await call.bus.request(command, timeout_seconds=TIMEOUT_SECONDS)).goal
        except CommunicationError as error:
            raise ToolError(error.message, error.hint, retryable=True, trusted=True) from error
        except SenterError as error:
            raise ToolError(error.message, error.hint, trusted=True) from error


def _command(arguments: GoalChangeArguments) -> ChangeGoal:
    return ChangeGoal(
        goal_id=GoalId(arguments.goal), action=arguments.action, deadline=arguments.deadline, text=arguments.text
    )


def _is_made(goal: GoalView, arguments: GoalChangeArguments) -> bool:
    """Whether an earlier try at this call did it already."""
    return goal.status is {"accept": Status.COMPLETED, "cancel": Status.CANCELLED}.get(arguments.action)


def _inverse(arguments: GoalChangeArguments, before: GoalView, after: GoalView) -> tuple[InverseCall, ...]:
    if arguments.action == "move":
        earlier = before.deadline.isoformat() if before.deadline else ""
        return (InverseCall("goal_change", {"goal": after.id, "action": "move", "deadline": earlier}),)
    back = BACK.get(arguments.action)
    fixed = {"was": after.status.value} if arguments.action in ("accept", "cancel") else {}
    return (InverseCall("goal_change", {"goal": after.id, "action": back, **fixed}),) if back else ()
