"""What /v1/responses answers."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, Field, JsonValue

from senter.components.api.openai.answers import Warnings, warnings_of
from senter.components.api.openai.responses_body import ResponsesBody
from senter.messages.model import ModelResponse, ModelToolCall

Progress: TypeAlias = Literal["in_progress", "completed", "incomplete", "failed"]


class OutputText(BaseModel):
    type: Literal["output_text"] = "output_text"
    text: str
    annotations: list[JsonValue] = Field(default_factory=list[JsonValue])
    logprobs: list[JsonValue] = Field(default_factory=list[JsonValue])


class OutputMessage(BaseModel):
    """What is said."""

    type: Literal["message"] = "message"
    id: str
    status: Progress
    role: Literal["assistant"] = "assistant"
    content: list[OutputText]


class OutputCall(BaseModel):
    """A tool that the caller is to call."""

    type: Literal["function_call"] = "function_call"
    id: str
    call_id: str
    name: str
    arguments: str
    status: Progress

    @staticmethod
    def of(call: ModelToolCall, item_id: str) -> OutputCall:
        return OutputCall(id=item_id, call_id=call.id, name=call.name, arguments=call.arguments, status="completed")


class CachedTokens(BaseModel):
    cached_tokens: int = 0


class ReasoningTokens(BaseModel):
    reasoning_tokens: int = 0


class ResponseUsage(BaseModel):
    input_tokens: int
    input_tokens_details: CachedTokens = CachedTokens()
    output_tokens: int
    output_tokens_details: ReasoningTokens = ReasoningTokens()
    total_tokens: int

    @staticmethod
    def of(response: ModelResponse) -> ResponseUsage:
        read, written = response.prompt_tokens, response.completion_tokens
        return ResponseUsage(input_tokens=read, output_tokens=written, total_tokens=read + written)


class ResponseError(BaseModel):
    code: str
    message: str


class IncompleteDetails(BaseModel):
    reason: Literal["max_output_tokens", "content_filter"]


class InputAnswer(BaseModel):
    """An answer, whole or as far as it is."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Progress
    model: str
    output: list[OutputMessage | OutputCall] = Field(default_factory=list[OutputMessage | OutputCall])
    error: ResponseError | None = None
    incomplete_details: IncompleteDetails | None = None
    instructions: str | None
    max_output_tokens: int | None
    temperature: float | None
    top_p: float | None
    parallel_tool_calls: bool
    tool_choice: JsonValue
    tools: list[JsonValue]
    text: JsonValue
    metadata: dict[str, str] = Field(default_factory=dict[str, str])
    previous_response_id: None = None
    store: Literal[False] = False
    usage: ResponseUsage | None = None
    warnings: Warnings

    @staticmethod
    def begun(body: ResponsesBody, response_id: str, created: int) -> InputAnswer:
        """Nothing said yet; what was asked for stands in it."""
        asked = body.model_dump(mode="json", by_alias=True)
        return InputAnswer(
            id=response_id,
            created_at=created,
            status="in_progress",
            model=body.model,
            instructions=body.instructions or None,
            max_output_tokens=body.max_output_tokens,
            temperature=body.temperature,
            top_p=body.top_p,
            parallel_tool_calls=body.parallel_tool_calls is not False,
            tool_choice=asked["tool_choice"],
            tools=asked["tools"],
            text=asked["text"],
            warnings=[],
        )

    def ended(self, response: ModelResponse) -> InputAnswer:
        reasons: dict[str, Literal["max_output_tokens", "content_filter"]] = {
            "length": "max_output_tokens",
            "content_filter": "content_filter",
        }
        cut = reasons.get(response.finish_reason)
        status: Progress = "incomplete" if cut else "completed"
        return self.model_copy(
            update={
                "status": status,
                "model": response.model,
                "output": output_of(response, self.id, status),
                "incomplete_details": IncompleteDetails(reason=cut) if cut else None,
                "usage": ResponseUsage.of(response),
                "warnings": warnings_of(response),
            }
        )

    def failed(self, code: str, message: str) -> InputAnswer:
        return self.model_copy(update={"status": "failed", "error": ResponseError(code=code, message=message)})


def output_of(response: ModelResponse, response_id: str, status: Progress) -> list[OutputMessage | OutputCall]:
    """The text, unless only tools are to be called, then the calls."""
    said = [OutputMessage(id=message_id(response_id), status=status, content=[OutputText(text=response.text)])]
    calls = [OutputCall.of(call, call_item_id(response_id, number)) for number, call in enumerate(response.tool_calls)]
    return [*(said if response.text or not calls else ()), *calls]


def message_id(response_id: str) -> str:
    return response_id.replace("resp_", "msg_", 1)


def call_item_id(response_id: str, number: int) -> str:
    return f"{response_id.replace('resp_', 'fc_', 1)}{number}"
