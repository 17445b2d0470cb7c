"""Whether a calendar's file or folder was there before: what is missing now may be on a stick that was pulled out.

Kept in the data folder, so that it is known after a restart, too.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from senter.errors import ToolError
from senter.files import make_mark
from senter.paths import Paths

BEGIN_ANEW = "Put back what it is on. To begin a new calendar instead: {command} {path}"


class CalendarPlace:
    """One file or folder; `command` makes a new one."""

    def __init__(self, path: Path, command: str) -> None:
        self._path = path
        self._command = command
        self._is_noted = False

    def check(self, paths: Paths, *, is_there: bool) -> None:
        """Remember one that is there. Raises `ToolError` for one that was: a new one in its place would hide it."""
        path, mark, mount = self._places(paths)
        if not is_there or (mount.exists() and _is_left_behind(path)):
            if self._is_noted or mark.exists():
                hint = BEGIN_ANEW.format(command=self._command, path=path)
                raise ToolError(f"{path} is not there now.", hint, trusted=True)
        elif not self._is_noted:
            _note(mark, *([mount] if os.path.ismount(path) else []))
            self._is_noted = True

    def forget(self, paths: Paths) -> None:
        """It is the user's calendar no longer."""
        self._is_noted = False
        for mark in self._places(paths)[1:]:
            mark.unlink(missing_ok=True)

    def _places(self, paths: Paths) -> tuple[Path, Path, Path]:
        """Where it is; that it was there; that it was a file system of its own."""
        path = paths.home / self._path
        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        folder = paths.data / "calendars"
        return path, folder / f"{name}.seen", folder / f"{name}.mount"


def _is_left_behind(folder: Path) -> bool:
    """An empty folder that a stick was mounted on."""
    return folder.is_dir() and not os.path.ismount(folder) and not any(folder.iterdir())


def _note(*marks: Path) -> None:
    """What cannot be kept is known until the next restart."""
    with suppress(OSError):
        for mark in marks:
            mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_mark(mark)
