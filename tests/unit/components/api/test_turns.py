"""GET /api/turns/{turn_id}/events: readers who come, go and come back."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import httpx2
import pytest

from senter.components.api.place import BEGINNING, Place
from senter.components.api.settings import ApiSettings
from senter.errors import ResponderDied
from senter.messages.control import State
from senter.messages.conversations import TurnState
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving

EVENTS = "/api/turns/t1/events"


class Seen(NamedTuple):
    """One event, as a reader sees it."""

    name: str
    data: dict[str, object]
    id: str


class Reader:
    """Puts together what it is told, as any client would."""

    def __init__(self, response: httpx2.Response, text: str = "") -> None:
        self.status = response.status_code
        self.events: list[Seen] = []
        self.text = text
        self._pending = ""
        self._chunks = response.aiter_text()

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]

    def take(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if not fields:
            return
        event = Seen(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
        self.events.append(event)
        if event.name == "restart":
            self.text = ""
        elif event.name == "delta":
            assert event.data["offset"] == len(self.text)
            self.text += str(event.data["text"])

    async def read(self, until: Callable[[], bool] = lambda: False) -> None:
        """To the end, or until that holds."""
        async for chunk in self._chunks:
            *blocks, self._pending = (self._pending + chunk).split("\n\n")
            for block in blocks:
                self.take(block)
            if until():
                return


@asynccontextmanager
async def reading(http: httpx2.AsyncClient, last_event_id: str = "", text: str = "") -> AsyncGenerator[Reader]:
    """A reader that has `text` already."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    async with http.stream("GET", EVENTS, headers=headers) as response:
        yield Reader(response, text)


async def read(http: httpx2.AsyncClient, last_event_id: str = "", text: str = "") -> Reader:
    async with reading(http, last_event_id, text) as reader:
        assert reader.status == 200
        await reader.read()
    return reader


