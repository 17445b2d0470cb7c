"""Sets the figures of two times against each other: what each came to, over which rows, and by how much it changed.

Both are of one table, the one that knows most of what is asked; a time may be a day of a row, a sheet or a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from senter.components.assistant.mine.question import OwnQuestion
from senter.components.assistant.mine.tables.asked import NamedTable
from senter.components.assistant.mine.tables.cells import Days, told_amount
from senter.components.assistant.mine.tables.figures import Figure, figure_asked
from senter.components.assistant.mine.tables.telling import told_side
from senter.components.assistant.mine.tables.wanted import FigureWanted
from senter.messages.query import Quoted
from senter.sentences import phrase

TENTH = Decimal("0.1")
MORE = "From {earlier} to {later}: {by} more{share}."
LESS = "From {earlier} to {later}: {by} less{share}."

NamedTime = tuple[str, Days]
"""As it is said."""


def figures_of_times(
    wanted: FigureWanted, question: OwnQuestion, tables: Sequence[NamedTable], times: tuple[NamedTime, NamedTime]
) -> Quoted | None:
    """None where no table tells of both."""
    earlier, later = sorted(times, key=lambda time: time[1].first)
    found = [
        (named, figures)
        for named in tables
        if (figures := _both(wanted, question, named, (earlier[1], later[1]))) and any(one.by for one in figures)
    ]
    if not found:
        return None
    named, (before, after) = max(found, key=lambda one: one[1][0].fit)
    what = ", ".join(before.by)
    sides = "; ".join(told_side(time[0], figure) for time, figure in ((earlier, before), (later, after)))
    line = f"{what}: {sides}. {_verdict(earlier[0], later[0], before, after)} ({named.where})"
    return Quoted(source=named.file, address=named.path, quote=line)


def _both(
    wanted: FigureWanted, question: OwnQuestion, named: NamedTable, times: tuple[Days, Days]
) -> tuple[Figure, Figure] | None:
    before, after = (figure_asked(wanted, question, named.table, named.path, days) for days in times)
    return (before, after) if before and after else None


def _verdict(earlier: str, later: str, before: Figure, after: Figure) -> str:
    one, other = before.amounts, after.amounts
    if len(one) != 1 or len(other) != 1 or one[0].currency != other[0].currency:
        return phrase("They are in several currencies and cannot be compared.")
    by = other[0].value - one[0].value
    if not by:
        return phrase("Both are the same.")
    told = told_amount(abs(by), one[0].currency)
    return phrase(MORE if by > 0 else LESS, earlier=earlier, later=later, by=told, share=_share(by, one[0].value))


def _share(by: Decimal, of: Decimal) -> str:
    if not of:
        return ""
    percent = (abs(by / of) * 100).quantize(TENTH, ROUND_HALF_UP)
    return phrase(" ({percent} %)", percent=told_amount(percent, ""))
