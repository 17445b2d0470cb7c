"""What comes again, made narrower by the days that are said beside it. Pure."""

from __future__ import annotations

from dataclasses import replace

from senter.moments.counted_days import Counted
from senter.moments.days import Day, EdgeOf, Holiday, NamedMonth, OfMonth, Period, Weekday
from senter.moments.pieces import Every


def on_day(every: Every, day: Day) -> Every | None:
    """On that day of its week, month or year; none where the two do not fit."""
    match day:
        case Weekday(week=None, last=False):
            return _with_weekday(every, day.weekday)
        case OfMonth(month=None, month_ahead=None) if every.unit == "month" and every.count is None:
            return replace(every, month_days=tuple(sorted({*every.month_days, day.day})))
        case OfMonth(month=None, month_ahead=None) if every.unit == "week" and every.interval == 1 and every.weekdays:
            return replace(every, unit="month", month_days=(day.day,))  # `every friday the 13th`
        case OfMonth() if every.unit == "year" and day.month and not every.month_days:
            return replace(every, month=day.month, month_days=(day.day,))
        case Holiday(month_and_day=(month, number)) if every.unit == "year":
            return replace(every, month=month, month_days=(number,))
        case NamedMonth(year=None) if every.unit == "year" and every.month is None:
            return replace(every, month=day.month)
        case Counted(of=NamedMonth(month=month)) if every.unit == "year":
            return replace(every, month=month, weekdays=(day.weekday,), count=day.count)
        case EdgeOf(edge="end", of=Period(unit="month")) if every.unit == "month":
            return replace(every, month_days=(-1,))
        case _:
            return None


def on_weekdays(every: Every, first: int, last: int) -> Every | None:
    """`every day monday to friday`; none where it has days of its own."""
    if every.unit not in ("day", "week", "hour", "minute") or every.weekdays:
        return None
    weekdays = tuple(sorted((first + ahead) % 7 for ahead in range((last - first) % 7 + 1)))
    return replace(every, unit="week" if every.unit == "day" else every.unit, weekdays=weekdays)


def without(every: Every, weekdays: tuple[int, ...]) -> Every | None:
    """`every day except sunday`; none where it is not by days of the week, or none is left."""
    days = every.weekdays or (tuple(range(7)) if every.unit in ("day", "hour", "minute") else ())
    left = tuple(day for day in days if day not in weekdays)
    if every.unit not in ("day", "week", "hour", "minute") or every.interval != 1 or not left:
        return None
    return replace(every, unit="week" if every.unit == "day" else every.unit, weekdays=left)


def together(first: Every, second: Every) -> Every | None:
    """`daily on weekdays`, `every hour on mondays`; none where they contradict."""
    if first == second:
        return first
    for wide, narrow in ((first, second), (second, first)):
        plain = Every(wide.unit, wide.interval, part=wide.part, often=wide.often)
        if wide.unit == narrow.unit and wide == plain and 1 in (narrow.interval, wide.interval):
            interval, often = max(wide.interval, narrow.interval), max(wide.often, narrow.often)
            return replace(narrow, interval=interval, often=often)
        if wide == Every("day", part=wide.part) and narrow.unit == "week":
            return narrow
        if wide.unit in ("hour", "minute") and narrow.unit == "week" and narrow.interval == 1:
            return replace(wide, weekdays=narrow.weekdays)
    return None


def _with_weekday(every: Every, weekday: int) -> Every | None:
    if every.unit == "week" and (every.weekdays in ((), (weekday,)) or every.is_open):
        return replace(every, weekdays=tuple(sorted({*every.weekdays, weekday})))
    if every.unit == "day" and every.interval == 1:
        return replace(every, unit="week", weekdays=(weekday,))
    return None
