"""What is counted in the calendar: weeks, months and their days. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

Days = tuple[date, date]
"""The first and the last; the same where one day is meant."""


def counted(count: int, weekday: int, first: date, last: date) -> date | None:
    """The `count`th such day of the week from the first to the last day, from behind where it is negative."""
    if count > 0:
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
    else:
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-count - 1))
    return day if first <= day <= last else None


def monday_of(day: date) -> date:
    """Of its week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date, ahead: int) -> tuple[int, int]:
    """Year and month, so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    if not 1 <= year <= 9_999:
        raise OverflowError("beyond the calendar")
    return year, month + 1


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    if not months:
        return day
    year, month = month_of(day, months)
    return date(year, month, min(day.day, length_of(year, month)))


def whole_month(year: int, month: int) -> Days:
    """Its first and its last day."""
    return date(year, month, 1), date(year, month, length_of(year, month))


def length_of(year: int, month: int) -> int:
    """In days."""
    return calendar.monthrange(year, month)[1]


def days_before(month: int, day: int, days: int) -> tuple[int, int]:
    """Month and day of the month; a day less than nothing is counted from its end: the last of February is a day before
    1 March in each year, and so is what is on 29 February."""
    if (month, day) == (2, 29):
        return month, -1 - days
    return (month, day - days) if days < day else ((month + 10) % 12 + 1, day - days - 1)
