"""What one cell of a table says: a figure, a day or a month, a currency. Pure.

Figures are read as they are written on either side of the Channel (1,180.00 and 1.180,00), and exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from senter.components.assistant.mine.words import own_words

_NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?\s?(?<!\d)\d[\d.,'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ]*")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?![\d])")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./](\d{4})(?!\d)")
_NAMED_MONTH = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+)?(?P<month>[^\W\d_]{3,})\.?,?(?:\s+(?P<year>\d{4}))?"
)
_MONTH_FIRST_NAMED = re.compile(r"(?P<month>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2}),\s+(?P<year>\d{4})")
CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to another, both counted."""

    first: date
    last: date

    def holds(self, other: Days) -> bool:
        return self.first <= other.first and other.last <= self.last


class DayOrder(StrEnum):
    """Which comes first in 03/04/2026."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day, a month or a year, as a cell names it; 0 for what it leaves out."""

    year: int
    month: int = 0
    day: int = 0

    def days(self, year: int = 0) -> Days | None:
        """All days of it; of one that names no year those of `year`, none where that is not given."""
        year = self.year or year
        if not year:
            return None
        try:
            first = date(year, self.month or 1, self.day or 1)
        except ValueError:
            return None
        return Days(first, first if self.day else _last_day(year, self.month))


def figure_in(cell: str) -> Decimal | None:
    """The one figure of a cell; in brackets, or with its sign behind it, it is negative, as in books."""
    found = _NUMBER.findall(cell)
    if len(found) != 1:
        return None
    bare = re.sub(r"[ '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", "", found[0]).replace("\N{MINUS SIGN}", "-")
    try:
        figure = Decimal(_plain(bare.rstrip(".,")))
    except InvalidOperation:
        return None
    is_negative = re.fullmatch(r"\(.*\)|.*\d\s*-", cell.strip()) is not None and figure > 0
    return -figure if is_negative else figure


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


def told_amount(value: Decimal, currency: str) -> str:
    """As the language that is spoken writes it: 1,180.00 EUR, 1.180,00 EUR."""
    thousands, point = own_words().figure_marks
    return f"{value:,f} {currency}".strip().translate(str.maketrans({",": thousands, ".": point}))


def day_in(cell: str, order: DayOrder = DayOrder.DAY_FIRST) -> DayCell | None:
    """The day, month or year that a cell begins with."""
    cell = cell.strip()
    if found := _YEAR_FIRST.match(cell):
        return _checked(int(found[1]), int(found[2]), int(found[3] or 0))
    if found := _YEAR_LAST.match(cell):
        first, second = int(found[1]), int(found[3])
        is_month_first = second > 12 or (order is DayOrder.MONTH_FIRST and first <= 12)
        day, month = (second, first) if is_month_first else (first, second)
        return _checked(_year(found[4]), month, day)
    if found := _MONTH_AND_YEAR.fullmatch(cell):
        return _checked(int(found[2]), int(found[1]))
    return _named_month(cell)


def may_be_either(cell: str) -> bool:
    """Whether it may be a day with its month before or after it, and these differ; a point between them tells."""
    found = _YEAR_LAST.match(cell.strip())
    return (
        found is not None and found[2] != "." and int(found[1]) <= 12 and int(found[3]) <= 12 and found[1] != found[3]
    )


def tells_order(cell: str) -> DayOrder | None:
    """Which comes first, where a cell can only be read so."""
    found = _YEAR_LAST.match(cell.strip())
    if found is None or int(found[1]) == int(found[3]):
        return None
    if found[2] == "." or int(found[1]) > 12:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if int(found[3]) > 12 else None


def month_in(text: str) -> str:
    """The words of a month somewhere in a text, with its year where that stands there: `March 2026`."""
    for found in re.finditer(r"([^\W\d_]{3,})\.?(?:\s+(\d{4}))?", text):
        if found[1].casefold() in own_words().months:
            return found.group()
    return ""


def currency_in(text: str) -> str:
    """By its three letters."""
    found = own_words().currency.search(text)
    return own_words().currencies.get(found.group().casefold(), found.group()) if found else ""


def _named_month(cell: str) -> DayCell | None:
    found = _MONTH_FIRST_NAMED.fullmatch(cell) or _NAMED_MONTH.fullmatch(cell)
    month = own_words().months.get(found["month"].casefold()) if found else None
    return _checked(int(found["year"] or 0), month, int(found["day"] or 0)) if found and month else None


def _year(written: str) -> int:
    return int(written) + (CENTURY if len(written) == 2 else 0)


def _checked(year: int, month: int, day: int = 0) -> DayCell | None:
    cell = DayCell(year, month, day)
    return cell if 1 <= month <= 12 and cell.days(year or CENTURY) else None


def _last_day(year: int, month: int) -> date:
    if not month:
        return date(year, 12, 31)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
