"""The machine below the engine: whether its disk took the last write, when it slept, and what keeps it awake."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import structlog

from senter.clock import Clock
from senter.errors import StorageFull

WAIT_SECONDS = 2.0
LEAST_GAP_SECONDS = 30.0
HOLDERS = {
    "linux": (
        "systemd-inhibit",
        "--what=sleep:idle",
        "--who=Senter",
        "--why=Goals are being carried out",
        "--mode=block",
        "cat",
    ),
    "darwin": ("caffeinate", "-i", "cat"),
}


class DiskSpaceGuard:
    """Remembers that the disk was full: goals and tasks that end meanwhile would be begun again at once, and again."""

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


class SleepDetector:
    """Notices when nothing could run for a while: the monotonic clock stands still while the machine sleeps."""

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


class Awake:
    """Keeps the machine awake while tasks run, where the user asked for it and the system has a way to.

    The system's own program holds the machine awake for as long as its child reads from a pipe; the pipe ends
    with this process, however it ends.
    """

    def __init__(self, log: structlog.stdlib.BoundLogger, *, wanted: bool) -> None:
        self._log = log
        self._wanted = wanted
        self._holder: asyncio.subprocess.Process | None = None

    @property
    def holds(self) -> bool:
        return self._holder is not None and self._holder.returncode is None

    async def keep(self, *, busy: bool) -> None:
        """Hold while there is work, let go when there is none. Cheap when nothing changes."""
        if busy and self._wanted and not self.holds:
            await self._hold()
        elif not busy and self._holder:
            await self.release()

    async def release(self) -> None:
        """Let the machine sleep again."""
        holder, self._holder = self._holder, None
        if holder and holder.stdin:
            holder.stdin.close()
            with suppress(ProcessLookupError):
                holder.terminate()
            await holder.wait()

    async def _hold(self) -> None:
        program = HOLDERS.get(sys.platform)
        try:
            if program is None:
                raise FileNotFoundError(sys.platform)
            self._holder = await asyncio.create_subprocess_exec(
                *program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
            )
        except OSError as error:
            self._wanted = False
            self._log.warning("machine_cannot_be_kept_awake", reason=str(error))
        else:
            self._log.info("machine_kept_awake")
