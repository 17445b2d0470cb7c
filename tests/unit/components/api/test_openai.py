from __future__ import annotations

import asyncio
import json
from typing import cast

import httpx2
import pytest

from senter.errors import ModelUnavailable
from senter.messages.envelope import current
from senter.messages.model import ModelRequest, ModelResponse, Priority
from tests.support.api_stage import Scene, eventually

PICTURE: dict[str, object] = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
HELLO = {"messages": [{"role": "user", "content": "What is Python?"}]}


def chunks_of(text: str) -> list[dict[str, object]]:
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def text_of(chunks: list[dict[str, object]]) -> str:
    said = ""
    for chunk in chunks:
        for choice in cast("list[dict[str, dict[str, str]]]", chunk["choices"]):
            said += choice["delta"].get("content", "")
    return said


async def test_a_chat_is_completed(http: httpx2.AsyncClient, scene: Scene) -> None:
    response = await http.post("/v1/chat/completions", json={**HELLO, "model": "senter", "seed": 7, "tools": []})

    completion = response.json()
    assert completion["object"] == "chat.completion"
    assert completion["choices"][0]["message"] == {"role": "assistant", "content": "Python is a language."}
    assert completion["choices"][0]["finish_reason"] == "stop"
    assert completion["usage"] == {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}
    (asked,) = scene.model.requests
    assert (asked.use_system_prompt, asked.stream, asked.priority) == (True, False, Priority.LATENCY)


async def test_what_the_caller_sets_reaches_the_model(http: httpx2.AsyncClient, scene: Scene) -> None:
    messages = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "What is "}, {"type": "text", "text": "Python?"}]},
    ]
    await http.post("/v1/chat/completions", json={"messages": messages, "max_tokens": 9, "temperature": 0})

    (asked,) = scene.model.requests
    assert [(message.role, message.content) for message in asked.messages] == [
        ("system", "Be brief."),
        ("user", "What is Python?"),
    ]
    assert (asked.use_system_prompt, asked.max_tokens, asked.temperature) == (False, 9, 0)


async def test_a_chat_streams_in_chunks_that_join_to_the_answer(http: httpx2.AsyncClient) -> None:
    body = {**HELLO, "stream": True, "stream_options": {"include_usage": True}}
    response = await http.post("/v1/chat/completions", json=body)

    chunks = chunks_of(response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert text_of(chunks) == "Python is a language."
    assert len(chunks) > 3
    assert chunks[-1]["usage"] == {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}


async def test_pieces_that_were_lost_are_in_the_stream_all_the_same(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def with_a_hole(request: ModelRequest) -> ModelResponse:
        await scene.model.send_piece(current().correlation, 0, "Python ")
        await scene.model.send_piece(current().correlation, 12, "language.")
        return scene.model.response()

    scene.model.answer = with_a_hole
    response = await http.post("/v1/chat/completions", json={**HELLO, "stream": True})

    assert text_of(chunks_of(response.text)) == "Python is a language."


@pytest.mark.parametrize("stream", [False, True])
async def test_a_model_that_fails_is_told_in_the_shape_clients_read(
    http: httpx2.AsyncClient, scene: Scene, stream: bool
) -> None:
    async def fails(request: ModelRequest) -> ModelResponse:
        raise ModelUnavailable("No model answers.", "See: senter models")

    scene.model.answer = fails
    response = await http.post("/v1/chat/completions", json={**HELLO, "stream": stream})

    body = response.text.splitlines()[2].removeprefix("data: ") if stream else response.text
    assert json.loads(body)["error"] == {
        "message": "No model answers. See: senter models",
        "type": "server_error",
        "param": None,
        "code": "model_unavailable",
    }
    assert response.status_code == (200 if stream else 503)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**HELLO, "model": "gpt-9"}, 404),
        ({"messages": list[object]()}, 422),
        ({"messages": [{"role": "tool", "content": "x"}]}, 422),
        ({**HELLO, "temperature": 3}, 422),
        ({**HELLO, "n": 2}, 422),
        ({"messages": [{"role": "user", "content": [PICTURE]}]}, 422),
    ],
)
async def test_what_cannot_be_done_is_refused_in_the_shape_clients_read(
    http: httpx2.AsyncClient, body: object, status: int
) -> None:
    response = await http.post("/v1/chat/completions", json=body)

    assert response.status_code == status
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}
    assert response.json()["error"]["type"] == "invalid_request_error"


async def test_the_models_are_listed_and_shown(http: httpx2.AsyncClient) -> None:
    listed = (await http.get("/v1/models")).json()

    assert [model["id"] for model in listed["data"]] == ["senter", "model_primary", "model_research"]
    assert (await http.get("/v1/models/senter")).json()["object"] == "model"
    assert (await http.get("/v1/models/gpt-9")).status_code == 404


async def test_a_wrong_token_is_told_in_the_shape_clients_read(scene: Scene) -> None:
    async with httpx2.AsyncClient(base_url=scene.address) as client:
        response = await client.post("/v1/chat/completions", json=HELLO)

    assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorized")


async def test_hanging_up_gives_the_place_back(http: httpx2.AsyncClient, scene: Scene) -> None:
    begun = asyncio.Event()

    async def never(request: ModelRequest) -> ModelResponse:
        begun.set()
        await asyncio.Event().wait()
        return scene.model.response()

    scene.model.answer = never
    async with http.stream("POST", "/v1/chat/completions", json={**HELLO, "stream": True}):
        await begun.wait()
        assert scene.api.health().facts["queries_waiting"] == 1
    await eventually(lambda: scene.api.health().facts["queries_waiting"] == 0)
