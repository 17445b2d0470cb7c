"""One turn and the person in front of it: read to its end, withdrawn when the person gives up, kept when only the line
is lost.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from types import FrameType
from typing import Protocol

from senter.client import Client, Piece, ProgressLine
from senter.client.reading import TurnEvent, TurnFailed, TurnReader
from senter.client.types import QueryAnswer, TurnReply, Turns
from senter.errors import (
    CommunicationError,
    DaemonNotRunning,
    DeadlineExceeded,
    NotFound,
    OutcomeUnknown,
    SenterError,
    Unavailable,
)
from senter.terminal import output


class AnswerView(Protocol):
    """Shows an answer while it comes."""

    def progress(self, text: str) -> None: ...

    def piece(self, attempt: int, offset: int, text: str) -> None: ...

    def final(self, text: str) -> None: ...


ONE = "/api/turns/{turn_id}"
TERMINATED = 128 + signal.SIGTERM
SHOWN_ID = 8  # characters; a beginning of an id is enough


def unread_turn(client: Client) -> TurnReply:
    """The newest turn that nobody read to its end. Raises `NotFound`."""
    found = client.get("/api/turns", Turns, unread=True, limit=1)["turns"]
    if not found:
        raise NotFound("Every answer was read to its end.", 'Ask something with: senter ask "What is Python?"')
    return client.get(ONE, TurnReply, turn_id=found[0]["id"])


class TurnSession:
    """Reads one turn for whoever sits in front of it."""

    def __init__(self, client: Client, turn_id: str, timeout_seconds: float) -> None:
        self._client = client
        self._turn_id = turn_id
        self._timeout_seconds = timeout_seconds
        self._continued = False

    @contextmanager
    def withdrawn_if_given_up(self) -> Generator[None]:
        """Ctrl-C, SIGTERM, a closed pipe and too long a wait withdraw the question.

        Nothing else does: neither SIGHUP, of a terminal that is lost, nor a daemon that is.
        """
        before = {number: signal.signal(number, handler) for number, handler in self._handlers()}
        try:
            yield
        except (KeyboardInterrupt, SystemExit, BrokenPipeError, DeadlineExceeded):
            self._withdraw()
            raise
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def begin(self, text: str, conversation_id: str | None) -> None:
        """Ask. Raises what the question is refused with."""
        asked = {"request_id": self._turn_id, "text": text, "conversation_id": conversation_id}
        try:
            self._turn_id = self._client.post("/api/turns", TurnReply, **asked)["id"]
        except OutcomeUnknown as error:
            raise self._lost(error) from error

    def read(self, shown: AnswerView | None = None) -> QueryAnswer:
        """The answer; what comes of it before is shown. Raises what the turn failed with, or why it cannot be read."""
        reader = self._client.turn(self._turn_id)
        while True:
            try:
                ended = self._read(reader, shown)
                break
            except DeadlineExceeded:
                if not self._continued:
                    raise
                self._continued = False  # the time that the process was stopped for does not count
            except (CommunicationError, DaemonNotRunning, Unavailable) as error:
                raise self._lost(error) from error
        if isinstance(ended, TurnFailed):
            self.done()
            raise ended.error
        return ended

    def done(self) -> None:
        """It was shown to its end: nobody is offered it again."""
        with suppress(SenterError):
            self._client.mark_turn_read(self._turn_id)

    def _read(self, reader: TurnReader, shown: AnswerView | None) -> QueryAnswer | TurnFailed:
        with closing(reader.events(self._timeout_seconds)) as events:
            for event in events:
                if shown:
                    _show(event, shown)
                if not isinstance(event, ProgressLine | Piece):
                    return event
        raise AssertionError("a turn ends with an answer or an error")

    def _withdraw(self) -> None:
        try:
            self._client.stop_turn(self._turn_id)
        except NotFound:  # it did not arrive
            return
        except SenterError as error:
            output.note(f"The question could not be withdrawn. {output.printable(error.message)}")

    def _lost(self, error: SenterError) -> SenterError:
        read_on = f"The question is kept. Read on with: senter ask --resume {self._turn_id[:SHOWN_ID]}"
        if isinstance(error, OutcomeUnknown):  # not so of a turn
            return SenterError.from_wire(error.code, "The connection to Senter was lost.", read_on)
        return SenterError.from_wire(error.code, error.message, f"{error.hint}\n{read_on}".strip())

    def _handlers(self) -> Generator[tuple[int, Callable[[int, FrameType | None], None]]]:
        yield signal.SIGTERM, _end
        if hasattr(signal, "SIGCONT"):
            yield signal.SIGCONT, self._go_on

    def _go_on(self, number: int, frame: FrameType | None) -> None:
        self._continued = True


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


def _show(event: TurnEvent, shown: AnswerView) -> None:
    match event:
        case ProgressLine():
            shown.progress(event.text)
        case Piece():
            shown.piece(event.attempt, event.offset, event.text)
        case TurnFailed():
            pass
        case _:
            shown.final(event["response"])