async def test_the_pieces_are_the_answer_and_the_answer_is_the_last(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        await scene.assistant.send_progress("t1", "loading the model")
        await scene.assistant.send_piece("t1", 0, "Hel")
        await reader.read(lambda: reader.text == "Hel")
        scene.assistant.have_turn("t1", "Hello", state=TurnState.ANSWERED)
        await reader.read()

    assert reader.text == "Hello"
    assert reader.names == ["progress", "delta", "delta", "answer"]
    assert reader.events[-1].data["response"] == "Hello"
    assert reader.events[-1].data["id"] == "t1"


async def test_who_comes_back_reads_on_where_it_was_though_pieces_came_meanwhile(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        await scene.assistant.send_piece("t1", 0, "Hello ")
        await reader.read(lambda: bool(reader.text))
    scene.assistant.have_turn("t1", "Hello wide ")
    async with reading(http, reader.events[-1].id, reader.text) as reader:
        await scene.assistant.send_piece("t1", 11, "world")
        await reader.read(lambda: reader.text.endswith("world"))
        scene.assistant.have_turn("t1", "Hello wide world", state=TurnState.ANSWERED)
        await reader.read()

    assert reader.text == "Hello wide world"
    assert "restart" not in reader.names


async def test_a_reader_who_is_ahead_of_the_assistant_waits_for_it(http: httpx2.AsyncClient, scene: Scene) -> None:
    place = Place(1).after("Hello")
    scene.assistant.have_turn("t1", "Hel", attempt=1)
    async with reading(http, str(place), "Hello") as reader:
        await scene.assistant.send_piece("t1", 3, "lo wor")
        await reader.read(lambda: bool(reader.events))
        scene.assistant.have_turn("t1", "Hello world", state=TurnState.ANSWERED)
        await reader.read()

    assert (reader.text, reader.names) == ("Hello world", ["delta", "delta", "answer"])


async def test_an_answer_begun_again_voids_what_was_read(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        await scene.assistant.send_piece("t1", 0, "Hello")
        await reader.read(lambda: bool(reader.text))
        await scene.assistant.send_piece("t1", 0, "Good", attempt=2)
        await reader.read(lambda: reader.text == "Good")
        scene.assistant.have_turn("t1", "Good day", state=TurnState.ANSWERED)
        await reader.read()

    assert reader.text == "Good day"
    assert reader.names == ["delta", "restart", "delta", "delta", "answer"]


async def test_an_answer_begun_again_while_the_reader_was_away_voids_what_was_read(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    scene.assistant.have_turn("t1", "", attempt=2)
    async with reading(http, str(BEGINNING.after("Hello"))) as reader:
        await reader.read(lambda: reader.names == ["restart"])
        scene.assistant.have_turn("t1", "Good day", state=TurnState.ANSWERED)
        await reader.read()

    assert (reader.text, reader.names) == ("Good day", ["restart", "delta", "answer"])


async def test_the_same_words_of_another_attempt_are_not_void(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1", "Hello world", attempt=7, state=TurnState.ANSWERED)
    reader = await read(http, str(BEGINNING.after("Hello")), "Hello")

    assert (reader.text, reader.names) == ("Hello world", ["delta", "answer"])


async def test_an_answer_that_differs_from_its_pieces_at_the_end_is_told_whole(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        await scene.assistant.send_piece("t1", 0, "Hello wor")
        await reader.read(lambda: bool(reader.text))
        scene.assistant.have_turn("t1", "Help", state=TurnState.ANSWERED)
        await reader.read()

    assert (reader.text, reader.names) == ("Help", ["delta", "restart", "delta", "answer"])


async def test_a_turn_that_ended_long_ago_is_told_at_once(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1", "Hello", state=TurnState.ANSWERED)
    whole = await read(http)
    nothing_new = await read(http, whole.events[-1].id, whole.text)

    assert (whole.text, whole.names) == ("Hello", ["delta", "answer"])
    assert nothing_new.names == ["answer"]


async def test_a_turn_without_an_answer_ends_with_what_there_is_and_why(http: httpx2.AsyncClient, scene: Scene) -> None:
    failed = {"state": TurnState.FAILED, "error": "No model.", "error_code": "model_error", "error_hint": "See."}
    scene.assistant.have_turn("t1", "Hel", **failed)
    reader = await read(http)

    assert (reader.text, reader.names) == ("Hel", ["delta", "failed"])
    problem = reader.events[-1].data
    assert (problem["code"], problem["status"], problem["detail"], problem["hint"]) == (
        "model_error",
        502,
        "No model.",
        "See.",
    )


@pytest.mark.parametrize("unknown", ["7", "garbage", "1-2-3-4", "1-5-zzzzzzzz"])
async def test_an_event_id_that_is_none_begins_at_the_beginning_and_says_so(
    http: httpx2.AsyncClient, scene: Scene, unknown: str
) -> None:
    scene.assistant.have_turn("t1", "Hello", state=TurnState.ANSWERED)
    reader = await read(http, unknown)

    assert (reader.text, reader.names) == ("Hello", ["restart", "delta", "answer"])
    assert "Last-Event-ID" in str(reader.events[0].data["reason"])


async def test_an_event_id_of_another_turn_begins_at_the_beginning(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1", "Hello", state=TurnState.ANSWERED)
    for other in (BEGINNING.after("Good"), BEGINNING.after("Something much longer")):
        assert (await read(http, str(other))).names == ["restart", "delta", "answer"]


async def test_an_unknown_turn_is_not_found(http: httpx2.AsyncClient) -> None:
    response = await http.get(EVENTS)

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_going_away_stops_nothing(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        await scene.assistant.send_piece("t1", 0, "Hello")
        await reader.read(lambda: bool(reader.text))
    await eventually(lambda: scene.api.health().facts["queries_waiting"] == 0)

    assert scene.assistant.cancelled == []


async def test_a_restart_of_the_assistant_is_sat_out(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        await scene.assistant.send_piece("t1", 0, "Hello")
        await reader.read(lambda: bool(reader.text))
        scene.supervisor.states["assistant"] = State.BACKING_OFF
        scene.assistant.have_turn("t1", "", attempt=2)
        scene.assistant.fail_awaiting(ResponderDied("assistant"))
        await reader.read(lambda: "restart" in reader.names)
        scene.assistant.have_turn("t1", "Good day", attempt=2, state=TurnState.ANSWERED)
        await reader.read()

    assert (reader.text, reader.names) == ("Good day", ["delta", "restart", "delta", "answer"])


async def test_an_assistant_that_does_not_come_back_is_named(http: httpx2.AsyncClient, scene: Scene) -> None:
    scene.assistant.have_turn("t1")
    async with reading(http) as reader:
        scene.supervisor.states["assistant"] = State.STOPPED
        await eventually(lambda: scene.assistant.waited_for)
        scene.assistant.fail_awaiting(ResponderDied("assistant"))
        await reader.read()

    assert reader.names == ["error"]
    assert reader.events[0].data["detail"] == "assistant is stopped."


async def test_a_stop_of_the_api_ends_the_stream_without_a_last_event(paths: Paths) -> None:
    async with serving(paths) as scene, over_unix(scene) as http:
        scene.assistant.have_turn("t1")
        async with reading(http) as reader:
            await scene.assistant.send_piece("t1", 0, "Hello")
            await reader.read(lambda: bool(reader.text))
            finishing = asyncio.create_task(scene.api.finish(1.0))
            await reader.read()
            await finishing

    assert reader.names == ["delta"]
    assert scene.assistant.cancelled == []


async def test_a_stream_that_waited_too_long_ends_and_may_be_asked_for_again(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, query_timeout_seconds=0.2)) as scene, over_unix(scene) as http:
        scene.assistant.have_turn("t1", "Hel")
        first = await read(http)
        scene.assistant.have_turn("t1", "Hello", state=TurnState.ANSWERED)
        second = await read(http, first.events[-1].id, first.text)

    assert (first.names, second.names) == (["delta"], ["delta", "answer"])
    assert scene.assistant.cancelled == []


async def test_more_readers_than_may_wait_are_told_to_come_back(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, max_waiting_queries=1)) as scene, over_unix(scene) as http:
        scene.assistant.have_turn("t1")
        async with reading(http):
            refused = await http.get(EVENTS)

    assert refused.status_code == 429


async def test_a_reader_who_does_not_read_gets_few_large_pieces_later(scene: Scene) -> None:
    pieces, size = 3_000, 50
    scene.assistant.have_turn("t1")
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX) as slow:
        slow.setblocking(False)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        await loop.sock_connect(slow, str(scene.paths.api_socket))
        await loop.sock_sendall(slow, f"GET {EVENTS} HTTP/1.1\r\nHost: senter\r\n\r\n".encode())
        await eventually(lambda: scene.assistant.waited_for)
        text = ""
        for number in range(pieces):
            await scene.assistant.send_piece("t1", len(text), f"{number:<{size}}")
            text += f"{number:<{size}}"
            await asyncio.sleep(0)
        scene.assistant.have_turn("t1", text, state=TurnState.ANSWERED)
        received = b""
        async with asyncio.timeout(20):
            while b"0\r\n\r\n" not in received[-9:]:
                received += await loop.sock_recv(slow, 1_000_000)

    lines = [line for line in received.decode().split("\n") if line.startswith("data: ")]
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert "".join(event["text"] for event in events[:-1]) == text == events[-1]["response"]
    assert len(events) < pieces / 2
