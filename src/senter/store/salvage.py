"""Copies what SQLite can still read of a damaged file into a new one, row by row, with all indexes made anew.

What cannot be read comes from a snapshot, row for row, where it breaks no rule of the schema. A row whose parent is
in neither is left out.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from senter.errors import StoreError
from senter.files import beside, make_private_file
from senter.store.header import is_sqlite, lend_header, read_header
from senter.store.schema import quote, read_migrations, read_statements, read_tables
from senter.store.table_copy import SavedTable, TableCopy
from senter.store.tally import read_changes

BROKEN = 'SELECT DISTINCT "table" FROM pragma_foreign_key_check'
REFERENCES = 'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'
KINDS = ("table", "index", "view", "trigger")
MIGRATIONS_TABLE = "schema_migrations"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of each table. `changes` is as in tally.py; `None` where the header is lost."""

    tables: tuple[SavedTable, ...]
    altered_texts: int
    changes: int | None


def salvage(damaged: Path, target: Path, snapshot: Path | None) -> Salvaged:
    """Fill the empty file `target`. What is damaged is read from a copy, so that it stays as it was found.

    Raises `sqlite3.Error` when its schema cannot be read, or what was read does not make a whole file; `StoreError`
    when what was read contradicts itself.
    """
    with (
        _copied(damaged) as (copy, has_header),
        closing(_connect(copy)) as old,
        closing(_connect(target)) as new,
        closing(_connect(snapshot)) if snapshot else nullcontext() as earlier,
    ):
        new.execute("PRAGMA journal_mode = OFF")
        new.execute("PRAGMA synchronous = OFF")  # whoever asked syncs the whole file
        old.execute("PRAGMA writable_schema = ON")  # or SQLite opens no file that is cut short
        texts = _Texts()
        old.text_factory = texts.read
        saved = _copy(old, new, earlier)
        _verify(new, saved)
        return Salvaged(tuple(saved), texts.altered, read_changes(old) if has_header else None)


class _Texts:
    """Reads texts and counts those that are not whole, as in order.py.

    A byte that is none of any becomes a replacement character, or nobody could read the row again.
    """

    def __init__(self) -> None:
        self.altered = 0

    def read(self, content: bytes) -> str:
        self.altered += content.endswith(b"\0")
        try:
            return content.decode()
        except UnicodeDecodeError:
            self.altered += 1
            return content.decode(errors="replace")


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, earlier: sqlite3.Connection | None) -> list[SavedTable]:
    pattern = earlier if earlier and read_migrations(old) in ([], read_migrations(earlier)) else old
    new.execute("BEGIN")
    _execute(new, read_statements(pattern, "table"))
    indexes = read_statements(pattern, "index")
    _execute(new, [sql for sql in indexes if _is_unique(sql)])
    readable = {table.name: table for table in read_tables(old)}
    if earlier and _contradicts(old, earlier):
        readable.pop(MIGRATIONS_TABLE, None)
    snapshot = {table.name: table for table in read_tables(earlier)} if earlier else {}
    copies = [
        TableCopy(table, readable.get(table.name), snapshot.get(table.name), old, new, earlier)
        for table in read_tables(new)
    ]
    for copy in copies:
        if not copy.derived:
            copy.run()
    _execute(new, [sql for sql in indexes if not _is_unique(sql)])
    drop_orphans(new)
    for copy in copies:
        if copy.derived:  # made of what is there by then
            copy.run()
    _execute(new, read_statements(pattern, "view", "trigger"))
    new.execute("COMMIT")
    return [copy.saved() for copy in copies]


def _contradicts(old: sqlite3.Connection, earlier: sqlite3.Connection) -> bool:
    """Whether its list of migrations is not of the schema it has, as where a bit of that list is wrong."""
    same_schema = sorted(read_statements(old, *KINDS)) == sorted(read_statements(earlier, *KINDS))
    return same_schema and read_migrations(old) != read_migrations(earlier)


def _execute(connection: sqlite3.Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _is_unique(sql: str) -> bool:
    return sql.upper().split()[:2] == ["CREATE", "UNIQUE"]


def _verify(new: sqlite3.Connection, saved: list[SavedTable]) -> None:
    if not any(table.rows > table.put_back for table in saved):
        raise StoreError("Nothing of it could be read.")
    verdict = str(new.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if verdict != "ok":
        raise StoreError(f"What was read does not make a whole file: {verdict}.")
    if new.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreError("What was read refers to what was not.")
    if not any(table.name == MIGRATIONS_TABLE and table.rows for table in saved):
        raise StoreError("What was read does not say which migrations it has.")


@contextmanager
def _copied(damaged: Path) -> Generator[tuple[Path, bool]]:
    copy = beside(damaged, ".salvage")
    try:
        for suffix in ("", "-wal"):
            if beside(damaged, suffix).exists():
                make_private_file(beside(copy, suffix))
                shutil.copyfile(beside(damaged, suffix), beside(copy, suffix))
        has_header = is_sqlite(read_header(copy))
        if not has_header:
            lend_header(copy)
        yield copy, has_header
    finally:
        for suffix in ("", "-wal", "-shm"):
            beside(copy, suffix).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def drop_orphans(connection: sqlite3.Connection) -> None:
    """Until there are none: what referred to an orphan is one too. Raises `StoreError` when that does not help."""
    while broken := [str(table) for (table,) in connection.execute(BROKEN).fetchall()]:
        if not sum(_drop_from(connection, table) for table in broken):
            raise StoreError(f"The references in {', '.join(broken)} cannot be mended.")


def _drop_from(connection: sqlite3.Connection, table: str) -> int:
    rows: list[tuple[int, str, str, str]] = connection.execute(REFERENCES, (table,)).fetchall()
    dropped = 0
    for _, group in groupby(rows, key=lambda row: row[0]):
        pairs = [(parent, mine, theirs) for _, parent, mine, theirs in group]
        dropped += connection.execute(_statement(table, pairs)).rowcount
    return dropped


def _statement(table: str, pairs: list[tuple[str, str, str]]) -> str:
    child = quote(table)
    refers = " AND ".join(f"{child}.{quote(mine)} IS NOT NULL" for _, mine, _ in pairs)
    found = " AND ".join(f"parent.{quote(theirs)} = {child}.{quote(mine)}" for _, mine, theirs in pairs)
    parent = f"SELECT 1 FROM {quote(pairs[0][0])} AS parent WHERE {found}"  # noqa: S608
    return f"DELETE FROM {child} WHERE {refers} AND NOT EXISTS ({parent})"  # noqa: S608
