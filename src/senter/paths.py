"""Where everything is: one home folder, moved by SENTER_HOME.

Only names are decided here; folders are made by `make_folders`, with modes that keep other users out.
Standard library only, because `senter status` must not pay for more.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from senter.errors import StartError

# sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs, the final NUL included (unix(7), unix(4)).
SOCKET_PATH_LIMIT_BYTES = 103
LONGEST_SOCKET_NAME = "model_research_99.sock"
PRIVATE_FILE = 0o600
HOME_VARIABLE = "SENTER_HOME"


class _Below:
    """A place in the home."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __get__(self, paths: Paths, owner: type[Paths]) -> Path:
        return paths.home / self._place


@dataclass(frozen=True, slots=True)
class Paths:
    """The files and folders of one Senter home."""

    home: Path

    settings = _Below("settings.toml")
    data = _Below("data")
    snapshots = _Below("data/snapshots")
    jetstream = _Below("data/jetstream")
    panic = _Below("data/panic")
    """There from a `senter panic` until the task engine has it on record, which may be down at the time."""
    model_speed = _Below("data/model_speed.json")
    """How fast embedded models were found to be on this machine."""
    exams = _Below("data/exams")
    """What exams of models showed, a file each."""
    setup_offered = _Below("data/setup_offered")
    """There once a person was told of `senter setup`, or has run it."""
    shell_history = _Below("data/shell_history")
    """What was typed in the shell, for its arrow keys."""
    logs = _Below("logs")
    log_output = _Below("logs/output.log")
    """What processes write to standard output and error: native libraries, crashes before the log is open."""
    run = _Below("run")
    lock = _Below("run/senter.lock")
    pid = _Below("run/senter.pid")
    token = _Below("run/token")
    port = _Below("run/port")
    """Holds the TCP port the API listens on while it does."""

    @property
    def sockets(self) -> Path:
        """The folder for Unix sockets: `run`, or a short private one where `run` is too long a path."""
        longest = os.fsencode(self.run / LONGEST_SOCKET_NAME)
        if len(longest) <= SOCKET_PATH_LIMIT_BYTES:
            return self.run
        import hashlib  # both cost milliseconds that only a long home should pay
        import tempfile

        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        return Path(base) / f"senter-{digest}"

    @property
    def api_socket(self) -> Path:
        return self.sockets / "senter.sock"

    @property
    def control_socket(self) -> Path:
        return self.sockets / "control.sock"

    def database(self, name: str) -> Path:
        return self.data / f"{name}.db"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make_folders(self) -> None:
        """Create every folder, private to this user, as are the files in `run` and `logs` from then on. Raises
        `StartError` with what to do."""
        for folder in (self.home, self.data, self.logs, self.run, self.sockets):
            _make_private(folder)
        for folder in (self.run, self.logs):
            _close_to_others(folder)


def private(path: str, flags: int) -> int:
    """An opener for `open`: a file that it makes is for this user alone, whatever the umask."""
    return os.open(path, flags, PRIVATE_FILE)


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if hasattr(os, "getuid") and found.st_uid != os.getuid():
            raise StartError(f"{folder} belongs to another user.", "Choose another SENTER_HOME.")
        if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
            folder.chmod(0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(f"{folder} is not writable")
    except OSError as error:
        raise StartError(
            f"Senter cannot use the folder {folder}: {error.strerror or error}.",
            "Make it writable, free some space, or point SENTER_HOME at another folder.",
        ) from error


def write_private(path: Path, text: str) -> None:
    """Write a small file for this user alone."""
    with open(path, "w", encoding="utf-8", opener=private) as file:
        file.write(text)


def _close_to_others(folder: Path) -> None:
    """What an earlier version left readable by others is so no longer."""
    if os.name != "posix":
        return
    with suppress(OSError):  # a file may be gone the next moment; the folder keeps others out anyway
        for path in folder.iterdir():
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
                path.chmod(PRIVATE_FILE)


def from_environment() -> Paths:
    """The paths for SENTER_HOME, or for the user's data folder where it is not set."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Paths(_absolute(chosen) if chosen else user_folder("data"))


def user_folder(kind: Literal["data", "cache"]) -> Path:
    """Senter's folder in the user's, as platformdirs names it, which the first command does not have yet."""
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "senter"
        return local / "Cache" if kind == "cache" else local
    usual = {"data": ".local/share", "cache": ".cache"}
    if sys.platform == "darwin":
        usual = {"data": "Library/Application Support", "cache": "Library/Caches"}
    chosen = Path(os.environ.get(f"XDG_{kind.upper()}_HOME", ""))
    return (chosen if chosen.is_absolute() else Path.home() / usual[kind]) / "senter"


def _absolute(home: str) -> Path:
    try:
        path = Path(home).expanduser().absolute()
        return path.resolve() if ".." in path.parts else path
    except (RuntimeError, FileNotFoundError) as error:  # an unknown ~user; a current folder that is gone
        raise StartError(f"SENTER_HOME names no folder: {home}", "Give it as an absolute path.") from error
