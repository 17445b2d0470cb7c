"""What /v1 cannot do is refused by name, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import httpx2
import pytest

from senter.components.api.openai.chat_body import ChatBody
from tests.support.api_stage import Scene
from tests.support.openai_bodies import refusal_of

CHAT = "/v1/chat/completions"
USER: dict[str, object] = {"role": "user", "content": "hi"}
TOOL: dict[str, object] = {"type": "function", "function": {"name": "w"}}
CALLED: dict[str, object] = {
    "role": "assistant",
    "tool_calls": [{"id": "c1", "function": {"name": "w", "arguments": "{}"}}],
}


def nested(depth: int) -> dict[str, object]:
    return {"items": nested(depth - 1)} if depth else {}


def history(*messages: object) -> dict[str, object]:
    return {"messages": [USER, *messages]}


REFUSED: list[tuple[dict[str, object], str | None, str, str]] = [
    # body, parameter, code, sentence
    ({"messages": []}, "messages", "invalid_value", "messages must not be empty."),
    ({}, "messages", "missing_required_parameter", "messages is missing."),
    ({"messages": "hi"}, "messages", "invalid_type", "messages must be a list."),
    ({"messages": ["hi"]}, "messages[0]", "invalid_type", "messages[0] must be an object."),
    (history({"content": "x"}), "messages[1].role", "missing_required_parameter", "messages[1].role is missing."),
    (
        history({"role": "boss", "content": "x"}),
        "messages[1].role",
        "invalid_value",
        "messages[1].role must be 'system', 'developer', 'user', 'assistant' or 'tool'.",
    ),
    (
        history({"role": "function", "name": "w", "content": "x"}),
        "messages[1].role",
        "unsupported_value",
        "The role function is not supported. Use the role tool instead.",
    ),
    (
        history({"role": "user", "content": 5}),
        "messages[1].content",
        "invalid_value",
        "messages[1].content must be text or a list of text parts.",
    ),
    (
        history({"role": "user", "content": None}),
        "messages[1].content",
        "missing_required_parameter",
        "A message of the role user needs content.",
    ),
    (
        history({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.org/a"}}]}),
        "messages[1].content[0].type",
        "unsupported_value",
        "Parts of the type 'image_url' are not supported. Senter reads and writes text only.",
    ),
    (
        history({"role": "user", "content": [{"type": "text"}]}),
        "messages[1].content[0].text",
        "missing_required_parameter",
        "A part of a message needs text.",
    ),
    (
        history({"role": "user", "content": "x", "mood": "glad"}),
        "messages[1].mood",
        "unknown_parameter",
        "messages[1].mood is not known here.",
    ),
    (
        history({"role": "assistant", "content": None, "function_call": {"name": "w", "arguments": "{}"}}),
        "messages[1].function_call",
        "unsupported_parameter",
        "function_call is not supported. Use tools and tool_choice instead.",
    ),
    (
        history({"role": "tool", "content": "5 C"}),
        "messages[1].tool_call_id",
        "missing_required_parameter",
        "A message of the role tool needs tool_call_id.",
    ),
    (
        history(CALLED, {"role": "tool", "tool_call_id": "c2", "content": "5 C"}),
        "messages[2].tool_call_id",
        "invalid_value",
        "A message of the role tool must follow the assistant's message with the call it answers.",
    ),
    (
        history({**CALLED, "role": "user", "content": "x"}),
        "messages[1].tool_calls",
        "invalid_value",
        "Only a message of the role assistant may have tool_calls.",
    ),
    ({"n": 2}, "n", "invalid_value", "n must be 1."),
    ({"temperature": 3}, "temperature", "invalid_value", "temperature must be at most 2."),
    ({"temperature": "warm"}, "temperature", "invalid_type", "temperature must be a number."),
    ({"top_p": -0.5}, "top_p", "invalid_value", "top_p must be at least 0."),
    ({"max_tokens": 0}, "max_tokens", "invalid_value", "max_tokens must be at least 1."),
    ({"max_tokens": 1.5}, "max_tokens", "invalid_type", "max_tokens must be a whole number."),
    ({"max_tokens": "5"}, "max_tokens", "invalid_type", "max_tokens must be a whole number."),
    ({"stream": "yes"}, "stream", "invalid_type", "stream must be true or false."),
    ({"stop": [""]}, "stop[0]", "invalid_value", "stop[0] must not be empty."),
    ({"stop": 5}, "stop", "invalid_type", "stop must be a list."),
    ({"seed": 2**70}, "seed", "invalid_value", f"seed must be at most {2**63 - 1}."),
    ({"top_logprobs": 2}, "top_logprobs", "invalid_value", "top_logprobs needs logprobs to be true."),
    ({"top_logprobs": 21, "logprobs": True}, "top_logprobs", "invalid_value", "top_logprobs must be at most 20."),
    (
        {"functions": [{"name": "w"}]},
        "functions",
        "unsupported_parameter",
        "functions is not supported. Use tools and tool_choice instead.",
    ),
    ({"mirostat": 1}, "mirostat", "unknown_parameter", "mirostat is not known here."),
    (
        {"tools": [{"type": "web_search"}]},
        "tools[0].type",
        "unsupported_value",
        "Tools of the type 'web_search' are not supported, only functions of yours.",
    ),
    (
        {"tools": [{"type": "function", "function": {"name": "a b"}}]},
        "tools[0].function.name",
        "invalid_value",
        "tools[0].function.name may have 1 to 128 letters, digits, dots, hyphens and underscores.",
    ),
    ({"tools": [TOOL, TOOL]}, "tools", "invalid_value", "Two tools have the same name. Give each its own."),
    (
        {"tools": [{"type": "function", "function": {"name": "w", "parameters": nested(70)}}]},
        "tools[0].function.parameters",
        "invalid_value",
        "This is nested too deeply.",
    ),
    ({"tool_choice": "required"}, "tool_choice", "invalid_value", "tool_choice demands a call. Give tools as well."),
    (
        {"tool_choice": "perhaps"},
        "tool_choice",
        "invalid_value",
        "tool_choice must be 'auto', 'none' or 'required'.",
    ),
    (
        {"tool_choice": 5},
        "tool_choice",
        "invalid_value",
        "tool_choice must be auto, none, required, or name a function.",
    ),
    (
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "x"}}},
        "tool_choice",
        "invalid_value",
        "tool_choice names a function that is not among the tools.",
    ),
    (
        {"response_format": {"type": "yaml"}},
        "response_format.type",
        "invalid_value",
        "response_format.type must be 'text' or 'json_object'.",
    ),
    (
        {"response_format": {"type": "json_schema", "json_schema": {"schema": 5}}},
        "response_format.json_schema.schema",
        "invalid_type",
        "response_format.json_schema.schema must be an object.",
    ),
]


@pytest.mark.parametrize(("more", "parameter", "code", "sentence"), REFUSED)
def test_a_bad_parameter_is_named(more: Mapping[str, object], parameter: str | None, code: str, sentence: str) -> None:
    refusal = refusal_of(ChatBody, more if "messages" in more or not more else {**history(), **more})

    assert refusal and (refusal.message, refusal.param, refusal.code) == (sentence, parameter, code)


async def test_a_refusal_is_a_bad_request_in_the_shape_clients_read(http: httpx2.AsyncClient, scene: Scene) -> None:
    response = await http.post(CHAT, json=history() | {"n": 2})

    said = {"message": "n must be 1.", "type": "invalid_request_error", "param": "n", "code": "invalid_value"}
    assert (response.json()["error"], response.status_code) == (said, 400)
    assert scene.model.requests == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is not valid JSON."),
        (b"[]", "The body must be a JSON object, sent with Content-Type: application/json."),
        (b"\xff", "The request body cannot be read."),
        (b'{"messages": [{"role": "user", "content": "\\ud800"}]}', None),
        (b'{"messages": [{"role": "user", "content": "x"}], "temperature": NaN}', None),
        (
            b'{"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_schema", '
            b'"json_schema": {"schema": {"title": "\\ud800"}}}}',
            None,
        ),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    http: httpx2.AsyncClient, body: bytes, sentence: str | None
) -> None:
    response = await http.post(CHAT, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 400
    error = cast("dict[str, str]", response.json()["error"])
    assert error["type"] == "invalid_request_error"
    assert sentence is None or error["message"] == sentence
    assert "function-" not in error["message"]


async def test_a_model_that_is_not_offered_is_not_found(http: httpx2.AsyncClient) -> None:
    response = await http.post(CHAT, json={"messages": [USER], "model": "gpt-9"})

    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (404, "model", "model_not_found")
    assert "senter, model_primary, model_research" in error["message"]


async def test_there_are_no_embeddings_yet(http: httpx2.AsyncClient) -> None:
    response = await http.post("/v1/embeddings", json={"model": "senter", "input": "x"})

    assert (response.status_code, response.json()["error"]["type"]) == (404, "invalid_request_error")
    assert response.json()["error"]["message"].startswith("Senter cannot make embeddings yet.")
