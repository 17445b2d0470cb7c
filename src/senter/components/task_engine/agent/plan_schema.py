"""What a model's plan must look like, for servers that can hold a model to a schema, and what a good one looks like."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from pydantic import BaseModel, JsonValue

from senter.components.task_engine.agent.argument_schemas import Schema, argument_schema
from senter.components.task_engine.contract.tool import Tool
from senter.messages.goals import MAX_TASKS, TaskType

MOST_TYPED = 24
LARGEST_TYPED = 24_000
"""Characters of a schema that has a branch for each tool; what is more is not worth its place in a request."""
MOST_EXAMPLES = 2
_TEXT: Schema = {"type": "string"}

_EXAMPLES: tuple[tuple[str, list[JsonValue]], ...] = (
    (
        "Find what my documents say about the boiler and remind me tomorrow at 9 to call the plumber",
        [
            {
                "description": "Find documents about the boiler",
                "type": "research",
                "depends_on": [],
                "tool": "documents_search",
                "tool_params": {"query": "boiler"},
            },
            {
                "description": "Remind the user to call the plumber",
                "type": "organize",
                "depends_on": [],
                "tool": "remind",
                "tool_params": {"text": "call the plumber", "at": "tomorrow at 9"},
            },
            {
                "description": "Say what the documents tell about the boiler",
                "type": "research",
                "depends_on": [1],
                "tool": "",
                "tool_params": {},
            },
        ],
    ),
    (
        "Summarise /home/ann/minutes.md in a note",
        [
            {
                "description": "Read the minutes",
                "type": "research",
                "depends_on": [],
                "tool": "file_read",
                "tool_params": {"path": "/home/ann/minutes.md"},
            },
            {
                "description": "Summarise the minutes",
                "type": "analyze",
                "depends_on": [1],
                "tool": "",
                "tool_params": {},
            },
            {
                "description": "Write the summary down",
                "type": "organize",
                "depends_on": [2],
                "tool": "note",
                "tool_params": {"title": "Minutes", "text": "{{2}}"},
            },
        ],
    ),
)


def answer_schema(tools: Mapping[str, Tool[BaseModel]]) -> Schema:
    """The schema of an answer: a branch for each tool with its own arguments, where that does not grow too large."""
    typed = _answer({"anyOf": [_task("", {"type": "object"}), *(_typed_task(name, tools[name]) for name in tools)]})
    if len(tools) <= MOST_TYPED and len(json.dumps(typed)) <= LARGEST_TYPED:
        return typed
    names: list[JsonValue] = ["", *tools]
    return _answer(_task({"enum": names}, {"type": "object"}))


def examples(tools: Collection[str]) -> str:
    """Goals and their plans, of those whose tools are there; empty where none is."""
    fitting = [f"Goal: {goal}\n{json.dumps({'tasks': tasks})}" for goal, tasks in _EXAMPLES if _used(tasks) <= {*tools}]
    return "\n".join(["Examples:", *fitting[:MOST_EXAMPLES]]) if fitting else ""


def _answer(task: Schema) -> Schema:
    tasks: Schema = {"type": "array", "minItems": 1, "maxItems": MAX_TASKS, "items": task}
    return {"type": "object", "properties": {"tasks": tasks}, "required": ["tasks"], "additionalProperties": False}


def _typed_task(name: str, tool: Tool[BaseModel]) -> Schema:
    schema = argument_schema(tool)
    fields = schema.get("properties")
    known = fields if isinstance(fields, dict) else {}
    params: Schema = {**schema, "properties": {field: _or_place(value) for field, value in known.items()}}
    return _task(name, params)


def _or_place(value: JsonValue) -> JsonValue:
    """A list or a mapping may come from another task's result, whose place is a text."""
    structured = isinstance(value, dict) and value.get("type") in ("array", "object")
    return {"anyOf": [value, _TEXT]} if structured else value


def _task(tool: str | Schema, params: Schema) -> Schema:
    types: list[JsonValue] = [*TaskType]
    properties: Schema = {
        "description": _TEXT,
        "type": {"enum": types},
        "depends_on": {"type": "array", "items": {"type": "integer"}},
        "tool": tool if isinstance(tool, dict) else {"const": tool},
        "tool_params": params,
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _used(tasks: list[JsonValue]) -> set[str]:
    return {str(task["tool"]) for task in tasks if isinstance(task, dict) and task["tool"]}
