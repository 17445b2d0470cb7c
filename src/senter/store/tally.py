"""How many row changes of a database are on disk, noted in a file beside it.

SQLite takes a file that is gone for one that was never made, and one whose -wal is gone or cut short for a whole
one. The same number is in the file's own header (user_version), so one that falls behind its tally lacks what was
committed, and one that is missing beside its tally was there.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from senter.files import beside, make_private_file, sync_folder

DIGITS = 20
# user_version is a signed number of 32 bits.
LIMIT = 2**31


class Tally:
    """The note beside one database. Missing or unreadable means 0: nothing is known."""

    def __init__(self, database: Path) -> None:
        self._path = beside(database, ".tally")
        self._file: BinaryIO | None = None

    def exists(self) -> bool:
        return self._path.exists()

    def read(self) -> int:
        try:
            noted = int(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0
        return noted if 0 <= noted < LIMIT else 0

    def open(self, changes: int) -> None:
        """Note that the database was made, also for after a loss of power. Raises `OSError`."""
        made = not self.exists()
        make_private_file(self._path)
        self._file = self._path.open("r+b", buffering=0)
        self.note(changes)
        if made:
            os.fsync(self._file.fileno())
            sync_folder(self._path.parent)

    def note(self, changes: int) -> None:
        """After each commit: not synced, because after a loss of power a tally may be late, and never early."""
        if self._file:
            with suppress(OSError):  # what was committed stays committed
                self._file.seek(0)
                self._file.write(b"%0*d\n" % (DIGITS, changes))

    def close(self) -> None:
        if self._file:
            self._file.close()


def added(changes: int, more: int) -> int:
    """The sum, starting over where the header has no room for more."""
    return (changes + more) % LIMIT


def lacking(changes: int, noted: int) -> int:
    """How many of the noted ones are not among these, also where one of the two has started over; 0 notes nothing."""
    more = (noted - changes) % LIMIT
    return more if noted and more < LIMIT // 2 else 0


def read_changes(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def write_changes(connection: sqlite3.Connection, changes: int) -> None:
    connection.execute(f"PRAGMA user_version = {changes}")
