"""Everything a program can ask a running Senter, with one deadline each and a restart of the daemon sat out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, cast

from senter.client.connection import Exchange, Lost, StreamedEvent, Unreachable, exchange
from senter.client.control import call_control, connect_control
from senter.client.deadline import Deadline
from senter.client.results import Answer, Conversation, Conversations, DeadLetter, DeadLetters, Models, Piece, Progress
from senter.errors import BusUnavailable, DaemonNotRunning, OutcomeUnknown, SenterError, Stopping, Unavailable
from senter.messages.continuation import Continuation

if TYPE_CHECKING:
    from senter.paths import Paths

FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 2.0


class Client:
    """One user's way to the daemon of one home. Holds nothing open between calls."""

    def __init__(self, paths: Paths, *, command_timeout_seconds: float = 30.0, reconnect_seconds: float = 5.0) -> None:
        self._paths = paths
        self._command_timeout_seconds = command_timeout_seconds
        self._reconnect_seconds = reconnect_seconds

    def ask(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        request_id: str | None = None,
        focus: str | None = None,
        timeout_seconds: float = 300.0,
        on_delta: Callable[[str], object] | None = None,
        on_progress: Callable[[str], object] | None = None,
    ) -> Answer:
        """The answer. What `on_delta` was given is, in the end, the whole answer without a hole.

        Raises `DaemonNotRunning` when nobody listens, `DeadlineExceeded`, `OutcomeUnknown` when the
        connection was lost and did not come back, and what Senter itself refused as itself.
        """
        stream = on_delta is not None or on_progress is not None
        body = _question(text, conversation_id, request_id, focus, stream=stream)
        shown = Continuation()
        for event in self._ask(body, timeout_seconds):
            if isinstance(event, Progress):
                _tell(on_progress, event.text)
            elif isinstance(event, Piece):
                _tell(on_delta, shown.add(event.offset, event.text, event.attempt))
            else:
                _tell(on_delta, shown.finish(event["response"]))
                return event
        raise AssertionError("a question ends with an answer or an error")

    def ask_stream(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        request_id: str | None = None,
        focus: str | None = None,
        timeout_seconds: float = 300.0,
    ) -> Generator[Progress | Piece | Answer]:
        """As `ask`, event by event; the answer is the last. Closing it withdraws the question."""
        return self._ask(_question(text, conversation_id, request_id, focus, stream=True), timeout_seconds)

    def status(self) -> Mapping[str, object]:
        """The daemon and its components, from the supervisor: works while the api is down."""
        return call_control(self._paths, "status", timeout_seconds=self._command_timeout_seconds)

    def models(self) -> Models:
        return cast(Models, self._get("/api/models"))

    def conversations(self, limit: int = 50) -> Conversations:
        return cast(Conversations, self._get(f"/api/conversations?limit={limit}"))

    def conversation(self, conversation_id: str) -> Conversation:
        return cast(Conversation, self._get(f"/api/conversations/{_quoted(conversation_id)}"))

    def delete_conversation(self, conversation_id: str) -> None:
        self._change("DELETE", f"/api/conversations/{_quoted(conversation_id)}", "the deletion")

    def dead_letters(self, limit: int = 100) -> DeadLetters:
        return cast(DeadLetters, self._get(f"/api/dead-letters?limit={limit}"))

    def dead_letter(self, number: int) -> DeadLetter:
        return cast(DeadLetter, self._get(f"/api/dead-letters/{number}"))

    def replay_dead_letter(self, number: int) -> None:
        self._change("POST", f"/api/dead-letters/{number}/replay", "the replay")

    def drop_dead_letter(self, number: int) -> None:
        self._change("DELETE", f"/api/dead-letters/{number}", "the removal")

    def _get(self, path: str) -> Mapping[str, object]:
        deadline = Deadline("Senter's answer", self._command_timeout_seconds)
        patience = Patience(self._paths, self._reconnect_seconds, deadline)
        while True:
            try:
                with exchange(self._paths, deadline, "GET", path) as opened:
                    return opened.read_json()
            except (Unreachable, Lost, Stopping, BusUnavailable) as interruption:
                patience.wait(interruption, "the request")

    def _change(self, method: str, path: str, what: str) -> None:
        """Never sent twice: only a request that reached nobody is repeated."""
        deadline = Deadline("Senter's answer", self._command_timeout_seconds)
        patience = Patience(self._paths, self._reconnect_seconds, deadline)
        while True:
            try:
                with exchange(self._paths, deadline, method, path) as opened:
                    opened.read_json()
                    return
            except Lost as error:
                raise OutcomeUnknown(what) from error
            except (Unreachable, Stopping) as interruption:
                patience.wait(interruption, what)

    def _ask(self, body: dict[str, object], timeout_seconds: float) -> Generator[Progress | Piece | Answer]:
        """Ask again under the same request id as often as the connection is lost."""
        deadline = Deadline("The question", timeout_seconds)
        patience = Patience(self._paths, self._reconnect_seconds, deadline)
        attempts_before = attempt = 0
        while True:
            try:
                with exchange(self._paths, deadline, "POST", "/api/query", body) as opened:
                    patience.renew()
                    for event in _answer_events(opened):
                        if isinstance(event, Piece):
                            attempt = attempts_before + event.attempt
                            event = event._replace(attempt=attempt)
                        yield event
                    return
            except (Unreachable, Lost, Stopping) as interruption:
                patience.wait(interruption, "the question")
            attempts_before = attempt


