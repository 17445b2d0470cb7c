from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import cast

import httpx2
import pytest
from pydantic import JsonValue

from senter.errors import ModelUnavailable, ParameterRefused, PromptTooLong, SenterError
from senter.messages.envelope import current
from senter.messages.health import ComponentDied
from senter.messages.message import ComponentName
from senter.messages.model import (
    AnswerOptions,
    ChatMessage,
    ModelRequest,
    ModelResponse,
    ModelToolCall,
    OfferedTool,
    Priority,
)
from tests.support.api_stage import Scene, eventually
from tests.support.openai_bodies import chunks_of, deltas_of, fails, text_of, wants_call

CHAT = "/v1/chat/completions"
HELLO: Mapping[str, object] = {"messages": [{"role": "user", "content": "What is Python?"}]}
WEATHER: Mapping[str, object] = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
        "strict": True,
    },
}
BARE = {**HELLO, "model": "model_primary"}


async def test_a_chat_is_completed(http: httpx2.AsyncClient, scene: Scene) -> None:
    response = await http.post(CHAT, json={**HELLO, "model": "senter", "tools": []})

    completion = response.json()
    assert completion["object"] == "chat.completion"
    assert completion["choices"][0]["message"] == {
        "role": "assistant",
        "content": "Python is a language.",
        "refusal": None,
    }
    assert completion["choices"][0]["finish_reason"] == "stop"
    assert completion["usage"] == {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}
    assert "warnings" not in completion


async def test_senter_is_the_assistant(http: httpx2.AsyncClient, scene: Scene) -> None:
    await http.post(CHAT, json={**HELLO, "model": "senter"})
    await http.post(CHAT, json=HELLO)

    assert [chat.request.messages[-1].content for chat in scene.assistant.chats] == ["What is Python?"] * 2
    assert scene.assistant.asked == []


async def test_a_bare_model_gets_what_the_caller_says_and_nothing_else(http: httpx2.AsyncClient, scene: Scene) -> None:
    await http.post(CHAT, json=BARE)

    assert scene.assistant.chats == []
    (asked,) = scene.model.requests
    assert (asked.use_system_prompt, asked.stream, asked.priority) == (False, False, Priority.LATENCY)


async def test_what_the_caller_sets_reaches_the_model(http: httpx2.AsyncClient, scene: Scene) -> None:
    messages = [
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "name": "Anna",
            "content": [{"type": "text", "text": "What is "}, {"type": "text", "text": "it?"}],
        },
    ]
    settings = {
        "max_tokens": 7,
        "max_completion_tokens": 9,
        "temperature": 0,
        "top_p": 0.5,
        "seed": 3,
        "stop": "END",
        "frequency_penalty": 1,
        "presence_penalty": -1.5,
        "logprobs": True,
        "top_logprobs": 2,
        "tools": [WEATHER],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
        "parallel_tool_calls": False,
        "response_format": {"type": "json_schema", "json_schema": {"name": "c", "schema": {"type": "array"}}},
    }
    await http.post(CHAT, json={"messages": messages, **settings})

    (asked,) = scene.model.requests
    assert asked.messages == [
        ChatMessage(role="system", content="Be brief."),
        ChatMessage(role="user", content="Anna: What is it?"),
    ]
    assert (asked.max_tokens, asked.temperature, asked.response_schema) == (9, 0, {"type": "array"})
    assert asked.options == AnswerOptions(
        stop=("END",),
        top_p=0.5,
        seed=3,
        frequency_penalty=1,
        presence_penalty=-1.5,
        top_logprobs=2,
        tools=(
            OfferedTool(
                name="weather",
                description="The weather of a place.",
                parameters={"type": "object", "properties": {"place": {"type": "string"}}},
            ),
        ),
        tool_choice="tool:weather",
        parallel_tool_calls=False,
    )


@pytest.mark.parametrize(
    ("wanted", "schema"),
    [
        ({"type": "text"}, None),
        ({"type": "json_object"}, {"type": "object"}),
        ({"type": "json_schema", "json_schema": {"name": "any", "strict": True}}, {"type": "object"}),
        (None, None),
    ],
)
async def test_the_form_of_an_answer_is_a_schema(
    http: httpx2.AsyncClient, scene: Scene, wanted: object, schema: object
) -> None:
    response = await http.post(CHAT, json={**HELLO, "response_format": wanted})

    assert response.status_code == 200
    assert scene.model.requests[0].response_schema == schema


