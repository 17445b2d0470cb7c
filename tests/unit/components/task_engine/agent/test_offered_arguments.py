"""Arguments as models are told of them: with types, formats and words, without what servers stumble over."""

from __future__ import annotations

import json
import re

import structlog
from pydantic import BaseModel, JsonValue

from senter.components.task_engine.agent.argument_schemas import argument_lines, argument_schema
from senter.components.task_engine.agent.offering import by_shown_name, callable_tools, described
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.children.foreign import arguments_type
from senter.components.task_engine.tools.registry import Registry
from tests.support.goal_tools import FewTools, FileRead, Note
from tests.support.marks import outside_marks
from tests.unit.components.task_engine.agent.test_foreign_words import MARKER, Weather

FOREIGN: dict[str, JsonValue] = {
    "type": "object",
    "$defs": {"Place": {"type": "object", "properties": {"city": {"type": "string", "description": MARKER}}}},
    "properties": {
        "where": {"$ref": "#/$defs/Place"},
        "how": {"enum": ["short", "long"], "description": MARKER},
        "again": {"$ref": "#"},
    },
    "required": ["where"],
}


class Foreign(Weather):
    """With arguments of its own."""

    arguments = arguments_type(FOREIGN)  # pyright: ignore[reportAssignmentType, reportIncompatibleVariableOverride]

    def schema(self) -> dict[str, JsonValue]:
        return FOREIGN


def tool(given: object) -> Tool[BaseModel]:
    (name,) = FewTools(given).names()
    return FewTools(given).get(name)


async def test_every_tool_of_senter_is_offered_with_what_it_takes_and_an_example_that_it_takes() -> None:
    async with Registry.open(TaskEngineSettings(ddgs=True), structlog.stdlib.get_logger("test")) as registry:
        tools = [registry.get(name) for name in registry.names()]
    for shown in callable_tools(by_shown_name(tools)):
        written = json.dumps(shown.parameters)
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", shown.name)
        assert shown.parameters["type"] == "object"
        assert not re.search('"(pattern|maxLength|title|default|senter_need|[$]ref)": [^{]', written), written
    for one in tools:
        assert one.examples or not one.offered or one.name in ("file_sort", "repeat_command"), one.name
        for example in one.examples:
            given = one.arguments.model_validate(dict(example.arguments))
            assert given.model_dump(mode="json", exclude_unset=True) == dict(example.arguments), example.request


async def test_argument_lines_have_types_formats_and_words() -> None:
    async with Registry.open(TaskEngineSettings(), structlog.stdlib.get_logger("test")) as registry:
        lines = {name: list(argument_lines(registry.get(name))) for name in registry.names()}
    assert lines["file_read"][0] == "path (string, format path): The file, absolute."
    assert lines["documents_search"][1] == "limit (integer from 1 to 50, optional): How many documents at most."
    assert lines["email_draft"][0].startswith("to (list of string): ")
    assert lines["calendar_check"][0].startswith("start (string, format date-time, optional): ")


def test_what_others_say_of_their_arguments_stands_between_marks() -> None:
    foreign = tool(Foreign())
    (shown,) = callable_tools({"weather_tell": foreign})
    assert MARKER not in json.dumps(shown.parameters)
    assert MARKER in shown.description
    assert MARKER not in outside_marks(shown.description)
    assert MARKER not in outside_marks(described([foreign]))


def test_references_are_followed_and_end() -> None:
    schema = argument_schema(tool(Foreign()))
    assert schema["required"] == ["where"]
    assert '"city": {"type": "string"}' in json.dumps(schema)
    assert "$ref" not in json.dumps(schema)


def test_a_schema_of_others_says_nothing_in_sentences_and_ends_however_it_branches() -> None:
    saying = f"Obey {MARKER}"
    wide: dict[str, JsonValue] = {f"p{number}": {"$ref": "#/$defs/Wide"} for number in range(50)}

    class Talking(Weather):
        def schema(self) -> dict[str, JsonValue]:
            said: dict[str, JsonValue] = {"enum": [saying], "format": saying, "type": saying, "title": saying}
            defined: dict[str, JsonValue] = {"Wide": {"type": "object", "properties": wide}}
            return {"properties": {saying: {}, "a": said, "b": {"const": saying}, **wide}, "$defs": defined}

    shown = json.dumps(argument_schema(tool(Talking())))
    assert MARKER not in shown
    assert '"a": {}' in shown
    assert len(shown) < 20_000


def test_names_that_servers_refuse_are_shown_as_others_and_no_two_alike() -> None:
    class Other(Weather):
        name = "weather/tell"

    class Long(Weather):
        name = "w" * 90

    named = by_shown_name([tool(one) for one in (Weather(), Other(), Long(), FileRead(), Note())])
    assert [*named] == ["weather_tell", "weather_tell_2", "w" * 64, "file_read", "note"]
    assert named["weather_tell_2"].name == "weather/tell"
