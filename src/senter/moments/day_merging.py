"""One day from two pieces that name it: `the 5th` and `next month`, `friday` and `next week`. Pure."""

from __future__ import annotations

from dataclasses import replace

from senter.moments.counted_days import SaidTwice
from senter.moments.days import Day, Holiday, NamedMonth, OfMonth, Period, Shifted, Weekday


def in_week(weekday: Weekday, day: Day) -> Weekday | None:
    """`friday` beside `next week`, `in two weeks`, `a week ago`: that of then."""
    if weekday.week is not None:
        return None
    if isinstance(day, Period) and day.unit == "week":
        return replace(weekday, week=day.ahead)
    if isinstance(day, Shifted) and day.days and day.days % 7 == 0 and not day.months and not day.after:
        return replace(weekday, week=day.days // 7)
    return None


def merged_days(first: Day | None, second: Day) -> Day | None:
    """One day from two pieces, such as `on the 5th` and `next month`; none where they cannot be one."""
    for day, wide in ((first, second), (second, first)):
        if isinstance(day, Shifted | Holiday) and isinstance(wide, OfMonth) and wide.month_ahead is None:
            return SaidTwice(day, wide)
        if isinstance(day, OfMonth) and day.month is None and day.month_ahead is None:
            if isinstance(wide, NamedMonth) and not wide.ahead:
                return replace(day, month=wide.month, year=wide.year)
            if isinstance(wide, Period) and wide.unit == "month":
                return replace(day, month_ahead=wide.ahead)
        if isinstance(day, NamedMonth) and day == NamedMonth(day.month) and isinstance(wide, Period):
            return replace(day, year_ahead=wide.ahead) if wide.unit == "year" else None
        if isinstance(day, OfMonth) and day.month and day.year is None and wide in (Period("year"), Period("year", 1)):
            return replace(day, year_ahead=1 if wide == Period("year", 1) else 0)
    return None
