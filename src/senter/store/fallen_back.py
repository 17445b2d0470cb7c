"""Whether a file fell back: something older, or nothing, took its place, and its owner has not taken note of it yet.

The mark is in the file that takes the place, so that a crash in between loses neither. An owner that finds it does
what follows for it, then clears it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # which opens files, and is where they are mended
    from senter.store.database import Database, Transaction

# The header's other number for applications counts row changes (tally.py).
MENDED, PUT_BACK = 1, 2
CLEAR = "PRAGMA application_id = 0"
IS_MARKED = "PRAGMA application_id"


def mark_fallen_back(path: Path) -> None:
    """Mark the file at `path`, before it takes the place of a damaged one. Raises `sqlite3.Error`."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _mark(connection, MENDED)


def mark_put_back(path: Path) -> None:
    """Mark the file at `path`, which somebody put there, unless it is marked. Raises `sqlite3.Error`."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if not connection.execute(IS_MARKED).fetchone()[0]:
            _mark(connection, PUT_BACK)


def has_fallen_back(database: Database) -> bool:
    """Whether the file is marked."""
    return bool(database.row(IS_MARKED, (), int))


def was_mended(database: Database) -> bool:
    """Whether it is marked, and it was the store that put it there, which is no alarm."""
    return database.row(IS_MARKED, (), int) == MENDED


def taken_note_of(transaction: Transaction) -> None:
    """Clear the mark."""
    transaction.execute(CLEAR)


def _mark(connection: sqlite3.Connection, how: int) -> None:
    connection.execute(f"{IS_MARKED} = {how}")
