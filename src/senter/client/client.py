"""Everything a program can ask a running Senter, with one deadline each and a restart of the daemon sat out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from senter.client.asking import Asking
from senter.client.connection import KindT, OpenedAnswer
from senter.client.continuation import Continuation
from senter.client.control import daemon_status
from senter.client.deadline import Deadline
from senter.errors import InvalidInput

if TYPE_CHECKING:
    from senter.client.following import GoalEvent
    from senter.client.reading import TurnReader
    from senter.client.types import DaemonStatus, GoalReply, QueryAnswer
    from senter.paths import Paths


# As long as the API lets a question take.
SLOW_SECONDS = 300.0
# As long as a daemon that is restarted with an answer in hand takes.
RESTART_SECONDS = 15.0
# Who is done with a turn does not want to wait.
LAST_WORD_SECONDS = 5.0
LAST_WORD_LOST_SECONDS = 1.0


class Piece(NamedTuple):
    """A piece of an answer. Pieces may be missing; a higher attempt voids those of lower ones."""

    attempt: int
    offset: int
    text: str


class ProgressLine(NamedTuple):
    """What is being waited for, for people."""

    text: str


class Client:
    """One user's way to the daemon of one home. Holds nothing open between calls."""

    def __init__(self, paths: Paths, *, command_timeout_seconds: float = 30.0, reconnect_seconds: float = 5.0) -> None:
        self._paths = paths
        self._command_timeout_seconds = command_timeout_seconds
        self._reconnect_seconds = reconnect_seconds

    def get(self, path: str, kind: type[KindT], /, **fields: object) -> KindT:
        """What a route answers; `client.types` has the kinds.

        The path is the route's, such as /api/goals/{goal_id}; fields it does not name go into the query. None is left
        out. Raises `DaemonNotRunning`, `DeadlineExceeded`, and what Senter refused as itself.
        """
        return self._call("GET", path, kind, fields)

    def post(self, path: str, kind: type[KindT], /, **fields: object) -> KindT:
        """As `get`; fields that the path does not name are the body.

        A route that may be asked again is, also when its outcome is unknown. Of others `OutcomeUnknown` is raised then.
        """
        return self._call("POST", path, kind, fields)

    def delete(self, path: str, /, **fields: object) -> None:
        """As `post`; fields that the path does not name go into the query."""
        self._call("DELETE", path, dict[str, object], fields)

    def follow(self, goal_id: int, *, timeout_seconds: float | None = None) -> Generator[GoalReply | GoalEvent]:
        """The goal as it is, then its events and the goal again whenever it changed, until it ends."""
        from senter.client.following import FOLLOW_SECONDS, follow

        deadline = Deadline("The goal", timeout_seconds or FOLLOW_SECONDS)
        return follow(self._asking(deadline, "the goal's progress"), goal_id)

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
    ) -> QueryAnswer:
        """The answer. What `on_delta` was given is, in the end, the whole answer without a hole.

        Raises `DaemonNotRunning` when nobody listens, `DeadlineExceeded`, `OutcomeUnknown` when the
        connection was lost and did not come back, and what Senter itself refused as itself.
        """
        shown = Continuation()
        events = self.ask_stream(
            text,
            conversation_id=conversation_id,
            request_id=request_id,
            focus=focus,
            timeout_seconds=timeout_seconds,
            stream=on_delta is not None or on_progress is not None,
        )
        for event in events:
            if isinstance(event, ProgressLine):
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
        stream: bool = True,
    ) -> Generator[ProgressLine | Piece | QueryAnswer]:
        """As `ask`, event by event; the answer is the last. Closing it withdraws the question."""
        chosen = {"conversation_id": conversation_id, "focus": focus}
        body: dict[str, object] = {name: value for name, value in chosen.items() if value is not None}
        body |= {"text": text, "request_id": request_id or os.urandom(16).hex(), "stream": stream}
        deadline = Deadline("The question", timeout_seconds)
        return self._asking(deadline, "the question").read(_answer_events, "POST", "/api/query", body)

    def turn(self, turn_id: str) -> TurnReader:
        """Reads a turn that was begun by POST /api/turns. A restart of the daemon is sat out."""
        from senter.client.reading import TurnReader

        def asking(seconds: float) -> Asking:
            return Asking(self._paths, RESTART_SECONDS, Deadline("The question", seconds), "the answer")

        return TurnReader(quoted(turn_id), asking)

    def stop_turn(self, turn_id: str) -> None:
        """Have nobody answer it any more. Does not wait long for a daemon that is away."""
        self._last_word("DELETE", f"/api/turns/{quoted(turn_id)}")

    def mark_turn_read(self, turn_id: str) -> None:
        """Say that it was read to its end. Does not wait long for a daemon that is away."""
        self._last_word("POST", f"/api/turns/{quoted(turn_id)}/read")

    def status(self) -> DaemonStatus:
        """The daemon and its components, from the supervisor: works while the api is down."""
        return daemon_status(self._paths, timeout_seconds=self._command_timeout_seconds)

    def _call(self, method: str, path: str, kind: type[KindT], fields: Mapping[str, object]) -> KindT:
        """What may not be said twice is sent again only while it reached nobody."""
        from senter.client.types import NAMED, REPEATED, SLOW

        route = f"{method} {path}"
        if route in NAMED and not fields.get("request_id"):
            fields = {**fields, "request_id": os.urandom(16).hex()}
        address, body = _request(method, path, fields)
        deadline = Deadline("Senter's answer", SLOW_SECONDS if route in SLOW else self._command_timeout_seconds)
        asking = self._asking(deadline, "the request", repeat=method == "GET" or route in REPEATED)
        return next(asking.read(lambda opened: [opened.read(kind)], method, address, body))

    def _last_word(self, method: str, address: str) -> None:
        deadline = Deadline("Senter's answer", LAST_WORD_SECONDS)
        asking = Asking(self._paths, LAST_WORD_LOST_SECONDS, deadline, "the request")
        for _ in asking.read(lambda opened: [opened.body()], method, address):
            pass

    def _asking(self, deadline: Deadline, what: str, *, repeat: bool = True) -> Asking:
        return Asking(self._paths, self._reconnect_seconds, deadline, what, repeat=repeat)


