"""Reads the rows of a table that has bad pages: from both ends, and then ever smaller pieces of what is between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from senter.store.order import Numbered, Ordered
from senter.store.schema import Table

# Of looks into what is between the readable ends: a second or two when a whole table hangs on one bad page.
MOST_LOOKS = 20_000


@dataclass(slots=True)
class Reading:
    """The readable rows of one table with rowids, and which of them could not be read."""

    connection: sqlite3.Connection
    table: Table
    highest: int
    """The highest rowid that is known of from elsewhere."""
    open_ended: bool = False
    """Whether there may be more behind the highest."""
    misplaced: list[Numbered] = field(default_factory=list[Numbered])
    """Rows that are cut or whose rowid is not theirs: see order.py."""
    torn: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """The stretches that those stand in."""
    _unread: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    _failed: bool = False

    def rows(self) -> Iterator[Numbered]:
        """Each row after its rowid."""
        last = reached = 0
        upwards = Ordered()
        try:
            for number, row in self._read("ORDER BY rowid", upwards):
                last, reached = self._passed(last, number), number
                yield number, row
        except sqlite3.DatabaseError:
            for number, row in self._next_after(reached):
                last = self._passed(last, number)
                yield number, row
            yield from self._downwards(last, upwards)
        else:
            self.open_ended = upwards.torn
            self._take(upwards, last + 1, self.highest)

    def gaps(self) -> list[tuple[int, int]]:
        """The first and the last rowid of each stretch that could not be read."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted([*self._unread, *self.torn]):
            if merged and low <= merged[-1][1] + 1:
                before, end = merged.pop()
                low, high = before, max(end, high)
            merged.append((low, high))
        return merged

    def explained(self) -> bool:
        """Whether there is damage and all of it is pages that could not be read at all."""
        return bool(self._unread) and not self.torn and not self.misplaced

    def _passed(self, last: int, number: int) -> int:
        """A bad number is no place to go on from."""
        return last if 0 < self.highest < number else max(last, number)

    def _downwards(self, last: int, upwards: Ordered) -> Iterator[Numbered]:
        first = max(self.highest, last) + 1
        self.open_ended = True
        downwards = Ordered(falling=True)
        try:
            for number, row in self._read("ORDER BY rowid DESC", downwards):
                if number <= last:
                    break
                first = number if self.open_ended else min(first, number)
                self.open_ended = False
                yield number, row
        except sqlite3.DatabaseError:
            yield from self._between(last + 1, first - 1)
        self._take(upwards, last + 1, first - 1)
        self._take(downwards, last + 1, first - 1)

    def _between(self, low: int, high: int) -> Iterator[Numbered]:
        """What is next to either end could not be read, even where asking for its numbers finds nothing bad."""
        first, last = high + 1, low - 1
        for number, row in self._pieces(low, high):
            first, last = min(first, number), max(last, number)
            yield number, row
        self._doubt(low, first - 1)
        self._doubt(last + 1, high)

    def _doubt(self, low: int, high: int) -> None:
        if low <= high and not any(low <= start <= high for start, _ in self._unread):
            self.torn.append((low, high))

    def _pieces(self, low: int, high: int) -> Iterator[Numbered]:
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
                self._unread.append((low, high))
                continue
            middle = (low + high) // 2
            pending += [(middle + 1, high), (low, middle)]

    def _piece(self, low: int, high: int) -> Iterator[Numbered]:
        """Python asks for the next row before it hands one out: the last before a bad page only comes alone."""
        self._failed = False
        order = Ordered(start=low - 1)
        try:
            which = f"WHERE rowid {'=' if low == high else '>='} {low} ORDER BY rowid"
            for number, row in self._read(which, order):
                if number > high:
                    break
                low = number + 1
                yield number, row
        except sqlite3.DatabaseError:
            self._failed = True
        self._take(order, low, high)

    def _next_after(self, number: int) -> Iterator[Numbered]:
        with suppress(sqlite3.DatabaseError):
            yield from self._read(f"WHERE rowid > {number} ORDER BY rowid LIMIT 1", Ordered(start=number))

    def _take(self, order: Ordered, low: int, high: int) -> None:
        """A stretch of misplaced rows that has no end may be all of what is between `low` and `high`."""
        self.misplaced += order.misplaced
        self.torn += order.gaps
        if order.torn and low <= high:
            self.torn.append((low, high))

    def _read(self, which: str, order: Ordered) -> Iterator[Numbered]:
        sql = f"SELECT rowid, {self.table.listed} FROM {self.table.quoted} NOT INDEXED {which}"  # noqa: S608
        yield from order.rows((number, tuple(row)) for number, *row in self.connection.execute(sql))
