"""Puts a table together as its elements come. A table inside a cell becomes part of the cell's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from senter.text import one_line

MOST_CELLS = 500_000
HIDDEN = "(hidden)"
MOST_HIDDEN_NAMED = 10


@dataclass(slots=True)
class _Open:
    rows: list[list[str]] = field(default_factory=list[list[str]])
    row: list[str] = field(default_factory=list[str])
    cell: list[str] = field(default_factory=list[str])
    span: int = 1


class TableBuilder:
    """The tables that are open, the outermost first."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._cells = 0

    def __bool__(self) -> bool:
        return bool(self._open)

    def begin(self) -> None:
        self._open.append(_Open())

    def begin_row(self) -> None:
        if self._open:
            self._open[-1].row = []

    def begin_cell(self) -> None:
        if self._open:
            self._open[-1].cell, self._open[-1].span = [], 1

    def span(self, columns: int) -> None:
        """The cell reaches over so many columns; those after the first are empty."""
        if self._open:
            self._open[-1].span = max(1, min(columns, 1_000))

    def add(self, text: str) -> None:
        """More text of the cell."""
        if text := text.strip():
            self._open[-1].cell.append(text)

    def end_cell(self) -> None:
        if self._open:
            table = self._open[-1]
            table.row += [" ".join(table.cell), *[""] * (table.span - 1)]

    def end_row(self) -> None:
        if self._open and self._cells < MOST_CELLS:
            self._cells += len(self._open[-1].row)
            self._open[-1].rows.append(self._open[-1].row)

    def end(self) -> list[list[str]]:
        """The rows of the outermost table; none at the end of one inside."""
        table = self._open.pop() if self._open else _Open()
        if not self._open:
            return table.rows
        for row in table.rows:
            self.add(" ".join(filter(None, row)))
        return []


def told_hidden(rows: Sequence[Sequence[str]]) -> str:
    """Names hidden rows by their first cells: a mark inside a row would be taken for a value."""
    names = [next((cell for cell in row if cell), "") for row in rows[:MOST_HIDDEN_NAMED]]
    more = ", ..." if len(rows) > MOST_HIDDEN_NAMED else ""
    return (
        f"{len(rows):,} {'row is' if len(rows) == 1 else 'rows are'} hidden: {', '.join(map(one_line, names))}{more}."
    )
