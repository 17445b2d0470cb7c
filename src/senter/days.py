"""Days on the calendar: those that a number, a month or a weekday names, and the last of a stretch of time."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS_LOOKED_AT = 60  # the 31st falls on each weekday within this time


def dates_ahead(day: int, month: int, year: str | None, today: date) -> list[date]:
    """That day of that year, or of this and the following ones."""
    years = [int(year)] if year else range(today.year, today.year + 9)
    return [date(each, month, day) for each in years if 1 <= month <= 12 and 1 <= day <= days_in(each, month)]


def days_of_months(day: int, today: date, weekday: str | None) -> list[date]:
    """That day of this and the following months, where it falls on that weekday."""
    months = [divmod(today.year * 12 + today.month - 1 + ahead, 12) for ahead in range(MONTHS_LOOKED_AT)]
    days = [date(year, month + 1, day) for year, month in months if 1 <= day <= days_in(year, month + 1)]
    return [one for one in days if not weekday or WEEKDAYS[one.weekday()] == weekday.lower()[:3]]


def end_of(unit: str, today: date, *, following: bool) -> date:
    """The last day of this or the following day, week, month or year."""
    match unit:
        case "day":
            return today + timedelta(days=following)
        case "week":
            return today + timedelta(days=6 - today.weekday() + 7 * following)
        case "month":
            year, month = divmod(today.year * 12 + today.month - 1 + following, 12)
            return date(year, month + 1, days_in(year, month + 1))
        case _:
            return date(today.year + following, 12, 31)


def days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
