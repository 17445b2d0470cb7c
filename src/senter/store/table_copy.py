"""Copies one table of a damaged file: what can be read of it, and the rest as it was in a snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from senter.store.keyed_rows import KeyedReading, between, equal
from senter.store.order import Row
from senter.store.rows import Reading
from senter.store.schema import Table, quote

BATCH_ROWS = 1_000
SEQUENCE = "SELECT seq FROM sqlite_sequence WHERE name = ?"
FORGET_SEQUENCE = "DELETE FROM sqlite_sequence WHERE name = ?"
SET_SEQUENCE = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class SavedTable:
    """How many rows one table has now, how many of them as they were in the snapshot, and how many are missing."""

    name: str
    rows: int
    put_back: int
    missing: int
    """At most."""
    unknown: bool
    """Whether there may have been more, and nothing says how many."""


class TableCopy:
    """`table` is as it shall be; `damaged` and `kept` as it is in the damaged file and in the snapshot, if it is."""

    def __init__(
        self,
        table: Table,
        damaged: Table | None,
        kept: Table | None,
        old: sqlite3.Connection,
        new: sqlite3.Connection,
        earlier: sqlite3.Connection | None,
    ) -> None:
        self._table = table
        self._damaged = damaged if damaged and len(damaged.columns) == len(table.columns) else None
        self._earlier = earlier if kept and kept.columns == table.columns else None
        self._old = old
        self._new = new
        self._put_back = 0
        self._unread = 0
        self._unknown = False
        self._expected = 0

    @property
    def derived(self) -> bool:
        return self._table.derived

    def run(self) -> None:
        if self.derived:
            with suppress(sqlite3.DatabaseError):  # one that keeps no text cannot be made again
                self._new.execute(f"INSERT INTO {self._table.quoted} ({self._table.quoted}) VALUES ('rebuild')")  # noqa: S608
        elif self._damaged is None:
            self._unknown = True
            self._put_in("1")
        elif self._table.key:
            self._copy_by_key(self._damaged)
        else:
            self._copy_by_rowid(self._damaged)

    def saved(self) -> SavedTable:
        rows = self._count(self._new, self._table.quoted)
        missing = max(self._expected - rows, 0) if self._expected else self._unread
        return SavedTable(self._table.name, rows, self._put_back, missing, self._unknown and not self._expected)

    def _copy_by_rowid(self, damaged: Table) -> None:
        self._expected = self._most_in_an_index(damaged)
        highest = max(self._highest())
        reading = Reading(self._old, damaged, highest)
        rows = reading.rows()
        refused: list[tuple[int, int]] = []
        while batch := list(islice(rows, BATCH_ROWS)):
            taken = self._write(self._row(number, row) for number, row in batch)
            if taken < len(batch):
                absent = [(number, number) for number, _ in batch if not self._has(number)]
                refused += absent
                self._unread += len(batch) - taken - len(absent)  # two rows of one number, and one is of another
        self._unknown = reading.open_ended or (not reading.explained() and not self._is_whole(damaged))
        for low, high in [*reading.gaps(), *refused, *self._listed_elsewhere(damaged)]:
            self._unread += high - low + 1 - self._put_in("rowid BETWEEN ? AND ?", (low, high))
        if reading.open_ended:
            self._put_in("rowid > ?", (highest,))
        self._write_misplaced(reading)
        self._set_sequence(highest)

    def _copy_by_key(self, damaged: Table) -> None:
        self._expected = self._most_in_an_index(damaged)
        reading = KeyedReading(self._old, damaged)
        self._write_all(reading.rows())
        self._unknown = not reading.complete or not self._is_whole(damaged)
        if not reading.complete:
            self._fill(reading)
        for row in reading.cut:
            self._put_in(equal(self._table), reading.key_of(row))
        self._write_all(reading.cut)

    def _fill(self, reading: KeyedReading) -> None:
        where, values = between(self._table, reading)
        self._write_all(reading.named([reading.key_of(row) for row in self._in_snapshot(where, values)]))
        self._put_in(where, values)

    def _write_misplaced(self, reading: Reading) -> None:
        """Under the numbers they have now, where these are free. More of them than their stretches hold are missed."""
        taken = self._write_all(self._row(number, row) for number, row in reading.misplaced if number > 0)
        held = sum(high - low + 1 for low, high in reading.torn)
        self._unread += max(len(reading.misplaced) - taken - held, 0)

    def _put_in(self, where: str, values: Row = ()) -> int:
        added = self._write_all(self._in_snapshot(where, values))
        self._put_back += added
        return added

    def _in_snapshot(self, where: str, values: Row) -> Iterator[Row]:
        if self._earlier:
            columns = ", ".join(self._written())
            yield from self._earlier.execute(f"SELECT {columns} FROM {self._table.quoted} WHERE {where}", values)  # noqa: S608

    def _write_all(self, rows: Iterable[Row]) -> int:
        left = iter(rows)
        added = 0
        while batch := list(islice(left, BATCH_ROWS)):
            added += self._write(batch)
        return added

    def _write(self, rows: Iterable[Row]) -> int:
        """Returns how many the schema took."""
        columns = self._written()
        marks = ", ".join("?" for _ in columns)
        sql = f"INSERT OR IGNORE INTO {self._table.quoted} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        before = self._new.total_changes
        for row in rows:
            with suppress(sqlite3.IntegrityError):  # of another type than its column's
                self._new.execute(sql, row)
        return self._new.total_changes - before

    def _written(self) -> tuple[str, ...]:
        """The columns a row is written with: where no column is the rowid, the rowid too."""
        columns = tuple(map(quote, self._table.columns))
        return columns if self._table.key or self._table.alias else ("rowid", *columns)

    def _row(self, number: int, row: Row) -> Row:
        return row if self._table.alias else (number, *row)

    def _has(self, number: int) -> bool:
        sql = f"SELECT 1 FROM {self._table.quoted} WHERE rowid = ?"  # noqa: S608
        return self._new.execute(sql, (number,)).fetchone() is not None

    def _highest(self) -> Iterator[int]:
        yield 0
        for connection, table in ((self._old, self._damaged), (self._earlier, self._table)):
            if connection and table:
                yield from self._numbers(connection, SEQUENCE, (table.name,))
                for index in table.indexes:
                    yield from self._numbers(connection, f"SELECT max(rowid) FROM {_through(table, index)}")  # noqa: S608
        if self._earlier:
            yield from self._numbers(self._earlier, f"SELECT max(rowid) FROM {self._table.quoted}")  # noqa: S608

    def _most_in_an_index(self, damaged: Table) -> int:
        return max((self._count(self._old, _through(damaged, index)) for index in damaged.indexes), default=0)

    def _is_whole(self, damaged: Table) -> bool:
        """A page that reads well may be wrong about how many rows it has. With an index, that is what counts them."""
        if damaged.indexes:
            return True
        with suppress(sqlite3.DatabaseError):
            verdict = self._old.execute(f"PRAGMA integrity_check({damaged.quoted})").fetchone()
            return verdict == ("ok",)
        return False

    def _listed_elsewhere(self, damaged: Table) -> list[tuple[int, int]]:
        """Numbers that an index has and the table does not, without a page being unreadable."""
        if self._expected <= self._count(self._new, self._table.quoted):
            return []
        numbers: set[int] = set()
        for index in damaged.indexes:
            numbers.update(self._numbers(self._old, f"SELECT rowid FROM {_through(damaged, index)}"))  # noqa: S608
        return [(number, number) for number in sorted(numbers) if not self._has(number)]

    def _set_sequence(self, highest: int) -> None:
        """A number that was given once is never given again."""
        if self._table.counted:
            number = max(highest, *self._numbers(self._new, SEQUENCE, (self._table.name,)), 0)
            self._new.execute(FORGET_SEQUENCE, (self._table.name,))
            self._new.execute(SET_SEQUENCE, (self._table.name, number))

    def _count(self, connection: sqlite3.Connection, source: str) -> int:
        return max(self._numbers(connection, f"SELECT count(*) FROM {source}"), default=0)  # noqa: S608

    def _numbers(self, connection: sqlite3.Connection, sql: str, values: Row = ()) -> Iterator[int]:
        """As many as can be read."""
        with suppress(sqlite3.DatabaseError):
            for (number,) in connection.execute(sql, values):
                if isinstance(number, int):
                    yield number


def _through(table: Table, index: str) -> str:
    return f"{table.quoted} INDEXED BY {quote(index)}"