async def test_the_history_of_an_agent_is_taken(http: httpx2.AsyncClient, scene: Scene) -> None:
    wanted = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "Weather in Oslo?"},
        {"role": "assistant", "content": None, "refusal": None, "annotations": [], "tool_calls": [wanted]},
        {"role": "tool", "tool_call_id": "c1", "name": "weather", "content": [{"type": "text", "text": "5 C"}]},
    ]
    response = await http.post(CHAT, json={"messages": messages, "max_tokens": 5})

    assert response.status_code == 200
    call = ModelToolCall(id="c1", name="weather", arguments="{}")
    assert scene.model.requests[0].messages[1:] == [
        ChatMessage(role="assistant", tool_calls=(call,)),
        ChatMessage(role="tool", content="5 C", tool_call_id="c1"),
    ]


async def test_a_wanted_call_is_told_as_clients_read_it(http: httpx2.AsyncClient, scene: Scene) -> None:
    wants_call(scene)
    choice = (await http.post(CHAT, json={**HELLO, "tools": [WEATHER]})).json()["choices"][0]

    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    assert choice["message"]["tool_calls"][0] == {
        "id": "c1",
        "type": "function",
        "function": {"name": "weather", "arguments": '{"place": "Oslo"}'},
    }


async def test_a_wanted_call_streams_by_index(http: httpx2.AsyncClient, scene: Scene) -> None:
    wants_call(scene)
    response = await http.post(CHAT, json={**HELLO, "tools": [WEATHER], "stream": True})

    chunks = chunks_of(response.text)
    pieces = [
        piece for delta in deltas_of(chunks) for piece in cast("list[dict[str, object]]", delta.get("tool_calls", []))
    ]
    assert pieces[:2] == [
        {"index": 0, "id": "c1", "type": "function", "function": {"name": "weather", "arguments": ""}},
        {"index": 0, "function": {"arguments": '{"place": "Oslo"}'}},
    ]
    assert [piece["index"] for piece in pieces] == [0, 0, 1, 1]
    assert cast("list[dict[str, object]]", chunks[-1]["choices"])[0]["finish_reason"] == "tool_calls"


async def test_a_chat_streams_in_chunks_that_join_to_the_answer(http: httpx2.AsyncClient) -> None:
    body = {**HELLO, "stream": True, "stream_options": {"include_usage": True}}
    response = await http.post(CHAT, json=body)

    chunks = chunks_of(response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert text_of(chunks) == "Python is a language."
    assert len(chunks) > 3
    assert chunks[-1]["usage"] == {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}


@pytest.mark.parametrize("body", [HELLO, BARE])
async def test_pieces_that_were_lost_are_in_the_stream_all_the_same(
    http: httpx2.AsyncClient, scene: Scene, body: Mapping[str, object]
) -> None:
    async def with_a_hole(request: ModelRequest) -> ModelResponse:
        await scene.model.send_piece(current().correlation, 0, "Python ")
        await scene.model.send_piece(current().correlation, 12, "language.")
        return scene.model.response()

    scene.model.answer = with_a_hole
    response = await http.post(CHAT, json={**body, "stream": True})

    assert text_of(chunks_of(response.text)) == "Python is a language."


async def test_what_was_not_heeded_is_told(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def without_seed(request: ModelRequest) -> ModelResponse:
        less = {"left_out": ("seed",), "degraded": True, "degraded_reason": "The big one is away."}
        return scene.model.response().model_copy(update=less)

    scene.model.answer = without_seed
    whole = (await http.post(CHAT, json={**HELLO, "seed": 1, "logprobs": True})).json()
    streamed = chunks_of((await http.post(CHAT, json={**HELLO, "stream": True})).text)

    assert [warning.partition(" ")[0] for warning in whole["warnings"]] == ["seed", "logprobs", "The"]
    assert len(cast("list[str]", streamed[-1]["warnings"])) == 2


async def test_what_is_told_of_tokens_is_passed_on(http: httpx2.AsyncClient, scene: Scene) -> None:
    told: JsonValue = {"content": [{"token": "Python", "logprob": -0.1, "top_logprobs": []}]}

    async def with_logprobs(request: ModelRequest) -> ModelResponse:
        return scene.model.response().model_copy(update={"logprobs": told})

    scene.model.answer = with_logprobs
    completion = (await http.post(CHAT, json={**HELLO, "logprobs": True})).json()

    assert completion["choices"][0]["logprobs"] == told
    assert scene.model.requests[0].options.top_logprobs == 0
    assert "warnings" not in completion


@pytest.mark.parametrize(
    ("said", "told"), [("eos", "stop"), ("length", "length"), ("content_filter", "content_filter")]
)
async def test_why_an_answer_ended_is_told_in_words_clients_know(
    http: httpx2.AsyncClient, scene: Scene, said: str, told: str
) -> None:
    async def ended(request: ModelRequest) -> ModelResponse:
        return scene.model.response().model_copy(update={"finish_reason": said})

    scene.model.answer = ended
    assert (await http.post(CHAT, json=HELLO)).json()["choices"][0]["finish_reason"] == told


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (
            ModelUnavailable("No model answers.", "See: senter models"),
            503,
            ("No model answers. See: senter models", "server_error", None, "model_unavailable"),
        ),
        (
            PromptTooLong("the server"),
            400,
            (
                "The prompt is too long for the server. Ask a shorter question, begin a new conversation, or use a "
                "model with a larger context.",
                "invalid_request_error",
                "messages",
                "context_length_exceeded",
            ),
        ),
        (
            ParameterRefused("the server", "seed"),
            400,
            (
                "the server does not take seed. Leave seed out, or ask a model that takes it.",
                "invalid_request_error",
                "seed",
                "unsupported_parameter",
            ),
        ),
    ],
)
async def test_a_failure_is_told_in_the_shape_clients_read(
    http: httpx2.AsyncClient,
    scene: Scene,
    error: SenterError,
    status: int,
    told: tuple[str, str, str | None, str],
    stream: bool,
) -> None:
    fails(scene, error)
    response = await http.post(CHAT, json={**HELLO, "stream": stream})

    body = response.text.splitlines()[2].removeprefix("data: ") if stream else response.text
    assert json.loads(body)["error"] == dict(zip(("message", "type", "param", "code"), told, strict=True))
    assert response.status_code == (200 if stream else status)
    assert "[DONE]" not in response.text


