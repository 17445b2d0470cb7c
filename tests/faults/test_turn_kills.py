"""Two readers of one turn, one of them hanging up after every event, while processes are killed: each ends up with
the stored answer, once."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import threading
from collections.abc import Iterator
from http.client import HTTPException

import pytest

from senter.client import Client, Piece
from senter.client.reading import TurnFailed
from senter.client.types import TurnReply, Turns
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.scripted_model import Exchange, hanging_midway
from tests.support.daemon import (
    Modelled,
    Section,
    UnixConnection,
    modelled_daemon,
    senter,
    senter_running,
)
from tests.support.scratch import ScratchDaemon

pytestmark = pytest.mark.process

ONE = "/api/turns/{turn_id}"
VICTIMS = ["api", "assistant", "model_primary", "nats-server"]
PIECES = 6
PATIENCE_SECONDS = 60.0

_left = threading.Event()
_attempts = itertools.count(1)
_turns = itertools.count(1)


async def in_other_words(exchange: Exchange) -> None:
    """Every attempt says something else, piece by piece, so that what is told twice or mixed up shows."""
    number = next(_attempts)
    await exchange.begin_stream()
    for piece in range(PIECES):
        await exchange.piece(f"{number}.{piece} ")
        await asyncio.sleep(0.05)  # as a model that writes does
    await exchange.end_stream(usage=(1, PIECES))


class Steady(threading.Thread):
    """Reads with Senter's own client, which comes back by itself."""

    def __init__(self, paths: Paths, turn_id: str) -> None:
        super().__init__()
        self._reader = Client(paths).turn(turn_id)
        self.seen = 0
        self.text = ""
        self.ended_with = ""
        self._attempt = 0
        self.start()

    def run(self) -> None:
        for event in self._reader.events(PATIENCE_SECONDS):
            if isinstance(event, Piece):
                self._take(event)
            elif isinstance(event, TurnFailed):
                self.ended_with = event.error.code
            elif isinstance(event, dict):
                self.ended_with = event["response"]
            self.seen += 1

    def _take(self, piece: Piece) -> None:
        if piece.attempt > self._attempt:
            self._attempt, self.text = piece.attempt, ""
        self.text += piece.text if piece.offset == len(self.text) else "<hole>"


class Restless(threading.Thread):
    """Hangs up after each event and comes back with its id."""

    def __init__(self, paths: Paths, turn_id: str) -> None:
        super().__init__()
        self._paths = paths
        self._path = f"/api/turns/{turn_id}/events"
        self._last_id = ""
        self._daemon_is_away = threading.Event()
        self.connections = 0
        self.text = ""
        self.ended = False
        self.start()

    def run(self) -> None:
        while not self.ended:
            try:
                self._read_one_event()
            except (OSError, HTTPException):
                self._daemon_is_away.wait(0.01)

    def _read_one_event(self) -> None:
        connection = UnixConnection(self._paths, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", self._path, headers={"Last-Event-ID": self._last_id} if self._last_id else {})
            self.connections += 1
            response = connection.getresponse()
            fields = dict[str, str]()
            while line := response.readline().decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
        finally:
            connection.close()
        if "data" in fields:
            self._take(fields["event"], json.loads(fields["data"]))
            self._last_id = fields.get("id", self._last_id)

    def _take(self, name: str, data: dict[str, object]) -> None:
        if name == "restart":
            self.text = ""
        elif name == "delta":
            self.text += str(data["text"]) if data["offset"] == len(self.text) else "<hole>"
        self.ended = self.ended or name in ("answer", "failed")


def check_a_turn_survives(daemon: ScratchDaemon, victim: str, after_events: int) -> None:
    """Kill the victim when the steady reader has seen so many events; none is right after the turn was begun."""
    turn_id = f"turn-{next(_turns)}"
    daemon.client.post("/api/turns", TurnReply, request_id=turn_id, text="Say it in other words.")
    steady, restless = Steady(daemon.paths, turn_id), Restless(daemon.paths, turn_id)
    wait_until(lambda: steady.seen >= after_events or not steady.is_alive(), "it is not read", PATIENCE_SECONDS)
    killed = daemon.kill(victim)
    daemon.wait_for(victim, "running", not_pid=killed)
    steady.join(PATIENCE_SECONDS)
    restless.join(PATIENCE_SECONDS)
    turn = daemon.client.get(ONE, TurnReply, turn_id=turn_id)
    assert turn["state"] == "answered"
    assert turn["response"].count(" ") == PIECES
    assert steady.text == restless.text == turn["response"] == steady.ended_with
    assert restless.connections > 1


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon(in_other_words) as running:
        yield running


@pytest.mark.parametrize("victim", VICTIMS)
def test_what_both_readers_have_is_the_stored_answer_though_a_process_is_killed(
    modelled: Modelled, victim: str
) -> None:
    check_a_turn_survives(modelled.daemon, victim, after_events=2)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("after_events", range(PIECES + 2))
def test_at_each_event_of_the_stream(modelled: Modelled, victim: str, after_events: int) -> None:
    check_a_turn_survives(modelled.daemon, victim, after_events)


async def in_other_words_once_left(exchange: Exchange) -> None:
    """Ends only when nobody reads any more, however long a loaded machine takes to leave."""
    await exchange.begin_stream()
    await exchange.piece("half an ")
    await asyncio.to_thread(_left.wait, PATIENCE_SECONDS)
    await exchange.piece("answer")
    await exchange.end_stream(usage=(1, 2))


def test_ask_goes_on_over_a_restart_of_the_whole_daemon_and_a_lost_terminal_is_resumed() -> None:
    settings: Section = {"stop_grace_seconds": 1.0}
    with modelled_daemon(hanging_midway, in_other_words, in_other_words_once_left, supervisor=settings) as (
        daemon,
        model,
    ):
        home = daemon.paths.home
        with senter_running(home, "ask", "What?") as asking:
            wait_until(lambda: bool(model.asked), "the model is not asked", PATIENCE_SECONDS)
            assert senter(home, "restart").code == 0
            out, err = asking.communicate(timeout=PATIENCE_SECONDS)
            assert asking.returncode == 0, err
        (row,) = daemon.client.get("/api/turns", Turns)["turns"]
        first = daemon.client.get(ONE, TurnReply, turn_id=row["id"])
        assert (first["state"], first["read"]) == ("answered", True)
        assert out.removeprefix("half an \n\n") == first["response"] + "\n"
        nothing = senter(home, "ask", "--resume", "--json")
        assert (nothing.code, nothing.error["code"]) == (1, "not_found")

        model.asked.clear()
        with senter_running(home, "ask", "What is Python?") as asking:
            wait_until(lambda: bool(model.asked), "the model is not asked", PATIENCE_SECONDS)
            asking.send_signal(signal.SIGHUP)
            asking.wait(PATIENCE_SECONDS)
        _left.set()
        resumed = senter(home, "ask", "--resume", "--json")
        assert resumed.code == 0, resumed.all
        second = daemon.client.get(ONE, TurnReply, turn_id=str(resumed.json["id"]))
        assert (second["text"], second["read"]) == ("What is Python?", True)
        assert second["response"] == resumed.json["response"]
        assert len(model.asked) == 1
