"""Answers a question with a figure of the table that knows most of it; of none where no table knows all of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from senter.components.assistant.mine.places import shown_path
from senter.components.assistant.mine.question import OwnQuestion
from senter.components.assistant.mine.tables.cells import Days
from senter.components.assistant.mine.tables.figures import Figure, figure_asked, figures_compared, parts_compared
from senter.components.assistant.mine.tables.reading import ValueTable
from senter.components.assistant.mine.tables.telling import compared_line, figure_line
from senter.components.assistant.mine.tables.wanted import FigureKind, FigureWanted
from senter.messages.query import Quoted

MOST_FIGURES = 4


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table and its file."""

    path: str
    table: ValueTable
    note: str = ""
    """What is to be said of the file."""

    @property
    def where(self) -> str:
        return ", ".join(filter(None, (shown_path(self.path), self.note)))

    @property
    def file(self) -> str:
        return PurePath(self.path).name


@dataclass(frozen=True, slots=True)
class _Told:
    named: NamedTable
    line: str
    fit: int


def figures_asked(
    wanted: FigureWanted, question: OwnQuestion, tables: Sequence[NamedTable], days: Days | None, when: str
) -> tuple[Quoted, ...]:
    """A line for each table that knows as much of the question as any; `when` is the time, as it is shown."""
    tell = _compared if wanted.compared else _one
    told = [one for named in tables for one in tell(wanted, question, named, days, when)]
    if wanted.compared and not told:
        told = list(_compared_across(wanted, question, tables, days, when))
    most = max((one.fit for one in told), default=0)
    best = [one for one in told if one.fit == most]
    return tuple(_quoted(one) for one in best[:MOST_FIGURES])


def _one(
    wanted: FigureWanted, question: OwnQuestion, named: NamedTable, days: Days | None, when: str
) -> Iterator[_Told]:
    figure = figure_asked(wanted, question, named.table, named.path, days)
    if figure and _is_about(figure, wanted, question, named):
        yield _Told(named, figure_line(figure, named.table, when, named.where), figure.fit)


def _is_about(figure: Figure, wanted: FigureWanted, question: OwnQuestion, named: NamedTable) -> bool:
    """A count must choose rows or name the table; so must what no sum is asked of in so many words."""
    if wanted.kind is FigureKind.SUM and not wanted.is_implied and not wanted.per:
        return True
    return figure.fit > 0 or PurePath(named.path).stem.casefold() in question.said.casefold()


def _compared(
    wanted: FigureWanted, question: OwnQuestion, named: NamedTable, days: Days | None, when: str
) -> Iterator[_Told]:
    if both := figures_compared(wanted, question, named.table, named.path, days):
        first, second = both
        line = f"{compared_line(wanted.compared, first, second, when)} ({named.where})"
        yield _Told(named, line, first.fit + second.fit)


def _compared_across(
    wanted: FigureWanted, question: OwnQuestion, tables: Sequence[NamedTable], days: Days | None, when: str
) -> Iterator[_Told]:
    """Each of the two by the table that knows most of it."""
    alone = replace(wanted, compared=())
    found: list[tuple[NamedTable, Figure]] = []
    for part in parts_compared(wanted, question):
        figures = [(one, figure) for one in tables if (figure := figure_asked(alone, part, one.table, one.path, days))]
        found += [max(figures, key=lambda each: each[1].fit)] if figures else []
    if len(found) == len(wanted.compared) and all(figure.fit and not figure.order for _, figure in found):
        (one, first), (other, second) = found
        line = compared_line(wanted.compared, first, second, when)
        yield _Told(one, f"{line} ({one.where}; {other.where})", first.fit + second.fit)


def _quoted(told: _Told) -> Quoted:
    return Quoted(source=told.named.file, address=told.named.path, quote=told.line)
