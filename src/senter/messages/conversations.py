"""Looking at and removing stored conversations. Owned by the assistant."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from senter.messages.fields import ID_PATTERN
from senter.messages.message import Command, ComponentName, Done, Frozen, Reply
from senter.messages.query import ConversationId, QueryId

BeginningOfId = Annotated[
    ConversationId, Field(pattern=ID_PATTERN, description="Its id; a beginning that no other has is enough.")
]


class TurnState(StrEnum):
    """What became of one question."""

    ANSWERING = "answering"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Turn(Frozen):
    """One question and what became of it."""

    query_id: QueryId = Field(description="The request id of the question.")
    asked_at: AwareDatetime = Field(description="When it was stored, UTC.")
    text: str = Field(description="The question.")
    state: TurnState = Field(description="What became of it.")
    response: str = Field(default="", description="The answer, or what was there of it.")
    error: str = Field(default="", description="Why there is no answer; empty when there is one.")
    model: str = Field(default="", description="The model that answered.")
    tokens: int = Field(default=0, description="Tokens of the answer.")
    latency_seconds: float | None = Field(default=None, description="From receipt to answer, in seconds.")
    degraded: bool = Field(default=False, description="Whether a lesser model had to answer.")


class ConversationSummary(Frozen):
    """One row of `senter conversations list`."""

    id: ConversationId = Field(description="Names the conversation.")
    title: str = Field(description="The beginning of its first question.")
    focus: str = Field(description="The focus of its first question.")
    turns: int = Field(description="How many questions it holds.")
    created_at: AwareDatetime = Field(description="When it began, UTC.")
    updated_at: AwareDatetime = Field(description="When it last changed, UTC.")


class Conversations(Reply):
    conversations: list[ConversationSummary] = Field(description="The most recently changed first.")


class ListConversations(Command[Conversations], to=ComponentName("assistant")):
    """List the latest conversations."""

    limit: int = Field(default=50, ge=1, le=1000, description="How many at most.")


class Conversation(Reply):
    summary: ConversationSummary = Field(description="Its row in the list.")
    turns: list[Turn] = Field(description="The oldest first.")
    truncated: bool = Field(default=False, description="Whether older turns were left out to keep the reply small.")


class GetConversation(Command[Conversation], to=ComponentName("assistant")):
    """Show a conversation with its turns."""

    conversation_id: BeginningOfId
    before: QueryId | None = Field(
        default=None,
        pattern=ID_PATTERN,
        description="Only turns before this one, to page back where a reply was truncated.",
    )


class DeleteConversation(Command[Done], to=ComponentName("assistant")):
    """Delete a conversation and its turns for good."""

    conversation_id: BeginningOfId
