"""A turn's answer, read on from where one was, whatever is restarted meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, NamedTuple

from senter.client.client import Piece, ProgressLine
from senter.client.connection import problem_of
from senter.client.types import QueryAnswer

if TYPE_CHECKING:
    from senter.client.asking import Asking
    from senter.client.connection import OpenedAnswer
    from senter.errors import SenterError


class TurnFailed(NamedTuple):
    """The turn ended without an answer."""

    error: SenterError


TurnEvent = ProgressLine | Piece | TurnFailed | QueryAnswer


class TurnReader:
    """Reads one turn to its end. Who stops reading stops nothing, and may go on with `events` later."""

    def __init__(self, turn_id: str, asking: Callable[[float], Asking]) -> None:
        self._path = f"/api/turns/{turn_id}/events"
        self._asking = asking
        self._headers: dict[str, str] = {}
        self._restarts = 0

    def events(self, timeout_seconds: float = 300.0) -> Generator[TurnEvent]:
        """What comes, as `Client.ask_stream` has it, from where one was; how the turn ended is the last.

        Pieces have no holes. Raises what keeps the turn from being read; the turn itself goes on then.
        """
        return self._asking(timeout_seconds).read(self._read, "GET", self._path, headers=self._headers)

    def _read(self, opened: OpenedAnswer) -> Generator[TurnEvent]:
        for event in opened.events():
            if event.id:
                self._headers["Last-Event-ID"] = event.id
            data = json.loads(event.data)
            if event.name == "progress":
                yield ProgressLine(str(data["text"]))
            elif event.name == "restart":
                self._restarts += 1
            elif event.name == "delta":
                yield Piece(self._restarts + 1, data["offset"], str(data["text"]))
            elif event.name == "failed":
                yield TurnFailed(problem_of(event.data))
                return
            elif event.name == "answer":  # others are of a newer daemon
                answer: QueryAnswer = data
                yield answer
                return
