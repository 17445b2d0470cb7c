"""The OpenAI-compatible chat API as data: what is asked, what is answered, and which models are listed."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, JsonValue

from senter.components.models.json_values import Garbage, as_amount, as_list, as_object, as_text, as_word, parsed
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


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Details(_Wire):
    n_params: float = 0


class ListedModel(_Wire):
    id: str
    meta: Details | None = None


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
    meta = as_object(model.get("meta"))
    told = {**meta, "n_params": as_amount(meta.get("n_params")) or 0} if meta else None
    return ListedModel.model_validate({**model, "id": name, "meta": told}) if name else None
