"""How long the client may take in all."""

from __future__ import annotations

import time

from senter.errors import DeadlineExceeded

SHORTEST_WAIT_SECONDS = 0.001


class Deadline:
    """Counts down from its making."""

    def __init__(self, what: str, seconds: float) -> None:
        self._what = what
        self._seconds = seconds
        self._ends_at = time.monotonic() + seconds

    def left_seconds(self) -> float:
        """Raises `DeadlineExceeded` when nothing is left."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise self.exceeded()
        return max(left, SHORTEST_WAIT_SECONDS)

    def exceeded(self) -> DeadlineExceeded:
        return DeadlineExceeded(self._what, self._seconds)
