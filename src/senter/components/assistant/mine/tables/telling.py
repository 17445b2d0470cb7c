"""Tells a figure in a line: what was chosen, what it comes to, over which rows of which file, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from senter.components.assistant.mine.tables.figures import Amount, Figure, FigureGroup
from senter.components.assistant.mine.tables.reading import Row, ValueTable
from senter.components.assistant.mine.tables.wanted import FigureKind
from senter.components.assistant.mine.words import own_words
from senter.quoting.sentences import plain
from senter.text import one_line

LONGEST_COLUMN = 60
LONGEST_ROW = 90
MOST_ROWS, MOST_GROUPS = 3, 24
CENT = Decimal("0.01")


def figure_line(figure: Figure, table: ValueTable, when: str, where: str) -> str:
    """`where` is the file, as it is shown."""
    what = _what(figure, when)
    place = f'{where}, sheet "{one_line(table.sheet, LONGEST_COLUMN)}"' if table.sheet else where
    if figure.kind in (FigureKind.FIRST, FigureKind.LAST):
        return f"{what}: the {figure.kind.value} of them ({place}): {_rows(figure.rows)}"
    if figure.groups:
        return f"{what}: {_grouped(figure)} ({place}){_left_out(figure)}{_unclear(figure)}"
    return f"{what}: {_told(figure)} ({place}): {_rows(figure.rows)}{_left_out(figure)}{_unclear(figure)}"


def compared_line(words: Sequence[str], first: Figure, second: Figure, when: str) -> str:
    """Which of the two is more, or that they cannot be compared."""
    names = [_name(word, figure) for word, figure in zip(words, (first, second), strict=True)]
    if names[0] == names[1]:
        names = [f'{name} "{figure.column}"' for name, figure in zip(names, (first, second), strict=True)]
    sides = "; ".join(
        f"{name} {_amounts(each)} over {_count(each.amounts)}"
        for name, each in zip(names, (first, second), strict=True)
    )
    time = f"{when}: " if when else ""
    unclear = first.order or second.order
    read = " Days such as 03/04 can be read in two ways: so with the day first." if unclear else ""
    return f"{time}{sides}. {_verdict(names, first, second)}{read}"


def _name(word: str, figure: Figure) -> str:
    return one_line(", ".join(figure.by) or word, LONGEST_COLUMN)


def _verdict(names: Sequence[str], first: Figure, second: Figure) -> str:
    one, other = first.amounts, second.amounts
    if len(one) != 1 or len(other) != 1 or one[0].currency != other[0].currency:
        return "They are in several currencies and cannot be compared."
    by = one[0].value - other[0].value
    if not by:
        return "Both are the same."
    more, less = (names[0], names[1]) if by > 0 else (names[1], names[0])
    return f"More: {more}, {_amount(abs(by), one[0].currency)} more than {less}."


def _what(figure: Figure, when: str) -> str:
    return ", ".join((*figure.by, *filter(None, (when,)))) or "In all"


def _told(figure: Figure) -> str:
    column = plain(figure.column)[:LONGEST_COLUMN].replace('"', "'")
    match figure.kind:
        case FigureKind.COUNT:
            return _count(figure.amounts)
        case FigureKind.AVERAGE:
            return " and ".join(
                f'{_average(one)}, the average of "{column}" over {_rows_of(one)}' for one in figure.amounts
            )
        case FigureKind.HIGHEST | FigureKind.LOWEST:
            return f'{_amounts(figure)}, the {figure.kind.value} "{column}"'
        case _:
            return f'{_amounts(figure)}{_paid(figure)}, the sum of "{column}" over {_count(figure.amounts)}'


def _paid(figure: Figure) -> str:
    return " paid out" if figure.is_outgoing else ""


def _amounts(figure: Figure) -> str:
    if len(figure.amounts) == 1:
        return _amount(figure.amounts[0].value, figure.amounts[0].currency)
    told = " and ".join(f"{_amount(one.value, one.currency)} over {_rows_of(one)}" for one in figure.amounts)
    return f"{told} (currencies are not added up)"


def _amount(value: Decimal, currency: str) -> str:
    return f"{value:,f} {currency}".strip()


def _average(one: Amount) -> str:
    mean = one.value / one.rows
    rounded = mean.quantize(CENT, ROUND_HALF_UP)
    return f"{'' if rounded == mean else 'about '}{_amount(rounded, one.currency)}"


def _grouped(figure: Figure) -> str:
    if figure.kind is FigureKind.AVERAGE:
        return _average_of_groups(figure)
    kind = f"{figure.kind.value} first, " if figure.kind in (FigureKind.HIGHEST, FigureKind.LOWEST) else ""
    shown = "; ".join(f"{one.name or 'without'}: {_of_group(one)}" for one in figure.groups[:MOST_GROUPS])
    more = f"; and {len(figure.groups) - MOST_GROUPS} more" if len(figure.groups) > MOST_GROUPS else ""
    column = plain(figure.column)[:LONGEST_COLUMN].replace('"', "'")
    return f'{shown}{more}; {kind}the sums of "{column}" over {_count(figure.amounts)}{_paid(figure)}'


def _average_of_groups(figure: Figure) -> str:
    per = own_words().spans.get(figure.per, figure.per)
    column = plain(figure.column)[:LONGEST_COLUMN].replace('"', "'")
    of = [Amount(one.value, one.currency, len(figure.groups)) for one in figure.amounts]
    means = " and ".join(f"{_average(one)} a {per}" for one in of)
    return f'{means} on average, "{column}" over {_count(figure.amounts)} of {len(figure.groups)} {per}s'


def _of_group(group: FigureGroup) -> str:
    return " and ".join(_amount(one.value, one.currency) for one in group.amounts)


def _rows_of(one: Amount) -> str:
    return "1 row" if one.rows == 1 else f"{one.rows} rows"


def _count(amounts: Sequence[Amount]) -> str:
    rows = sum(one.rows for one in amounts)
    return "1 row" if rows == 1 else f"{rows} rows"


def _rows(rows: Sequence[Row]) -> str:
    """The first of them as they stand."""
    shown = "; ".join(one_line(", ".join(filter(None, row)), LONGEST_ROW) for row in rows[:MOST_ROWS])
    more = len(rows) - MOST_ROWS
    return plain(f"{shown}; and {more} more" if more > 0 else shown).replace('"', "'")


def _left_out(figure: Figure) -> str:
    left: list[str] = []
    if figure.unread:
        left.append(f"{len(figure.unread)} without a figure left out: {_rows(figure.unread)}")
    if figure.undated:
        left.append(f"{figure.undated} without a readable day left out")
    if figure.kept_apart:
        left.append(f"{figure.kept_apart} where money went the other way left out")
    return "".join(f"; {each}" for each in left)


def _unclear(figure: Figure) -> str:
    """What else may be meant, with what it would come to."""
    if figure.others:
        names = " or ".join(f'"{plain(each)[:LONGEST_COLUMN]}"' for each in (figure.column, *figure.others))
        other = f" ({_amounts(figure.instead)})" if figure.instead else ""
        return f". It is not clear which column you mean: {names}{other}?"
    if figure.order:
        other = _amounts(figure.instead) if figure.instead else "nothing"
        return f". Days such as 03/04 can be read in two ways: so with the day first; with the month first {other}."
    return ""
