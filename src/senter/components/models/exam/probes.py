"""Questions whose answers show what an endpoint has. Pure: what to ask, and what an answer shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from senter.components.models.exam.checks import json_in, numbers
from senter.components.models.exam.task import Draw, Schema, an_object
from senter.messages.model import ChatMessage

CHARACTERS_PER_TOKEN = 4
CONTEXT_STEPS = (6_000, 3_000, 1_500)
"""Prompts tried for the context, in tokens, longest first: the first is what a task of the agent may take."""
STREAMS_FROM = 3
"""Pieces in which an answer comes that is really streamed."""
SHORT_ANSWER = 20
"""Characters of an answer that might come in one piece anyway."""


@dataclass(frozen=True, slots=True)
class SchemaProbe:
    """A question to which nobody answers with what the schema wants, unless held to it."""

    messages: tuple[ChatMessage, ...]
    schema: Schema
    wanted: dict[str, JsonValue]

    @classmethod
    def drawn(cls, draw: Draw) -> SchemaProbe:
        name, value = draw.code(), draw.code()
        asked = (ChatMessage(role="user", content="Say hello."),)
        properties: Schema = {name: {"enum": [value]}}
        return cls(asked, an_object(**properties), {name: value})

    def body(self, model: str) -> dict[str, JsonValue]:
        asked: list[JsonValue] = [{"role": message.role, "content": message.content} for message in self.messages]
        wanted: JsonValue = {"type": "json_schema", "json_schema": {"name": "answer", "schema": self.schema}}
        return {**_body(model, asked), "response_format": wanted}

    def holds(self, answer: str) -> bool:
        return json_in(answer) == self.wanted


class _Function(BaseModel):
    name: str = ""
    arguments: str = ""


class _ToolCall(BaseModel):
    id: str = ""
    function: _Function = _Function()


class Said(BaseModel):
    """The message of an answer in one piece."""

    model_config = ConfigDict(extra="ignore")

    content: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    message: Said


class _Answer(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


def said_in(body: bytes) -> Said:
    """The message in an answer; an empty one where there is none."""
    with suppress(ValidationError):
        return _Answer.model_validate_json(body).choices[0].message
    return Said()


@dataclass(frozen=True, slots=True)
class ToolsProbe:
    """Three questions: a call is needed, none is needed, and a result is to be told."""

    minutes: int
    label: str
    hours: int

    @classmethod
    def drawn(cls, draw: Draw) -> ToolsProbe:
        return cls(draw.number(11, 58), draw.code(), draw.number(200, 900))

    def bodies(self, model: str) -> Iterator[dict[str, JsonValue]]:
        timer = {"role": "user", "content": f"Start a timer of {self.minutes} minutes with the label {self.label}."}
        hello = {"role": "user", "content": f"Call no tool. Answer with the word {self.label} only."}
        asked = {"role": "user", "content": "How many hours has the pump run?"}
        call = {"name": "read_meter", "arguments": '{"meter": "pump"}'}
        called = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        }
        told = {"role": "tool", "tool_call_id": "call_1", "content": f"{self.hours} hours"}
        for messages in ([timer], [hello], [asked, called, told]):
            yield {**_body(model, cast("list[JsonValue]", messages)), "tools": _TOOLS}

    def right(self, number: int, said: Said) -> bool:
        """Whether that is the answer to the question of this number, from 0."""
        calls, content = said.tool_calls or [], said.content or ""
        if number == 0:
            return len(calls) == 1 and calls[0].function.name == "start_timer" and self._starts(calls[0].function)
        return not calls and (self.label in content.lower() if number == 1 else str(self.hours) in numbers(content))

    def _starts(self, function: _Function) -> bool:
        found = json_in(function.arguments)
        return found.get("minutes") == self.minutes and str(found.get("label")).lower() == self.label


OPTIONAL = ("max_tokens", "temperature")
"""What an answer can do without."""


def _body(model: str, messages: list[JsonValue]) -> dict[str, JsonValue]:
    return {"model": model, "messages": messages, "max_tokens": 120, "temperature": 0, "stream": False}


def _tool(name: str, description: str, properties: Schema) -> JsonValue:
    function: JsonValue = {"name": name, "description": description, "parameters": an_object(**properties)}
    return {"type": "function", "function": function}


_TOOLS: JsonValue = [
    _tool("start_timer", "Starts a timer.", {"minutes": {"type": "integer"}, "label": {"type": "string"}}),
    _tool("read_meter", "Reads how long a machine has run.", {"meter": {"type": "string"}}),
]


@dataclass(frozen=True, slots=True)
class ContextProbe:
    """A long prompt whose first line is asked for at its end: where the beginning is cut off, nobody knows it."""

    word: str
    messages: tuple[ChatMessage, ...]

    @classmethod
    def drawn(cls, draw: Draw, tokens: int) -> ContextProbe:
        word = draw.code()
        lines = [f"The code word is {word}."]
        length = 0
        while length < tokens * CHARACTERS_PER_TOKEN - 200:
            line = f"The {draw.thing()} of {draw.person()} in {draw.place()} is in good order."
            lines.append(line)
            length += len(line) + 1
        lines.append("What is the code word, in the first line? Answer with that word only.")
        return cls(word, (ChatMessage(role="user", content="\n".join(lines)),))

    def read_whole(self, answer: str) -> bool:
        return self.word in answer.lower()


def streams(pieces_and_lengths: list[tuple[int, int]]) -> bool | None:
    """Whether answers came as they were written: of each, its pieces and its characters."""
    long = [pieces for pieces, length in pieces_and_lengths if length >= SHORT_ANSWER]
    return max(long) >= STREAMS_FROM if long else None
