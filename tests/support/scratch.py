"""A scratch daemon as tests and benches use it: spoken with, hurt, waited for."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from senter.client import Client
from senter.client.types import ComponentStatus
from senter.operations import scratch
from senter.operations.scratch import KILL, wait_until
from senter.supervisor.launch import StartLine
from tests.support import warm_daemons


class ScratchDaemon(scratch.ScratchDaemon):
    """One running daemon in its own home."""

    def begin(self, environment: Mapping[str, str]) -> Iterator[StartLine]:
        warm = warm_daemons.start(self.paths, environment)
        return super().begin(environment) if warm is None else warm

    @property
    def client(self) -> Client:
        return Client(self.paths)

    def component(self, name: str) -> ComponentStatus:
        """One row of its status."""
        return self.status()["components"][name]

    def pid(self, name: str) -> int:
        """The process of a component now; 0 while there is none."""
        return self.component(name)["pid"] or 0

    def kill(self, name: str, number: int = KILL) -> int:
        """Send a component, or `supervisor`, a signal. Returns the pid it went to."""
        pid = self.pids()[name]
        os.kill(pid, number)
        return pid

    def wait_for(self, name: str, state: str, *, not_pid: int = 0, seconds: float = 30.0) -> float:
        """Wait until a component is in `state`, in another process than `not_pid`. Returns the seconds it took."""
        begun = time.monotonic()

        def there() -> bool:
            row = self.component(name)
            return row["state"] == state and row["pid"] != not_pid

        wait_until(there, f"{name} is not {state}", seconds)
        return time.monotonic() - begun


@contextmanager
def scratch_daemon(
    home: Path, settings: str = "", environment: Mapping[str, str] | None = None
) -> Generator[ScratchDaemon]:
    """A daemon that runs for as long as the context lasts."""
    daemon = ScratchDaemon(home, settings, environment)
    daemon.start()
    try:
        yield daemon
        daemon.stop()
    finally:
        daemon.end()
