"""One daemon for each home.

The lock is an flock on a file descriptor that no child inherits, so it goes exactly when the supervisor
does. The pid file is a hint for people and scripts; it names a process by (pid, start time, boot id),
because a pid alone may be another process by now.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from senter.errors import AlreadyRunning
from senter.paths import write_private

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """Names one process for as long as this machine keeps its records."""

    pid: int
    started_at: float
    boot_id: str

    @staticmethod
    def of(pid: int) -> ProcessIdentity | None:
        """The identity of a running process; none where there is no such process, or only its exit status is left."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return ProcessIdentity(pid, process.create_time(), boot_id())
        except psutil.Error:
            return None

    def is_running(self) -> bool:
        return ProcessIdentity.of(self.pid) == self


def boot_id() -> str:
    """Names this boot of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"booted-{psutil.boot_time():.0f}"


class InstanceLock:
    """Held from before the first child starts until the process ends."""

    def __init__(self, lock_path: Path, pid_path: Path) -> None:
        self._pid_path = pid_path
        self._fd = os.open(lock_path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)

    def acquire(self) -> str:
        """Take the lock. Says what a killed predecessor left, if anything. Raises `AlreadyRunning`."""
        try:
            self._lock()
        except OSError:
            holder = read_pid_file(self._pid_path)
            raise AlreadyRunning(holder.pid if holder else 0) from None
        left = read_pid_file(self._pid_path)
        mine = ProcessIdentity.of(os.getpid())
        assert mine is not None
        write_private(self._pid_path, f"{mine.pid} {mine.started_at!r} {mine.boot_id}\n")
        return f"the daemon with pid {left.pid} ended without cleaning up" if left else ""

    def release(self) -> None:
        with suppress(OSError):  # a disk that has become read-only; whoever reads the file verifies it
            self._pid_path.unlink()
        os.close(self._fd)

    def _lock(self) -> None:
        if sys.platform == "win32":
            msvcrt.locking(self._fd, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def read_pid_file(path: Path) -> ProcessIdentity | None:
    """What the pid file says; none where there is none or it is not one."""
    try:
        pid, started_at, boot = path.read_text(encoding="ascii").split()
        return ProcessIdentity(int(pid), float(started_at), boot)
    except (OSError, ValueError):
        return None
