"""What comes again, from the slots of an expression: its rule and its first time. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from senter.moments.calendar_arithmetic import months_on
from senter.moments.days import Day
from senter.moments.halves import PARTS, closed_range, half_of, in_part
from senter.moments.how_often import WAKING_HOURS
from senter.moments.patterns import WordPattern
from senter.moments.pieces import ClockRange, ClockTime, Every, EveryUnit, Length
from senter.moments.resolver import Point, Resolver
from senter.moments.slots import Slots
from senter.moments.when import When
from senter.moments.words import words_of
from senter.sentences import spoken

SECONDS = {"hour": 3_600, "minute": 60}


def recurring(resolver: Resolver, said: Slots, every: Every, when: When) -> When:
    """With its rule; the end is that of its first time. Raises `OverflowError` beyond the calendar."""
    zone = resolver.zone_of(said)
    said, every = _in_waking_hours(said, every)
    hours = closed_range(said.hours, half_of(said.part, resolver.near)) if said.hours else None
    pattern = _pattern(resolver, said, _in_each_year(every), hours)
    if not pattern.can_be_said:
        return replace(when, problem=words_of(spoken()).problems["times_one_by_one"])
    start = _first_time(resolver, pattern, zone)
    if pattern.until and start and _day(start) > pattern.until:
        return replace(when, problem=words_of(spoken()).problems["ends_before"])
    found = replace(when, recurrence=pattern.rule, start=start, due=start, by=False)
    if isinstance(start, datetime) and hours and not pattern.hours:
        found = replace(found, end=resolver.end_after(start, hours.end.time, zone))
    return found


def _in_waking_hours(said: Slots, every: Every) -> tuple[Slots, Every]:
    """`Twice a day` without its hours."""
    if every.unit != "hour" or every.often not in WAKING_HOURS or said.hours:
        return said, every
    clocks = [ClockTime(hour) for hour in WAKING_HOURS[every.often]]
    unit: EveryUnit = "week" if every.weekdays else "day"
    return replace(said, clocks=clocks), replace(every, unit=unit, interval=1, often=1)


def _in_each_year(every: Every) -> Every:
    """29 February is the last day of that month: what comes every year comes in years without it, too."""
    is_leap_day = every.unit == "year" and (every.month, every.month_days) == (2, (29,))
    return replace(every, month_days=(-1,)) if is_leap_day else every


def _pattern(resolver: Resolver, said: Slots, every: Every, hours: ClockRange | None) -> WordPattern:
    until = _day_of(said.until, _day_of(said.first, resolver.today()) or resolver.today())
    first = _first_day(resolver, said, every)
    if every.unit in SECONDS:
        return WordPattern(every, (), hours, first, until, said.times)
    pattern = WordPattern(every, _clocks(resolver, said, hours), None, first, until, said.times)
    if said.lasting is None or said.lasting.seconds or until:
        return pattern
    begin = pattern.first_day(resolver.today(), with_today=False)
    return replace(pattern, first=begin, until=_last_day(begin, said.lasting)) if begin else pattern


def _first_day(resolver: Resolver, said: Slots, every: Every) -> date | None:
    """What began before today goes on: `every day this week`; at a clock time of today or tomorrow."""
    first, today = _day_of(said.first, resolver.today()), resolver.today()
    is_every_one = every.interval == 1 and bool(said.clocks or said.hours or said.part)
    return None if first and first <= today and is_every_one else first and max(first, today)


def _day_of(day: Day | None, today: date) -> date | None:
    found = next(day.found(today), None) if day else None
    return found[1] if found else None


def _day(point: Point) -> date:
    return point.date() if isinstance(point, datetime) else point


def _last_day(begin: date, length: Length) -> date:
    return months_on(begin, length.months) + timedelta(days=length.days - 1)


def _clocks(resolver: Resolver, said: Slots, hours: ClockRange | None) -> tuple[ClockTime, ...]:
    if hours:
        return (hours.start,)
    if said.clocks:
        clocks = (in_part(clock, said.part, resolver.near) for clock in said.clocks)
        return tuple(sorted(clocks, key=lambda clock: clock.time))
    return (ClockTime(PARTS[said.part].hour),) if said.part else ()


def _first_time(resolver: Resolver, pattern: WordPattern, zone: tzinfo) -> Point | None:
    today = resolver.today()
    if pattern.every.unit in SECONDS:
        return _first_by_clock(resolver, pattern)
    day = pattern.first_day(today, with_today=False)
    if not pattern.clocks:
        return day
    if not pattern.is_fixed and day is None:
        day = today + timedelta(days=1)
    on_today = pattern.clocks if not pattern.is_fixed or pattern.first_day(today, with_today=True) == today else ()
    moments = (resolver.at(today, clock.time, zone) for clock in on_today)
    is_coming = (moment for moment in moments if moment > resolver.now)
    return next(is_coming, resolver.at(day, pattern.clocks[0].time, zone) if day else None)


def _first_by_clock(resolver: Resolver, pattern: WordPattern) -> Point | None:
    """So long from now; open where it is said between which hours it is."""
    if pattern.first or pattern.hours or pattern.every.weekdays:
        return None
    return resolver.from_now(Length(seconds=SECONDS[pattern.every.unit] * pattern.every.interval))
