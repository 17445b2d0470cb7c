"""Tables of comma-separated values: their rows as pieces to quote, and sums over a column, with the rows counted. Pure.

Figures are read as they are written on either side of the Channel (1,180.00 and 1.180,00), and summed exactly.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice

from senter.components.assistant.mine.question import Debts, OwnQuestion, Term
from senter.components.assistant.mine.words import english
from senter.quoting.words import stem

TABLE_ENDINGS = (".csv", ".tsv")
DELIMITERS = ",;\t|"
MOST_ROWS = 50_000
SNIFFED_CHARACTERS = 4_000
_NUMBER = re.compile(r"[-+]?\d[\d.,'\N{NO-BREAK SPACE} ]*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A head and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    flags: frozenset[int] = frozenset()
    """The columns that say of each row whether it is so."""

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


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to another, both counted."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a column over the rows that fit."""

    total: Decimal
    column: str
    rows: int
    unread: int
    """Rows that fit whose figure cannot be read."""
    currency: str
    chosen_by: tuple[str, ...]
    """The words that rows were chosen by."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of the rows that fit."""

    rows: int
    chosen_by: tuple[str, ...]
    """The words that rows were chosen by."""


def read_table(text: str) -> ValueTable | None:
    """None where it is no table with a head and a row."""
    try:
        dialect = csv.Sniffer().sniff(text[:SNIFFED_CHARACTERS], DELIMITERS)
        rows = [tuple(map(str.strip, row)) for row in islice(csv.reader(text.splitlines(), dialect), MOST_ROWS) if row]
    except csv.Error:
        return None
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    return ValueTable(rows[0], tuple(rows[1:]), frozenset(_flag_columns(len(rows[0]), rows[1:])))


def _flag_columns(columns: int, rows: Sequence[tuple[str, ...]]) -> Iterator[int]:
    known = english().flags_yes | english().flags_no
    for place in range(columns):
        if known.issuperset(cells := {cell.casefold() for row in rows if (cell := _cell(row, place))}) and cells:
            yield place


def _flag(name: str, cell: str) -> str:
    if not cell:
        return ""
    return name if cell.casefold() in english().flags_yes else english().not_so.format(name=name.casefold())


def sum_asked(question: OwnQuestion, table: ValueTable, name: str, days: Days | None) -> Sum | None:
    """The sum that the question asks for; none where this table cannot tell it.

    Each telling word must choose rows, or name the table or its column: a word that does neither asks for something
    else.
    """
    column = _amount_column(question, table)
    if column is None or (chosen := _chosen(question, table, name, days, column)) is None:
        return None
    rows, chosen_by = chosen
    figures = [figure_in(_cell(row, column)) for row in rows]
    read = [figure for figure in figures if figure is not None]
    if not read:
        return None
    currency = _currency(table, column)
    return Sum(sum(read, Decimal()), table.head[column], len(read), len(rows) - len(read), currency, tuple(chosen_by))


def count_asked(question: OwnQuestion, table: ValueTable, name: str, days: Days | None) -> Count | None:
    """How many rows fit; none where this table cannot tell it, or the question names a column to be added up."""
    if _named_columns(question, table) or (chosen := _chosen(question, table, name, days)) is None:
        return None
    rows, chosen_by = chosen
    return Count(len(rows), tuple(chosen_by))


def _chosen(
    question: OwnQuestion, table: ValueTable, name: str, days: Days | None, column: int | None = None
) -> tuple[list[tuple[str, ...]], list[str]] | None:
    """Rows, and the words that they were chosen by; none where a word fits nothing, or no row does."""
    day = _day_column(table)
    if days and day is None:
        return None
    rows, chosen_by = [row for row in table.rows if is_meant(table.line(row), question.debts)], list[str]()
    called = table.head[column] if column is not None else ""
    for term in question.terms:
        if chosen := [row for row in rows if _names(term, row, table, column)]:
            rows, chosen_by = chosen, [*chosen_by, term.said]
        elif not _is_said(term, name, called):
            return None
    if days and day is not None:
        rows = [row for row in rows if (found := _day(_cell(row, day))) and days.first <= found <= days.last]
    return (rows, chosen_by) if rows else None


def is_meant(record: str, debts: Debts | None) -> bool:
    """Whether the user pays what a row says, or is paid it, as is asked."""
    return debts is None or (debts is Debts.OF_OTHERS) == (english().owed_to_user.search(record) is not None)


def figure_in(cell: str) -> Decimal | None:
    """The one figure of a cell."""
    found = _NUMBER.findall(cell)
    if len(found) != 1:
        return None
    try:
        return Decimal(_plain(re.sub(r"[ '\N{NO-BREAK SPACE}]", "", found[0])))
    except InvalidOperation:
        return None


def _plain(figure: str) -> str:
    """With a point before the decimals, and nothing between thousands."""
    point, comma = figure.rfind("."), figure.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "," if point > comma else "."
        return figure.replace(thousands, "").replace(",", ".")
    if comma >= 0:
        is_thousands = re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+", figure)
        return figure.replace(",", "") if is_thousands else figure.replace(",", ".")
    return figure.replace(".", "") if figure.count(".") > 1 else figure


def _amount_column(question: OwnQuestion, table: ValueTable) -> int | None:
    """The one that the question names, else one called an amount, else the only one of figures."""
    numeric, named = _numeric_columns(table), _named_columns(question, table)
    amounts = [place for place in numeric if english().amount.search(table.head[place])]
    best = named or amounts or (numeric if len(numeric) == 1 else [])
    return best[-1] if best else None


def _named_columns(question: OwnQuestion, table: ValueTable) -> list[int]:
    """Those of figures that the question names."""
    numeric = _numeric_columns(table)
    return [place for place in numeric if any(term.exact.search(table.head[place]) for term in question.terms)]


def _numeric_columns(table: ValueTable) -> list[int]:
    return [place for place in range(len(table.head)) if _is_numeric(table, place)]


def _is_numeric(table: ValueTable, place: int) -> bool:
    cells = [cell for row in table.rows[:200] if (cell := _cell(row, place))]
    return bool(cells) and sum(figure_in(cell) is not None and _day(cell) is None for cell in cells) > len(cells) / 2


def _day_column(table: ValueTable) -> int | None:
    places = [place for place in range(len(table.head)) if _day(_cell(table.rows[0], place))]
    called = [place for place in places if english().day.search(table.head[place])]
    return next(iter(called or places), None)


def _day(cell: str) -> date | None:
    """Years first, or days first with points; with strokes too."""
    try:
        if found := _ISO.match(cell):
            return date.fromisoformat(found.group())
        if found := _DAY_FIRST.match(cell):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None


def _names(term: Term, row: Sequence[str], table: ValueTable, column: int | None) -> bool:
    """Whether a cell has the word; one that only says that a sum is wanted chooses nothing."""
    is_flag = any(term.exact.search(table.head[place]) for place in table.flags)
    if stem(term.said) in english().says_sum and not is_flag:
        return False
    others = " | ".join(cell for place, cell in enumerate(table.meant(row)) if place != column)
    return bool(term.exact.search(others) or (term.kindred and term.kindred.search(others)))


def _is_said(term: Term, name: str, column: str) -> bool:
    said = f"{re.sub(r'[_.-]', ' ', name)} {column}"
    known = stem(term.said) in english().says_sum or term.exact.search(said)
    return bool(known or (term.kindred and term.kindred.search(said)))


def _currency(table: ValueTable, column: int) -> str:
    found = english().currency.search(f"{table.head[column]} {_cell(table.rows[0], column)}")
    return found.group() if found else ""


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
