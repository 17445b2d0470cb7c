"""The tables of LibreOffice: what their cells hold, not what the screen rounds it to; repeated rows, hidden ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from senter.component.readers.cells import percent, plain_number
from senter.component.readers.lines import Lines
from senter.component.readers.markup import Attributes, named, number, without_prefixes
from senter.component.readers.tables import MOST_CELLS, told_hidden

TIME = re.compile(r"PT(\d+)H(\d+)M(?:(\d+)(?:[.,]\d+)?S)?")
MIDNIGHT, WHOLE_MINUTE = "T00:00:00", re.compile(r"(T\d\d:\d\d):00(\.0+)?$")
MOST_REPEATED = 1_000


@dataclass(slots=True)
class OpenTable:
    """One table as far as it was read."""

    name: str
    rows: list[list[str]] = field(default_factory=list[list[str]])
    row: list[str] = field(default_factory=list[str])
    cell: list[str] = field(default_factory=list[str])
    shown: str = ""
    repeated_row: int = 1
    repeated_cell: int = 1
    is_row_hidden: bool = False
    has_formula: bool = False


class OpenTables:
    """Those that are open, the outermost first. One inside a cell becomes part of the cell's text."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._open: list[OpenTable] = []
        self._cells_left = MOST_CELLS
        self._formulas_without_value = 0
        self._hidden: list[list[str]] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    def begin(self, name: str) -> None:
        self._open.append(OpenTable(name))

    def begin_row(self, attributes: Attributes) -> None:
        if self._open:
            table = self._open[-1]
            table.row = []
            table.is_row_hidden = named(attributes, "visibility") in ("collapse", "filter")
            table.repeated_row = number(named(attributes, "number-rows-repeated"), 1)

    def begin_cell(self, attributes: Attributes) -> None:
        if self._open:
            table, told = self._open[-1], without_prefixes(attributes)
            table.cell = []
            table.shown = _shown(told)
            table.has_formula = "formula" in told
            table.repeated_cell = number(told.get("number-columns-repeated", ""), 1)

    def add(self, text: str) -> None:
        """More text of the cell."""
        self._open[-1].cell.append(text)

    def end_cell(self) -> None:
        if not self._open:
            return
        table = self._open[-1]
        text = table.shown or " ".join(table.cell)
        self._formulas_without_value += table.has_formula and not text
        most = MOST_REPEATED if text else MOST_CELLS
        table.row += [text] * min(table.repeated_cell, most, max(0, self._cells_left))
        table.cell = []

    def end_row(self) -> None:
        if not self._open:
            return
        table = self._open[-1]
        while table.row and not table.row[-1]:
            table.row.pop()
        for _ in range(min(table.repeated_row, MOST_REPEATED) if table.row else 0):
            self._cells_left -= len(table.row)
            if self._cells_left >= 0:
                if table.is_row_hidden:
                    self._hidden.append(table.row)
                table.rows.append(table.row)

    def end(self) -> None:
        """Of the outermost, what it shows is added to the text."""
        table = self._open.pop() if self._open else OpenTable("")
        if self._open:
            self._open[-1].cell += [" ".join(filter(None, row)) for row in table.rows]
        else:
            self._lines.table(table.name, table.rows)

    def say_left_out(self) -> None:
        if self._cells_left < 0:
            self._lines.add(f"(The rest is left out: {MOST_CELLS:,} cells of the file are read.)")
        if count := self._formulas_without_value:
            self._lines.add(f"({count:,} {'formula has' if count == 1 else 'formulas have'} no stored value.)")
        self._formulas_without_value = 0
        if self._hidden:
            self._lines.add(f"({told_hidden(self._hidden)})")
        self._hidden = []


def _shown(told: Attributes) -> str:
    """Of a cell with a value; empty for one with text alone."""
    kind, value = told.get("value-type"), told.get("value", "")
    if kind == "date":
        return iso(told.get("date-value", ""))
    if kind == "time" and (found := TIME.fullmatch(told.get("time-value", ""))):
        return f"{int(found[1]):02}:{found[2]}"
    if kind == "boolean":
        return told.get("boolean-value", "").upper()
    if kind == "percentage" and value:
        return _percent(value)
    return plain_number(value) if value else ""


def _percent(value: str) -> str:
    try:
        return percent(float(value))
    except ValueError:
        return value


def iso(moment: str) -> str:
    """A day, or a day and a time to the minute."""
    return WHOLE_MINUTE.sub(r"\1", moment.removesuffix(MIDNIGHT)).replace("T", " ")
