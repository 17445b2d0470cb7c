"""The folders the user named: which may be, and which are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from senter.clock import Clock
from senter.component.events import EventLog
from senter.errors import InvalidInput, NotFound
from senter.messages.documents import FoldersChanged
from senter.paths import Paths
from senter.store.stamps import stamp

MAX_FOLDERS = 100
# Not documents, without end, or of the machine: nobody names these on purpose.
SYSTEM = tuple(map(Path, ("/proc", "/sys", "/dev", "/run", "/boot"))) if sys.platform != "win32" else ()

ALL = "SELECT path FROM folders ORDER BY path"
ADD = "INSERT INTO folders (path, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
REMOVE = "DELETE FROM folders WHERE path = ?"


class Folders:
    """Kept in documents.db; every change is announced."""

    def __init__(self, events: EventLog, paths: Paths, clock: Clock) -> None:
        self._events = events
        self._paths = paths
        self._clock = clock
        self.all = tuple(events.database.rows(ALL, (), Path))

    def add(self, path: str) -> None:
        """Adding one again changes nothing. Raises `InvalidInput` or `NotFound` with the reason."""
        folder = self._checked(path)
        if folder in self.all:
            return
        if len(self.all) >= MAX_FOLDERS:
            raise InvalidInput(f"There are {MAX_FOLDERS} folders already.", "Remove one, or name a folder above some.")
        self._change(ADD, (str(folder), stamp(self._clock.now())), (*self.all, folder))

    def remove(self, path: str) -> None:
        """Raises `NotFound` for a folder that was not added."""
        folder = self._named(path)
        self._change(REMOVE, (str(folder),), tuple(one for one in self.all if one != folder))

    def roots(self) -> tuple[Path, ...]:
        """Those that lie in no other."""
        return tuple(one for one in self.all if not any(other in one.parents for other in self.all))

    def hold(self, path: Path) -> bool:
        """Whether a file lies in one of them."""
        return any(folder in path.parents for folder in self.all)

    def _change(self, sql: str, parameters: tuple[str, ...], folders: tuple[Path, ...]) -> None:
        paths = tuple(sorted(map(str, folders)))
        with self._events.database.transaction() as transaction:
            transaction.execute(sql, parameters)
            self._events.add(transaction, FoldersChanged(paths=paths))
        self.all = tuple(map(Path, paths))

    def _named(self, path: str) -> Path:
        for folder in self.all:
            if str(folder) == path.rstrip(os.sep) or folder == _resolved(path):
                return folder
        raise NotFound(f"{path} is not among the folders.", "See: senter documents list")

    def _checked(self, path: str) -> Path:
        folder = _resolved(path)
        if not Path(path).is_absolute():
            raise InvalidInput(f"{path} is not an absolute path.", "Give the whole path, from the root.")
        if not folder.is_dir():
            raise NotFound(f"There is no folder {path}.", "Check the path; a single file cannot be added.")
        if folder == Path(folder.anchor) or any(folder.is_relative_to(one) for one in SYSTEM):
            raise InvalidInput(f"{folder} holds the system, not documents.", "Name the folder with your documents.")
        if folder.is_relative_to(self._paths.home.resolve()):
            raise InvalidInput(f"{folder} is Senter's own folder.", "Name a folder with your own documents.")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise InvalidInput(f"{folder} may not be read by your user.", "Change its permissions.")
        return folder


def _resolved(path: str) -> Path:
    try:
        resolved = Path(path).resolve()
        str(resolved).encode()
    except (ValueError, OSError, RuntimeError) as error:  # NUL, a circle of links, half a surrogate
        raise InvalidInput("Cannot read this as a path.", "Give the path of a folder.") from error
    return resolved
