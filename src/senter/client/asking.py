"""Asking a daemon that may be restarting: again while it comes back, within one deadline.

The twin of `senter.component.asking` for programs, with the same table of who comes back and the same pauses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from senter.client.asking_again import check_comes_back, pauses
from senter.client.connection import Lost, OpenedAnswer, Unreachable, exchange
from senter.client.control import daemon_status
from senter.errors import (
    BusUnavailable,
    DaemonNotRunning,
    Forbidden,
    OutcomeUnknown,
    SenterError,
    Stopping,
    Unavailable,
)

if TYPE_CHECKING:
    from senter.client.deadline import Deadline
    from senter.paths import Paths

FoundT = TypeVar("FoundT")

CONNECT_SECONDS = 2.0


class Asking:
    """One request of the API, as often as it is sent. `repeat` says whether it may be carried out twice.

    `seconds` is how long a daemon that was lost may take to come back; `what` is what the request is called.
    """

    def __init__(self, paths: Paths, seconds: float, deadline: Deadline, what: str, *, repeat: bool = True) -> None:
        self._paths = paths
        self._seconds = seconds
        self._deadline = deadline
        self._what = what
        self._repeat = repeat
        self._was_there = False
        self._outcome_unknown = False
        self._renew()

    def read(
        self,
        read: Callable[[OpenedAnswer], Iterable[FoundT]],
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Generator[FoundT]:
        """What `read` finds in the answer; when the connection is lost meanwhile, it goes on in the next answer.

        The headers are looked at anew for each try.
        """
        while True:
            try:
                with exchange(self._paths, self._deadline, method, path, body, headers) as opened:
                    self._renew()
                    yield from read(opened)
                    return
            except (Unreachable, Lost, Stopping, BusUnavailable) as interruption:
                self._wait(interruption)

    def _renew(self) -> None:
        """The daemon answers again."""
        self._ends_at: float | None = None
        self._pauses = pauses()

    def _wait(self, interruption: Exception) -> None:
        """Pause before the next try, or raise what a person should know."""
        self._was_there |= not isinstance(interruption, Unreachable)
        self._outcome_unknown |= isinstance(interruption, Lost)
        if isinstance(interruption, Lost | BusUnavailable) and not self._repeat:
            raise self._verdict(interruption)
        self._was_there = self._was_there or self._supervisor_listens()
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._seconds
        if not self._was_there or time.monotonic() >= self._ends_at:
            raise self._verdict(interruption)
        time.sleep(min(next(self._pauses), self._deadline.left_seconds()))

    def _verdict(self, interruption: Exception) -> SenterError:
        if self._outcome_unknown:
            return OutcomeUnknown(self._what)
        if isinstance(interruption, BusUnavailable):
            return interruption
        if self._supervisor_listens():
            return Unavailable("Senter's API does not answer.", "See: senter status api")
        if isinstance(interruption, Stopping):
            return interruption
        return DaemonNotRunning(str(self._paths.home))

    def _supervisor_listens(self) -> bool:
        """Raises `Unavailable` when it says that the API does not come back."""
        try:
            status = daemon_status(self._paths, timeout_seconds=CONNECT_SECONDS)
        except (DaemonNotRunning, Forbidden):
            return False
        except SenterError:
            return True
        api = status["components"].get("api")
        if api and status["state"] == "running":  # before, it waits for its turn to start
            check_comes_back("api", api["state"], api["reason"])
        return True
