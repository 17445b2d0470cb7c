"""What tables a database file has, and how their rows are told apart."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass

TABLES = """
SELECT list.name, list.wr, master.sql FROM pragma_table_list AS list JOIN sqlite_master AS master USING (name)
WHERE list.schema = 'main' AND list.type IN ('table', 'virtual') AND list.name NOT LIKE 'sqlite_%'
"""
COLUMNS = "SELECT name, type, pk FROM pragma_table_info(?)"
# Not those of a part of the table only, nor the one that is the table itself.
INDEXES = "SELECT name FROM pragma_index_list(?) WHERE partial = 0 AND NOT (origin = 'pk' AND ?)"
STATEMENTS = """
SELECT type, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
    AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
ORDER BY rowid
"""
MIGRATIONS = "SELECT owner, version, checksum FROM schema_migrations ORDER BY owner, version"
COUNTED = re.compile(r"\bAUTOINCREMENT\b", re.IGNORECASE)
DERIVED = re.compile(r"\s*CREATE\s+VIRTUAL\s.*\bcontent\s*=", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """The columns that tell rows apart; none where rowids do."""
    alias: bool
    """Whether one of the columns is the rowid."""
    counted: bool
    """Whether a rowid is never given twice."""
    derived: bool
    """Whether it is made from another table, as an index of FTS5 may be."""
    indexes: tuple[str, ...]

    @property
    def quoted(self) -> str:
        return quote(self.name)

    @property
    def listed(self) -> str:
        return ", ".join(map(quote, self.columns))


def read_tables(connection: sqlite3.Connection) -> list[Table]:
    """Those that can be looked at."""
    tables: list[Table] = []
    for row in connection.execute(TABLES).fetchall():
        with suppress(sqlite3.DatabaseError):  # a table of FTS5 reads pages before it is one
            tables.append(_table(connection, *row))
    return tables


def read_statements(connection: sqlite3.Connection, *kinds: str) -> list[str]:
    """What made the tables, indexes, views or triggers, in order."""
    return [sql for kind, sql in connection.execute(STATEMENTS).fetchall() if kind in kinds]


def read_migrations(connection: sqlite3.Connection) -> list[tuple[str, int, str]]:
    """None when they cannot be read."""
    try:
        return connection.execute(MIGRATIONS).fetchall()
    except sqlite3.DatabaseError:
        return []


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _table(connection: sqlite3.Connection, name: str, without_rowid: int, sql: str) -> Table:
    columns: list[tuple[str, str, int]] = connection.execute(COLUMNS, (name,)).fetchall()
    key = sorted((place, column, declared.upper()) for column, declared, place in columns if place)
    return Table(
        name=name,
        columns=tuple(column for column, _, _ in columns),
        key=tuple(column for _, column, _ in key) if without_rowid else (),
        alias=not without_rowid and [declared for _, _, declared in key] == ["INTEGER"],
        counted=bool(COUNTED.search(sql)),
        derived=bool(DERIVED.match(sql)),
        indexes=tuple(index for (index,) in connection.execute(INDEXES, (name, without_rowid))),
    )
