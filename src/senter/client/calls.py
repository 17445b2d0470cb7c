"""One call of the API each: what is asked, within which time, and whether it may be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from senter.client.connection import Lost, Unreachable, exchange
from senter.client.deadline import Deadline
from senter.client.patience import Patience
from senter.errors import BusUnavailable, InvalidInput, OutcomeUnknown, Stopping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from senter.paths import Paths

ANSWER = "Senter's answer"


class Calls:
    """Sits out a restart of the daemon."""

    def __init__(self, paths: Paths, timeout_seconds: float, reconnect_seconds: float) -> None:
        self.paths = paths
        self.timeout_seconds = timeout_seconds
        self.reconnect_seconds = reconnect_seconds

    def get(self, path: str, timeout_seconds: float | None = None) -> Mapping[str, object]:
        return self._repeated("GET", path, None, "the request", timeout_seconds)

    def repeat(
        self, method: str, path: str, body: object, what: str, timeout_seconds: float | None = None
    ) -> Mapping[str, object]:
        """For what may be said twice: sent again when its outcome is unknown."""
        return self._repeated(method, path, body, what, timeout_seconds)

    def change(
        self, method: str, path: str, what: str, body: object = None, timeout_seconds: float | None = None
    ) -> Mapping[str, object]:
        """Never sent twice: only a request that reached nobody is repeated."""
        deadline = Deadline(ANSWER, timeout_seconds or self.timeout_seconds)
        patience = Patience(self.paths, self.reconnect_seconds, deadline)
        while True:
            try:
                with exchange(self.paths, deadline, method, path, body) as opened:
                    return opened.read_json()
            except Lost as error:
                raise OutcomeUnknown(what) from error
            except (Unreachable, Stopping) as interruption:
                patience.wait(interruption, what)

    def _repeated(
        self, method: str, path: str, body: object, what: str, timeout_seconds: float | None
    ) -> Mapping[str, object]:
        deadline = Deadline(ANSWER, timeout_seconds or self.timeout_seconds)
        patience = Patience(self.paths, self.reconnect_seconds, deadline)
        while True:
            try:
                with exchange(self.paths, deadline, method, path, body) as opened:
                    return opened.read_json()
            except (Unreachable, Lost, Stopping, BusUnavailable) as interruption:
                patience.wait(interruption, what)


def quoted(part: str) -> str:
    """As one part of a path or a query. Raises `InvalidInput` for what is no text, as a file name may be."""
    from urllib.parse import quote

    try:
        return quote(part, safe="")
    except UnicodeEncodeError as error:
        raise InvalidInput(f"This is not UTF-8 text: {part}", "Name it otherwise.") from error
