"""What a text means, without doing it; and what a question about the user's own affairs comes to. Answered by the
assistant."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from senter.messages.acts import Act, Clarification
from senter.messages.fields import ID_PATTERN
from senter.messages.message import Command, ComponentName, Reply
from senter.messages.query import ConversationId, QuestionText, Quoted


class Understanding(Reply):
    """What a text means at a moment, in a zone."""

    acts: tuple[Act, ...] = Field(description="In the order of the text.")
    question: Clarification | None = Field(default=None, description="What has to be asked first; null where nothing.")
    now: AwareDatetime = Field(description="The moment that the words were read at.")
    zone: str = Field(description="The time zone of the acts' times.")
    language: str = Field(default="en", description="The language that the text was read in, by its two letters.")


class UnderstandText(Command[Understanding], to=ComponentName("assistant")):
    """Show what would be done for a text. Does nothing."""

    wire_name = "understand"

    text: QuestionText
    now: AwareDatetime | None = Field(default=None, description="The moment to read it at; null is now.")
    zone: Annotated[str, Field(max_length=100)] = Field(default="", description="The time zone; empty is the user's.")
    conversation_id: ConversationId | None = Field(
        default=None, pattern=ID_PATTERN, description="The conversation it would be said in."
    )


class OwnAnswer(Reply):
    """What answers a question about the user's own affairs."""

    text: str = Field(description="The answer; empty where the question is no such question.")
    sources: tuple[Quoted, ...] = Field(default=(), description="What of the user's it rests on.")


class LookUpOwn(Command[OwnAnswer], to=ComponentName("assistant")):
    """Answer a question about the user's own affairs from what is theirs. Does nothing, and asks no model."""

    text: QuestionText