async def test_the_models_are_listed_and_shown(http: httpx2.AsyncClient) -> None:
    listed = (await http.get("/v1/models")).json()

    assert [model["id"] for model in listed["data"]] == ["senter", "model_primary", "model_research"]
    assert (await http.get("/v1/models/senter")).json()["object"] == "model"
    assert (await http.get("/v1/models/gpt-9")).status_code == 404


async def test_a_wrong_token_is_told_in_the_shape_clients_read(scene: Scene) -> None:
    async with httpx2.AsyncClient(verify=False, base_url=scene.address) as client:
        response = await client.post(CHAT, json=HELLO)

    assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("body", [HELLO, BARE])
async def test_hanging_up_gives_the_place_back_and_withdraws_the_chat(
    http: httpx2.AsyncClient, scene: Scene, body: Mapping[str, object]
) -> None:
    begun = asyncio.Event()

    async def never(request: ModelRequest) -> ModelResponse:
        begun.set()
        await asyncio.Event().wait()
        return scene.model.response()

    scene.model.answer = never
    async with http.stream("POST", CHAT, json={**body, "stream": True}):
        await begun.wait()
        assert scene.api.health().facts["queries_waiting"] == 1
    await eventually(lambda: scene.api.health().facts["queries_waiting"] == 0)
    if body is HELLO:
        await eventually(lambda: scene.assistant.cancelled == [scene.assistant.chats[0].query_id])


async def test_a_chat_goes_to_the_assistant_that_comes_back(http: httpx2.AsyncClient, scene: Scene) -> None:
    asked: list[int] = []
    read = asyncio.Event()

    async def dies_once(request: ModelRequest) -> ModelResponse:
        asked.append(request.first_attempt)
        if len(asked) == 1:
            await scene.model.send_piece(current().correlation, 0, "Py", attempt=4)
            await read.wait()
            await scene.supervisor.bus.send(ComponentDied(component=ComponentName("assistant"), pid=7, reason="killed"))
            await asyncio.Event().wait()
        return await scene.model.whole(request)

    scene.model.answer = dies_once
    lines: list[str] = []
    async with http.stream("POST", CHAT, json={**HELLO, "stream": True}) as response:
        async for line in response.aiter_lines():
            lines.append(line)
            if '"Py"' in line:
                read.set()

    assert text_of(chunks_of("\n".join(lines))) == "Python is a language."
    assert asked == [1, 5]
