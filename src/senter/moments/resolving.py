"""What an expression comes to: a day, a moment, a range or what comes again, from its slots. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from senter.moments.calendar_arithmetic import months_on
from senter.moments.days_before import each_year_before
from senter.moments.halves import PARTS, closed, closed_range, half_of
from senter.moments.pieces import ClockRange, Length
from senter.moments.recurring import counted_by_length, recurring
from senter.moments.resolver import Point, Resolver, with_instead
from senter.moments.slots import Slots
from senter.moments.when import Span, When

NOON = 12


def resolve(resolver: Resolver, said: Slots, end: Slots | None = None) -> When:
    """With `end`, the range from one to the other. Raises `OverflowError`, `ValueError` beyond the calendar."""
    said = counted_by_length(said)
    when = When(
        spans=tuple(said.spans),
        unread=tuple(said.unread),
        problem=said.problem or (end.problem if end else ""),
        zone="" if said.zone[:1] in ("+", "-") else said.zone,
        part="" if said.clocks or said.hours else said.part,
        by=said.is_end,
        length=_as_delta(said.lasting),
        offset=_as_delta(said.offset.length if said.offset else None),
    )
    if when.problem:
        nearest = said.nearest or (end.nearest if end else None)
        slots = said if said.nearest or not end else end
        return with_instead(when, resolver.around(nearest), slots) if nearest else when
    if said.every:
        return _lasting(said, each_year_before(recurring(resolver, said, said.every, when), resolver.now))
    if end:
        return _marked(resolver, _range(resolver, said, end, when))
    said = _on_one_clock(said) if said.listed else said
    also = tuple(_once(resolver, each, replace(when, spans=spans)) for each, spans in _listed(said))
    return replace(_once(resolver, said, when), also=also)


def _once(resolver: Resolver, said: Slots, when: When) -> When:
    return _marked(resolver, _lasting(said, _moved(resolver, said, resolver.once(said, when))))


def _listed(said: Slots) -> Iterator[tuple[Slots, tuple[Span, ...]]]:
    """Each further day and clock time, and the words that say it."""
    days = [(said, ()), *((said.on_day(day), (span,)) for day, span in said.listed_days)]
    for each, spans in days:
        if spans:
            yield each, spans
        for clock, span in said.listed:
            yield replace(each, clocks=[clock]), (*spans, span)


def _on_one_clock(said: Slots) -> Slots:
    """`9, 12 and 15`: beside an hour of the 24-hour clock the others are of it, too."""
    clocks = [*said.clocks, *(clock for clock, _ in said.listed)]
    if not any(not clock.is_open and clock.hour > NOON for clock in clocks):
        return said
    listed = [(replace(clock, is_open=False), span) for clock, span in said.listed]
    return replace(said, clocks=[replace(clock, is_open=False) for clock in said.clocks], listed=listed)


def _range(resolver: Resolver, said: Slots, end: Slots, when: When) -> When:
    spans = tuple(sorted((*said.spans, *end.spans)))
    unread = tuple(sorted((*said.unread, *end.unread)))
    when = replace(when, spans=spans, unread=unread, by=False, zone=when.zone or end.zone)
    _share(resolver, said, end)
    found = resolver.once(said, when)
    if found.start is None:
        return found
    is_within_a_day = isinstance(found.start, datetime) and not end.has_day
    return replace(
        found, end=_end(resolver, end, found.start), due=found.start, period="" if is_within_a_day else "range"
    )


def _share(resolver: Resolver, said: Slots, end: Slots) -> None:
    """What is said once counts for both: the zone, the day of `10:00 to 11:00 tomorrow`, the half of `2 to 4pm`."""
    said.zone = said.zone or end.zone
    end.zone = end.zone or said.zone
    if not said.has_day and end.has_day and said.clocks:
        said.day, said.weekday, end.day, end.weekday = end.day, end.weekday, None, None
    if said.clocks and end.clocks:
        hours = closed_range(ClockRange(said.clocks[0], end.clocks[0]), half_of(said.part, resolver.near))
        said.clocks[0] = hours.start
        end.clocks[0] = closed(end.clocks[0]) if end.has_day else hours.end


def _end(resolver: Resolver, end: Slots, start: Point) -> Point | None:
    zone = resolver.zone_of(end)
    if not end.has_day:
        if not (end.clocks and isinstance(start, datetime)):
            return start
        return resolver.end_after(start, end.clocks[0].time, zone)
    first = start.date() if isinstance(start, datetime) else start
    days = next((days for days in resolver.days(end, resolver.today()) if days[1] >= first), None)
    if days is None or not end.clocks:
        return days[1] if days else None
    return resolver.at(days[1], closed(end.clocks[0]).time, zone)


def _moved(resolver: Resolver, said: Slots, when: When) -> When:
    """With its offset; a day cannot be moved by hours, and without a day nothing by days."""
    if said.offset is None or when.start is None:
        return when
    if said.offset.is_of_days and not (said.has_day or when.elapsed):
        return replace(when, start=None, due=None)
    moved = _shift(when.start, said.offset.length)
    clock = _clock_there(resolver, said)
    if moved and clock:
        day = moved.date() if isinstance(moved, datetime) else moved
        moved = resolver.at(day, clock, resolver.zone_of(said))
    return replace(when, start=moved, due=moved) if moved else when


def _clock_there(resolver: Resolver, said: Slots) -> time | None:
    """At what time of the day before it is, where that is said."""
    part = said.offset.part if said.offset else ""
    if said.clock_there:
        return closed(said.clock_there, half_of(part, resolver.near)).time
    return PARTS[part] if part else None


def _lasting(said: Slots, when: When) -> When:
    """With the end of what lasts."""
    if said.lasting is None or when.start is None or when.end is not None:
        return when
    if isinstance(when.start, datetime):
        is_of_each = not when.recurrence or said.lasting.seconds
        return replace(when, end=_shift(when.start, said.lasting)) if is_of_each else when
    if said.lasting.seconds or when.recurrence:
        return when
    return replace(when, end=_shift(when.start, said.lasting + Length(days=-1)))


def _shift(start: Point, length: Length) -> Point | None:
    """Months and days by the calendar, the rest as time that passes; none for hours from a day."""
    if not isinstance(start, datetime):
        return None if length.seconds else months_on(start, length.months) + timedelta(days=length.days)
    day = months_on(start.date(), length.months) + timedelta(days=length.days)
    moved = datetime.combine(day, start.time(), start.tzinfo)
    return (moved.astimezone(UTC) + timedelta(seconds=length.seconds)).astimezone(start.tzinfo)


def _marked(resolver: Resolver, when: When) -> When:
    """Whether it is past."""
    last = when.end if when.period else when.start
    if last is None:
        return when
    return replace(when, past=last <= resolver.now if isinstance(last, datetime) else last < resolver.today())


def _as_delta(length: Length | None) -> timedelta | None:
    return timedelta(days=length.days + 30 * length.months, seconds=length.seconds) if length else None
