"""What happened in the background, in lines for a person: told above the prompt, never into an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from senter.client import Client
from senter.client.happening import Happening, watch
from senter.client.types import GoalsReply
from senter.errors import SenterError
from senter.paths import Paths
from senter.terminal import output

TOLD = frozenset({"goal_completed", "goal_overdue", "approval_waiting", "research_complete", "reminder"})
MOST_LINES = 4  # at once; 200 in a minute are not read line by line


class News:
    """Collects in a thread of its own. `came` is called there when there is something to tell, or the count changed."""

    def __init__(self, paths: Paths, came: Callable[[], object]) -> None:
        self._paths = paths
        self._came = came
        self._client = Client(paths)
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._own: set[str] = set()
        self.waiting = 0
        """How many approvals wait for the person."""

    def begin(self) -> None:
        threading.Thread(target=self._watch, name="news", daemon=True).start()

    def is_own(self, turn_id: str) -> None:
        """What comes of this turn is told by its answer."""
        with self._lock:
            self._own.add(turn_id)

    def take(self) -> list[str]:
        """What is to be told now: a few lines, and how many more there were."""
        with self._lock:
            lines, self._lines = self._lines, []
        more = len(lines) - MOST_LINES
        return [*lines[:MOST_LINES], *([f"{more:,} more: /progress"] if more > 0 else [])]

    def _watch(self) -> None:
        for happening in watch(self._paths):
            if happening is None or happening.name in ("activity_log", "task_complete"):
                self._count()
            if happening and _kind(happening) in TOLD:
                self._keep(happening)
            self._came()

    def _keep(self, happening: Happening) -> None:
        with self._lock:
            if happening.data.get("correlation_id") not in self._own:
                self._lines.append(output.one_line(str(happening.data.get("summary", ""))))

    def _count(self) -> None:
        with suppress(SenterError):  # the daemon is away; the count is asked for again when it is back
            self.waiting = self._client.get("/api/goals", GoalsReply, limit=1)["approvals_waiting"]


def _kind(happening: Happening) -> str:
    return str(happening.data.get("kind", "")) if happening.name == "activity_log" else ""
