"""Whether an open database is still where it was: SQLite goes on writing files that were deleted or replaced, and what
is committed to them is gone with the connection."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from senter.files import beside, make_private_file, sync_folder


class FilePlace:
    """One open database and its -wal, by what the system knows them by."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = {file: _identity(file) for file in (path, beside(path, "-wal"))}

    def lost(self) -> str:
        """What is not there any more, or nothing. Costs a few microseconds. Raises `OSError`."""
        gone = [file.name for file, known in self._files.items() if known and _identity(file) != known]
        return f"{gone[0]} was deleted or replaced while it was open" if gone else ""

    def is_free(self) -> bool:
        """Whether the database was deleted, and nothing took its place."""
        return _identity(self._path) is None

    def put_back(self, connection: sqlite3.Connection) -> None:
        """Write all that `connection` holds where the file was. Raises `OSError`, `sqlite3.Error`."""
        partial = beside(self._path, ".put-back.partial")
        partial.unlink(missing_ok=True)
        make_private_file(partial)
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        for side in ("-wal", "-shm"):  # they belong to the file that was deleted
            beside(self._path, side).unlink(missing_ok=True)
        partial.replace(self._path)
        sync_folder(self._path.parent)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
