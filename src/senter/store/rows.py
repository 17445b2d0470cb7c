"""Reads the rows of a table that has bad pages: from both ends, and then ever smaller pieces of what is between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from senter.store.schema import Table, quote

Value = str | int | float | bytes | None
Row = tuple[Value, ...]

# Of looks into what is between the readable ends: a second or two when a whole table hangs on one bad page.
MOST_LOOKS = 20_000


@dataclass(slots=True)
class Reading:
    """The readable rows of one table with rowids, and which of them could not be read."""

    connection: sqlite3.Connection
    table: Table
    highest: int
    """The highest rowid that is known of from elsewhere."""
    gaps: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """The first and the last rowid of each stretch that could not be read."""
    open_ended: bool = False
    """Whether there may be more behind the highest."""
    _failed: bool = False

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Each row after its rowid."""
        last = 0
        try:
            for number, row in self._read("ORDER BY rowid"):
                if not 0 < self.highest < number:  # a bad number is no place to go on from
                    last = max(last, number)
                yield number, row
        except sqlite3.DatabaseError:
            yield from self._downwards(last)

    def _downwards(self, last: int) -> Iterator[tuple[int, Row]]:
        first = max(self.highest, last) + 1
        self.open_ended = True
        try:
            for number, row in self._read("ORDER BY rowid DESC"):
                if number <= last:
                    return
                first = number if self.open_ended else min(first, number)
                self.open_ended = False
                yield number, row
        except sqlite3.DatabaseError:
            yield from self._between(last + 1, first - 1)

    def _between(self, low: int, high: int) -> Iterator[tuple[int, Row]]:
        looks, pending = 0, [(low, high)]
        while pending:
            low, high = pending.pop()
            looks += 1
            for number, row in self._piece(low, high):
                low = number + 1
                yield number, row
            if not self._failed or low > high:
                continue
            if low == high or looks > MOST_LOOKS:
                self._add_gap(low, high)
                continue
            middle = (low + high) // 2
            pending += [(middle + 1, high), (low, middle)]

    def _piece(self, low: int, high: int) -> Iterator[tuple[int, Row]]:
        """Python asks for the next row before it hands one out: the last before a bad page only comes alone."""
        self._failed = False
        try:
            for number, row in self._read(f"WHERE rowid {'=' if low == high else '>='} {low} ORDER BY rowid"):
                if number > high:
                    return
                yield number, row
        except sqlite3.DatabaseError:
            self._failed = True

    def _add_gap(self, low: int, high: int) -> None:
        if self.gaps and self.gaps[-1][1] == low - 1:
            low = self.gaps.pop()[0]
        self.gaps.append((low, high))

    def _read(self, which: str) -> Iterator[tuple[int, Row]]:
        sql = f"SELECT rowid, {self.table.listed} FROM {self.table.quoted} NOT INDEXED {which}"  # noqa: S608
        for number, *row in self.connection.execute(sql):
            yield number, tuple(row)


@dataclass(slots=True)
class KeyedReading:
    """The readable rows of one table without rowids, and between which keys there are others."""

    connection: sqlite3.Connection
    table: Table
    complete: bool = False
    after: Row | None = None
    before: Row | None = None

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
                yield from self._read(f"WHERE {_equal(self.table)}", key)
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
        yield from self.connection.execute(sql, values)


def between(table: Table, reading: KeyedReading) -> tuple[str, Row]:
    """A condition for what was not read, and its values."""
    names, marks = ", ".join(map(quote, table.key)), ", ".join("?" for _ in table.key)
    ends = ((">", reading.after), ("<", reading.before))
    parts = [(f"({names}) {sign} ({marks})", end) for sign, end in ends if end is not None]
    where = " AND ".join(part for part, _ in parts) or "1"
    return where, tuple(value for _, end in parts for value in end)


def _ordered(table: Table, order: str) -> str:
    return ", ".join(f"{quote(name)} {order}" for name in table.key)


def _equal(table: Table) -> str:
    return " AND ".join(f"{quote(name)} = ?" for name in table.key)
