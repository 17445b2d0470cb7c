"""A person asks, the assistant answers."""

from __future__ import annotations

from typing import Annotated, NewType

from pydantic import AfterValidator, Field

from senter.messages.acts import Clarification, Receipt
from senter.messages.envelope import Envelope
from senter.messages.fields import ID_PATTERN, text_of
from senter.messages.message import Command, ComponentName, Done, Event, Frozen, Reply, Volatile
from senter.messages.model import ModelRequest, ModelResponse

ConversationId = NewType("ConversationId", str)
QueryId = NewType("QueryId", str)

# 120 KB of text must be answered or refused with a sentence; this is where refusing begins.
MAX_QUERY_CHARACTERS = 100_000
MAX_ANSWER_CHARACTERS = 200_000

GENERAL_FOCUS = "general"


QuestionText = Annotated[
    str,
    AfterValidator(text_of("The question", MAX_QUERY_CHARACTERS)),
    Field(
        description="What is asked; not only spaces.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_QUERY_CHARACTERS},
    ),
]
Focus = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$", description="The area of life it belongs to.")]


class Quoted(Frozen):
    """A place that an answer rests on."""

    source: str = Field(description="What people call it: a file, a calendar, a goal, an earlier conversation.")
    address: str = Field(default="", description="Where it is: a path, or a kind and a number.")
    quote: str = Field(description="What stands there.")


class QueryAnswer(Reply):
    """The whole answer; what `senter ask --json` prints."""

    wire_name = "model_response"

    query_id: QueryId = Field(serialization_alias="id", description="The request id it was asked under.")
    conversation_id: ConversationId = Field(description="Its conversation.")
    response: str = Field(description="The answer, Markdown.")
    focus: str = Field(description="The focus it was answered under.")
    model: str = Field(description="The model that answered.")
    latency_seconds: float = Field(description="From receipt to answer, in seconds.")
    degraded: bool = Field(description="Whether something better than this was configured but could not be used.")
    degraded_reason: str = Field(
        default="", exclude_if=lambda reason: not reason, description="Why; left out when it is not degraded."
    )
    tokens: int = Field(description="Tokens of the answer, as the model counted them.")
    cut_off: str = Field(
        default="",
        exclude_if=lambda reason: not reason,
        description="Why it is not whole: length or content_filter; left out when it is.",
    )
    receipts: tuple[Receipt, ...] = Field(default=(), description="What was done, each with its id.")
    sources: tuple[Quoted, ...] = Field(default=(), description="What of the user's own it rests on.")
    asks: Clarification | None = Field(default=None, description="What is asked back; null where nothing.")


class AnswerDelta(Volatile):
    """A piece of an answer that may be shown: what claims an action was held, and checked, before."""

    offset: int = Field(description="Characters of this attempt's answer before this piece.")
    text: str = Field(default="", description="The piece.")
    attempt: int = Field(
        default=1, description="Which attempt at the answer it belongs to; a higher one voids the pieces of lower ones."
    )
    progress: str = Field(default="", description="What is being waited for, for people; empty on pieces of text.")

    def key(self, envelope: Envelope) -> str:
        return envelope.correlation


class UserQuery(Command[QueryAnswer], to=ComponentName("assistant")):
    """A person's question. The same `query_id` is never answered twice."""

    query_id: QueryId = Field(
        pattern=ID_PATTERN, description="Chosen by the asker; asking again under it returns the same answer."
    )
    text: QuestionText
    conversation_id: ConversationId | None = Field(
        default=None, pattern=ID_PATTERN, description="The conversation to go on with; null begins a new one."
    )
    focus: Focus = GENERAL_FOCUS


class ContinueChat(Command[ModelResponse], to=ComponentName("assistant")):
    """A program goes on with a chat that it keeps itself: none of it is stored, and it is no conversation of a person.

    Asked again under its id while it is in hand, it is answered once.
    """

    query_id: QueryId = Field(pattern=ID_PATTERN, description="Chosen by the asker; names the chat to who stops it.")
    request: ModelRequest = Field(description="The chat so far, and how it is to be answered.")


class CancelQuery(Command[Done], to=ComponentName("assistant")):
    """The asker went away: stop working on this query, unless it was begun to go on by itself, or on this chat."""

    query_id: QueryId = Field(description="The query to stop.")


class QueryAnswered(Event):
    """A person's question was answered and stored."""

    query_id: QueryId = Field(description="The question.")
    conversation_id: ConversationId = Field(description="Its conversation.")
    focus: str = Field(description="The focus it was answered under.")
    model: str = Field(description="The model that answered.")
    latency_seconds: float = Field(description="From receipt to answer, in seconds.")
    degraded: bool = Field(description="Whether a lesser model had to answer.")
    tokens: int = Field(description="Tokens of the answer.")
