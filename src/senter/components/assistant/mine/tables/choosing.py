"""Which rows and which column of a table a question is about. Pure.

Each telling word must choose rows, or name the table, a sheet or a column: a word that does none of these asks for
something else, and the table tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from senter.components.assistant.mine.question import Debts, OwnQuestion, Term
from senter.components.assistant.mine.tables.cells import (
    DayCell,
    DayOrder,
    Days,
    currency_in,
    day_in,
    figure_in,
    may_be_either,
    month_in,
    tells_order,
)
from senter.components.assistant.mine.tables.reading import SHEET, Row, ValueTable
from senter.components.assistant.mine.tables.wanted import FigureWanted, Measure
from senter.components.assistant.mine.words import own_words

LOOKED_AT = 200
"""Rows that tell what a column holds."""
_FIGURE = re.compile(r"\(?[-+\N{MINUS SIGN}]?\s?(?:[^\W\d_]{3}|[€$£])?\s?[-+\N{MINUS SIGN}]?\d[^-/:]*-?\)?$")
"""A cell that is a figure, with its sign and currency, and no number of something."""
NAMED_TABLE, CHOSE_ROWS, NAMED_COLUMN = 3, 2, 2


@dataclass(frozen=True, slots=True)
class ColumnKinds:
    """What the columns of a table hold."""

    figures: tuple[int, ...]
    days: int | None
    currency: int | None
    order: DayOrder | None
    """How its days are written; none where they may be read either way."""


@dataclass(frozen=True, slots=True)
class ChosenRows:
    """What a question is about in one table."""

    rows: tuple[Row, ...]
    by: tuple[str, ...]
    """The words that rows were chosen by."""
    fit: int
    """How much of the question this table knows: only comparable for one question."""
    named_columns: frozenset[int] = field(default_factory=frozenset[int])
    undated: int = 0
    """Rows left out since their day cannot be read."""


def column_kinds(table: ValueTable) -> ColumnKinds:
    """By most of their cells."""
    width = [place for place in range(len(table.head)) if table.head[place] != SHEET]
    dated = [place for place in width if place not in table.flags and _is_mostly(table, place, _is_day)]
    called = [place for place in dated if own_words().day.search(table.head[place])]
    day = next(iter(called or dated), None)
    figures = tuple(place for place in width if place not in dated and _is_mostly(table, place, _is_figure))
    currencies = [place for place in width if place not in figures and _is_mostly(table, place, _is_currency)]
    return ColumnKinds(figures, day, next(iter(currencies), None), _order(table, day))


def choose(
    question: OwnQuestion,
    table: ValueTable,
    name: str,
    days: Days | None,
    kinds: ColumnKinds,
    order: DayOrder = DayOrder.DAY_FIRST,
) -> ChosenRows | None:
    """None where a word fits nothing, or no row does."""
    rows = [row for row in table.rows if is_meant(table.line(row), question.debts)]
    by, fit, columns = list[str](), 0, set[int]()
    for term in question.terms:
        named = _named_columns(term, table)
        is_name = _has(term, _words_of(name, table))
        chosen = [row for row in rows if _chooses(term, row, table, kinds, is_name=is_name or bool(named))]
        if chosen:
            rows, by = chosen, [*by, term.said]
        elif not (named or is_name or _says_figure(term)):
            return None
        columns |= named
        fit += NAMED_TABLE * is_name + CHOSE_ROWS * bool(chosen) + NAMED_COLUMN * bool(named)
    if settled := _settled(question, rows):
        rows, by = settled, [*by, _status(settled[0], own_words().settled)]
    return _within(ChosenRows(tuple(rows), tuple(by), fit, frozenset(columns)), table, name, days, kinds, order)


def _settled(question: OwnQuestion, rows: Sequence[Row]) -> list[Row]:
    """Those that are paid, of `how much did Acme pay me`, where other rows say that they are not; else none."""
    words = own_words()
    is_asked = question.is_settled and any(_status(row, words.pending) for row in rows)
    return [row for row in rows if _status(row, words.settled)] if is_asked else []


def _status(row: Row, known: frozenset[str]) -> str:
    """The cell that says no more than one of these words."""
    return next((cell for cell in row if cell.casefold() in known), "")


def figure_columns(
    question: OwnQuestion, wanted: FigureWanted, table: ValueTable, chosen: ChosenRows, kinds: ColumnKinds
) -> list[int]:
    """Those that may be meant: one where it is clear, several where it is not, none where there is none."""
    words = own_words()
    named = [place for place in kinds.figures if place in chosen.named_columns]
    if exact := [place for place in named if any(term.exact.search(table.head[place]) for term in question.terms)]:
        return exact
    usual = [place for place in kinds.figures if not words.no_amount.search(table.head[place])]
    places = named or _measured(wanted.measure, usual, table)
    return [place for place in places if not words.part.search(table.head[place])] or places


def _measured(measure: Measure | None, usual: list[int], table: ValueTable) -> list[int]:
    money = [place for place in usual if _is_money(table, place)]
    match measure:
        case Measure.AMOUNT:
            return [place for place in usual if place not in money]
        case None:
            return money or usual
        case _:
            return money or [place for place in usual if not own_words().unit.search(table.head[place])]


def is_meant(record: str, debts: Debts | None) -> bool:
    """Whether the user pays what a row says, or is paid it, as is asked."""
    return debts is None or (debts is Debts.OF_OTHERS) == (own_words().owed_to_user.search(record) is not None)


def day_of(row: Row, kinds: ColumnKinds, order: DayOrder) -> DayCell | None:
    return day_in(row[kinds.days], kinds.order or order) if kinds.days is not None else None


def has_either_order(rows: Sequence[Row], kinds: ColumnKinds) -> bool:
    """Whether days of these rows may be read in two ways."""
    return kinds.order is None and kinds.days is not None and any(may_be_either(row[kinds.days]) for row in rows)


def year_in(text: str) -> int:
    """The one year that a name has; 0 for none."""
    found = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}
    return found.pop() if len(found) == 1 else 0


def _within(
    chosen: ChosenRows, table: ValueTable, name: str, days: Days | None, kinds: ColumnKinds, order: DayOrder
) -> ChosenRows | None:
    if days is None:
        return chosen if chosen.rows else None
    year = year_in(f"{name} {table.called}")
    if kinds.days is None:
        return _within_undated(chosen, table, days, year)
    rows, undated = list[Row](), 0
    for row in chosen.rows:
        cell = day_of(row, kinds, order)
        found = cell.days(year or days.first.year) if cell else None
        undated += found is None
        if found and days.holds(found):
            rows.append(row)
    return ChosenRows(tuple(rows), chosen.by, chosen.fit + 1, chosen.named_columns, undated) if rows else None


def _within_undated(chosen: ChosenRows, table: ValueTable, days: Days, year: int) -> ChosenRows | None:
    """Of a table without days: all of it where it is of that time, those on a sheet that is, or a column that is."""
    if chosen.rows and _is_called(days, year, table.sheet, month_in(table.title), str(year) if year else ""):
        return chosen
    if columns := {place for place, head in enumerate(table.head) if _is_called(days, year, head)}:
        return replace(chosen, fit=chosen.fit + 1, named_columns=frozenset(columns)) if chosen.rows else None
    rows = [row for row in chosen.rows if table.head[0] == SHEET and _is_called(days, year, row[0])]
    return replace(chosen, rows=tuple(rows), fit=chosen.fit + 1) if rows else None


def _is_called(days: Days, year: int, *names: str) -> bool:
    """Whether the first of these names that is a time lies within these days."""
    cells = (day_in(each) or (DayCell(int(each)) if _is_year(each) else None) for each in names)
    found = next((cell for cell in cells if cell), None)
    of = found.days(year or days.first.year) if found else None
    return of is not None and days.holds(of)


def _is_year(name: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d{2}", name) is not None


def _chooses(term: Term, row: Row, table: ValueTable, kinds: ColumnKinds, *, is_name: bool) -> bool:
    """Whether a cell has the word. A word that also names the table chooses only rows with a cell that is called so;
    one that only says that a figure is wanted chooses nothing."""
    if _is_currency_of(term, row, table, kinds):
        return True
    if _says_figure(term) and not any(_has(term, table.head[place]) for place in table.flags):
        return False
    cells = [cell for place, cell in enumerate(table.meant(row)) if cell and place not in kinds.figures]
    if is_name:
        return any(_is_whole(term, cell) for cell in cells)
    return any(_has(term, cell) for cell in cells)


def _is_currency_of(term: Term, row: Row, table: ValueTable, kinds: ColumnKinds) -> bool:
    asked = currency_in(term.said)
    return bool(asked) and kinds.currency is not None and currency_in(row[kinds.currency]) == asked


def _is_whole(term: Term, cell: str) -> bool:
    """Whether a cell says no more than that word."""
    return any(pattern and pattern.fullmatch(cell.strip()) for pattern in (term.exact, term.kindred))


def _has(term: Term, text: str) -> bool:
    return bool(term.exact.search(text) or (term.kindred and term.kindred.search(text)))


def _says_figure(term: Term) -> bool:
    return own_words().is_of_figures(term.said)


def _words_of(name: str, table: ValueTable) -> str:
    return re.sub(r"[_./-]", " ", f"{name} {table.called}")


def _named_columns(term: Term, table: ValueTable) -> set[int]:
    """Any column that is called so: of figures to reckon with, of others to ask for. A word that only says that a
    figure is wanted must be in it itself."""
    has = term.exact.search if _says_figure(term) else partial(_has, term)
    return {place for place, name in enumerate(table.head) if has(name.replace("_", " "))}


def _is_money(table: ValueTable, place: int) -> bool:
    head = table.head[place]
    if own_words().unit.search(head) and not currency_in(head):
        return False
    cells = [row[place] for row in table.rows[:LOOKED_AT] if row[place]]
    return bool(own_words().amount.search(head) or currency_in(head) or (cells and all(map(currency_in, cells))))


def _order(table: ValueTable, day: int | None) -> DayOrder | None:
    """As the one cell that can only be read so tells; days first where nothing has to be told."""
    if day is None:
        return DayOrder.DAY_FIRST
    cells = [row[day] for row in table.rows]
    told = {order for cell in cells if (order := tells_order(cell))}
    if len(told) == 1:
        return told.pop()
    return None if any(map(may_be_either, cells)) else DayOrder.DAY_FIRST


def _is_mostly(table: ValueTable, place: int, tells: Callable[[str], bool]) -> bool:
    cells = [row[place] for row in table.rows[:LOOKED_AT] if row[place]]
    return bool(cells) and sum(map(tells, cells)) > len(cells) / 2


def _is_day(cell: str) -> bool:
    return day_in(cell) is not None


def _is_figure(cell: str) -> bool:
    return _FIGURE.match(cell) is not None and figure_in(cell) is not None


def _is_currency(cell: str) -> bool:
    found = own_words().currency.fullmatch(cell.strip())
    return found is not None
