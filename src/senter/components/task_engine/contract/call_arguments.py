"""The arguments of a plan's tool calls: places for outputs, filled in when a task is carried out.

`{{3}}` stands for the text of task 3's output, `{{goal}}` for the goal's text. Text that was filled in
is never looked through for places again, so that nothing a document says is taken for one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, JsonValue, ValidationError

from senter.component.tool_talk.arguments import problem, sentence
from senter.components.task_engine.contract.plan import Plan, problems_of
from senter.components.task_engine.contract.tool import LARGEST_RESULT_CHARACTERS, Tool
from senter.errors import PlanError, ToolError

_PLACE = re.compile(r"\{\{\s*(?P<name>goal|\d{1,4})\s*\}\}")


def places(value: JsonValue) -> Iterator[str]:
    """The names of all places in a value: goal, or the number of a task."""
    if isinstance(value, str):
        yield from (found["name"] for found in _PLACE.finditer(value))
    elif isinstance(value, list):
        for item in value:
            yield from places(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from places(item)


def fill(value: JsonValue, goal: str, outputs: Mapping[int, str]) -> JsonValue:
    """The value with all places filled in; one for an output that is not there becomes empty."""
    if isinstance(value, str):
        filled = _PLACE.sub(lambda found: _stands_for(found["name"], goal, outputs), value)
        return filled[:LARGEST_RESULT_CHARACTERS]
    if isinstance(value, list):
        return [fill(item, goal, outputs) for item in value]
    if isinstance(value, dict):
        return {name: fill(item, goal, outputs) for name, item in value.items()}
    return value


def moved_places(params: Mapping[str, JsonValue], count: int) -> dict[str, JsonValue]:
    """The parameters of a task that moves so many places back, and what it names with it."""
    written = _PLACE.sub(lambda found: f"{{{{{_moved(found['name'], count)}}}}}", json.dumps(dict(params)))
    return json.loads(written)


def _moved(name: str, count: int) -> str:
    return name if name == "goal" else str(int(name) + count)


def typed(
    tool: Tool[BaseModel], params: Mapping[str, JsonValue], goal: str, outputs: Mapping[int, str]
) -> dict[str, JsonValue]:
    """The arguments of a call, as the tool's own types. Raises `PlanError` when they do not fit.

    An output that goes where the tool wants something else than text is read as JSON, else as lines.
    """
    filled = {name: fill(value, goal, outputs) for name, value in params.items()}
    open_ = {name for name, value in params.items() if _has_places(value)}
    problem = ""
    for reading in (_as_is, _as_json, _as_lines):
        tried = {name: reading(value) if name in open_ else value for name, value in filled.items()}
        try:
            return tool.arguments.model_validate(tried).model_dump(mode="json", exclude_unset=True)
        except ValidationError as error:
            problem = problem or sentence(error)
    raise PlanError(f"{tool.name} cannot be called like this: {problem}.")


def parsed(tool: Tool[BaseModel], arguments: Mapping[str, JsonValue]) -> BaseModel:
    """The arguments as the tool types them. Raises `ToolError`."""
    try:
        return tool.arguments.model_validate(arguments)
    except ValidationError as error:
        raise ToolError(f"{tool.name} cannot take these arguments: {sentence(error)}.", trusted=True) from error


def plan_problems(plan: Plan, tools: Mapping[str, Tool[BaseModel]]) -> list[str]:
    """All that is wrong with a plan, the arguments of its calls included."""
    problems = problems_of(plan, tools)
    for number, task in enumerate(plan.tasks, 1):
        unknown = [int(name) for name in places(task.tool_params) if name != "goal"]
        problems += [
            f"task {number}: it uses the output of task {needed} without depending on it"
            for needed in dict.fromkeys(unknown)
            if needed not in task.depends_on
        ]
        if task.tool in tools:
            found = argument_problems(tools[task.tool], task.tool_params)
            problems += [f"task {number}: {task.tool}: {problem}" for problem in found]
    return problems


def argument_problems(tool: Tool[BaseModel], params: Mapping[str, JsonValue]) -> list[str]:
    """What is wrong with arguments as far as it can be told before places are filled in."""
    try:
        tool.arguments.model_validate(dict(params))
    except ValidationError as error:
        open_ = {name for name, value in params.items() if _has_places(value)}
        return [problem(found["loc"], found["msg"]) for found in error.errors() if not _within(found["loc"], open_)]
    return []


def _has_places(value: JsonValue) -> bool:
    return next(places(value), None) is not None


def _within(location: tuple[int | str, ...], names: set[str]) -> bool:
    return bool(location) and location[0] in names


def _stands_for(name: str, goal: str, outputs: Mapping[int, str]) -> str:
    return goal if name == "goal" else outputs.get(int(name), "")


def _as_is(value: JsonValue) -> JsonValue:
    return value


def _as_json(value: JsonValue) -> JsonValue:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def _as_lines(value: JsonValue) -> JsonValue:
    return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


def digest_of(kind: str, name: str, arguments: Mapping[str, JsonValue]) -> str:
    """The same for the same call, whatever the order of its arguments."""
    exact = json.dumps([kind, name, arguments], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(exact.encode()).hexdigest()
