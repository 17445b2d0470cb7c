"""Faults: processes are ended at a boundary of the journal that was chosen beforehand."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

FAULT = "fault.json"
FIRED = "fired.txt"
NEVER = 1_000_000_000


class CrashFault(BaseModel):
    """Ends processes at a boundary of the journal."""

    model_config = ConfigDict(frozen=True)

    after: int = Field(ge=1)
    """How many boundaries from now."""
    pids: tuple[int, ...] = ()
    """Which; this process too where it is among them or there are none."""

    def arm(self, folder: Path) -> None:
        draft = folder / f"{FAULT}.new"
        draft.write_text(self.model_dump_json(), encoding="utf-8")
        draft.replace(folder / FAULT)

    @staticmethod
    def disarm(folder: Path) -> None:
        """Take back a fault that nobody took up, and void the one that was: it strikes never."""
        CrashFault(after=NEVER).arm(folder)


class FaultPoint:
    """Called at every boundary. A fault is taken up once: the next life of this process begins without."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fault: CrashFault | None = None
        self._passed = 0

    def __call__(self, boundary: str) -> None:
        if (self._folder / FAULT).exists():
            self._fault = CrashFault.model_validate_json((self._folder / FAULT).read_bytes())
            (self._folder / FAULT).unlink()
            self._passed = 0
        if self._fault is None:
            return
        self._passed += 1
        if self._passed >= self._fault.after:
            self._end(boundary, self._fault.pids or (os.getpid(),))

    def _end(self, boundary: str, pids: Sequence[int]) -> None:
        self._fault = None
        with (self._folder / FIRED).open("a", encoding="utf-8") as file:
            file.write(f"{boundary}\n")
        for pid in sorted(pids, key=lambda pid: pid == os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
