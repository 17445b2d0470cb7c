"""A daemon of its own in a scratch home, for proofs, tests and benchmarks: started, looked at, ended.

It never touches the user's own daemon: its home is a folder the caller makes and removes, its TCP port is
a free one, and only processes it started are ended, each by its pid.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from senter.client import call_control
from senter.client.control import daemon_status
from senter.client.types import DaemonStatus
from senter.errors import DaemonNotRunning, SenterError, StartError
from senter.paths import Paths
from senter.supervisor.launch import StartLine, start_daemon

POLL_SECONDS = 0.005
END_SECONDS = 15.0
KILL: signal.Signals = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process by either


class ScratchDaemon:
    """One running daemon in its own home."""

    def __init__(self, home: Path, settings: str = "", environment: Mapping[str, str] | None = None) -> None:
        self.paths = Paths(home)
        self.lines: list[StartLine] = []
        self._environment = {"SENTER_API__PORT": "0", "SENTER_MODELS__FETCH": "never", **(environment or {})}
        self.paths.make_folders()
        if settings:
            self.paths.settings.write_text(settings, encoding="utf-8")

    def start(self) -> None:
        """Start and wait until it is ready. Raises `StartError` with the step that failed."""
        self.lines = list(self.begin({**os.environ, **self._environment}))
        last = self.lines[-1]
        if "failed" in last:
            raise StartError(last.get("text", ""), last.get("hint", ""))

    def begin(self, environment: Mapping[str, str]) -> Iterator[StartLine]:
        """How its process is started, and what that tells."""
        return start_daemon(self.paths, environment)

    def status(self) -> DaemonStatus:
        """What `senter status --json` shows."""
        return daemon_status(self.paths)

    def pids(self) -> dict[str, int]:
        """Every process of this daemon, the supervisor included."""
        status = self.status()
        running = {name: row["pid"] for name, row in status["components"].items() if row["pid"]}
        return {**running, "supervisor": status["pid"]}

    def stop(self) -> None:
        """Stop it as `senter stop` does, and make sure that nothing of it is left."""
        pids = self._pids_if_running()
        with contextlib.suppress(DaemonNotRunning):
            call_control(self.paths, "stop")
        wait_until(lambda: not any(map(is_running, pids)), "processes are left", END_SECONDS)

    def end(self) -> None:
        """End whatever of it still runs, by force."""
        kill_all(self._pids_if_running())

    def _pids_if_running(self) -> list[int]:
        try:
            return list(self.pids().values())
        except SenterError:
            return []


def kill_all(pids: Iterable[int]) -> None:
    """End these processes by force; those that are gone are ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, KILL)


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that is dead but not yet collected does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], failure: str, seconds: float) -> None:
    """Wait for a condition, or raise `StartError` that says `failure`. A daemon that is away counts as not yet."""
    begun = time.monotonic()
    while True:
        with contextlib.suppress(SenterError):
            if condition():
                return
        waited = time.monotonic() - begun
        if waited > seconds:
            raise StartError(f"After {seconds:g} s {failure}.")
        time.sleep(min(max(POLL_SECONDS, waited / 50), 0.05))  # looking costs the daemon time; 2 % are near enough
