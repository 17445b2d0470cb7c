"""What servers send as an answer, read tolerantly: one event of a stream, or a whole answer.

Servers differ in where they put text, thoughts, tool calls and counts. What is missing, null or of another kind
counts as not said; only what is no JSON object is garbage.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import JsonValue

from senter.components.models.json_values import (
    Garbage,
    as_amount,
    as_count,
    as_list,
    as_object,
    as_text,
    as_word,
    parsed,
)
from senter.components.models.refusals import EndpointFault, fault_in
from senter.messages.model import CONTENT_FILTER, LENGTH

# Where servers put what a model thinks before it answers.
THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
THOUGHT_PARTS = ("thinking", "reasoning")

STOP, TOOL_CALLS = "stop", "tool_calls"
# Why an answer ended, in the words of other APIs.
FINISH_REASONS = {
    "max_tokens": LENGTH,
    "max_output_tokens": LENGTH,
    "model_length": LENGTH,
    "model_context_window_exceeded": LENGTH,
    "safety": CONTENT_FILTER,
    "recitation": CONTENT_FILTER,
    "blocklist": CONTENT_FILTER,
    "prohibited_content": CONTENT_FILTER,
    "content_filtered": CONTENT_FILTER,
    "sensitive": CONTENT_FILTER,
    "refusal": CONTENT_FILTER,
    "null": "",
    "none": "",
    "eos": STOP,
    "eos_token": STOP,
    "end_turn": STOP,
    "stop_sequence": STOP,
    "complete": STOP,
    "tool_use": TOOL_CALLS,
    "function_call": TOOL_CALLS,
}
# Those that say that the server broke off.
BROKEN_OFF = frozenset(
    {"error", "abort", "aborted", "cancelled", "canceled", "timeout", "network_error", "insufficient_system_resource"}
)


@dataclass(frozen=True, slots=True)
class CallPiece:
    """A piece of a tool call."""

    place: int | None
    """Pieces of one call share it; none where the server does not count."""
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class AnswerChunk:
    """One event of a streamed answer, or a whole answer from a server that does not stream."""

    text: str = ""
    thought: bool = False
    """Whether it holds thoughts in a place of their own."""
    finish_reason: str = ""
    calls: tuple[CallPiece, ...] = ()
    logprobs: tuple[JsonValue, ...] = ()
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    fault: EndpointFault | None = None
    whole: bool = False
    """Whether nothing comes after it."""


def parse_chunk(data: bytes, *, whole: bool = False) -> AnswerChunk:
    """Parse one event's data, or a whole body. Raises `Garbage`."""
    value = parsed(data)
    if not isinstance(value, dict):
        raise Garbage
    if fault := fault_in(value):
        return AnswerChunk(fault=fault)
    if whole and "choices" not in value:
        raise Garbage
    usage = as_object(value.get("usage"))
    choice = _first_choice(value)
    said = as_object(choice.get("delta")) or as_object(choice.get("message"))
    return AnswerChunk(
        text=_text(said, choice),
        thought=_thinks(said),
        finish_reason=_finish_reason(choice.get("finish_reason")),
        calls=_calls(said),
        logprobs=tuple(as_list(as_object(choice.get("logprobs")).get("content"))),
        prompt_tokens=as_count(usage.get("prompt_tokens")),
        completion_tokens=as_count(usage.get("completion_tokens")),
        whole=whole,
    )


def _first_choice(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """One answer is asked for; what a server says beside it is left out."""
    choices = [as_object(choice) for choice in as_list(value.get("choices"))]
    nothing: dict[str, JsonValue] = {}
    return next((choice for choice in choices if not as_amount(choice.get("index"))), nothing)


def _text(said: dict[str, JsonValue], choice: dict[str, JsonValue]) -> str:
    """The answer's words; a model that declines says so in a field of its own."""
    return _words(said.get("content")) or as_text(said.get("refusal")) or as_text(choice.get("text"))


def _words(content: JsonValue) -> str:
    if isinstance(content, str):
        return content
    return "".join(as_text(part) or _part(as_object(part)) for part in as_list(content))


def _part(part: dict[str, JsonValue]) -> str:
    if part.get("type") in THOUGHT_PARTS:
        return ""
    return as_text(part.get("text")) or as_text(part.get("refusal"))


def _thinks(said: dict[str, JsonValue]) -> bool:
    parts = as_list(said.get("content"))
    return any(said.get(field) for field in THOUGHT_FIELDS) or any(
        as_object(part).get("type") in THOUGHT_PARTS for part in parts
    )


def _finish_reason(reason: JsonValue) -> str:
    said = as_text(reason)
    return FINISH_REASONS.get(said.lower(), said.lower() if said.isupper() else said)


def _calls(said: dict[str, JsonValue]) -> tuple[CallPiece, ...]:
    found = as_list(said.get("tool_calls")) or as_list(said.get("function_call"))
    return tuple(_call(as_object(call)) for call in found)


def _call(call: dict[str, JsonValue]) -> CallPiece:
    function = as_object(call.get("function")) or call
    arguments = function.get("arguments")
    written = arguments if isinstance(arguments, str) else "" if arguments is None else json.dumps(arguments)
    return CallPiece(as_count(call.get("index")), as_word(call.get("id")), as_text(function.get("name")), written)