class Patience:
    """How long the client goes on trying to reach a daemon that may be restarting."""

    def __init__(self, paths: Paths, seconds: float, deadline: Deadline) -> None:
        self._paths = paths
        self._seconds = seconds
        self._deadline = deadline
        self._was_there = False
        self._outcome_unknown = False
        self.renew()

    def renew(self) -> None:
        """The daemon answers again."""
        self._ends_at: float | None = None
        self._pause_seconds = FIRST_PAUSE_SECONDS

    def wait(self, interruption: Exception, what: str) -> None:
        """Pause before the next try, or raise what a person should know."""
        self._was_there |= not isinstance(interruption, Unreachable)
        self._outcome_unknown |= isinstance(interruption, Lost)
        if not self._was_there:
            self._was_there = self._supervisor_listens()
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._seconds
        if not self._was_there or time.monotonic() >= self._ends_at:
            raise self._verdict(interruption, what)
        time.sleep(min(self._pause_seconds, self._deadline.left_seconds()))
        self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)

    def _verdict(self, interruption: Exception, what: str) -> SenterError:
        if self._outcome_unknown:
            return OutcomeUnknown(what)
        if isinstance(interruption, BusUnavailable):
            return interruption
        if self._supervisor_listens():
            return Unavailable("Senter's API does not answer.", "See: senter status api")
        if isinstance(interruption, Stopping):
            return interruption
        return DaemonNotRunning(str(self._paths.home))

    def _supervisor_listens(self) -> bool:
        try:
            connection, _ = connect_control(self._paths, Deadline("The supervisor", CONNECT_SECONDS))
        except SenterError:
            return False
        connection.close()
        return True


def _question(
    text: str, conversation_id: str | None, request_id: str | None, focus: str | None, *, stream: bool
) -> dict[str, object]:
    chosen = {"conversation_id": conversation_id, "focus": focus}
    body: dict[str, object] = {name: value for name, value in chosen.items() if value is not None}
    return body | {"text": text, "request_id": request_id or os.urandom(16).hex(), "stream": stream}


def _answer_events(opened: Exchange) -> Generator[Progress | Piece | Answer]:
    if not opened.is_stream:
        yield cast(Answer, opened.read_json())
        return
    for event in opened.events():
        known = _parse(event)
        if known is not None:
            yield known
        if event.name == "answer":
            return
    raise Lost  # a stream that ends without an answer or an error broke off


def _parse(event: StreamedEvent) -> Progress | Piece | Answer | None:
    """None for an event of a newer daemon."""
    if event.name == "progress":
        return Progress(str(event.data["text"]))
    if event.name == "delta":
        piece = cast("dict[str, int]", event.data)
        return Piece(piece["attempt"], piece["offset"], str(event.data["text"]))
    if event.name == "error":
        problem = cast("dict[str, str]", event.data)
        raise SenterError.from_wire(problem["code"], problem["detail"], problem["hint"])
    return cast(Answer, event.data) if event.name == "answer" else None


def _tell(listener: Callable[[str], object] | None, text: str) -> None:
    if listener is not None and text:
        listener(text)


def _quoted(part: str) -> str:
    from urllib.parse import quote

    return quote(part, safe="")
