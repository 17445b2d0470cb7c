"""A turn that goes on whoever asked: begun, looked at, read to its end, stopped. Owned by the assistant."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from senter.errors import SenterError, Unavailable
from senter.messages.acts import Clarification, Receipt
from senter.messages.conversations import TurnState
from senter.messages.fields import ID_PATTERN, Id
from senter.messages.message import Command, ComponentName, Done, Frozen, Reply, new_message_id
from senter.messages.query import (
    GENERAL_FOCUS,
    ConversationId,
    Focus,
    QueryAnswer,
    QueryId,
    QuestionText,
    Quoted,
)

ASSISTANT = ComponentName("assistant")

BeginningOfTurnId = Annotated[
    QueryId, Field(pattern=ID_PATTERN, description="Its id; a beginning that no other has is enough.")
]


class TurnReply(Reply):
    """A turn as it is now."""

    id: QueryId = Field(description="Names the turn; the request id of its question.")
    conversation_id: ConversationId = Field(description="Its conversation.")
    focus: str = Field(description="The focus it is answered under.")
    asked_at: AwareDatetime = Field(description="When it was stored, UTC.")
    text: str = Field(description="The question.")
    state: TurnState = Field(description="What became of it.")
    attempt: int = Field(description="Which attempt at the answer this is; a higher one voids the text of lower ones.")
    response: str = Field(description="The answer, or what there is of it so far.")
    error: str = Field(description="Why there is no answer; empty otherwise.")
    error_code: str = Field(description="The kind of that error, for programs.")
    error_hint: str = Field(description="What can be done about it.")
    model: str = Field(description="The model that answered.")
    tokens: int = Field(description="Tokens of the answer.")
    latency_seconds: float | None = Field(description="From receipt to answer, in seconds; null before.")
    degraded: bool = Field(description="Whether a lesser model had to answer.")
    degraded_reason: str = Field(description="Why; empty when it is not degraded.")
    cut_off: str = Field(
        default="", description="Why the answer is not whole: length or content_filter; empty when it is."
    )
    read: bool = Field(description="Whether somebody said that it was read to its end.")
    receipts: tuple[Receipt, ...] = Field(default=(), description="What was done, each with its id.")
    sources: tuple[Quoted, ...] = Field(default=(), description="What of the user's own the answer rests on.")
    asks: Clarification | None = Field(default=None, description="What is asked back; null where nothing.")

    def answer(self) -> QueryAnswer:
        """The answer of a turn that is answered. Raises what another failed with."""
        if self.state is not TurnState.ANSWERED:
            raise SenterError.from_wire(self.error_code or Unavailable.code, self.error, self.error_hint)
        return QueryAnswer.model_validate({**dict(self), "query_id": self.id})


class BeginTurn(Command[TurnReply], to=ASSISTANT):
    """Ask a question whose answer does not depend on the asker. Answers as soon as the question is stored.

    The same `request_id` begins one turn, however often it is sent.
    """

    request_id: Id = Field(default_factory=new_message_id, description="Chosen by the asker; the id of the turn.")
    text: QuestionText
    conversation_id: ConversationId | None = Field(
        default=None, pattern=ID_PATTERN, description="The conversation to go on with; null begins a new one."
    )
    focus: Focus = GENERAL_FOCUS


class GetTurn(Command[TurnReply], to=ASSISTANT):
    """Show a turn: its state, and its answer as far as it has come."""

    turn_id: BeginningOfTurnId


class AwaitTurn(Command[TurnReply], to=ASSISTANT):
    """Wait for the end of a turn, with an answer or without. Who no longer waits stops nothing."""

    turn_id: QueryId = Field(pattern=ID_PATTERN, description="The turn.")


class StopTurn(Command[Done], to=ASSISTANT):
    """Stop answering a turn. What there is of the answer is kept; a turn that has ended stays as it is."""

    turn_id: BeginningOfTurnId


class MarkTurnRead(Command[Done], to=ASSISTANT):
    """Say that the turn was read to its end, so that nobody is offered it again. Does nothing before its end."""

    turn_id: BeginningOfTurnId


class TurnRow(Frozen):
    """One turn in a list."""

    id: QueryId = Field(description="Names the turn.")
    conversation_id: ConversationId = Field(description="Its conversation.")
    asked_at: AwareDatetime = Field(description="When it was stored, UTC.")
    text: str = Field(description="The beginning of the question.")
    state: TurnState = Field(description="What became of it.")
    read: bool = Field(description="Whether somebody said that it was read to its end.")


class Turns(Reply):
    turns: list[TurnRow] = Field(description="The newest first.")


class ListTurns(Command[Turns], to=ASSISTANT):
    """List turns that were begun to go on by themselves."""

    state: TurnState | None = Field(default=None, description="Only those in this state.")
    unread: bool = Field(default=False, description="Only those that nobody has read to their end or stopped.")
    limit: int = Field(default=50, ge=1, le=1_000, description="How many at most.")
