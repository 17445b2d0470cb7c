"""What goes in and out over HTTP under /api, with the limits on it; the OpenAPI page is made from this."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from senter.messages.control import ComponentStatus, DaemonStatus, State
from senter.messages.conversations import Conversation, ConversationSummary, Turn
from senter.messages.dead_letters import DeadLetter, DeadLetters
from senter.messages.fields import Id
from senter.messages.message import ComponentName
from senter.messages.model import EndpointStatus, ModelStatus
from senter.messages.query import GENERAL_FOCUS, Focus, QueryAnswer, QuestionText

MAX_NUMBER = 2**53 - 1


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class QueryBody(Body):
    """A question."""

    text: QuestionText
    conversation_id: Id | None = Field(default=None, description="The conversation to go on with; none begins one.")
    request_id: Id | None = Field(
        default=None, description="The same id is never answered twice; asking again returns the same answer."
    )
    focus: Focus = GENERAL_FOCUS
    stream: bool = Field(
        default=False, description="Answer with server-sent events, as Accept: text/event-stream does."
    )


class AnswerBody(Body):
    """The whole answer; what `senter ask --json` prints."""

    id: str = Field(description="The request id it was asked under.")
    conversation_id: str = Field(description="Its conversation.")
    response: str = Field(description="The answer, Markdown.")
    focus: str = Field(description="The focus it was answered under.")
    model: str = Field(description="The model that answered.")
    latency_seconds: float = Field(description="From receipt to answer, in seconds.")
    degraded: bool = Field(description="Whether something better was configured but could not be used.")
    degraded_reason: str | None = Field(default=None, description="Why; left out when it is not degraded.")
    tokens: int = Field(description="Tokens of the answer.")

    @staticmethod
    def of(answer: QueryAnswer) -> AnswerBody:
        return AnswerBody(
            id=answer.query_id,
            conversation_id=answer.conversation_id,
            response=answer.response,
            focus=answer.focus,
            model=answer.model,
            latency_seconds=answer.latency_seconds,
            degraded=answer.degraded,
            degraded_reason=answer.degraded_reason if answer.degraded else None,
            tokens=answer.tokens,
        )

    def to_json(self) -> str:
        return self.model_dump_json(exclude_none=True)


class StatusBody(Body):
    """The daemon and its components; what `senter status --json` prints."""

    state: State = Field(description="What the daemon is doing.")
    pid: int = Field(description="The supervisor's process.")
    uptime_seconds: float = Field(description="Since the daemon began to start, in seconds.")
    health_score: int = Field(description="0-100: the share of enabled components that run and are healthy.")
    components: dict[ComponentName, ComponentStatus] = Field(description="By name.")
    settings_problem: str = Field(description="Why the settings file, as it is now, is not in use; empty while it is.")

    @staticmethod
    def of(status: DaemonStatus) -> StatusBody:
        return StatusBody(
            state=status.state,
            pid=status.pid,
            uptime_seconds=status.uptime_seconds,
            health_score=status.health_score,
            components=status.components,
            settings_problem=status.settings_problem,
        )


class ConversationsBody(Body):
    conversations: list[ConversationSummary] = Field(description="The most recently changed first.")


class ConversationBody(Body):
    summary: ConversationSummary = Field(description="Its row in the list.")
    turns: list[Turn] = Field(description="The oldest first.")
    truncated: bool = Field(description="Whether older turns were left out to keep the answer small.")

    @staticmethod
    def of(conversation: Conversation) -> ConversationBody:
        return ConversationBody(
            summary=conversation.summary, turns=conversation.turns, truncated=conversation.truncated
        )


class DeadLettersBody(Body):
    letters: list[DeadLetter] = Field(description="The oldest first, without payloads.")
    total: int = Field(description="How many there are in all.")

    @staticmethod
    def of(letters: DeadLetters) -> DeadLettersBody:
        return DeadLettersBody(letters=letters.letters, total=letters.total)


class ModelBody(Body):
    """One model worker."""

    worker: str = Field(description="The component's name.")
    model: str = Field(description="The model in use; empty while none is.")
    model_loaded: bool = Field(description="Whether it can answer at once.")
    endpoints: list[EndpointStatus] = Field(description="The provider chain, best first.")
    requests: int = Field(description="Requests since the worker started.")
    errors: int = Field(description="Of these, failed.")
    prompt_tokens: int = Field(description="Tokens read.")
    completion_tokens: int = Field(description="Tokens written.")
    latency_p50_seconds: float | None = Field(description="Median of the last answers, in seconds.")
    latency_p95_seconds: float | None = Field(description="95th percentile of the last answers, in seconds.")
    active: int = Field(description="Requests being answered now.")
    waiting: int = Field(description="Requests in the queue now.")

    @staticmethod
    def of(status: ModelStatus) -> ModelBody:
        return ModelBody.model_validate(status.model_dump(include=set(ModelBody.model_fields)))


class ModelsBody(Body):
    models: list[ModelBody] = Field(description="The workers that answered.")
    missing: dict[str, str] = Field(description="Workers that did not answer, and why.")


class HealthzBody(Body):
    status: str = Field(description="ok while requests are taken.")
