"""Finds rows of pages that are partly lost. What is lost of the last page of a file that was cut short reads as zeros:
rows numbered 0, out of their order, and a text that ends in zeros.

SQLite does not say so when it reads on, and finds nothing when it is asked for the numbers that were there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
Numbered = tuple[int, Row]


@dataclass(slots=True)
class Ordered:
    """Rows by rising numbers, or by falling ones: one step behind, as the next shows whether a number is too far."""

    falling: bool = False
    start: int | None = None
    """What all are behind."""
    misplaced: list[Numbered] = field(default_factory=list[Numbered])
    """Those that are out of order, or cut."""
    gaps: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """The first and the last number of each stretch that misplaced rows stand in."""
    torn: bool = False
    """Whether such a stretch has no end yet."""
    _before: int | None = None
    _held: Numbered | None = None

    def rows(self, found: Iterable[Numbered]) -> Iterator[Numbered]:
        """Those in their place. What `found` raises is raised after the last of them."""
        self._before = self.start
        try:
            for number, row in found:
                yield from self._next(number, row)
        except sqlite3.DatabaseError:
            yield from self._last()
            raise
        yield from self._last()

    def _next(self, number: int, row: Row) -> Iterator[Numbered]:
        last = self._held[0] if self._held else self._before
        if is_cut(row):
            self.misplaced.append((number, row))
            self.torn = True
        elif last is None or self._is_behind(number, last):
            yield from self._last()
            self._end(last, number)
            self._before, self._held = last, (number, row)
        elif self._held and number != last and (self._before is None or self._is_behind(number, self._before)):
            self.misplaced.append(self._held)  # it went too far
            self.torn = True
            self._end(self._before, number)
            self._held = (number, row)
        else:
            self.misplaced.append((number, row))
            self.torn = True

    def _last(self) -> Iterator[Numbered]:
        if self._held:
            yield self._held
            self._before, self._held = self._held[0], None

    def _end(self, last: int | None, number: int) -> None:
        if self.torn:
            edge = number if self.falling else 0
            low, high = sorted((number, edge if last is None else last))
            self.gaps += [(low + 1, high - 1)] if high - low > 1 else []
        self.torn = False

    def _is_behind(self, number: int, other: int) -> bool:
        return number < other if self.falling else number > other


def is_cut(row: Row) -> bool:
    """Whether a text of it ends in zeros, as no text does that a person or a program wrote."""
    return any(isinstance(value, str) and value.endswith("\0") for value in row)
