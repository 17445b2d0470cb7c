"""What a model does in one turn, however its server tells it."""

from __future__ import annotations

import json

import pytest

from senter.component.tool_talk.model_turn import turn_of
from senter.messages.model import ModelResponse, ModelToolCall

TOOLS = ("note", "file_read")


def response(text: str = "", *calls: ModelToolCall) -> ModelResponse:
    return ModelResponse(
        text=text,
        tool_calls=calls,
        model="m",
        endpoint="settings",
        prompt_tokens=1,
        completion_tokens=1,
        finish_reason="stop",
    )


def wanted(arguments: str, name: str = "note", call_id: str = "") -> ModelToolCall:
    return ModelToolCall(id=call_id, name=name, arguments=arguments)


def test_calls_are_taken_as_the_server_tells_them_and_said_again_with_their_ids() -> None:
    turn = turn_of(response("I look.", wanted('{"path": "/a"}', "file_read", "x1"), wanted("", "note", "")), TOOLS)
    assert [(call.name, call.arguments, call.id) for call in turn.calls] == [
        ("file_read", {"path": "/a"}, "x1"),
        ("note", {}, "call_2"),
    ]
    assert [call.id for call in turn.said.tool_calls] == ["x1", "call_2"]
    assert (turn.answer, turn.wrong, turn.said.content) == ("", "", "I look.")
    assert turn.calls[0].told("seen").role == "tool"
    assert turn.calls[0].told("seen").tool_call_id == "x1"


@pytest.mark.parametrize("arguments", ["{", "[1]", "null", '"a"', "{" * 100_000])
def test_a_call_whose_arguments_are_no_object_is_not_said_again(arguments: str) -> None:
    turn = turn_of(response("", wanted("{}"), wanted(arguments)), TOOLS)
    assert turn.wrong
    assert (list(turn.calls), turn.said.tool_calls) == ([], ())
    assert turn.said.content


@pytest.mark.parametrize(
    "text", ["It is done.", "Use `{x}` there.", 'So: {"tool": "note", "arguments": {}}', "```\nls\n```"]
)
def test_what_is_no_json_alone_is_the_answer(text: str) -> None:
    assert turn_of(response(text), TOOLS).answer == text


@pytest.mark.parametrize(
    "written",
    [
        {"tool": "note", "arguments": {"title": "a"}},
        {"name": "note", "arguments": {"title": "a"}},
        {"name": "note", "parameters": {"title": "a"}},
    ],
)
@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "\n {} \n"])
def test_a_call_that_is_all_that_was_written_is_a_call(written: dict[str, object], around: str) -> None:
    turn = turn_of(response(around.replace("{}", json.dumps(written))), TOOLS)
    assert [(call.name, call.arguments) for call in turn.calls] == [("note", {"title": "a"})]
    assert turn.calls[0].told("seen").role == "user"


def test_a_written_answer_is_an_answer_and_other_json_too() -> None:
    assert turn_of(response('{"answer": " Yes. "}'), TOOLS).answer == "Yes."
    assert turn_of(response('{"name": "Ann", "age": 3}'), TOOLS).answer == '{"name": "Ann", "age": 3}'


@pytest.mark.parametrize(
    "text", ["", "  \n", '{"tool": "note", "argum', '{"tool": 7}', '{"tool": "note", "arguments": []}']
)
def test_what_is_neither_a_call_nor_an_answer_is_said_to_be_wrong(text: str) -> None:
    turn = turn_of(response(text), TOOLS)
    assert turn.wrong
    assert not turn.calls
    assert not turn.answer
    assert turn.said.content
