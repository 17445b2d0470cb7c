"""Everything a program can ask a running Senter, with one deadline each and a restart of the daemon sat out."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

from senter.client.calls import Calls, quoted
from senter.client.connection import Exchange, Lost, StreamedEvent, Unreachable, exchange
from senter.client.continuation import Continuation
from senter.client.control import call_control
from senter.client.deadline import Deadline
from senter.client.patience import Patience
from senter.client.results import Answer, Conversation, Conversations, DeadLetter, DeadLetters, Models, Piece, Progress
from senter.errors import SenterError, Stopping

if TYPE_CHECKING:
    from senter.client.goals import Goals
    from senter.client.oversight import Oversight
    from senter.client.reports import Reports
    from senter.client.schedule import Schedule
    from senter.client.toolbox import Toolbox
    from senter.paths import Paths

ReplyT = TypeVar("ReplyT")


class Client:
    """One user's way to the daemon of one home. Holds nothing open between calls."""

    def __init__(self, paths: Paths, *, command_timeout_seconds: float = 30.0, reconnect_seconds: float = 5.0) -> None:
        self._paths = paths
        self._command_timeout_seconds = command_timeout_seconds
        self._reconnect_seconds = reconnect_seconds
        self._calls = Calls(paths, command_timeout_seconds, reconnect_seconds)

    @property
    def goals(self) -> Goals:
        """What is to be done."""
        from senter.client.goals import Goals

        return Goals(self._calls)

    @property
    def oversight(self) -> Oversight:
        """What waits for a person's word, and the audit log."""
        from senter.client.oversight import Oversight

        return Oversight(self._calls)

    @property
    def schedule(self) -> Schedule:
        """Work at its time."""
        from senter.client.schedule import Schedule

        return Schedule(self._calls)

    @property
    def toolbox(self) -> Toolbox:
        """Tools and documents."""
        from senter.client.toolbox import Toolbox

        return Toolbox(self._calls)

    @property
    def reports(self) -> Reports:
        """What was done, and how people are told."""
        from senter.client.reports import Reports

        return Reports(self._calls)

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

    def post(self, path: str, kind: type[ReplyT], **fields: object) -> ReplyT:
        """Ask for one public command, once; `kind` is the type of its reply."""
        return cast(ReplyT, self._calls.change("POST", path, "the request", fields))

    def models(self) -> Models:
        return cast(Models, self._calls.get("/api/models"))

    def conversations(self, limit: int = 50) -> Conversations:
        return cast(Conversations, self._calls.get(f"/api/conversations?limit={limit}"))

    def conversation(self, conversation_id: str) -> Conversation:
        return cast(Conversation, self._calls.get(f"/api/conversations/{quoted(conversation_id)}"))

    def delete_conversation(self, conversation_id: str) -> None:
        self._calls.change("DELETE", f"/api/conversations/{quoted(conversation_id)}", "the deletion")

    def dead_letters(self, limit: int = 100) -> DeadLetters:
        return cast(DeadLetters, self._calls.get(f"/api/dead-letters?limit={limit}"))

    def dead_letter(self, number: int) -> DeadLetter:
        return cast(DeadLetter, self._calls.get(f"/api/dead-letters/{number}"))

    def replay_dead_letter(self, number: int) -> None:
        self._calls.change("POST", f"/api/dead-letters/{number}/replay", "the replay")

    def drop_dead_letter(self, number: int) -> None:
        self._calls.change("DELETE", f"/api/dead-letters/{number}", "the removal")

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
