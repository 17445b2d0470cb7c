"""What a cell of a spreadsheet shows: numbers plain, dates and times as ISO, by the cell's format."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum

DAYS_FROM_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no zone
DAYS_FROM_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
MOST_DAYS = 2_957_003
"""From 1904 to the year 9999."""
# Of the formats that Excel numbers and writes nowhere down.
DATES = frozenset({14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)})
TIMES = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 47})
NOT_SHOWN_AS_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
LENGTH = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
PLAIN_DIGITS = 15


class Format(Enum):
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    LENGTH = "length"


def format_of(number: int, code: str = "") -> Format:
    """What a format of Excel shows, by its number, or by its code where the document has one."""
    if not code:
        return _numbered(number)
    letters = NOT_SHOWN_AS_LETTERS.sub("", code.partition(";")[0]).lower()
    if LENGTH.search(letters):
        return Format.LENGTH
    if "general" in letters:
        return Format.NUMBER
    has_time = "h" in letters or "s" in letters
    has_date = "y" in letters or "d" in letters or ("m" in letters and not has_time)
    if has_date:
        return Format.MOMENT if has_time else Format.DATE
    if has_time:
        return Format.TIME
    return Format.PERCENT if "%" in letters else Format.NUMBER


def _numbered(number: int) -> Format:
    if number in DATES:
        return Format.DATE
    if number in TIMES:
        return Format.TIME
    return {22: Format.MOMENT, 46: Format.LENGTH, 9: Format.PERCENT, 10: Format.PERCENT}.get(number, Format.NUMBER)


def shown(stored: str, form: Format, beginning: datetime = DAYS_FROM_1900) -> str:
    """A stored number as people read it; as it is stored where it is none."""
    if form is Format.NUMBER:
        return plain_number(stored)
    try:
        value = float(stored)
    except ValueError:
        return stored
    if form is Format.PERCENT:
        return percent(value)
    if not 0 <= value < MOST_DAYS:
        return plain_number(stored)
    return _time(value, form, beginning)


def percent(share: float) -> str:
    return f"{plain_number(f'{share * 100:.{PLAIN_DIGITS}g}')}%"


def plain_number(stored: str) -> str:
    """With a decimal point, without an exponent, and without the digits that a binary number cannot hold."""
    if len(stored) <= PLAIN_DIGITS and stored.replace(".", "").removeprefix("-").isdigit():
        return stored
    try:
        value = Decimal(f"{float(stored):.{PLAIN_DIGITS}g}")
    except (ValueError, InvalidOperation):
        return stored
    return format(value.to_integral_value() if value == value.to_integral_value() else value.normalize(), "f")


def moment(value: datetime | date | time) -> str:
    """As ISO, to the minute where there are no seconds; midnight is the day."""
    if isinstance(value, datetime):
        clock = "" if value.time() == time() else f" {moment(value.time())}"
        return f"{value.date().isoformat()}{clock}"
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return value.isoformat()


def _time(days: float, form: Format, beginning: datetime) -> str:
    seconds = round(days * 86_400)
    if form is Format.LENGTH:
        return f"{seconds // 3_600}:{seconds // 60 % 60:02}"
    if beginning == DAYS_FROM_1900 and days < 60:  # Excel has a 29 February 1900
        beginning += timedelta(days=1)
    value = beginning + timedelta(seconds=seconds)
    if form is Format.DATE:
        return value.date().isoformat()
    return moment(value.time()) if form is Format.TIME or days < 1 else moment(value)
