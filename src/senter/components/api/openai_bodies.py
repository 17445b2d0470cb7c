"""What OpenAI clients send and read, as far as Senter understands it; unknown parameters are ignored."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from senter.messages.fields import check_unicode
from senter.messages.model import ChatMessage, ModelRequest, ModelResponse, Priority

PRIMARY: Final = "model_primary"
RESEARCH: Final = "model_research"
# The names a client may ask for, and the group of workers behind each.
GROUPS: Final = {"senter": PRIMARY, PRIMARY: PRIMARY, RESEARCH: RESEARCH}
PRIORITIES: Final = {PRIMARY: Priority.LATENCY, RESEARCH: Priority.THROUGHPUT}

Text = Annotated[str, AfterValidator(check_unicode)]


class Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TextPart(Lenient):
    type: Literal["text"] = Field(description="Only text is understood.")
    text: Text = Field(description="What is said.")


class ChatTurn(Lenient):
    role: Literal["system", "developer", "user", "assistant"] = Field(description="Who says it.")
    content: Text | list[TextPart] = Field(description="What is said.")

    def to_message(self) -> ChatMessage:
        text = self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)
        return ChatMessage(role="system" if self.role == "developer" else self.role, content=text)


class StreamOptions(Lenient):
    include_usage: bool = Field(default=False, description="Whether a last chunk carries the usage.")


class ChatBody(Lenient):
    """A chat to go on with."""

    model: Text = Field(default="senter", description="senter, model_primary or model_research.")
    messages: list[ChatTurn] = Field(min_length=1, max_length=2_000, description="The chat so far.")
    stream: bool | None = Field(default=None, description="Whether to answer with chunks.")
    stream_options: StreamOptions | None = Field(default=None, description="Only with stream.")
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000, description="Answer budget in tokens.")
    max_completion_tokens: int | None = Field(default=None, ge=1, le=1_000_000, description="The same, newer name.")
    temperature: float | None = Field(default=None, ge=0, le=2, allow_inf_nan=False, description="0 to 2.")
    n: int | None = Field(default=None, ge=1, le=1, description="Only one answer is given.")

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage

    def to_request(self, group: str) -> ModelRequest:
        """The request to a worker; a system message of the caller's replaces the worker's own."""
        messages = [turn.to_message() for turn in self.messages]
        return ModelRequest(
            messages=messages,
            use_system_prompt=all(message.role != "system" for message in messages),
            priority=PRIORITIES[group],
            max_tokens=self.max_completion_tokens or self.max_tokens,
            temperature=self.temperature,
            stream=bool(self.stream),
        )


class FailureDetails(BaseModel):
    message: str = Field(description="What happened and what can be done about it.")
    type: str = Field(description="invalid_request_error or server_error.")
    param: str | None = Field(description="Always null.")
    code: str = Field(description="The kind of problem, for programs.")


class OpenAIFailure(BaseModel):
    """What went wrong."""

    error: FailureDetails


class TokenUsage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @staticmethod
    def of(response: ModelResponse) -> TokenUsage:
        read, written = response.prompt_tokens, response.completion_tokens
        return TokenUsage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class ChatReply(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str


class ChatChoice(BaseModel):
    index: int = 0
    message: ChatReply
    finish_reason: str


class ChatCompletion(BaseModel):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]
    usage: TokenUsage


class ChatPiece(BaseModel):
    role: Literal["assistant"] | None = None
    content: str | None = None


class ChatChunkChoice(BaseModel):
    index: int = 0
    delta: ChatPiece
    finish_reason: str | None = None


class ChatChunk(BaseModel):
    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChatChunkChoice]
    usage: TokenUsage | None = None


class ModelCard(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["senter"] = "senter"


class ModelCards(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelCard]
