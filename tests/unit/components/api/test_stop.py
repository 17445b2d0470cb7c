from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager

import httpx2
import pytest

from senter.messages.query import QueryAnswer, UserQuery
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving


@asynccontextmanager
async def stopping(
    scene: Scene, http: httpx2.AsyncClient
) -> AsyncGenerator[tuple[Awaitable[httpx2.Response], asyncio.Event]]:
    """Senter stops while it answers a question; the answer comes when the event is set."""
    go = asyncio.Event()

    async def later(query: UserQuery) -> QueryAnswer:
        await go.wait()
        return await scene.assistant.echo(query)

    scene.assistant.answer = later
    asked = asyncio.create_task(http.post("/api/query", json={"text": "hi"}))
    await eventually(lambda: scene.assistant.asked)
    ending = asyncio.create_task(scene.api.finish(5.0))
    await eventually(lambda: scene.api.is_closing)
    yield asked, go
    await ending


async def test_an_answer_in_flight_finishes_while_senter_stops(paths: Paths) -> None:
    async with serving(paths) as scene, over_unix(scene) as http, stopping(scene, http) as (asked, go):
        go.set()
        assert (await asked).json()["response"] == "You said: hi"


@pytest.mark.parametrize("stream", [False, True])
async def test_a_question_that_takes_longer_is_told_of_the_stop_and_not_withdrawn(paths: Paths, stream: bool) -> None:
    async with serving(paths) as scene, over_unix(scene) as http:

        async def never(query: UserQuery) -> QueryAnswer:
            await asyncio.Event().wait()
            raise AssertionError

        scene.assistant.answer = never
        body = {"text": "hi", "request_id": "long", "stream": stream}
        asked = asyncio.create_task(http.post("/api/query", json=body))
        await eventually(lambda: scene.assistant.asked)
        await scene.api.finish(1.6)

        response = await asked
        assert '"code":"stopping"' in response.text
        assert response.status_code == (200 if stream else 503)
        assert scene.assistant.cancelled == []


async def test_streams_of_events_end_and_idle_connections_close(paths: Paths) -> None:
    async with serving(paths) as scene, over_unix(scene) as http:
        silent, writer = await asyncio.open_unix_connection(str(scene.paths.api_socket))
        async with http.stream("GET", "/api/events") as response:
            async with asyncio.timeout(20):
                await scene.api.finish(2.0)
                assert [line async for line in response.aiter_lines()] == []
                assert await silent.read() == b""
        writer.close()


async def test_a_new_question_is_refused_while_senter_stops(paths: Paths) -> None:
    async with serving(paths) as scene, over_unix(scene) as http, stopping(scene, http) as (asked, go):
        refused = await http.post("/api/query", json={"text": "another"})
        go.set()

        assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
        assert (await asked).status_code == 200


async def test_open_and_cancel_leaves_nothing_behind(paths: Paths) -> None:
    before = asyncio.all_tasks()
    async with serving(paths) as scene:
        assert scene.paths.api_socket.exists()

    assert asyncio.all_tasks() == before
    assert not scene.paths.api_socket.exists()
