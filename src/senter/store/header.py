"""The first bytes of a database file, read and mended without SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

HEADER_BYTES = 100
BEGINNING = b"SQLite format 3\x00"
PAGE_BYTES = 4096
# Where the header holds what differs between files of the same making.
JOURNAL_MODE = slice(18, 20)
FILE_CHANGES = slice(24, 28)
PAGES = slice(28, 32)
FREE_PAGES = slice(32, 40)
ROW_CHANGES = slice(60, 64)
VALID_FOR = slice(92, 96)
IN_WAL_MODE = b"\x02\x02"


def read_header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER_BYTES)


def is_sqlite(header: bytes) -> bool:
    """Also true of an empty file, which SQLite takes for an empty database."""
    return not header or header.startswith(BEGINNING)


def changes_in(snapshot: Path) -> int:
    """The row changes that a file without -wal holds (see tally.py); 0 where the file is too short to say."""
    return int.from_bytes(read_header(snapshot)[ROW_CHANGES], "big")


def lend_header(path: Path) -> None:
    """Write the header that every file of the store has over one that is lost; the pages behind it may be whole."""
    header = bytearray(_usual())
    header[JOURNAL_MODE] = IN_WAL_MODE
    header[PAGES] = (path.stat().st_size // PAGE_BYTES).to_bytes(4, "big")
    header[FREE_PAGES] = bytes(8)
    header[VALID_FOR] = header[FILE_CHANGES]
    with path.open("r+b") as file:
        file.write(header)


def _usual() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT")
        return read_header(path)
