"""Tool calls and JSON from models and servers that were not made for them."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import JsonValue

from senter.components.models.tools_by_schema import call_in, offering_by_schema
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import UnusableAnswer
from senter.messages.model import AnswerOptions, ChatMessage, ModelToolCall, OfferedTool

QUESTION = ChatMessage(role="user", content="How is the weather in Rome?")
WEATHER = OfferedTool(
    name="weather",
    description="The weather of a place.",
    parameters={
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Where."},
            "unit": {"enum": ["celsius", "kelvin"]},
            "days": {"type": "integer"},
            "from": {"type": "string", "format": "date"},
        },
        "required": ["city", "unit", "days"],
    },
)
CLOCK = OfferedTool(name="clock", description="The time.")
ITEM: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"child": {"$ref": "#/$defs/Item"}, "name": {"type": "string"}},
    "required": ["name"],
}
NESTED = OfferedTool(
    name="nested",
    parameters={"type": "object", "properties": {"item": {"$ref": "#/$defs/Item"}}, "$defs": {"Item": ITEM}},
)


def call(*messages: ChatMessage, schema: dict[str, JsonValue] | None = None, **options: object) -> ChatRequest:
    wanted = AnswerOptions.model_validate({"tools": [WEATHER, CLOCK], **options})
    return ChatRequest(messages or (QUESTION,), max_tokens=50, temperature=0, schema=schema, options=wanted)


def answer(text: str, finish_reason: str = "stop") -> ChatAnswer:
    return ChatAnswer(text=text, finish_reason=finish_reason, prompt_tokens=1, completion_tokens=1)


def fits(asked: ChatRequest, value: JsonValue) -> bool:
    assert asked.schema is not None
    Draft202012Validator.check_schema(asked.schema)
    return Draft202012Validator(asked.schema).is_valid(value)  # pyright: ignore[reportUnknownMemberType]


ROME: JsonValue = {"tool": "weather", "arguments": {"city": "Rome", "unit": "kelvin", "days": 1}}
NOON: JsonValue = {"tool": "clock", "arguments": {}}
WORDS: JsonValue = {"answer": "Sunny."}


@pytest.mark.parametrize(
    ("choice", "fitting"),
    [("auto", [ROME, NOON, WORDS]), ("required", [ROME, NOON]), ("tool:weather", [ROME])],
)
def test_the_schema_lets_the_model_do_what_it_may(choice: str, fitting: list[JsonValue]) -> None:
    asked = offering_by_schema(call(tool_choice=choice))
    assert [value for value in (ROME, NOON, WORDS) if fits(asked, value)] == fitting
    assert not fits(asked, {"tool": "weather", "arguments": {"city": 5}})
    assert not fits(asked, {"tool": "other", "arguments": {}})
    assert asked.options.tools == ()


def test_a_schema_that_refers_to_its_parts_still_holds() -> None:
    asked = offering_by_schema(call(tools=[WEATHER, NESTED]))
    assert fits(asked, {"tool": "nested", "arguments": {"item": {"name": "a", "child": {"name": "b"}}}})
    assert not fits(asked, {"tool": "nested", "arguments": {"item": {"name": "a", "child": {"name": 5}}}})


def test_an_answer_with_a_schema_of_its_own_keeps_it() -> None:
    wanted = call(schema={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    asked = offering_by_schema(wanted)
    assert fits(asked, {"answer": {"n": 1}})
    assert not fits(asked, {"answer": {"n": "one"}})
    assert json.loads(call_in(answer('{"answer": {"n": 1}}'), wanted, "It").text) == {"n": 1}


def test_the_tools_are_told_at_the_end_of_the_system_message() -> None:
    system = ChatMessage(role="system", content="Be kind.")
    told = offering_by_schema(call(system, QUESTION)).messages
    assert [message.role for message in told] == ["system", "user"]
    lines = told[0].content.splitlines()
    assert lines[0] == "Be kind."
    assert (
        '- weather(city: string (Where.), unit: "celsius" or "kelvin", days: integer, from?: date): '
        "The weather of a place." in lines
    )
    assert "- clock(): The time." in lines
    examples = [json.loads(line) for line in lines if line.startswith('{"tool":')]
    assert [example["tool"] for example in examples] == ["weather", "clock"]
    assert all(fits(offering_by_schema(call()), example) for example in examples)


def test_who_must_call_is_not_told_how_to_answer() -> None:
    told = offering_by_schema(call(tool_choice="required")).messages[0].content
    assert '"answer"' not in told


def test_a_history_of_calls_is_told_as_text() -> None:
    rome = ModelToolCall(id="1", name="weather", arguments='{"city": "Rome"}')
    noon = ModelToolCall(id="2", name="clock", arguments="not JSON")
    asked = offering_by_schema(
        call(
            QUESTION,
            ChatMessage(role="assistant", content="I look.", tool_calls=(rome, noon)),
            ChatMessage(role="tool", tool_call_id="1", content="Rain."),
            ChatMessage(role="tool", tool_call_id="2", content="Noon."),
            tool_choice="none",
        )
    )
    assert [(message.role, message.content) for message in asked.messages] == [
        ("user", QUESTION.content),
        (
            "assistant",
            'I look.\n{"tool": "weather", "arguments": {"city": "Rome"}}\n{"tool": "clock", "arguments": {}}',
        ),
        ("user", "Result of weather:\nRain.\n\nResult of clock:\nNoon."),
    ]
    assert asked.schema is None


def test_a_call_becomes_a_tool_call() -> None:
    found = call_in(answer(json.dumps(ROME)), call(), "It")
    (wanted,) = found.calls
    assert (wanted.name, json.loads(wanted.arguments)) == ("weather", {"city": "Rome", "unit": "kelvin", "days": 1})
    assert wanted.id
    assert (found.text, found.finish_reason) == ("", "tool_calls")


@pytest.mark.parametrize("text", ['{"answer": "Sunny."}', 'Here:\n```json\n{"answer": "Sunny."}\n```', "Sunny."])
def test_an_answer_becomes_a_text(text: str) -> None:
    assert call_in(answer(text), call(), "It").text == "Sunny."


def test_an_answer_that_was_cut_off_is_shown_as_far_as_it_came() -> None:
    found = call_in(answer('{"answer": "Sunny and w', "length"), call(), "It")
    assert (found.text, found.finish_reason) == ("Sunny and w", "length")


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        (answer('{"tool": "weather", "arguments": {"city": "Ro', "length"), "auto"),
        (answer("Sunny."), "required"),
        (answer('{"answer": "Sunny."}'), "tool:weather"),
    ],
)
def test_half_a_call_and_none_where_one_was_due_are_no_answer(said: ChatAnswer, choice: str) -> None:
    with pytest.raises(UnusableAnswer):
        call_in(said, call(tool_choice=choice), "It")
