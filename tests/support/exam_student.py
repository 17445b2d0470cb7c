"""A scripted model that sits an exam: right in all, in some, or always with the same words, on a server with or without
what the API has."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import cast

from pydantic import JsonValue

from senter.components.models.exam.probes import SchemaProbe
from senter.components.models.exam.scoring import drawn_tasks
from senter.components.models.exam.task import Draw
from senter.messages.model import Capability
from tests.scripted_model import Asked, Exchange

CHARACTERS_PER_TOKEN = 4


@dataclass
class Student:
    """Knows the answers of the exam that `seed` draws, up to a level."""

    seed: int = 7
    level: Capability = Capability.CAPABLE
    constant: str | None = None
    """Says this, whatever is asked."""
    holds_schema: bool = True
    calls_tools: bool = True
    streams: bool = True
    context_tokens: int = 100_000
    asked: int = 0
    _right: dict[str, tuple[Capability, str]] = field(default_factory=dict[str, tuple[Capability, str]])

    def __post_init__(self) -> None:
        random = Random(self.seed)  # noqa: S311
        SchemaProbe.drawn(Draw(random))
        for task in drawn_tasks(random):
            self._right[_key([message.content for message in task.messages])] = task.level, task.right

    async def __call__(self, exchange: Exchange) -> None:
        self.asked += 1
        if exchange.asked.tools:
            await exchange.respond(200, json.dumps(self._called(exchange.asked)).encode())
        elif self.streams and exchange.asked.stream:
            text = self._said(exchange.asked)
            await exchange.begin_stream()
            for place in range(0, len(text), 6):
                await exchange.piece(text[place : place + 6])
            await exchange.end_stream(usage=None)
        else:
            message = {"role": "assistant", "content": self._said(exchange.asked)}
            body = {"choices": [{"message": message, "finish_reason": "stop"}]}
            await exchange.respond(200, json.dumps(body).encode())

    def _said(self, asked: Asked) -> str:
        if self.constant is not None:
            return self.constant
        contents = [str(message["content"]) for message in asked.messages]
        level, right = self._right.get(_key(contents), (Capability.BASIC, ""))
        if right:
            return right if self.level.reaches(level) else "I am not sure."
        if word := re.search(r"The code word is (\w+)", contents[-1]):
            whole = len(contents[-1]) <= self.context_tokens * CHARACTERS_PER_TOKEN
            return word[1] if whole else "There is no code word."
        has_schema = self.holds_schema and "json_schema" in str(asked.response_format)
        return self._held(asked.response_format) if has_schema else "Hello!"

    @staticmethod
    def _held(response_format: JsonValue) -> str:
        """What the schema of the probe leaves to say."""
        wanted = cast("dict[str, dict[str, dict[str, dict[str, dict[str, list[str]]]]]]", response_format)
        properties = wanted["json_schema"]["schema"]["properties"]
        return json.dumps({name: rule["enum"][0] for name, rule in properties.items()})

    def _called(self, asked: Asked) -> JsonValue:
        said = str(asked.messages[-1]["content"])
        timer = re.search(r"timer of (\d+) minutes with the label (\w+)", said)
        message: dict[str, JsonValue] = {
            "role": "assistant",
            "content": said if self.constant is None else self.constant,
        }
        if timer and self.calls_tools and self.constant is None:
            arguments = json.dumps({"minutes": int(timer[1]), "label": timer[2]})
            call: JsonValue = {
                "id": "1",
                "type": "function",
                "function": {"name": "start_timer", "arguments": arguments},
            }
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return {"choices": [{"message": message, "finish_reason": "stop"}]}


def _key(contents: list[str]) -> str:
    return "\n".join(contents)
