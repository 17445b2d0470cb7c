"""One tool for one request, chosen by a model that may be trusted with short JSON and not with plans.

The tool and its arguments are held to a schema, and to the request: a path, an address or a figure that it does not say
is nobody's wish. Whether the call may be made is the grant's business, as with every other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from senter.component.tokens import fitting_beginning
from senter.component.tool_talk.written_json import objects_in
from senter.components.task_engine.agent.argument_schemas import Schema, argument_schema
from senter.components.task_engine.agent.offering import tool_line
from senter.components.task_engine.agent.task_run import research_request
from senter.components.task_engine.contract.call_arguments import argument_problems
from senter.components.task_engine.contract.plan import PlannedTask, TextAtLeast
from senter.components.task_engine.contract.steps import Ask
from senter.components.task_engine.contract.tool import Tool
from senter.errors import BudgetSpent, CommunicationError, ModelError, Unavailable
from senter.messages.model import DECLINED, Capability, ChatMessage, ModelRequest

NO_TOOL = "none"
REQUEST_TOKENS = 400
CALL_TOKENS = 300
_EXACT = re.compile(r"\S*[\d/@]\S*")
_COUNTS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|half|quarter|"
    r"couple|week|fortnight|noon|midnight)\b",
    re.IGNORECASE,
)
"""Words that a model may well write as figures."""
_AROUND = "\"'`.,;:!?()"

_ASKED = """You choose the one tool that does what a person asks for, and fill in its arguments. Answer with JSON only:
{"tool": "NAME", "arguments": {...}}, or {"tool": "none", "arguments": {}} where no tool does it: questions of general
knowledge, talk, and texts that are not to be kept or sent.
Fill in arguments in the words of the request, times too; leave out those it says nothing about.
Tools:"""
_WITHOUT = (
    "What is seven times eight?",
    "Who built the Eiffel Tower?",
    "Tell me a story about a dragon",
)


class _Chosen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    tool: str
    arguments: dict[str, JsonValue] = {}


async def one_call(text: str, tools: Mapping[str, Tool[BaseModel]], ask: Ask, situation: str) -> PlannedTask | None:
    """The task that is the call, where a model that may choose one finds one that holds."""
    own = {name: tool for name, tool in tools.items() if tool.owner is None}
    try:
        response = await ask(choice_request(text, own, situation))
    except (ModelError, CommunicationError, Unavailable, BudgetSpent):
        return None
    name, given = ("", {}) if response.finish_reason == DECLINED else chosen(response.text)
    arguments = said_arguments(text, given) if name in own else {}
    if name not in own or argument_problems(own[name], arguments):
        return None
    conditions = (TextAtLeast(characters=1),)
    return PlannedTask(description=text[:500], tool=name, tool_params=arguments, postconditions=conditions)


def choice_request(text: str, tools: Mapping[str, Tool[BaseModel]], situation: str) -> ModelRequest:
    """What a model is asked."""
    lines = [tool_line(tool) for tool in tools.values()]
    shown = [
        _example(example.request, name, example.arguments) for name in tools for example in tools[name].examples
    ] + [_example(request, NO_TOOL, {}) for request in _WITHOUT]
    system = "\n".join([_ASKED, *lines, "Examples:", *shown, situation])
    request = fitting_beginning(text, REQUEST_TOKENS)
    messages = [ChatMessage(role="system", content=system), ChatMessage(role="user", content=f"Request: {request}")]
    return research_request(messages, CALL_TOKENS, schema=_schema(tools), least=Capability.STRUCTURED)


def chosen(answer: str) -> tuple[str, dict[str, JsonValue]]:
    """The tool and its arguments; an empty name where there is none."""
    for value in objects_in(answer):
        try:
            found = _Chosen.model_validate(value)
        except ValidationError:
            continue
        return ("" if found.tool == NO_TOOL else found.tool), found.arguments
    return "", {}


def said_arguments(text: str, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The arguments without those that have a path, an address or a figure that the request does not say."""
    return {name: value for name, value in given.items() if _says(text, value)}


def _example(request: str, name: str, arguments: Mapping[str, JsonValue]) -> str:
    return f"Request: {request}\n{json.dumps({'tool': name, 'arguments': arguments})}"


def _schema(tools: Mapping[str, Tool[BaseModel]]) -> Schema:
    nothing: Schema = {"type": "object", "properties": {}, "additionalProperties": False}
    branches = [_branch(name, argument_schema(tool)) for name, tool in tools.items()]
    return {"anyOf": [*branches, _branch(NO_TOOL, nothing)]}


def _branch(name: str, arguments: Schema) -> JsonValue:
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, "arguments": arguments},
        "required": ["tool", "arguments"],
        "additionalProperties": False,
    }


def _says(text: str, value: JsonValue) -> bool:
    counts = _COUNTS.search(text) is not None
    exact = (word.strip(_AROUND) for said in _texts(value) for word in _EXACT.findall(said))
    return all(word in text or (counts and not set(word) & {"/", "@"}) for word in exact)


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}"
