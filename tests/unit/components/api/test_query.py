from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from senter.components.api.settings import ApiSettings
from senter.errors import ModelUnavailable, ResponderDied, Unavailable
from senter.messages.control import State
from senter.messages.query import MAX_QUERY_CHARACTERS, QueryAnswer, UserQuery
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving

ANSWER_KEYS = {
    *("id", "conversation_id", "response", "focus", "model", "latency_seconds", "degraded", "tokens"),
    *("receipts", "sources", "asks"),
}


def events_of(text: str) -> list[tuple[str, dict[str, object]]]:
    events: list[tuple[str, dict[str, object]]] = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        if "data" in lines:
            events.append((lines["event"], json.loads(lines["data"])))
    return events


async def test_a_question_is_answered_with_the_agreed_keys(http: httpx2.AsyncClient) -> None:
    response = await http.post("/api/query", json={"text": "hello"})

    assert response.status_code == 200
    assert set(response.json()) == ANSWER_KEYS
    assert response.json()["response"] == "You said: hello"


async def test_the_request_id_is_the_answers_id(http: httpx2.AsyncClient, scene: Scene) -> None:
    response = await http.post("/api/query", json={"text": "hello", "request_id": "mine-1", "conversation_id": "c1"})

    assert (response.json()["id"], response.json()["conversation_id"]) == ("mine-1", "c1")
    (query,) = scene.assistant.asked
    assert query.query_id == "mine-1"


