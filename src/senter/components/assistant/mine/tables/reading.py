"""Reads tables: comma-separated values, and the sheets and tables of office papers as lines with tabs under `# NAME`.

The head may stand below other lines; rows that only add up others are set apart, so that nothing is counted twice.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from senter.components.assistant.mine.tables.cells import day_in, figure_in, month_in
from senter.components.assistant.mine.words import own_words

TABLE_ENDINGS = (".csv", ".tsv")
DELIMITERS = "\t;,|"
MOST_ROWS = 50_000
LINES_LOOKED_AT = 40
HEAD_WITHIN = 20
"""Lines from the first on that may stand above a head."""
SHEET = "Sheet"
"""The column that says on which sheet a row stands, where several with the same head are one table."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A head and its rows."""

    head: Row
    rows: tuple[Row, ...]
    flags: frozenset[int] = frozenset()
    """The columns that say of each row whether it is so."""
    sheet: str = ""
    title: str = ""
    """What stands above the head."""
    totals: tuple[Row, ...] = ()
    """Rows that add up others."""

    @property
    def called(self) -> str:
        return f"{self.sheet} {self.title}".strip()

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each row as a record: as it stands, and as it is spoken of."""
        for row in self.rows:
            named = [(place, f"{name}: {cell}") for place, (name, cell) in enumerate(zip(self.head, row, strict=False))]
            meant = self.meant(row)
            yield (
                "; ".join(said for place, said in named if row[place]),
                "; ".join(meant[place] if place in self.flags else said for place, said in named if row[place]),
            )

    def line(self, row: Sequence[str]) -> str:
        """A row as a record, as it stands."""
        return "; ".join(f"{name}: {cell}" for name, cell in zip(self.head, row, strict=False) if cell)

    def meant(self, row: Sequence[str]) -> tuple[str, ...]:
        """Its cells; `unpaid` where a column that is called `paid` says no."""
        return tuple(_flag(self.head[place], cell) if place in self.flags else cell for place, cell in enumerate(row))


def has_tables(text: str) -> bool:
    """Whether a text has lines of cells under a name."""
    return _NAMED_ROWS.search(text) is not None


def without_tables(text: str) -> str:
    """What else stands in a text that has some."""
    return "\n".join("" if "\t" in line else line for line in text.split("\n"))


def read_tables(text: str) -> list[ValueTable]:
    """The sheets and tables of a paper; those with the same head are one, with a column that says which."""
    tables = [table for name, lines in _sections(text) if (table := _under(name, lines))]
    return list(_merged(tables))


def read_table(text: str) -> ValueTable | None:
    """Of separated values; none where it is no table with a head and a row."""
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [tuple(map(str.strip, row)) for row in islice(reader, MOST_ROWS)]
    except csv.Error:
        return None
    return _table(rows)


_NAMED_ROWS = re.compile(r"^# .*\n(?:[^\t\n]*\n){0,20}?[^\t\n]+\t[^\n]*\n[^\n]*\t", re.MULTILINE)


def _delimiter(text: str) -> str:
    """The one that cuts most lines into equally many cells."""
    lines = [line for line in islice(io.StringIO(text), LINES_LOOKED_AT) if line.strip()]
    return max(DELIMITERS, key=lambda delimiter: _cut_evenly(lines, delimiter))


def _cut_evenly(lines: Sequence[str], delimiter: str) -> float:
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    [(width, times)] = widths.most_common(1) or [(1, 0)]
    return times / max(1, len(lines)) + min(width, 4) / 100 if width > 1 else 0.0


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    name, lines = "", list[str]()
    for line in text.split("\n"):
        if line.startswith("# "):
            yield name, lines
            name, lines = line[2:].strip(), []
        else:
            lines.append(line)
    yield name, lines


def _under(name: str, lines: Sequence[str]) -> ValueTable | None:
    """What stands after the rows is another matter."""
    rows = [tuple(map(str.strip, line.split("\t"))) for line in lines]
    last = max((number for number, row in enumerate(rows) if len(row) > 1), default=-1)
    table = _table(rows[: last + 1][:MOST_ROWS])
    return replace(table, sheet=name) if table else None


def _table(rows: Sequence[Row]) -> ValueTable | None:
    rows = [row for row in rows if any(row)]
    place = _head_place(rows)
    if place is None or len(rows) < place + 2:
        return None
    head = _without_end(rows[place])
    below = [_fitted(row, len(head)) for row in rows[place + 1 :]]
    totals = frozenset(_totals(head, below))
    kept = tuple(row for number, row in enumerate(below) if number not in totals and any(row))
    if not kept:
        return None
    title = " ".join(cell for row in rows[:place] for cell in row if cell)
    added_up = tuple(below[number] for number in sorted(totals))
    return ValueTable(head, kept, frozenset(_flag_columns(len(head), kept)), title=title, totals=added_up)


def _head_place(rows: Sequence[Row]) -> int | None:
    """The first line of words alone that is as wide as most lines are; else the first that is."""
    widths = Counter(len([cell for cell in row if cell]) for row in rows)
    width = max((width for width, _ in widths.most_common(2)), default=0)
    if width < 2:
        width = max(widths, default=0)
    wide = [number for number, row in enumerate(rows[:HEAD_WITHIN]) if len([cell for cell in row if cell]) >= width]
    named = (number for number in wide if not any(map(_is_value, rows[number])))
    return next(named, next(iter(wide), None)) if width >= 2 else None


def _is_value(cell: str) -> bool:
    return bool(cell) and (
        (figure_in(cell) is not None and cell[:1].isdigit()) or (day_in(cell) is not None and cell[:1].isdigit())
    )


def _without_end(row: Row) -> Row:
    last = max(number for number, cell in enumerate(row) if cell)
    return row[: last + 1]


def _fitted(row: Row, width: int) -> Row:
    return (*row[:width], *[""] * (width - len(row)))


def _totals(head: Row, rows: Sequence[Row]) -> Iterator[int]:
    """Rows that say that they add up others, and a last one without a word that does."""
    for number, row in enumerate(rows):
        first = next((cell for cell in row if cell), "")
        if own_words().totals.match(first):
            yield number
    if len(rows) > 2 and _adds_up(rows[-1], rows[:-1]):
        yield len(rows) - 1


def _adds_up(last: Row, above: Sequence[Row]) -> bool:
    places = [place for place, cell in enumerate(last) if cell]
    if not places or any(figure_in(last[place]) is None for place in places):
        return False
    return all(
        sum((figure_in(row[place]) or Decimal() for row in above), Decimal()) == figure_in(last[place])
        for place in places
    )


def _merged(tables: Sequence[ValueTable]) -> Iterator[ValueTable]:
    alike: dict[Row, list[ValueTable]] = {}
    for table in tables:
        alike.setdefault(tuple(name.casefold() for name in table.head), []).append(table)
    for same in alike.values():
        yield _joined(same) if len(same) > 1 else same[0]


def _joined(tables: Sequence[ValueTable]) -> ValueTable:
    """One table of them all, each row with its sheet, or with the month that the sheet is of."""
    first = tables[0]
    rows = tuple((_shown(table), *row) for table in tables for row in table.rows)
    totals = tuple((_shown(table), *row) for table in tables for row in table.totals)
    flags = frozenset(place + 1 for place in first.flags)
    return ValueTable((SHEET, *first.head), rows, flags, title=first.title if len(tables) == 1 else "", totals=totals)


def _shown(table: ValueTable) -> str:
    return month_in(table.title) if table.sheet in month_in(table.title) else table.sheet


def _flag_columns(columns: int, rows: Sequence[Row]) -> Iterator[int]:
    known = own_words().flags_yes | own_words().flags_no
    for place in range(columns):
        if known.issuperset(cells := {row[place].casefold() for row in rows if row[place]}) and cells:
            yield place


def _flag(name: str, cell: str) -> str:
    if not cell:
        return ""
    return name if cell.casefold() in own_words().flags_yes else own_words().not_so.format(name=name.casefold())
