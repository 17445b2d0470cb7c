"""The OpenAI-compatible chat API as data: what is sent, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass, field
from typing import cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from senter.messages.model import Capability, ChatMessage


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One chat completion to ask for."""

    messages: tuple[ChatMessage, ...]
    max_tokens: int
    temperature: float
    schema: dict[str, JsonValue] | None = None
    """What the answer must be as JSON."""
    least: Capability = Capability.BASIC
    """Links with a model that may be trusted with less are passed over."""

    def body(self, model: str) -> JsonValue:
        body: dict[str, JsonValue] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in self.messages],
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self.schema is not None:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": self.schema}}
        return body


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """A whole answer."""

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    pieces: int = field(default=0, compare=False)
    """In how many it came; one where the server does not stream."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class AnswerUsage(_Wire):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class AnswerText(_Wire):
    # Checked by hand: pydantic refuses the surrogates that a character cut in two leaves behind.
    content: object = None


class AnswerChoice(_Wire):
    delta: AnswerText | None = None
    message: AnswerText | None = None
    finish_reason: str | None = None

    @property
    def text(self) -> str:
        said = self.delta or self.message
        return said.content if said and isinstance(said.content, str) else ""


class EndpointFault(_Wire):
    message: str = ""
    code: str | int | None = None
    type: str | None = None

    @property
    def prompt_too_long(self) -> bool:
        signs = ("exceed_context_size_error", "context_length_exceeded")
        return self.type in signs or self.code in signs or "context length" in self.message.lower()


class AnswerChunk(_Wire):
    """One event of a streamed answer, or a whole answer from a server that does not stream."""

    choices: list[AnswerChoice] = Field(default_factory=list[AnswerChoice])
    usage: AnswerUsage | None = None
    error: EndpointFault | str | None = None

    @property
    def fault(self) -> EndpointFault | None:
        return EndpointFault(message=self.error) if isinstance(self.error, str) else self.error


_CONTEXT_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx")


class ListedModel(BaseModel):
    """A model as a server lists it, with all that it tells of it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str

    def told(self, leaving_out: Container[str] = ()) -> str:
        """What the server tells of the model, in a fixed order."""
        said = {name: value for name, value in (self.model_extra or {}).items() if name not in leaving_out}
        return json.dumps(said, sort_keys=True, default=str)

    @property
    def context_tokens(self) -> int | None:
        """The context that the server tells; None where it tells none. Servers have no common word for it."""
        said = self.model_extra or {}
        meta = said.get("meta")
        places = (said, cast("dict[str, object]", meta)) if isinstance(meta, dict) else (said,)
        found = (place.get(name) for place in places for name in _CONTEXT_NAMES)
        return next((value for value in found if type(value) is int and value > 0), None)


class _ModelList(_Wire):
    data: list[ListedModel] | None


class Garbage(ValueError):
    """What came is not the JSON that the API promises."""


def parse_chunk(data: bytes) -> AnswerChunk:
    """Parse one event's data, or a whole body. Raises `Garbage`."""
    try:
        return AnswerChunk.model_validate(json.loads(data.decode("utf-8", "surrogateescape")))
    except (ValueError, RecursionError) as error:
        raise Garbage from error


def parse_fault(body: bytes) -> EndpointFault:
    """What an error answer says; empty when it says nothing that can be read."""
    try:
        return parse_chunk(body).fault or EndpointFault()
    except Garbage:
        return EndpointFault()


_MODEL_LIST = TypeAdapter(_ModelList)


def parse_models(body: bytes) -> list[ListedModel]:
    """The models a server lists. Raises `Garbage`."""
    try:
        return _MODEL_LIST.validate_json(body).data or []
    except ValidationError as error:
        raise Garbage from error
