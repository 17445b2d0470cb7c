from __future__ import annotations

import asyncio
import json
import socket

import httpx2

from senter.components.api.settings import ApiSettings
from senter.messages.control import State
from senter.messages.health import ComponentDied
from senter.messages.message import ComponentName
from senter.messages.query import ConversationId, QueryAnswered, QueryId
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving


def answered(query_id: str) -> QueryAnswered:
    return QueryAnswered(
        query_id=QueryId(query_id),
        conversation_id=ConversationId("c1"),
        focus="general",
        model="scripted",
        latency_seconds=0.1,
        degraded=False,
        tokens=1,
    )


async def read_event(lines: asyncio.Queue[str]) -> tuple[str, dict[str, object]]:
    name = ""
    async with asyncio.timeout(10):
        while True:
            line = await lines.get()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))


async def collect(response: httpx2.Response, lines: asyncio.Queue[str]) -> None:
    async for line in response.aiter_lines():
        lines.put_nowait(line)


async def test_the_status_has_the_agreed_keys(http: httpx2.AsyncClient) -> None:
    status = (await http.get("/api/status")).json()

    assert set(status) == {"state", "pid", "uptime_seconds", "health_score", "components", "settings_problem", "code"}
    agreed = {"state", "pid", "uptime_seconds", "restarts", "memory_mb", "cpu_percent", "health"}
    assert agreed <= set(status["components"]["assistant"])


