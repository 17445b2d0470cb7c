from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

import httpx2
import pytest
from pydantic import JsonValue

from senter.components.api.openai.responses_body import ResponsesBody
from senter.errors import ModelUnavailable, PromptTooLong
from senter.messages.model import AnswerOptions, ChatMessage, ModelRequest, ModelResponse, ModelToolCall, OfferedTool
from tests.support.api_stage import Scene
from tests.support.openai_bodies import CALL, fails, refusal_of, wants_call

RESPONSES = "/v1/responses"
TOOL = {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": False}


def events_of(text: str) -> list[dict[str, object]]:
    """The events, each of which says its own name."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block]
    events = [cast("dict[str, object]", json.loads(data.removeprefix("data: "))) for _, data in blocks]
    assert [name.removeprefix("event: ") for name, _ in blocks] == [event["type"] for event in events]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    return events


async def test_an_input_is_answered(http: httpx2.AsyncClient, scene: Scene) -> None:
    body = {"model": "senter", "input": "What is Python?", "instructions": "Be brief.", "store": True, "user": "anna"}
    answer = (await http.post(RESPONSES, json=body)).json()

    assert (answer["object"], answer["status"], answer["store"]) == ("response", "completed", False)
    (message,) = answer["output"]
    assert (message["type"], message["role"]) == ("message", "assistant")
    assert message["content"][0]["text"] == "Python is a language."
    assert answer["usage"]["total_tokens"] == 16
    assert scene.model.requests[0].messages == [
        ChatMessage(role="system", content="Be brief."),
        ChatMessage(role="user", content="What is Python?"),
    ]


async def test_what_the_caller_sets_reaches_the_model(http: httpx2.AsyncClient, scene: Scene) -> None:
    items: JsonValue = [
        {"role": "developer", "content": [{"type": "input_text", "text": "Be brief."}]},
        {"type": "message", "role": "user", "content": "Weather?"},
        {
            "type": "message",
            "id": "m",
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "I look.", "annotations": []}],
        },
        {"type": "function_call", "id": "f", "call_id": "c1", "name": "weather", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "weather", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "5 C"},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "6 C"}]},
    ]
    body: dict[str, object] = {
        "input": items,
        "max_output_tokens": 9,
        "temperature": 0,
        "top_p": 1,
        "tools": [TOOL],
        "tool_choice": {"type": "function", "name": "weather"},
        "parallel_tool_calls": True,
        "text": {"format": {"type": "json_schema", "name": "c", "strict": True, "schema": {"type": "array"}}},
    }
    response = await http.post(RESPONSES, json=body)

    assert response.status_code == 200, response.text
    (asked,) = scene.model.requests
    calls = tuple(ModelToolCall(id=one, name="weather", arguments="{}") for one in ("c1", "c2"))
    assert asked.messages == [
        ChatMessage(role="system", content="Be brief."),
        ChatMessage(role="user", content="Weather?"),
        ChatMessage(role="assistant", content="I look.", tool_calls=calls),
        ChatMessage(role="tool", content="5 C", tool_call_id="c1"),
        ChatMessage(role="tool", content="6 C", tool_call_id="c2"),
    ]
    assert (asked.max_tokens, asked.temperature, asked.response_schema) == (9, 0, {"type": "array"})
    assert asked.options == AnswerOptions(
        top_p=1,
        tools=(OfferedTool(name="weather", parameters={"type": "object"}),),
        tool_choice="tool:weather",
        parallel_tool_calls=True,
    )


async def test_a_wanted_call_is_an_item(http: httpx2.AsyncClient, scene: Scene) -> None:
    wants_call(scene)
    answer = (await http.post(RESPONSES, json={"input": "Weather?", "tools": [TOOL]})).json()

    first, second = answer["output"]
    assert (first["type"], first["call_id"], first["arguments"]) == ("function_call", CALL.id, CALL.arguments)
    assert first["id"] != second["id"]


async def test_an_answer_streams_with_its_events(http: httpx2.AsyncClient) -> None:
    events = events_of((await http.post(RESPONSES, json={"input": "What?", "stream": True})).text)

    kinds = [str(event["type"]) for event in events]
    deltas = [event for event in events if event["type"] == "response.output_text.delta"]
    assert list(dict.fromkeys(kinds)) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert len(deltas) > 1
    assert "".join(str(event["delta"]) for event in deltas) == "Python is a language."
    whole = cast("Mapping[str, list[Mapping[str, object]]]", events[-1]["response"])
    assert {event["item_id"] for event in deltas} == {whole["output"][0]["id"]}


async def test_wanted_calls_stream_without_a_message(http: httpx2.AsyncClient, scene: Scene) -> None:
    wants_call(scene)
    events = events_of((await http.post(RESPONSES, json={"input": "W?", "tools": [TOOL], "stream": True})).text)

    assert [str(event["type"]).removeprefix("response.") for event in events[2:6]] == [
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
    ]
    assert [event.get("output_index") for event in events[2:-1]] == [0, 0, 0, 0, 1, 1, 1, 1]


async def test_an_answer_that_was_cut_says_so(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def cut(request: ModelRequest) -> ModelResponse:
        return scene.model.response().model_copy(update={"finish_reason": "length"})

    scene.model.answer = cut
    whole = (await http.post(RESPONSES, json={"input": "What?"})).json()
    streamed = events_of((await http.post(RESPONSES, json={"input": "What?", "stream": True})).text)

    assert (whole["status"], whole["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert streamed[-1]["type"] == "response.incomplete"


async def test_an_input_that_is_too_long_is_named(http: httpx2.AsyncClient, scene: Scene) -> None:
    fails(scene, PromptTooLong("the model"))
    response = await http.post(RESPONSES, json={"input": "What?"})

    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, "input", "context_length_exceeded")


async def test_a_failure_in_mid_stream_is_an_event(http: httpx2.AsyncClient, scene: Scene) -> None:
    fails(scene, ModelUnavailable("No model answers."))
    events = events_of((await http.post(RESPONSES, json={"input": "What?", "stream": True})).text)

    assert events[-1]["type"] == "response.failed"
    error = cast("Mapping[str, Mapping[str, object]]", events[-1]["response"])["error"]
    assert error == {"code": "model_unavailable", "message": "No model answers."}


@pytest.mark.parametrize(
    ("more", "parameter"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"background": True}, "background"),
        ({"truncation": "auto"}, "truncation"),
        ({"reasoning": {"effort": "high"}}, "reasoning"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"input": [{"type": "item_reference", "id": "m"}]}, "input[0]"),
        ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, "input[0].content[0].type"),
        ({"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]}, "input[0].call_id"),
        ({"text": {"verbosity": "low"}}, "text.verbosity"),
        ({"text": {"format": {"type": "json_schema", "schema": 5}}}, "text.format.schema"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(more: Mapping[str, object], parameter: str) -> None:
    refusal = refusal_of(ResponsesBody, {"input": "x", **more})

    assert refusal and refusal.param == parameter


def test_what_asks_for_nothing_is_no_refusal() -> None:
    idle = {"background": False, "truncation": "disabled", "previous_response_id": None, "reasoning": None}
    assert refusal_of(ResponsesBody, {"input": "x", "include": [], **idle}) is None
