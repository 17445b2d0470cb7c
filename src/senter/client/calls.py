"""One call of the API each: what is asked, within which time, and whether it may be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from senter.client.asking import Asking
from senter.client.connection import Exchange
from senter.client.deadline import Deadline
from senter.errors import InvalidInput

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
        return self.repeat("GET", path, None, "the request", timeout_seconds)

    def repeat(
        self, method: str, path: str, body: object, what: str, timeout_seconds: float | None = None
    ) -> Mapping[str, object]:
        """For what may be said twice: sent again when its outcome is unknown."""
        return next(self._asking(what, timeout_seconds, repeat=True).read(_whole, method, path, body))

    def change(
        self, method: str, path: str, what: str, body: object = None, timeout_seconds: float | None = None
    ) -> Mapping[str, object]:
        """Never sent twice: only a request that reached nobody is repeated."""
        return next(self._asking(what, timeout_seconds, repeat=False).read(_whole, method, path, body))

    def _asking(self, what: str, timeout_seconds: float | None, *, repeat: bool) -> Asking:
        deadline = Deadline(ANSWER, timeout_seconds or self.timeout_seconds)
        return Asking(self.paths, self.reconnect_seconds, deadline, what, repeat=repeat)


def _whole(opened: Exchange) -> list[Mapping[str, object]]:
    return [opened.read_json()]


def quoted(part: str) -> str:
    """As one part of a path or a query. Raises `InvalidInput` for what is no text, as a file name may be."""
    from urllib.parse import quote

    try:
        return quote(part, safe="")
    except UnicodeEncodeError as error:
        raise InvalidInput(f"This is not UTF-8 text: {part}", "Name it otherwise.") from error
