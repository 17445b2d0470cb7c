"""How long the client goes on trying to reach a daemon that may be restarting."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from senter.client.connection import Lost, Unreachable
from senter.client.control import connect_control
from senter.client.deadline import Deadline
from senter.errors import BusUnavailable, DaemonNotRunning, OutcomeUnknown, SenterError, Stopping, Unavailable

if TYPE_CHECKING:
    from senter.paths import Paths

FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 2.0


class Patience:
    """Waits between tries, and gives up in the end."""

    def __init__(self, paths: Paths, seconds: float, deadline: Deadline) -> None:
        self._paths = paths
        self._seconds = seconds
        self._deadline = deadline
        self._was_there = False
        self._outcome_unknown = False
        self.renew()

    def renew(self) -> None:
        """The daemon answers again."""
        self._ends_at: float | None = None
        self._pause_seconds = FIRST_PAUSE_SECONDS

    def wait(self, interruption: Exception, what: str) -> None:
        """Pause before the next try, or raise what a person should know."""
        self._was_there |= not isinstance(interruption, Unreachable)
        self._outcome_unknown |= isinstance(interruption, Lost)
        if not self._was_there:
            self._was_there = self._supervisor_listens()
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._seconds
        if not self._was_there or time.monotonic() >= self._ends_at:
            raise self._verdict(interruption, what)
        time.sleep(min(self._pause_seconds, self._deadline.left_seconds()))
        self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)

    def _verdict(self, interruption: Exception, what: str) -> SenterError:
        if self._outcome_unknown:
            return OutcomeUnknown(what)
        if isinstance(interruption, BusUnavailable):
            return interruption
        if self._supervisor_listens():
            return Unavailable("Senter's API does not answer.", "See: senter status api")
        if isinstance(interruption, Stopping):
            return interruption
        return DaemonNotRunning(str(self._paths.home))

    def _supervisor_listens(self) -> bool:
        try:
            connection, _ = connect_control(self._paths, Deadline("The supervisor", CONNECT_SECONDS))
        except SenterError:
            return False
        connection.close()
        return True
