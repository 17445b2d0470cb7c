"""What the supervisor hands a component's process, and what the process leaves behind when it ends."""

from __future__ import annotations

from contextlib import suppress
from enum import IntEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from senter.bus.access import BusAccess
from senter.logs.settings import LevelName
from senter.messages.message import ComponentName
from senter.paths import write_private


class Launch(BaseModel):
    """Everything one component process needs to begin, secrets included: it goes through a pipe and nowhere else."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    process: ComponentName
    """The name of this process: the component's, with a number from the second replica on."""
    component: str
    """The name in the SPEC."""
    home: Path
    """The Senter home."""
    settings: dict[str, JsonValue] = Field(repr=False)
    """The component's section, only what was set."""
    bus: BusAccess
    """How to reach the bus."""
    supervisor_pid: int
    """The process to die with."""
    log_level: LevelName = "info"
    """The least level that is logged."""
    heartbeat_seconds: float = 3.0
    """How often to say that it is well, in seconds."""
    finish_seconds: float = 6.0
    """How long what is in flight may take to end when this process alone is stopped, in seconds."""
    nice: int = 0
    """Added to the process's niceness."""


class ExitCode(IntEnum):
    """How a component's process says why it ended (sysexits.h has 75 and 78)."""

    DONE = 0
    CRASHED = 1
    NOT_READY = 75
    SETTINGS = 78


class LastWords(BaseModel):
    """Why a process ended, left in a file for the supervisor to read."""

    model_config = ConfigDict(frozen=True)

    pid: int
    """The process that wrote them."""
    message: str
    """One sentence."""
    hint: str = ""
    """What to do about it."""

    @staticmethod
    def path(run: Path, process: str) -> Path:
        return run / f"{process}.last-words.json"

    def leave(self, run: Path, process: str) -> None:
        """Write them; a disk that is full must not hide the exit status, so failure to write is no error."""
        with suppress(OSError):
            write_private(self.path(run, process), self.model_dump_json())

    @staticmethod
    def take(run: Path, process: str, pid: int) -> LastWords | None:
        """Read and remove what process `pid` left, if it left anything."""
        path = LastWords.path(run, process)
        try:
            words = LastWords.model_validate_json(path.read_bytes())
            path.unlink()
        except (OSError, ValidationError):
            return None
        return words if words.pid == pid else None