async def test_a_degraded_answer_says_why(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def degraded(query: UserQuery) -> QueryAnswer:
        answer = await scene.assistant.echo(query)
        return answer.model_copy(update={"degraded": True, "degraded_reason": "Ollama does not answer."})

    scene.assistant.answer = degraded
    response = await http.post("/api/query", json={"text": "hello"})

    assert response.json()["degraded_reason"] == "Ollama does not answer."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"text": ""}, "The question is empty."),
        ({"text": " \n\t "}, "The question is empty."),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "a" * (MAX_QUERY_CHARACTERS + 1)}, f"{MAX_QUERY_CHARACTERS + 1} characters"),
        ({"text": 7}, "text: Input should be a valid string"),
        ({}, "text is missing"),
        ({"text": "a", "colour": "red"}, "colour is not known here"),
        ({"text": "a", "request_id": "a.b"}, "request_id"),
        ({"text": "a", "request_id": "*"}, "request_id"),
        ({"text": "a", "conversation_id": ""}, "conversation_id"),
        ([], "must be a JSON object"),
    ],
)
async def test_what_cannot_be_a_question_is_refused_with_a_sentence(
    http: httpx2.AsyncClient, scene: Scene, body: object, sentence: str
) -> None:
    response = await http.post("/api/query", json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert sentence in response.json()["detail"]
    assert scene.assistant.asked == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"text": "\\ud800"}', b'{"text": 1' + b"0" * 5000 + b"}", b"[" * 100_000, b"null"],
    ids=["empty", "half", "not-utf8", "surrogate", "huge-number", "deep", "null"],
)
async def test_malformed_json_is_refused_with_a_sentence(http: httpx2.AsyncClient, body: bytes) -> None:
    response = await http.post("/api/query", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert response.json()["code"] == "invalid_input"
    assert response.json()["detail"].endswith(".")


async def test_a_long_question_within_the_limit_is_answered(http: httpx2.AsyncClient) -> None:
    response = await http.post("/api/query", json={"text": "ä" * MAX_QUERY_CHARACTERS})

    assert response.status_code == 200


async def test_the_answer_streams_progress_and_pieces_and_ends_with_the_whole(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    async def in_pieces(query: UserQuery) -> QueryAnswer:
        await scene.assistant.send_progress(query.query_id, "loading the model")
        await scene.assistant.send_piece(query.query_id, 0, "Hel")
        await scene.assistant.send_piece(query.query_id, 3, "lo")
        return scene.assistant.answer_to(query, "Hello")

    scene.assistant.answer = in_pieces
    response = await http.post("/api/query", json={"text": "hi"}, headers={"Accept": "text/event-stream"})

    first, *pieces, (name, answer) = events_of(response.text)
    assert first == ("progress", {"text": "loading the model"})
    assert "".join(str(piece["text"]) for _, piece in pieces) == "Hello"
    assert pieces[0][1]["attempt"] == 1
    assert name == "answer"
    assert set(answer) == ANSWER_KEYS
    assert answer["response"] == "Hello"


async def test_an_answer_begun_again_keeps_the_number_that_the_assistant_gave_the_attempt(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    async def twice(query: UserQuery) -> QueryAnswer:
        await scene.assistant.send_piece(query.query_id, 0, "Hel")
        await seen.wait()
        await scene.assistant.send_piece(query.query_id, 0, "Good day", attempt=3)
        return scene.assistant.answer_to(query, "Good day")

    scene.assistant.answer = twice
    seen = asyncio.Event()
    shown = ""
    async with http.stream("POST", "/api/query", json={"text": "hi", "stream": True}) as response:
        async for line in response.aiter_text():
            shown += line
            seen.set()

    found = [(name, data.get("attempt")) for name, data in events_of(shown)]
    assert found == [("delta", 1), ("restart", None), ("delta", 3), ("answer", None)]


async def test_a_failure_after_the_stream_began_is_its_last_event(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def fails(query: UserQuery) -> QueryAnswer:
        raise ModelUnavailable("No model answers.", "See: senter models")

    scene.assistant.answer = fails
    response = await http.post("/api/query", json={"text": "hi", "stream": True})

    ((name, problem),) = events_of(response.text)
    assert (name, problem["code"], problem["status"]) == ("error", "model_unavailable", 503)


async def test_the_assistants_own_error_becomes_a_problem(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def fails(query: UserQuery) -> QueryAnswer:
        raise ModelUnavailable("No model answers.", "See: senter models")

    scene.assistant.answer = fails
    response = await http.post("/api/query", json={"text": "hi"}, headers={"X-Request-Id": "abc"})

    assert response.status_code == 503
    problem = response.json()
    assert problem["detail"] == "No model answers."
    assert problem["hint"] == "See: senter models"
    assert problem["request_id"] == response.headers["x-request-id"] == "abc"


async def test_a_question_without_an_answer_ends_at_its_deadline_and_is_withdrawn(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, query_timeout_seconds=0.2)) as scene, over_unix(scene) as http:
        scene.assistant.answer = never
        response = await http.post("/api/query", json={"text": "hi", "request_id": "slow"})

        assert response.status_code == 504
        assert "timed out after 0.2 s" in response.json()["detail"]
        await eventually(lambda: scene.assistant.cancelled == ["slow"])


async def never(query: UserQuery) -> QueryAnswer:
    await asyncio.Event().wait()
    raise AssertionError


async def test_hanging_up_withdraws_the_question(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.answer = never
    asked = asyncio.create_task(http.post("/api/query", json={"text": "hi", "request_id": "gone"}))
    await eventually(lambda: scene.assistant.asked)
    asked.cancel()

    await eventually(lambda: scene.assistant.cancelled == ["gone"])
    assert scene.api.health().facts["queries_waiting"] == 0


async def test_hanging_up_a_stream_withdraws_the_question(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.answer = never
    body = {"text": "hi", "request_id": "gone", "stream": True}
    async with http.stream("POST", "/api/query", json=body):
        await eventually(lambda: scene.assistant.asked)

    await eventually(lambda: scene.assistant.cancelled == ["gone"])


async def test_hanging_up_leaves_the_question_to_another_asker_of_the_same_id(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    go = asyncio.Event()

    async def later(query: UserQuery) -> QueryAnswer:
        await go.wait()
        return await scene.assistant.echo(query)

    scene.assistant.answer = later
    first = asyncio.create_task(http.post("/api/query", json={"text": "hi", "request_id": "both"}))
    second = asyncio.create_task(http.post("/api/query", json={"text": "hi", "request_id": "both"}))
    await eventually(lambda: len(scene.assistant.asked) == 2)
    first.cancel()
    await eventually(lambda: scene.api.health().facts["queries_waiting"] == 1)
    go.set()

    assert (await second).status_code == 200
    assert scene.assistant.cancelled == []


async def test_fifty_at_once_are_all_answered(http: httpx2.AsyncClient) -> None:
    responses = await asyncio.gather(*(http.post("/api/query", json={"text": f"{n}"}) for n in range(50)))

    assert [response.json()["response"] for response in responses] == [f"You said: {n}" for n in range(50)]


async def test_one_more_than_may_wait_is_told_to_come_back(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, max_waiting_queries=3)) as scene, over_unix(scene) as http:
        go = asyncio.Event()

        async def later(query: UserQuery) -> QueryAnswer:
            await go.wait()
            return await scene.assistant.echo(query)

        scene.assistant.answer = later
        asked = [asyncio.create_task(http.post("/api/query", json={"text": "hi"})) for _ in range(3)]
        await eventually(lambda: len(scene.assistant.asked) == 3)
        refused = await http.post("/api/query", json={"text": "hi", "stream": True})
        go.set()

        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert refused.json()["detail"] == "3 questions are already waiting."
        assert [(await task).status_code for task in asked] == [200, 200, 200]


async def test_a_question_is_asked_again_when_the_assistant_comes_back(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def dies(query: UserQuery) -> QueryAnswer:
        scene.assistant.answer = scene.assistant.echo
        await scene.assistant.stop()
        scene.supervisor.states["assistant"] = State.BACKING_OFF
        raise ResponderDied("assistant")

    scene.assistant.answer = dies
    asked = asyncio.create_task(http.post("/api/query", json={"text": "hi", "request_id": "one"}))
    await eventually(lambda: scene.supervisor.states["assistant"] is State.BACKING_OFF)
    await scene.assistant.start()
    scene.supervisor.states["assistant"] = State.RUNNING

    assert (await asked).json()["response"] == "You said: hi"
    assert [query.query_id for query in scene.assistant.asked] == ["one", "one"]


async def test_an_orderly_restart_of_the_assistant_is_sat_out_too(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def stops(query: UserQuery) -> QueryAnswer:
        scene.assistant.answer = scene.assistant.echo
        scene.supervisor.states["assistant"] = State.STOPPING
        raise Unavailable("Senter is stopping.")

    scene.assistant.answer = stops
    asked = asyncio.create_task(http.post("/api/query", json={"text": "hi"}))
    await eventually(lambda: scene.supervisor.times_asked)
    scene.supervisor.states["assistant"] = State.RUNNING

    assert (await asked).json()["response"] == "You said: hi"


async def test_what_the_assistant_itself_misses_is_told_at_once(http: httpx2.AsyncClient, scene: Scene) -> None:
    async def misses(query: UserQuery) -> QueryAnswer:
        raise Unavailable("model_primary is disabled in the settings.")

    scene.assistant.answer = misses
    response = await http.post("/api/query", json={"text": "hi"})

    assert (response.status_code, len(scene.assistant.asked)) == (503, 1)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.DISABLED, "assistant is disabled in the settings."),
        (State.STOPPED, "assistant is stopped."),
        (State.STOPPED_BY_SETTINGS_ERROR, "assistant cannot start with its settings."),
        (State.STOPPED_BY_REPEATED_FAILURE, "assistant failed too often and was given up."),
    ],
)
async def test_without_an_assistant_that_comes_back_the_refusal_names_it(
    http: httpx2.AsyncClient, scene: Scene, state: State, sentence: str
) -> None:
    await scene.assistant.stop()
    scene.supervisor.states["assistant"] = state

    response = await http.post("/api/query", json={"text": "hi"})

    assert (response.status_code, response.json()["detail"]) == (503, sentence)
    assert "assistant" in response.json()["hint"] or "config check" in response.json()["hint"]


async def test_while_senter_stops_a_question_is_refused(http: httpx2.AsyncClient, scene: Scene) -> None:
    await scene.assistant.stop()
    scene.supervisor.state = State.STOPPING

    response = await http.post("/api/query", json={"text": "hi"})

    assert (response.status_code, response.json()["code"]) == (503, "stopping")
