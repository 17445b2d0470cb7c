"""Taking back what was done: each action that can be, and the plan that does it. Answered by the task engine."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from senter.messages.acts import Receipt
from senter.messages.fields import Id
from senter.messages.goals import TASK_ENGINE, GoalReply
from senter.messages.message import Command, Frozen, Reply, new_message_id


class ActionView(Frozen):
    """Something that was done, and whether it can be taken back."""

    number: int = Field(description="Names it.")
    at: AwareDatetime = Field(description="When it was done, UTC.")
    receipt: Receipt = Field(description="What was done.")
    undone: bool = Field(description="Whether it was taken back.")
    is_undo: bool = Field(default=False, description="Whether it took something back itself.")
    refusal: str = Field(default="", description="Why it cannot be taken back; empty when it can.")


class ActionsReply(Reply):
    actions: tuple[ActionView, ...] = Field(description="The newest first.")


class ListActions(Command[ActionsReply], to=TASK_ENGINE):
    """List what was done lately and can be taken back: the last 20 actions of 7 days."""


class Undo(Command[GoalReply], to=TASK_ENGINE):
    """Take back an action, by a goal of its own. The same `request_id` does so once; undoing an undo does it again."""

    request_id: Id = Field(default_factory=new_message_id, description="Chosen by the asker.")
    number: int | None = Field(default=None, ge=1, description="Which; null is the newest that can be.")
