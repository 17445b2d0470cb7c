"""What happened in the background, in lines for a person: told above the prompt, never into an answer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import NamedTuple, cast

from senter.client import Client
from senter.client.happening import Happening, watch
from senter.client.types import GoalsReply
from senter.errors import SenterError
from senter.paths import Paths
from senter.sentences import phrase
from senter.terminal import output

TOLD = frozenset({"goal_completed", "goal_overdue", "approval_waiting", "research_complete", "reminder"})
"""Kinds of activities; others are steps on the way."""
MOST_LINES = 4  # at once; 200 in a minute are not read line by line
MOST_KEPT = 1_000
MOST_ANSWERED = 200
CHANGES_WHAT_WAITS = frozenset({"activity_log", "task_complete"})


class _Item(NamedTuple):
    line: str
    turn_id: str
    goal_id: int


class News:
    """Collects in a thread of its own. `came` is called there when there is something to tell, or the count changed."""

    def __init__(self, paths: Paths, came: Callable[[], object]) -> None:
        self._paths = paths
        self._came = came
        self._client = Client(paths)
        self._lock = threading.Lock()
        self._items: deque[_Item] = deque(maxlen=MOST_KEPT)
        self._answered: deque[str] = deque(maxlen=MOST_ANSWERED)
        self._going_on: deque[int] = deque(maxlen=MOST_ANSWERED)
        self.waiting = 0
        """How many approvals wait for the person."""

    def begin(self) -> None:
        threading.Thread(target=self._watch, name="news", daemon=True).start()

    def answered(self, turn_id: str, going_on: Collection[int]) -> None:
        """The answer told what came of this turn; but for the goals that go on."""
        with self._lock:
            self._answered.append(turn_id)
            self._going_on.extend(going_on)

    def take(self) -> list[str]:
        """What is to be told now: a few lines, and how many more there were."""
        with self._lock:
            lines = [item.line for item in self._items if not self._is_told(item)]
            self._items.clear()
        more = len(lines) - MOST_LINES
        return [*lines[:MOST_LINES], *([phrase("{count} more: /progress", count=f"{more:,}")] if more > 0 else [])]

    def _is_told(self, item: _Item) -> bool:
        return item.turn_id in self._answered and item.goal_id not in self._going_on

    def _watch(self) -> None:
        for happening in watch(self._paths):
            if happening is None or happening.name in CHANGES_WHAT_WAITS:
                self._count()
            if happening and happening.data.get("kind") in TOLD:
                with self._lock:
                    self._items.append(_item(happening))
            self._came()

    def _count(self) -> None:
        with suppress(SenterError):  # the daemon is away; the count is asked for again when it is back
            self.waiting = self._client.get("/api/goals", GoalsReply, limit=1)["approvals_waiting"]


def _item(happening: Happening) -> _Item:
    details = happening.data.get("details")
    goal_id = cast("dict[str, object]", details).get("goal_id") if isinstance(details, dict) else None
    line = output.one_line(str(happening.data.get("summary", "")))
    return _Item(line, str(happening.data.get("correlation_id")), goal_id if isinstance(goal_id, int) else 0)