def _answer_events(opened: OpenedAnswer) -> Generator[ProgressLine | Piece | QueryAnswer]:
    if not opened.is_stream:
        answer: QueryAnswer = json.loads(opened.body())
        yield answer
        return
    for event in opened.events():
        data = json.loads(event.data)
        if event.name == "answer":
            answer = data
            yield answer
            return
        if event.name == "progress":
            yield ProgressLine(str(data["text"]))
        elif event.name == "delta":  # others are of a newer daemon
            yield Piece(data["attempt"], data["offset"], str(data["text"]))


def _tell(listener: Callable[[str], object] | None, text: str) -> None:
    if listener is not None and text:
        listener(text)


def _request(method: str, path: str, fields: Mapping[str, object]) -> tuple[str, dict[str, object] | None]:
    """The address with the fields that it names, and the body. None is left out."""
    parts = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    address = path.format(**{name: quoted(str(fields[name])) for name in parts})
    rest = {name: value for name, value in fields.items() if name not in parts and value is not None}
    if method == "POST":
        return address, rest or None
    query = "&".join(f"{name}={quoted(_written(value))}" for name, value in rest.items())
    return f"{address}?{query}" if query else address, None


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def quoted(part: str) -> str:
    """As one part of a path or a query. Raises `InvalidInput` for what is no text, as a file name may be."""
    from urllib.parse import quote

    try:
        return quote(part, safe="")
    except UnicodeEncodeError as error:
        raise InvalidInput(f"This is not UTF-8 text: {part}", "Name it otherwise.") from error
