"""Remembers that the disk was full, so that nothing is begun that could not be written down.

Goals and tasks that end meanwhile would otherwise be begun again at once, and again.
"""

from __future__ import annotations

import structlog

from senter.clock import Clock
from senter.errors import StorageFull

WAIT_SECONDS = 2.0


class DiskSpaceGuard:
    """Whether the journal took the last write, as far as is known."""

    def __init__(self, clock: Clock, log: structlog.stdlib.BoundLogger) -> None:
        self._clock = clock
        self._log = log
        self._try_at = clock.monotonic()

    def refused(self, error: StorageFull) -> None:
        """A write found no space."""
        self._log.error("journal_waits_for_space", reason=error.message)
        self._try_at = self._clock.monotonic() + WAIT_SECONDS

    @property
    def seconds_to_wait(self) -> float:
        """Until something may be begun again; 0 for now."""
        return max(0.0, self._try_at - self._clock.monotonic())
