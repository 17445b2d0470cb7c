"""Reckons what a question wants over the rows that it is about: exactly, each currency by itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from senter.components.assistant.mine.question import OwnQuestion, read_question
from senter.components.assistant.mine.tables.cells import DayCell, DayOrder, Days, currency_in, figure_in
from senter.components.assistant.mine.tables.choosing import (
    NAMED_COLUMN,
    ChosenRows,
    ColumnKinds,
    choose,
    column_kinds,
    day_of,
    figure_columns,
    has_either_order,
)
from senter.components.assistant.mine.tables.reading import Row, ValueTable
from senter.components.assistant.mine.tables.wanted import ENDS, EXTREMES, FigureKind, FigureWanted, Measure
from senter.components.assistant.mine.words import own_words

DAY, WEEK, YEAR = "day", "week", "year"


@dataclass(frozen=True, slots=True)
class Amount:
    """What rows come to in one currency, or without any."""

    value: Decimal
    currency: str
    rows: int


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Rows of one month, or of one word in a column."""

    name: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was reckoned, and over what."""

    kind: FigureKind
    column: str
    """Empty of a count."""
    amounts: tuple[Amount, ...]
    rows: tuple[Row, ...]
    by: tuple[str, ...]
    """The words that rows were chosen by."""
    fit: int
    unread: tuple[Row, ...] = ()
    """Rows that fit whose figure cannot be read."""
    undated: int = 0
    groups: tuple[FigureGroup, ...] = ()
    per: str = ""
    is_outgoing: bool = False
    """Whether what is paid stands there with a minus, and is told without."""
    kept_apart: int = 0
    """Rows left out since money went the other way."""
    instead: Figure | None = None
    """The same with days read the other way round, or by the other column that may be meant."""
    order: DayOrder | None = None
    """How days were read that may be read either way."""
    others: tuple[str, ...] = ()
    """Columns that may be meant just as well."""


@dataclass(frozen=True, slots=True)
class AskedTable:
    """A table as it is asked: by its name, over which days, and how its columns and days are read."""

    table: ValueTable
    name: str
    days: Days | None
    kinds: ColumnKinds
    order: DayOrder = DayOrder.DAY_FIRST

    @property
    def has_either_order(self) -> bool:
        """Whether its days may be read either way, and it matters."""
        return bool(self.days) and has_either_order(self.table.rows, self.kinds)

    @property
    def month_first(self) -> AskedTable:
        return replace(self, order=DayOrder.MONTH_FIRST)


def figure_asked(
    wanted: FigureWanted, question: OwnQuestion, table: ValueTable, name: str, days: Days | None
) -> Figure | None:
    """What one table tells of what is asked; none where it cannot tell it."""
    asked = AskedTable(table, name, days, column_kinds(table))
    found = _figure(wanted, question, asked)
    if found is None or not asked.has_either_order:
        return found
    other = _figure(wanted, question, asked.month_first)
    same = other is not None and other.amounts == found.amounts
    return found if same else replace(found, order=DayOrder.DAY_FIRST, instead=other)


def figures_compared(
    wanted: FigureWanted, question: OwnQuestion, table: ValueTable, name: str, days: Days | None
) -> tuple[Figure, ...]:
    """Of each of the two that are compared, in the order that they are named; none where the table lacks one. What
    only names a column is of the rows of the other: `more on clothes than planned`."""
    asked = AskedTable(table, name, days, column_kinds(table))
    both = _both(wanted, question, asked)
    if not both or not asked.has_either_order:
        return both
    others = _both(wanted, question, asked.month_first)
    same = [one.amounts for one in both] == [one.amounts for one in others]
    return both if same else tuple(replace(one, order=DayOrder.DAY_FIRST) for one in both)


def parts_compared(wanted: FigureWanted, question: OwnQuestion) -> tuple[OwnQuestion, ...]:
    """A question for each of the two."""
    parts = (read_question(each, each, is_part=True).terms for each in wanted.compared)
    return tuple(replace(question, terms=(*terms, *question.terms)) for terms in parts)


def _both(wanted: FigureWanted, question: OwnQuestion, asked: AskedTable) -> tuple[Figure, ...]:
    first, second = parts_compared(wanted, question)
    found, other = (_figure(wanted, part, asked) for part in (first, second))
    if found and other and found.by and not other.by:
        joined = replace(second, terms=(*second.terms, *first.terms))
        other = _figure(wanted, joined, asked)
    return (found, other) if found and other else ()


def _figure(wanted: FigureWanted, question: OwnQuestion, asked: AskedTable) -> Figure | None:
    table, kinds, order = asked.table, asked.kinds, asked.order
    chosen = choose(question, table, asked.name, asked.days, kinds, order)
    if chosen is None or (wanted.is_implied and not _is_named(question, table, chosen, kinds)):
        return None
    columns = figure_columns(question, wanted, table, chosen, kinds)
    if wanted.kind is FigureKind.COUNT:
        if not chosen.named_columns.intersection(columns):
            return _count(chosen)
        wanted = replace(wanted, kind=FigureKind.SUM)
    if wanted.kind in ENDS:
        return _end(wanted.kind, table, chosen, kinds, order)
    group = _grouping(wanted.per, table, kinds, order)
    if not columns or (wanted.per and group is None):
        return None
    chosen = replace(chosen, fit=chosen.fit + NAMED_COLUMN) if group else chosen
    made = [_over(wanted, table, chosen, kinds, column, group) for column in columns]
    first, *others = [one for one in made if one] or [None]
    return (
        replace(first, others=tuple(one.column for one in others if one), instead=next(iter(others), None))
        if first
        else None
    )


def _count(chosen: ChosenRows) -> Figure:
    rows = len(chosen.rows)
    amount = Amount(Decimal(rows), "", rows)
    return Figure(FigureKind.COUNT, "", (amount,), chosen.rows, chosen.by, chosen.fit, undated=chosen.undated)


def _is_named(question: OwnQuestion, table: ValueTable, chosen: ChosenRows, kinds: ColumnKinds) -> bool:
    """Whether a question that is no sentence names a column of figures in so many words, and chooses rows."""
    named = [place for place in kinds.figures if place in chosen.named_columns]
    exact = any(term.exact.fullmatch(table.head[place].split(" ")[0]) for term in question.terms for place in named)
    return exact and (bool(chosen.by) or len(chosen.rows) < len(table.rows))


def _end(kind: FigureKind, table: ValueTable, chosen: ChosenRows, kinds: ColumnKinds, order: DayOrder) -> Figure | None:
    """The first or the last row by its day."""
    dated = [(days.first, row) for row in chosen.rows if (cell := day_of(row, kinds, order)) and (days := cell.days())]
    if kinds.days is None or not dated:
        return None
    end = min if kind is FigureKind.FIRST else max
    day = end(day for day, _ in dated)
    rows = tuple(row for at, row in dated if at == day)
    return Figure(kind, table.head[kinds.days], (), rows, chosen.by, chosen.fit, undated=len(chosen.rows) - len(dated))


def _over(
    wanted: FigureWanted,
    table: ValueTable,
    chosen: ChosenRows,
    kinds: ColumnKinds,
    column: int,
    group: Callable[[Row], str] | None,
) -> Figure | None:
    read = [(row, figure) for row in chosen.rows if (figure := figure_in(row[column])) is not None]
    unread = tuple(row for row in chosen.rows if figure_in(row[column]) is None)
    is_outgoing = _is_outgoing(wanted, [figure for _, figure in read], table, column)
    meant = _one_way(wanted, read, is_outgoing, has_words=bool(chosen.by))
    if not meant:
        return None
    sign = -1 if is_outgoing else 1
    entries = [_RowFigure(row, sign * figure, _currency(row, table, kinds, column)) for row, figure in meant]
    figure = Figure(
        wanted.kind,
        table.head[column],
        _amounts(entries),
        tuple(entry.row for entry in entries),
        chosen.by,
        chosen.fit,
        unread,
        chosen.undated,
        is_outgoing=is_outgoing,
        kept_apart=len(read) - len(meant),
    )
    return _reckoned(figure, wanted, entries, group)


@dataclass(frozen=True, slots=True)
class _RowFigure:
    row: Row
    figure: Decimal
    currency: str


def _reckoned(
    figure: Figure, wanted: FigureWanted, entries: Sequence[_RowFigure], group: Callable[[Row], str] | None
) -> Figure:
    if group:
        groups = _groups(entries, group)
        if wanted.kind in EXTREMES:
            groups = _extreme_groups(groups, wanted.kind)
        elif wanted.per in own_words().spans:
            groups = tuple(sorted(groups, key=lambda one: one.name))
        return replace(figure, groups=groups, per=wanted.per)
    if wanted.kind in EXTREMES:
        best = _extremes(entries, wanted.kind)
        return replace(figure, amounts=_amounts(best, is_one=True), rows=tuple(entry.row for entry in best))
    return figure


def _amounts(entries: Iterable[_RowFigure], *, is_one: bool = False) -> tuple[Amount, ...]:
    """By currency; of several that are the same, one."""
    by: dict[str, list[Decimal]] = {}
    for entry in entries:
        by.setdefault(entry.currency, []).append(entry.figure)
    return tuple(
        Amount(figures[0] if is_one else sum(figures, Decimal()), currency, len(figures))
        for currency, figures in by.items()
    )


def _extremes(entries: Sequence[_RowFigure], kind: FigureKind) -> list[_RowFigure]:
    """Of each currency the highest, or the lowest, and all that are as high."""
    end = max if kind is FigureKind.HIGHEST else min
    best = {
        currency: end(one.figure for one in entries if one.currency == currency)
        for currency in {one.currency for one in entries}
    }
    return [one for one in entries if one.figure == best[one.currency]]


def _groups(entries: Sequence[_RowFigure], group: Callable[[Row], str]) -> tuple[FigureGroup, ...]:
    by: dict[str, list[_RowFigure]] = {}
    for entry in entries:
        by.setdefault(group(entry.row), []).append(entry)
    return tuple(FigureGroup(name, _amounts(of)) for name, of in by.items())


def _extreme_groups(groups: Sequence[FigureGroup], kind: FigureKind) -> tuple[FigureGroup, ...]:
    """Best first; of several currencies none is higher than another."""
    if any(len(one.amounts) > 1 for one in groups) or len({one.amounts[0].currency for one in groups}) > 1:
        return tuple(groups)
    return tuple(sorted(groups, key=lambda one: one.amounts[0].value, reverse=kind is FigureKind.HIGHEST))


def _grouping(per: str, table: ValueTable, kinds: ColumnKinds, order: DayOrder) -> Callable[[Row], str] | None:
    if not per:
        return None
    length = own_words().spans.get(per)
    if length and kinds.days is not None:
        return lambda row: _span_of(row, kinds, order, length)
    asked = read_question(per, per, is_part=True).terms
    places = [
        place
        for place, head in enumerate(table.head)
        if place not in kinds.figures
        and any(term.exact.search(head) or (term.kindred and term.kindred.search(head)) for term in asked)
    ]
    return (lambda row: row[places[0]]) if places else None


def _span_of(row: Row, kinds: ColumnKinds, order: DayOrder, length: str) -> str:
    cell = day_of(row, kinds, order)
    if cell is None:
        return ""
    year = f"{cell.year}" if cell.year else ""
    if length in (DAY, WEEK):
        return _short_span_of(cell, length)
    if length == YEAR or not cell.month:
        return year
    return f"{year}-{cell.month:02}".strip("-")


def _short_span_of(cell: DayCell, length: str) -> str:
    days = cell.days()
    if days is None or days.first != days.last:
        return ""
    year, week, _ = days.first.isocalendar()
    return f"{days.first}" if length == DAY else f"{year}-W{week:02}"


def _is_outgoing(wanted: FigureWanted, figures: Sequence[Decimal], table: ValueTable, column: int) -> bool:
    """Whether what is asked about stands with a minus there."""
    if wanted.measure is Measure.EARNED or not any(figure < 0 for figure in figures):
        return False
    all_figures = [figure for row in table.rows if (figure := figure_in(row[column])) is not None]
    is_account = sum(figure < 0 for figure in all_figures) >= len(all_figures) / 2
    return is_account and (wanted.measure is Measure.SPENT or sum(figures, Decimal()) < 0)


def _one_way(
    wanted: FigureWanted, read: list[tuple[Row, Decimal]], is_outgoing: bool, *, has_words: bool
) -> list[tuple[Row, Decimal]]:
    """Of an account what went out, or came in, where that is asked of all of it; of what words choose all, so that
    what was paid back is taken off."""
    has_both = any(figure < 0 for _, figure in read) and any(figure > 0 for _, figure in read)
    if not has_both or (has_words and wanted.kind not in EXTREMES):
        return read
    if is_outgoing:
        return [(row, figure) for row, figure in read if figure < 0]
    return [(row, figure) for row, figure in read if figure > 0] if wanted.measure is Measure.EARNED else read


def _currency(row: Row, table: ValueTable, kinds: ColumnKinds, column: int) -> str:
    own = currency_in(row[kinds.currency]) if kinds.currency is not None else currency_in(row[column])
    return own or currency_in(table.head[column]) or currency_in(table.title)
