"""The OpenAI-compatible chat API as data: what is asked, what is answered, and which models are listed."""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass, field
from typing import cast

from pydantic import BaseModel, ConfigDict, JsonValue

from senter.components.models.json_values import Garbage, as_list, as_object, as_text, as_word, parsed
from senter.messages.model import AnswerOptions, Capability, ChatMessage, ModelToolCall, OfferedTool

NO_OPTIONS = AnswerOptions()


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
    options: AnswerOptions = NO_OPTIONS
    thinking_tokens: int = 0
    """What a model that thinks may spend on that besides `max_tokens`."""
    may_end_early: bool = False
    """Whether a small model may stop at the end of a sentence before all tokens are spent."""

    @property
    def tools(self) -> tuple[OfferedTool, ...]:
        """The tools that may be called in the answer."""
        return () if self.options.tool_choice == "none" else self.options.tools

    @property
    def must_call(self) -> bool:
        """Whether only a tool call is an answer."""
        return bool(self.tools) and self.options.tool_choice != "auto"

    def body(self, model: str) -> dict[str, JsonValue]:
        body: dict[str, JsonValue] = {
            "model": model,
            "messages": [_message(message) for message in self.messages],
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self.schema is not None:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": self.schema}}
        return body | _wishes(self.options) | _offer(self)


def _message(message: ChatMessage) -> JsonValue:
    said: dict[str, JsonValue] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        said["content"] = message.content or None
        said["tool_calls"] = [_call(call) for call in message.tool_calls]
    if message.role == "tool":
        said["tool_call_id"] = message.tool_call_id
    return said


def _call(call: ModelToolCall) -> JsonValue:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _wishes(options: AnswerOptions) -> dict[str, JsonValue]:
    wishes: dict[str, JsonValue] = {
        "stop": list(options.stop) or None,
        "top_p": options.top_p,
        "seed": options.seed,
        "frequency_penalty": options.frequency_penalty,
        "presence_penalty": options.presence_penalty,
        "logprobs": None if options.top_logprobs is None else True,
        "top_logprobs": options.top_logprobs or None,
    }
    return {name: wish for name, wish in wishes.items() if wish is not None}


def _offer(call: ChatRequest) -> dict[str, JsonValue]:
    if not call.tools:
        return {}
    offer: dict[str, JsonValue] = {"tools": [_tool(tool) for tool in call.tools]}
    if call.must_call:
        offer["tool_choice"] = _choice(call.options.tool_choice)
    if call.options.parallel_tool_calls is not None:
        offer["parallel_tool_calls"] = call.options.parallel_tool_calls
    return offer


def _tool(tool: OfferedTool) -> JsonValue:
    parameters = tool.parameters or {"type": "object", "properties": {}}
    function: JsonValue = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}


def _choice(choice: str) -> JsonValue:
    name = choice.removeprefix("tool:")
    return choice if name == choice else {"type": "function", "function": {"name": name}}


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """A whole answer."""

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    calls: tuple[ModelToolCall, ...] = ()
    logprobs: JsonValue = None
    thought: bool = False
    """Whether the model thought before it answered."""
    left_out: tuple[str, ...] = ()
    """Parameters that the server refuses and was not sent."""
    shortened: str = ""
    """What was left out of the prompt and why, for people; empty where nothing was."""
    pieces: int = field(default=0, compare=False)
    """In how many it came; one where the server does not stream."""


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


def parse_models(body: bytes) -> list[ListedModel]:
    """The models a server lists, whatever it calls the list and their names. Raises `Garbage`."""
    value = parsed(body)
    if not isinstance(value, list) and not as_object(value).keys() & {"data", "models"}:
        raise Garbage
    listed = (
        value if isinstance(value, list) else as_list(as_object(value).get("data") or as_object(value).get("models"))
    )
    models = [as_object(model) or {"id": as_text(model)} for model in listed]
    found = [listed for model in models if (listed := _listed(model, "id"))]
    return found or [listed for model in models if (listed := _listed(model, "name") or _listed(model, "model"))]


def _listed(model: dict[str, JsonValue], key: str) -> ListedModel | None:
    name = as_word(model.get(key)).encode("utf-8", "replace").decode()
    return ListedModel.model_validate({**model, "id": name}) if name else None
