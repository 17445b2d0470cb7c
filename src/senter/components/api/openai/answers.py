"""What /v1/chat/completions, /v1/completions and /v1/models answer."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field, JsonValue

from senter.messages.model import ModelResponse, ModelToolCall

FinishReason: TypeAlias = Literal["stop", "length", "tool_calls", "content_filter"]


def finish_reason_of(response: ModelResponse) -> FinishReason:
    """Servers have words of their own; clients know these."""
    if response.tool_calls:
        return "tool_calls"
    match response.finish_reason:
        case "length" | "content_filter" as known:
            return known
        case _:
            return "stop"


def warnings_of(response: ModelResponse) -> list[str]:
    """What the caller should know of how the answer was made, for people."""
    left_out = [f"{name} was not heeded: the model's server does not take it." for name in response.left_out]
    return [*left_out, *([response.degraded_reason] if response.degraded else ())]


Warnings = Annotated[
    list[str],
    Field(
        exclude_if=lambda warnings: not warnings,
        description="What was not as asked for, for people; left out when there is nothing to say.",
    ),
]


class TokenUsage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @staticmethod
    def of(response: ModelResponse) -> TokenUsage:
        read, written = response.prompt_tokens, response.completion_tokens
        return TokenUsage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class FunctionWanted(BaseModel):
    name: str
    arguments: str = Field(description="JSON, as the model wrote it.")


class CallWanted(BaseModel):
    """A tool that the caller is to call."""

    id: str
    type: Literal["function"] = "function"
    function: FunctionWanted

    @staticmethod
    def of(call: ModelToolCall) -> CallWanted:
        return CallWanted(id=call.id, function=FunctionWanted(name=call.name, arguments=call.arguments))


class AnswerMessage(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str | None = Field(description="Null where a tool is to be called and nothing was said.")
    refusal: None = None
    tool_calls: list[CallWanted] = Field(
        default_factory=list[CallWanted],
        exclude_if=lambda calls: not calls,
        description="Left out where there are none.",
    )

    @staticmethod
    def of(response: ModelResponse) -> AnswerMessage:
        calls = [CallWanted.of(call) for call in response.tool_calls]
        return AnswerMessage(content=(response.text or None) if calls else response.text, tool_calls=calls)


class ChatChoice(BaseModel):
    index: int = 0
    message: AnswerMessage
    logprobs: JsonValue = None
    finish_reason: FinishReason


class ChatCompletion(BaseModel):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]
    usage: TokenUsage
    warnings: Warnings

    @staticmethod
    def of(response: ModelResponse, completion_id: str, created: int) -> ChatCompletion:
        choice = ChatChoice(
            message=AnswerMessage.of(response),
            logprobs=response.logprobs,
            finish_reason=finish_reason_of(response),
        )
        return ChatCompletion(
            id=completion_id,
            created=created,
            model=response.model,
            choices=[choice],
            usage=TokenUsage.of(response),
            warnings=warnings_of(response),
        )


class FunctionPiece(BaseModel):
    name: str | None = None
    arguments: str


class ToolCallPiece(BaseModel):
    index: int
    id: str | None = None
    type: Literal["function"] | None = None
    function: FunctionPiece


class ChatPiece(BaseModel):
    role: Literal["assistant"] | None = None
    content: str | None = None
    tool_calls: list[ToolCallPiece] | None = None


class ChatChunkChoice(BaseModel):
    index: int = 0
    delta: ChatPiece
    logprobs: JsonValue = None
    finish_reason: FinishReason | None = None


class ChatChunk(BaseModel):
    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChatChunkChoice]
    usage: TokenUsage | None = None
    warnings: Warnings


class TextChoice(BaseModel):
    index: int = 0
    text: str
    logprobs: None = None
    finish_reason: FinishReason | None = None


class TextCompletion(BaseModel):
    """Also a chunk of one."""

    id: str
    object: Literal["text_completion"] = "text_completion"
    created: int
    model: str
    choices: list[TextChoice]
    usage: TokenUsage | None = Field(default=None, exclude_if=lambda usage: usage is None)
    warnings: Warnings

    @staticmethod
    def of(response: ModelResponse, completion_id: str, created: int) -> TextCompletion:
        return TextCompletion(
            id=completion_id,
            created=created,
            model=response.model,
            choices=[TextChoice(text=response.text, finish_reason=finish_reason_of(response))],
            usage=TokenUsage.of(response),
            warnings=warnings_of(response),
        )


class ModelCard(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["senter"] = "senter"


class ModelCards(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelCard]
