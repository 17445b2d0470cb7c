"""One call of the API each: what is asked, within which time, and whether it may be sent again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from senter.client.asking import Asking
from senter.client.deadline import Deadline
from senter.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from senter.paths import Paths

KindT = TypeVar("KindT")
ANSWER = "Senter's answer"
WHAT = "the request"
# As long as the API lets a question take.
SLOW_SECONDS = 300.0


class Calls:
    """Sits out a restart of the daemon."""

    def __init__(self, paths: Paths, timeout_seconds: float, reconnect_seconds: float) -> None:
        self.paths = paths
        self.timeout_seconds = timeout_seconds
        self.reconnect_seconds = reconnect_seconds

    def call(self, method: str, path: str, kind: type[KindT], fields: Mapping[str, object]) -> KindT:
        """The answer. What may not be said twice is sent again only while it reached nobody.

        Raises `OutcomeUnknown` when the connection was lost after that.
        """
        from senter.client.types import NAMED, REPEATED, SLOW

        route = f"{method} {path}"
        repeat = method == "GET" or route in REPEATED
        if route in NAMED and not fields.get("request_id"):
            fields = {**fields, "request_id": os.urandom(16).hex()}
        address, body = _request(method, path, fields)
        deadline = Deadline(ANSWER, SLOW_SECONDS if route in SLOW else self.timeout_seconds)
        asking = Asking(self.paths, self.reconnect_seconds, deadline, WHAT, repeat=repeat)
        return next(asking.read(lambda opened: [opened.read(kind)], method, address, body))


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
