"""What a model does in one turn: it calls tools, it answers, or it says nothing that can be used.

Calls come as the model's server tells them. A model that writes its call or answer as JSON instead, as some do whatever
they are asked, is understood where that is all it writes; JSON among other words is text.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.aliases import AliasChoices

from senter.component.tool_talk.arguments import sentence
from senter.component.tool_talk.written_json import is_begun, whole_object
from senter.messages.model import ChatMessage, ModelResponse, ModelToolCall

NO_JSON = "That is not JSON that can be read."
SAY_SOMETHING = "Call a tool, or answer."
NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True)
class WantedCall:
    """A tool that a model wants called."""

    name: str
    arguments: Mapping[str, JsonValue]
    id: str = ""
    """Names the call to its result; empty where it was written as text."""

    def told(self, observed: str) -> ChatMessage:
        """The message in which the model hears what came of it."""
        if not self.id:
            return ChatMessage(role="user", content=observed)
        return ChatMessage(role="tool", content=observed, tool_call_id=self.id)


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """One turn. There are calls, an answer, or what is wrong."""

    said: ChatMessage
    calls: Sequence[WantedCall] = ()
    answer: str = ""
    wrong: str = ""


class _WrittenCall(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(min_length=1, validation_alias=AliasChoices("tool", "name"))
    arguments: dict[str, JsonValue] = Field(default={}, validation_alias=AliasChoices("arguments", "parameters"))


def turn_of(response: ModelResponse, tools: Collection[str]) -> ModelTurn:
    """What the model did; `tools` are those that it was offered."""
    text = response.text.strip()
    if response.tool_calls:
        return _called(text, response.tool_calls)
    said = ChatMessage(role="assistant", content=text or NOTHING)
    if not is_begun(text):
        return ModelTurn(said, answer=text, wrong="" if text else SAY_SOMETHING)
    return _written(said, tools)


def _called(text: str, calls: Sequence[ModelToolCall]) -> ModelTurn:
    """Calls that cannot be read are not said again: servers that read the history would fail at them."""
    named = [call.model_copy(update={"id": call.id or f"call_{place}"}) for place, call in enumerate(calls, 1)]
    found = [WantedCall(call.name, arguments, call.id) for call in named if (arguments := _read(call)) is not None]
    if len(found) < len(named):
        return ModelTurn(ChatMessage(role="assistant", content=text or NOTHING), wrong=NO_JSON)
    return ModelTurn(ChatMessage(role="assistant", content=text, tool_calls=tuple(named)), calls=found)


def _read(call: ModelToolCall) -> dict[str, JsonValue] | None:
    try:
        arguments: JsonValue = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return arguments if isinstance(arguments, dict) else None


def _written(said: ChatMessage, tools: Collection[str]) -> ModelTurn:
    value = whole_object(said.content)
    if value is None:
        return ModelTurn(said, wrong=NO_JSON)
    if isinstance(answer := value.get("answer"), str) and answer.strip():
        return ModelTurn(said, answer=answer.strip())
    if "tool" not in value and value.get("name") not in tools:  # JSON is what some tasks ask for
        return ModelTurn(said, answer=said.content)
    try:
        found = _WrittenCall.model_validate(value)
    except ValidationError as error:
        return ModelTurn(said, wrong=f"That JSON cannot be used: {sentence(error)}.")
    return ModelTurn(said, calls=[WantedCall(found.name, found.arguments)])
