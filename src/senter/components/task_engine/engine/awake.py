"""Keeps the machine awake while tasks run, where the user asked for it.

The system's own program holds the machine awake for as long as its child reads from a pipe; the pipe ends
with this process, however it ends.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import structlog

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


class Awake:
    """Holds the machine awake between `hold` and `release`. Where the system has no way to, it says so once."""

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
