"""Takes out rows that refer to rows that are not there."""

from __future__ import annotations

import sqlite3
from itertools import groupby

from senter.errors import StoreError
from senter.store.schema import quote

BROKEN = 'SELECT DISTINCT "table" FROM pragma_foreign_key_check'
REFERENCES = 'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'


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
