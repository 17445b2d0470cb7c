"""Turns what SQLite and the file system say into the store's typed errors. Nothing else translates them."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from senter.errors import CorruptDatabase, StorageFull, StoreError

PRIMARY_CODE_MASK = 0xFF
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# The disk, a quota or a size limit refused a write, whichever step of the write it was.
REFUSED_WRITES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
# What the Python module says of bytes that are no text; it has no code.
NO_TEXT = "Could not decode to UTF-8"
REFUSED_WRITE_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def sqlite_errors(path: Path) -> Generator[None]:
    """Raise `StoreError`, `CorruptDatabase` or `StorageFull` for what SQLite says of the file at `path`."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake in the calling code, not a failure of the file
    except sqlite3.Error as error:
        raise from_sqlite(path, error) from error


@contextmanager
def file_errors(path: Path) -> Generator[None]:
    """Raise `StoreError` or `StorageFull` for what the system says of the file at `path`, SQLite included."""
    try:
        with sqlite_errors(path):
            yield
    except OSError as error:
        raise from_system(path, error) from error


def from_sqlite(path: Path, error: sqlite3.Error) -> StoreError:
    # Errors that the Python module raises itself, such as undecodable text, carry no code.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & PRIMARY_CODE_MASK
    if primary in DAMAGED or str(error).startswith(NO_TEXT):
        return CorruptDatabase(
            f"{path} is damaged: {error}.", "It is mended when its component starts again, which happens by itself."
        )
    if code in REFUSED_WRITES or primary in REFUSED_WRITES:
        return _storage_full(path, str(error))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(f"{path} is held by another program.", "Close the program that has the file open.")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return _unusable(path, str(error))
    return StoreError(f"{path}: {error}.")


def from_system(path: Path, error: OSError) -> StoreError:
    reason = error.strerror or str(error)
    if error.errno in REFUSED_WRITE_ERRNOS:
        return _storage_full(path, reason)
    return _unusable(path, reason)


def _storage_full(path: Path, reason: str) -> StorageFull:
    return StorageFull(
        f"The disk refused a write to {path}: {reason}.", "Free some space; what was acknowledged before is kept."
    )


def _unusable(path: Path, reason: str) -> StoreError:
    return StoreError(f"{path} cannot be used: {reason}.", "Make the file and its folder writable for your user.")
