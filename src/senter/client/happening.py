"""What happens in a running Senter, as it happens, for as long as somebody watches."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from typing import NamedTuple

from senter.client.connection import Lost, Unreachable, exchange
from senter.client.deadline import Deadline
from senter.errors import SenterError
from senter.paths import Paths

WATCH_SECONDS = 20 * 86_400.0
AGAIN_SECONDS = 1.0


class Happening(NamedTuple):
    """One event: its name, such as `activity_log`, and its fields."""

    name: str
    data: dict[str, object]


def watch(paths: Paths) -> Generator[Happening | None]:
    """Without end. A daemon that is away is tried again each second; `None` says that it answers (again)."""
    headers: dict[str, str] = {}
    while True:
        try:
            with exchange(paths, Deadline("The events", WATCH_SECONDS), "GET", "/api/events", None, headers) as opened:
                yield None
                for event in opened.events():
                    headers["Last-Event-ID"] = event.id
                    yield Happening(event.name, json.loads(event.data))
        except (Unreachable, Lost, SenterError, ValueError):
            pass
        time.sleep(AGAIN_SECONDS)
