"""Reads the rows of a table without rowids that has bad pages: from both ends, and those whose keys are known."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from senter.store.order import Row, is_cut
from senter.store.schema import Table, quote


@dataclass(slots=True)
class KeyedReading:
    """The readable rows of one table without rowids, and between which keys there are others."""

    connection: sqlite3.Connection
    table: Table
    complete: bool = False
    after: Row | None = None
    before: Row | None = None
    cut: list[Row] = field(default_factory=list[Row])
    """Rows that are there in part: see order.py."""

    def rows(self) -> Iterator[Row]:
        try:
            for row in self._read(f"ORDER BY {_ordered(self.table, 'ASC')}"):
                self.after = self.key_of(row)
                yield row
            self.complete = True
        except sqlite3.DatabaseError:
            yield from self._last_before("ASC")
            yield from self._downwards()

    def _last_before(self, order: str) -> Iterator[Row]:
        """Python asks for the next row before it hands one out: the last before a bad page only comes alone."""
        where, values = between(self.table, self)
        with suppress(sqlite3.DatabaseError):
            for row in self._read(f"WHERE {where} ORDER BY {_ordered(self.table, order)} LIMIT 1", values):
                if order == "ASC":
                    self.after = self.key_of(row)
                else:
                    self.before = self.key_of(row)
                yield row

    def named(self, keys: Sequence[Row]) -> Iterator[Row]:
        """Those of these keys that can be read by themselves."""
        for key in keys:
            try:
                yield from self._read(f"WHERE {equal(self.table)}", key)
            except sqlite3.DatabaseError:
                continue

    def key_of(self, row: Row) -> Row:
        return tuple(row[self.table.columns.index(name)] for name in self.table.key)

    def _downwards(self) -> Iterator[Row]:
        try:
            for row in self._read(f"ORDER BY {_ordered(self.table, 'DESC')}"):
                if self.key_of(row) == self.after:
                    return
                self.before = self.key_of(row)
                yield row
        except sqlite3.DatabaseError:
            yield from self._last_before("DESC")

    def _read(self, which: str, values: Row = ()) -> Iterator[Row]:
        sql = f"SELECT {self.table.listed} FROM {self.table.quoted} NOT INDEXED {which}"  # noqa: S608
        for row in self.connection.execute(sql, values):
            if None in self.key_of(row):
                raise sqlite3.DatabaseError("A page that is partly lost reads as rows without a key.")
            if is_cut(row):
                self.cut.append(row)
            else:
                yield row


def between(table: Table, reading: KeyedReading) -> tuple[str, Row]:
    """A condition for what was not read, and its values."""
    names, marks = ", ".join(map(quote, table.key)), ", ".join("?" for _ in table.key)
    ends = ((">", reading.after), ("<", reading.before))
    parts = [(f"({names}) {sign} ({marks})", end) for sign, end in ends if end is not None]
    where = " AND ".join(part for part, _ in parts) or "1"
    return where, tuple(value for _, end in parts for value in end)


def equal(table: Table) -> str:
    """A condition for one key."""
    return " AND ".join(f"{quote(name)} = ?" for name in table.key)


def _ordered(table: Table, order: str) -> str:
    return ", ".join(f"{quote(name)} {order}" for name in table.key)
