"""Tells a figure in a line: what was chosen, what it comes to, over which rows of which file, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from senter.components.assistant.mine.tables.cells import told_amount
from senter.components.assistant.mine.tables.figures import Amount, Figure, FigureGroup
from senter.components.assistant.mine.tables.reading import Row, ValueTable
from senter.components.assistant.mine.tables.wanted import ENDS, FigureKind
from senter.components.assistant.mine.words import own_words
from senter.quoting.sentences import plain
from senter.sentences import phrase
from senter.text import one_line

LONGEST_COLUMN = 60
LONGEST_ROW = 90
MOST_ROWS, MOST_GROUPS = 3, 24
CENT = Decimal("0.01")
SUM = '{amount}, the sum of "{column}" over {rows}'
AVERAGE = '{amount}, the average of "{column}" over {rows}'
AVERAGES = '{means} on average, "{column}" over {rows} of {count} {pers}'
SUMS = 'the sums of "{column}" over {rows}'
ORDERS = {
    FigureKind.HIGHEST: 'highest first, the sums of "{column}" over {rows}',
    FigureKind.LOWEST: 'lowest first, the sums of "{column}" over {rows}',
}
PLURALS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
NO_FIGURE = "{count} without a figure left out: {rows}"
DAY_FIRST = "Days such as 03/04 can be read in two ways: so with the day first."
EITHER_ORDER = "Days such as 03/04 can be read in two ways: so with the day first; with the month first {other}."


def figure_line(figure: Figure, table: ValueTable, when: str, where: str) -> str:
    """`where` is the file, as it is shown."""
    what = _what(figure, when)
    place = f"{where}, {told_sheet(table.sheet)}" if table.sheet else where
    if figure.kind in ENDS:
        end = phrase("the first of them" if figure.kind is FigureKind.FIRST else "the last of them")
        return f"{what}: {end} ({place}): {_rows(figure.rows)}"
    if figure.groups:
        return f"{what}: {_grouped(figure)} ({place}){_left_out(figure)}{_unclear(figure)}"
    return f"{what}: {_told(figure)} ({place}): {_rows(figure.rows)}{_left_out(figure)}{_unclear(figure)}"


def told_sheet(sheet: str) -> str:
    return phrase('sheet "{name}"', name=one_line(sheet, LONGEST_COLUMN))


def compared_line(words: Sequence[str], first: Figure, second: Figure, when: str) -> str:
    """Which of the two is more, or that they cannot be compared."""
    names = [_name(word, figure) for word, figure in zip(words, (first, second), strict=True)]
    if names[0] == names[1]:
        names = [f'{name} "{figure.column}"' for name, figure in zip(names, (first, second), strict=True)]
    sides = "; ".join(
        f"{name} {phrase('{amount} over {rows}', amount=_amounts(each), rows=_count(each.amounts))}"
        for name, each in zip(names, (first, second), strict=True)
    )
    time = f"{when}: " if when else ""
    unclear = first.order or second.order
    read = f" {phrase(DAY_FIRST)}" if unclear else ""
    return f"{time}{sides}. {_verdict(names, first, second)}{read}"


def told_side(name: str, figure: Figure) -> str:
    """What one of two comes to, with its rows."""
    told = phrase("{amount} over {rows}", amount=_amounts(figure), rows=_count(figure.amounts))
    return f"{name} {told} ({_rows(figure.rows)}){_left_out(figure)}"


def _name(word: str, figure: Figure) -> str:
    return one_line(", ".join(figure.by) or word, LONGEST_COLUMN)


def _verdict(names: Sequence[str], first: Figure, second: Figure) -> str:
    one, other = first.amounts, second.amounts
    if len(one) != 1 or len(other) != 1 or one[0].currency != other[0].currency:
        return phrase("They are in several currencies and cannot be compared.")
    by = one[0].value - other[0].value
    if not by:
        return phrase("Both are the same.")
    more, less = (names[0], names[1]) if by > 0 else (names[1], names[0])
    told = told_amount(abs(by), one[0].currency)
    return phrase("More: {more}, {by} more than {less}.", more=more, by=told, less=less)


def _what(figure: Figure, when: str) -> str:
    return ", ".join((*figure.by, *filter(None, (when,)))) or phrase("In all")


def _told(figure: Figure) -> str:
    column = _column(figure)
    match figure.kind:
        case FigureKind.COUNT:
            return _count(figure.amounts)
        case FigureKind.AVERAGE:
            return phrase(" and ").join(
                phrase(AVERAGE, amount=_average(one), column=column, rows=_rows_of(one)) for one in figure.amounts
            )
        case FigureKind.HIGHEST:
            return phrase('{amount}, the highest "{column}"', amount=_amounts(figure), column=column)
        case FigureKind.LOWEST:
            return phrase('{amount}, the lowest "{column}"', amount=_amounts(figure), column=column)
        case _:
            amount = f"{_amounts(figure)}{_paid(figure)}"
            return phrase(SUM, amount=amount, column=column, rows=_count(figure.amounts))


def _column(figure: Figure) -> str:
    return plain(figure.column)[:LONGEST_COLUMN].replace('"', "'")


def _paid(figure: Figure) -> str:
    return phrase(" paid out") if figure.is_outgoing else ""


def _amounts(figure: Figure) -> str:
    if len(figure.amounts) == 1:
        return told_amount(figure.amounts[0].value, figure.amounts[0].currency)
    told = (
        phrase("{amount} over {rows}", amount=told_amount(one.value, one.currency), rows=_rows_of(one))
        for one in figure.amounts
    )
    return f"{phrase(' and ').join(told)} ({phrase('currencies are not added up')})"


def _average(one: Amount) -> str:
    mean = one.value / one.rows
    rounded = mean.quantize(CENT, ROUND_HALF_UP)
    told = told_amount(rounded, one.currency)
    return told if rounded == mean else phrase("about {amount}", amount=told)


def _grouped(figure: Figure) -> str:
    if figure.kind is FigureKind.AVERAGE:
        return _average_of_groups(figure)
    shown = "; ".join(f"{one.name or phrase('without')}: {_of_group(one)}" for one in figure.groups[:MOST_GROUPS])
    more = f"; {_and_more(len(figure.groups) - MOST_GROUPS)}" if len(figure.groups) > MOST_GROUPS else ""
    sums = phrase(ORDERS.get(figure.kind, SUMS), column=_column(figure), rows=_count(figure.amounts))
    return f"{shown}{more}; {sums}{_paid(figure)}"


def _average_of_groups(figure: Figure) -> str:
    per = own_words().spans.get(figure.per, figure.per)
    of = [Amount(one.value, one.currency, len(figure.groups)) for one in figure.amounts]
    return phrase(
        AVERAGES,
        means=phrase(" and ").join(phrase("{amount} a {per}", amount=_average(one), per=phrase(per)) for one in of),
        column=_column(figure),
        rows=_count(figure.amounts),
        count=len(figure.groups),
        pers=phrase(PLURALS.get(per, per)),
    )


def _of_group(group: FigureGroup) -> str:
    return phrase(" and ").join(told_amount(one.value, one.currency) for one in group.amounts)


def _rows_of(one: Amount) -> str:
    return phrase("1 row") if one.rows == 1 else phrase("{count} rows", count=one.rows)


def _count(amounts: Sequence[Amount]) -> str:
    rows = sum(one.rows for one in amounts)
    return phrase("1 row") if rows == 1 else phrase("{count} rows", count=rows)


def _and_more(count: int) -> str:
    return phrase("and {count} more", count=count)


def _rows(rows: Sequence[Row]) -> str:
    """The first of them as they stand."""
    shown = "; ".join(one_line(", ".join(filter(None, row)), LONGEST_ROW) for row in rows[:MOST_ROWS])
    more = len(rows) - MOST_ROWS
    return plain(f"{shown}; {_and_more(more)}" if more > 0 else shown).replace('"', "'")


def _left_out(figure: Figure) -> str:
    left: list[str] = []
    if figure.unread:
        left.append(phrase(NO_FIGURE, count=len(figure.unread), rows=_rows(figure.unread)))
    if figure.undated:
        left.append(phrase("{count} without a readable day left out", count=figure.undated))
    if figure.kept_apart:
        left.append(phrase("{count} where money went the other way left out", count=figure.kept_apart))
    return "".join(f"; {each}" for each in left)


def _unclear(figure: Figure) -> str:
    """What else may be meant, with what it would come to."""
    if figure.others:
        names = phrase(" or ").join(f'"{plain(each)[:LONGEST_COLUMN]}"' for each in (figure.column, *figure.others))
        other = f" ({_amounts(figure.instead)})" if figure.instead else ""
        return f". {phrase('It is not clear which column you mean: {names}?', names=f'{names}{other}')}"
    if figure.order:
        other = _amounts(figure.instead) if figure.instead else phrase("nothing")
        return f". {phrase(EITHER_ORDER, other=other)}"
    return ""
