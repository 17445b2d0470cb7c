"""The client against the real API, and against servers that fail it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from senter.client import Client, Piece, ProgressLine, call_control
from senter.client.reading import TurnFailed
from senter.client.types import Conversation, Conversations, DeadLetterReply, DeadLetters, Done, Models
from senter.client.types import QueryAnswer as Answer
from senter.components.api.place import BEGINNING
from senter.components.api.settings import ApiSettings
from senter.errors import (
    Busy,
    CommunicationError,
    DaemonNotRunning,
    DeadlineExceeded,
    InvalidInput,
    ModelUnavailable,
    NotFound,
    OutcomeUnknown,
    Stopping,
    Unavailable,
)
from senter.messages.conversations import TurnState
from senter.messages.query import QueryAnswer, UserQuery
from senter.messages.turns import StopTurn
from senter.paths import Paths
from tests.support.api_stage import Stage, eventually, staged

CONVERSATION = "/api/conversations/{conversation_id}"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "home")
    paths.make_folders()
    return paths


@pytest.fixture
def stage(paths: Paths) -> Generator[Stage]:
    with staged(paths) as stage:
        yield stage


@contextmanager
def listening(path: Path, converse: Callable[[socket.socket], None]) -> Generator[None]:
    """Have `converse` handle each connection to a Unix socket, one after the other."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection:
                    if _whole_request(connection):
                        converse(connection)

        thread = threading.Thread(target=_until_closed, args=(serve,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            path.unlink()


def _whole_request(connection: socket.socket) -> bool:
    """Read a line, or an HTTP request to its end, so that the asker is not cut off while it sends; whether any came."""
    with connection.makefile("rb") as file:
        first = file.readline()
        if b"HTTP/" in first:
            lengths = [line for line in iter(file.readline, b"\r\n") if line.lower().startswith(b"content-length:")]
            file.read(sum(int(line.split(b":")[1]) for line in lengths))
    return bool(first)


def _until_closed(serve: Callable[[], None]) -> None:
    try:
        serve()
    except OSError:
        return


def saying(text: str) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(text.encode())


def hang_up(connection: socket.socket) -> None:
    """Read, say nothing, close."""


def test_a_question_is_answered(stage: Stage, paths: Paths) -> None:
    answer = Client(paths).ask("hello", request_id="r1", conversation_id="c1", focus="general")

    assert (answer["id"], answer["conversation_id"], answer["response"]) == ("r1", "c1", "You said: hello")
    assert "degraded_reason" not in answer


def test_the_stream_ends_with_the_answer(stage: Stage, paths: Paths) -> None:
    async def in_pieces(query: UserQuery) -> QueryAnswer:
        await stage.scene.assistant.send_progress(query.query_id, "loading")
        await stage.scene.assistant.send_piece(query.query_id, 0, "Hel")
        return stage.scene.assistant.answer_to(query, "Hello")

    stage.scene.assistant.answer = in_pieces
    events = list(Client(paths).ask_stream("hi"))

    assert events[0] == ProgressLine("loading")
    assert "".join(piece.text for piece in events if isinstance(piece, Piece)) == "Hello"
    assert events[-1]["response"] == "Hello"  # type: ignore[call-overload]  # the last is the answer


def test_what_was_shown_is_the_whole_answer_though_pieces_were_lost(stage: Stage, paths: Paths) -> None:
    async def with_a_hole(query: UserQuery) -> QueryAnswer:
        await stage.scene.assistant.send_piece(query.query_id, 0, "Hel")
        await stage.scene.assistant.send_piece(query.query_id, 4, "o wor")
        return stage.scene.assistant.answer_to(query, "Hello world")

    stage.scene.assistant.answer = with_a_hole
    shown: list[str] = []
    Client(paths).ask("hi", on_delta=shown.append)

    assert shown == ["Hel", "lo world"]


def test_closing_the_stream_withdraws_the_question(stage: Stage, paths: Paths) -> None:
    async def begins(query: UserQuery) -> QueryAnswer:
        await stage.scene.assistant.send_piece(query.query_id, 0, "Hel")
        await asyncio.Event().wait()
        raise AssertionError

    stage.scene.assistant.answer = begins
    events = Client(paths).ask_stream("hi", request_id="r1")
    assert next(events) == Piece(1, 0, "Hel")
    events.close()

    stage.run(eventually(lambda: stage.scene.assistant.cancelled == ["r1"]))


def test_a_refusal_comes_back_as_itself(stage: Stage, paths: Paths) -> None:
    async def fails(query: UserQuery) -> QueryAnswer:
        raise ModelUnavailable("No model answers.", "See: senter models")

    client = Client(paths)
    with pytest.raises(InvalidInput, match="The question is empty"):
        client.ask("  ")
    with pytest.raises(InvalidInput, match="surrogate"):
        client.ask("\ud800")
    with pytest.raises(NotFound):
        client.get(CONVERSATION, Conversation, conversation_id="none")
    stage.scene.assistant.answer = fails
    for listener in (None, print):
        with pytest.raises(ModelUnavailable) as caught:
            client.ask("hi", on_delta=listener)
        assert (caught.value.message, caught.value.hint) == ("No model answers.", "See: senter models")


def test_conversations_dead_letters_and_models_are_asked_for(stage: Stage, paths: Paths) -> None:
    client = Client(paths)
    conversation_id = client.ask("hello")["conversation_id"]
    stage.scene.supervisor.add_letter(3)
    stage.scene.supervisor.add_letter(4)

    assert [row["id"] for row in client.get("/api/conversations", Conversations, limit=5)["conversations"]] == [
        conversation_id
    ]
    assert client.get(CONVERSATION, Conversation, conversation_id=conversation_id)["turns"][0]["text"] == "hello"
    client.delete(CONVERSATION, conversation_id=conversation_id)
    assert client.get("/api/conversations", Conversations)["conversations"] == []
    assert client.get("/api/dead-letters", DeadLetters)["total"] == 2
    assert client.get("/api/dead-letters/{number}", DeadLetterReply, number=3)["payload"] == {"text": "once"}
    client.post("/api/dead-letters/{number}/replay", Done, number=3)
    client.delete("/api/dead-letters/{number}", number=4)
    assert (stage.scene.supervisor.replayed, set(stage.scene.supervisor.letters)) == ([3], {3})
    assert client.get("/api/models", Models)["models"][0]["worker"] == "model_primary"


def test_too_many_questions_are_told_apart(paths: Paths) -> None:
    async def never(query: UserQuery) -> QueryAnswer:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    begun = threading.Event()
    with staged(paths, ApiSettings(port=0, max_waiting_queries=1)) as stage:
        stage.scene.assistant.answer = never
        first = threading.Thread(target=_ask_until_it_stops, args=(paths,))
        first.start()
        assert begun.wait(10)
        with pytest.raises(Busy):
            Client(paths).ask("hi")
    first.join(20)


def _ask_until_it_stops(paths: Paths) -> None:
    with pytest.raises((Stopping, DaemonNotRunning, OutcomeUnknown)):
        Client(paths, reconnect_seconds=0.2).ask("hi")


def test_without_a_daemon_it_says_so_at_once(paths: Paths) -> None:
    with pytest.raises(DaemonNotRunning, match=r"is not running"):
        Client(paths).ask("hi")
    with pytest.raises(DaemonNotRunning):
        Client(paths).get("/api/conversations", Conversations)
    with pytest.raises(DaemonNotRunning):
        Client(paths).status()


def test_an_answer_that_does_not_come_in_time_is_a_deadline(stage: Stage, paths: Paths) -> None:
    async def never(query: UserQuery) -> QueryAnswer:
        await asyncio.Event().wait()
        raise AssertionError

    stage.scene.assistant.answer = never
    for listener in (None, print):
        with pytest.raises(DeadlineExceeded, match=r"timed out after 0\.3 s"):
            Client(paths).ask("hi", timeout_seconds=0.3, on_delta=listener)


def test_a_connection_lost_for_good_leaves_the_outcome_unknown(paths: Paths) -> None:
    with listening(paths.api_socket, hang_up):
        client = Client(paths, reconnect_seconds=0.2)
        with pytest.raises(OutcomeUnknown, match="outcome of the question is unknown"):
            client.ask("hi")
        with pytest.raises(OutcomeUnknown):
            client.get("/api/conversations", Conversations)


def test_a_change_is_never_sent_twice(paths: Paths) -> None:
    requests: list[str] = []

    def count(connection: socket.socket) -> None:
        requests.append("one")

    with listening(paths.api_socket, count), pytest.raises(OutcomeUnknown, match="outcome of the request is unknown"):
        Client(paths, reconnect_seconds=0.2).delete("/api/dead-letters/{number}", number=1)

    assert requests == ["one"]


def test_an_api_that_is_down_is_told_apart_from_a_daemon_that_is(paths: Paths) -> None:
    with listening(paths.control_socket, hang_up), pytest.raises(Unavailable, match="API does not answer"):
        Client(paths, reconnect_seconds=0.2).ask("hi")


@pytest.mark.parametrize("state", ["stopped", "disabled", "stopped_by_repeated_failure"])
def test_an_api_that_does_not_come_back_is_said_at_once_with_what_to_do(paths: Paths, state: str) -> None:
    status = {"state": "running", "components": {"api": {"state": state, "reason": ""}}}
    with listening(paths.control_socket, saying(json.dumps({"result": status}) + "\n")):
        with pytest.raises(Unavailable, match=r"^api ") as caught:
            Client(paths, reconnect_seconds=60).ask("hi")
        assert "senter" in caught.value.hint


def test_an_api_that_starts_is_waited_for(paths: Paths) -> None:
    status = {"state": "starting", "components": {"api": {"state": "stopped", "reason": ""}}}
    with listening(paths.control_socket, saying(json.dumps({"result": status}) + "\n")):
        asking = threading.Thread(target=lambda: answers.append(Client(paths, reconnect_seconds=20).ask("hi")))
        answers: list[Answer] = []
        asking.start()
        with staged(paths):
            asking.join(20)
    assert [answer["response"] for answer in answers] == ["You said: hi"]


def test_a_question_is_asked_again_under_its_id_when_the_daemon_comes_back(paths: Paths) -> None:
    broken = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = 'event: delta\ndata: {"offset": 0, "text": "You", "attempt": 3}\n\n'
    events: list[object] = []
    client = Client(paths, reconnect_seconds=20)
    with listening(paths.api_socket, saying(f"{broken}{len(piece):x}\r\n{piece}\r\n")):
        asking = client.ask_stream("hi", request_id="r1")
        events.append(next(asking))
    with staged(paths) as stage:
        asked: list[Piece | ProgressLine | Answer] = list(asking)
        assert [query.query_id for query in stage.scene.assistant.asked] == ["r1"]

    assert events == [Piece(3, 0, "You")]
    assert asked[-1]["response"] == "You said: hi"  # type: ignore[call-overload]  # the last is the answer


def test_pieces_after_a_reconnection_keep_the_number_of_their_attempt(paths: Paths) -> None:
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    piece = 'event: delta\ndata: {"offset": 0, "text": "You", "attempt": 2}\n\n'
    asking = Client(paths, reconnect_seconds=5).ask_stream("hi")
    with listening(paths.api_socket, saying(head + piece)):
        attempts = [event.attempt for event in (next(asking), next(asking)) if isinstance(event, Piece)]
        asking.close()

    assert attempts == [2, 2]


def test_a_turn_is_read_on_where_the_connection_was_lost(paths: Paths) -> None:
    place = BEGINNING.after("Hel")
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    piece = f'id: {place}\nevent: delta\ndata: {{"offset": 0, "text": "Hel", "attempt": 4}}\n\n'
    reader = Client(paths).turn("t1")
    with listening(paths.api_socket, saying(head + piece)):
        reading = reader.events(20)
        seen: list[object] = [next(reading)]
    with staged(paths) as stage:
        stage.scene.assistant.have_turn("t1", "Hello", attempt=4, state=TurnState.ANSWERED)
        *pieces, answer = reading
    assert [*seen, *pieces] == [Piece(1, 0, "Hel"), Piece(1, 3, "lo")]
    assert isinstance(answer, dict)
    assert answer["response"] == "Hello"


def test_a_turn_begun_again_has_pieces_of_a_higher_attempt(stage: Stage, paths: Paths) -> None:
    stage.scene.assistant.have_turn("t1", "Hello", state=TurnState.ANSWERED)
    reader = Client(paths).turn("t1")
    first, _ = reader.events()
    stage.scene.assistant.have_turn("t1", "Good day", attempt=2, state=TurnState.ANSWERED)
    second, _ = reader.events()
    assert [first, second] == [Piece(1, 0, "Hello"), Piece(2, 0, "Good day")]


def test_a_turn_without_an_answer_says_why(stage: Stage, paths: Paths) -> None:
    failed = {"error": "No model.", "error_code": "model_error", "error_hint": "See: senter models"}
    stage.scene.assistant.have_turn("t1", state=TurnState.FAILED, **failed)
    (ended,) = Client(paths).turn("t1").events()
    assert isinstance(ended, TurnFailed)
    assert (ended.error.code, ended.error.message, ended.error.hint) == tuple(
        failed[name] for name in ("error_code", "error", "error_hint")
    )


def test_a_turn_is_stopped_and_a_daemon_that_is_away_is_not_waited_for(paths: Paths) -> None:
    with staged(paths) as stage:
        stage.scene.assistant.have_turn("t1")
        Client(paths).stop_turn("t1")
        assert [command.turn_id for command in stage.scene.assistant.heard if isinstance(command, StopTurn)] == ["t1"]
        with pytest.raises(NotFound):
            Client(paths).stop_turn("none")
    with pytest.raises(DaemonNotRunning):
        Client(paths).stop_turn("t1")


def test_the_control_socket_is_asked_in_one_line(paths: Paths) -> None:
    with listening(paths.control_socket, saying('{"result": {"state": "running"}}\n')):
        assert call_control(paths, "status") == {"state": "running"}
        assert Client(paths).status() == {"state": "running"}


def test_an_error_of_the_supervisor_comes_back_as_itself(paths: Paths) -> None:
    error = json.dumps({"error": {"code": "not_found", "message": "There is no x.", "hint": "See y."}})
    with listening(paths.control_socket, saying(error + "\n")), pytest.raises(NotFound) as caught:
        call_control(paths, "describe", "x")

    assert (caught.value.message, caught.value.hint) == ("There is no x.", "See y.")


def test_a_supervisor_that_hangs_up_or_says_nothing_is_told(paths: Paths) -> None:
    with listening(paths.control_socket, hang_up), pytest.raises(CommunicationError, match="hung up"):
        call_control(paths, "status")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(paths.control_socket))
        silent.listen()
        with pytest.raises(DeadlineExceeded, match=r"timed out after 0\.2 s"):
            call_control(paths, "status", timeout_seconds=0.2)


def test_an_answer_that_is_not_senters_is_told_in_a_sentence(paths: Paths) -> None:
    refusal = "HTTP/1.1 431 Refused\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nNo."
    with listening(paths.api_socket, saying(refusal)), pytest.raises(CommunicationError, match=r"\(431\): No\."):
        Client(paths).get("/api/models", Models)


@pytest.mark.process
def test_importing_the_client_imports_nothing_that_is_slow() -> None:
    slow = ["pydantic", "asyncio", "http.client", "dataclasses", "structlog", "click", "ssl", "inspect"]
    code = f"import sys, senter.client; print([name for name in {slow} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run(
        [sys.executable, "-S", "-P", "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert output.stdout.strip() == "[]"