async def test_the_models_that_answer_and_those_that_do_not_are_told_apart(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    scene.supervisor.states["model_research"] = State.BACKING_OFF

    found = (await http.get("/api/models")).json()

    assert [model["worker"] for model in found["models"]] == ["model_primary"]
    assert list(found["missing"]) == ["model_research"]


async def test_a_model_is_examined_by_the_worker_that_has_it_until_that_is_ended(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    begun = await http.post("/api/exams", json={"model": "scripted"})
    assert (begun.status_code, begun.json()) == (202, {"worker": "model_primary", "kind": "settings"})
    assert scene.model.examining == "settings"

    assert (await http.delete("/api/exams")).status_code == 204
    assert scene.model.examining == ""


async def test_a_model_that_no_worker_has_is_not_found_and_those_there_are_are_named(http: httpx2.AsyncClient) -> None:
    refused = await http.post("/api/exams", json={"model": "gpt-9"})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert "scripted" in refused.json()["hint"]


async def test_conversations_are_listed_shown_and_deleted(http: httpx2.AsyncClient) -> None:
    conversation_id = (await http.post("/api/query", json={"text": "hi"})).json()["conversation_id"]

    (row,) = (await http.get("/api/conversations")).json()["conversations"]
    assert row["id"] == conversation_id
    shown = (await http.get(f"/api/conversations/{conversation_id}")).json()
    assert shown["turns"][0]["response"] == "You said: hi"
    assert (await http.delete(f"/api/conversations/{conversation_id}")).status_code == 204
    assert (await http.get(f"/api/conversations/{conversation_id}")).status_code == 404


async def test_dead_letters_are_listed_shown_replayed_and_dropped(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.supervisor.add_letter(3)

    listed = (await http.get("/api/dead-letters")).json()
    assert (listed["total"], listed["letters"][0]["payload"]) == (1, None)
    assert (await http.get("/api/dead-letters/3")).json()["payload"] == {"text": "once"}
    assert (await http.post("/api/dead-letters/3/replay")).status_code == 204
    assert scene.supervisor.replayed == [3]
    assert (await http.delete("/api/dead-letters/3")).status_code == 204
    assert scene.supervisor.letters == {}


async def test_events_and_deaths_are_seen_as_they_happen(http: httpx2.AsyncClient, scene: Scene) -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()
    async with http.stream("GET", "/api/events") as response:
        collecting = asyncio.create_task(collect(response, lines))
        await scene.assistant.bus.publish(answered("q1"))
        died = ComponentDied(component=ComponentName("assistant"), pid=7, reason="killed by signal 9")
        await scene.supervisor.bus.send(died)

        name, event = await read_event(lines)
        assert (name, event["query_id"]) == ("query_answered", "q1")
        name, event = await read_event(lines)
        assert (name, event["component"], event["reason"]) == ("component_died", "assistant", "killed by signal 9")
        collecting.cancel()
    await eventually(lambda: scene.api.health().facts["event_clients"] == 0)


async def events_after(http: httpx2.AsyncClient, event_id: str, count: int) -> list[tuple[str, dict[str, object]]]:
    lines: asyncio.Queue[str] = asyncio.Queue()
    async with http.stream("GET", "/api/events", headers={"Last-Event-ID": event_id}) as response:
        collecting = asyncio.create_task(collect(response, lines))
        found = [await read_event(lines) for _ in range(count)]
        collecting.cancel()
    return found


async def test_a_watcher_who_comes_back_is_told_what_it_missed(http: httpx2.AsyncClient, scene: Scene) -> None:
    for number in range(3):
        await scene.assistant.bus.publish(answered(f"q{number}"))
    missed, *first = await events_after(http, "none-of-these", 4)
    assert missed[0] == "missed"
    assert [event["query_id"] for _, event in first] == ["q0", "q1", "q2"]

    later = asyncio.create_task(events_after(http, str(first[0][1]["id"]), 3))
    await eventually(lambda: scene.api.health().facts["event_clients"] == 1)
    await scene.assistant.bus.publish(answered("q3"))
    assert [(name, event["query_id"]) for name, event in await later] == [
        ("query_answered", "q1"),
        ("query_answered", "q2"),
        ("query_answered", "q3"),
    ]


async def test_a_quiet_stream_of_events_carries_comments(paths: Paths) -> None:
    settings = ApiSettings(port=0, stream_comment_seconds=0.05)
    async with (
        serving(paths, settings) as scene,
        over_unix(scene) as http,
        http.stream("GET", "/api/events") as response,
    ):
        async for line in response.aiter_lines():
            assert line.startswith(":")
            break


async def test_more_watchers_than_allowed_are_refused(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, max_event_clients=1)) as scene, over_unix(scene) as http:
        async with http.stream("GET", "/api/events"):
            response = await http.get("/api/events")

        assert response.status_code == 429


async def test_a_slow_client_costs_a_bounded_queue_and_is_told_what_it_missed(paths: Paths) -> None:
    loop = asyncio.get_running_loop()
    async with serving(paths, ApiSettings(port=0, event_queue_length=10)) as scene, over_unix(scene) as http:
        with socket.socket(socket.AF_UNIX) as slow:
            slow.setblocking(False)
            await loop.sock_connect(slow, str(scene.paths.api_socket))
            await loop.sock_sendall(slow, b"GET /api/events HTTP/1.1\r\nHost: senter\r\n\r\n")
            await eventually(lambda: scene.api.health().facts["event_clients"] == 1)
            for number in range(2_000):
                await scene.assistant.bus.publish(answered(f"q{number}"))

            assert (await http.post("/api/query", json={"text": "hi"})).status_code == 200
            metrics = (await http.get("/metrics")).text
            dropped = next(line for line in metrics.splitlines() if line.startswith("senter_events_dropped_total"))
            assert int(dropped.split()[1]) > 1_000
            received = b""
            async with asyncio.timeout(10):
                while b"event: dropped" not in received:
                    received += await loop.sock_recv(slow, 1_000_000)


async def test_metrics_are_in_prometheus_text(http: httpx2.AsyncClient, scene: Scene) -> None:
    await http.post("/api/query", json={"text": "hi"})
    await http.post("/api/query", json={"text": ""})
    await http.get("/api/conversations/unknown")
    await http.get("/no/such/page")

    response = await http.get("/metrics")
    lines = response.text.splitlines()

    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'senter_http_requests_total{method="POST",route="/api/query",status="200"} 1' in lines
    assert 'senter_http_requests_total{method="POST",route="/api/query",status="422"} 1' in lines
    assert (
        'senter_http_requests_total{method="GET",route="/api/conversations/{conversation_id}",status="404"} 1' in lines
    )
    assert 'senter_http_requests_total{method="any",route="none",status="404"} 1' in lines
    assert 'senter_http_request_seconds_bucket{route="/api/query",le="+Inf"} 2' in lines
    assert 'senter_component_state{component="assistant",state="running"} 1' in lines
    assert 'senter_model_tokens_total{worker="model_primary",kind="completion"} 5' in lines
    assert "senter_queries_waiting 0" in lines


async def test_metrics_of_the_api_are_there_without_a_supervisor(paths: Paths) -> None:
    async with serving(paths) as scene, over_unix(scene) as http:
        await scene.supervisor.stop()

        response = await http.get("/metrics")

        assert response.status_code == 200
        assert "senter_connections" in response.text
        assert "senter_component_state" not in response.text


async def test_without_a_supervisor_the_status_says_so(http: httpx2.AsyncClient, scene: Scene) -> None:
    await scene.supervisor.stop()

    response = await http.get("/api/status")

    assert (response.status_code, response.json()["code"]) == (503, "no_responder")
