"""Notices when time passed in which nothing could run: the machine slept, or Senter was not running."""

from __future__ import annotations

import structlog

from senter.clock import Clock

LEAST_GAP_SECONDS = 30.0


class SleepDetector:
    """Compares the wall clock with the monotonic one, which stands still while the machine sleeps."""

    def __init__(self, clock: Clock, log: structlog.stdlib.BoundLogger) -> None:
        self._clock = clock
        self._log = log
        self._ahead: float | None = None

    def look(self) -> str:
        """When what is overdue now became so, for people; empty when there was no gap since the last look."""
        ahead = self._clock.now().timestamp() - self._clock.monotonic()
        before, self._ahead = self._ahead, ahead
        if before is None:
            return "while Senter was not running"
        if ahead - before < LEAST_GAP_SECONDS:
            return ""
        self._log.warning("machine_slept", seconds=round(ahead - before))
        return "while the machine slept"
