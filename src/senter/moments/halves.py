"""Which half of the day an hour is in that may be in either. Pure.

Things are done from seven in the morning. Written with its minutes, an hour is of the 24-hour clock, but until 5:59
one digit means the afternoon.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from senter.moments.pieces import ClockRange, ClockTime, Half

PARTS = {"morning": time(9), "afternoon": time(15), "evening": time(18), "night": time(21), "tonight": time(20)}
LATE = ("night", "tonight")
LAST_OF_EVENING = 22
LAST_OF_NIGHT = 5


def half_of(*parts: str) -> Half:
    """The half of the first part of the day that has one."""
    for part in parts:
        if part:
            return "am" if part == "morning" else "pm"
    return ""


def closed(clock: ClockTime, half: Half = "") -> ClockTime:
    """In that half of the day, else in the sensible one."""
    if not clock.is_open:
        return clock
    if half:
        return clock.in_half(half)
    is_said = clock.is_spoken or clock.hour <= LAST_OF_NIGHT or clock.hour == 12
    return clock.sensible if is_said else clock.in_half("am")


def in_part(clock: ClockTime, part: str, near: str) -> ClockTime:
    """As part of what comes again: `every night at 2`."""
    is_after_midnight = part in LATE and _is_small(clock)
    return closed(clock, "am" if is_after_midnight else half_of(part, near))


def choices(clock: ClockTime, day: date, *, part: str, near: str, is_today: bool) -> Iterator[tuple[date, time]]:
    """When it may be on that day, the likelier first; after midnight the night is of the day before."""
    if not clock.is_open:
        yield day + timedelta(days=part in LATE and clock.hour == 0), clock.time
    elif part in LATE and _is_small(clock):
        is_next = part == "tonight" or clock.hour == 12
        yield day + timedelta(days=is_next), clock.in_half("am").time
    else:
        half = half_of(part, near)
        first, later = closed(clock, half), clock.in_half("pm")
        yield day, first.time
        if not half and clock.is_spoken and is_today and later.hour <= LAST_OF_EVENING and later != first:
            yield day, later.time


def closed_range(hours: ClockRange, half: Half) -> ClockRange:
    """In the halves of the day that make the range the shortest, from a sensible start."""
    start, end = hours.start, hours.end
    if start.is_open and not half and not end.is_open:
        before = [each for each in (start.in_half("pm"), start.in_half("am")) if each.time < end.time]
        start = before[0] if before else start.sensible
    start = closed(start, half)
    if end.is_open:
        after = [each for each in (end.in_half("am"), end.in_half("pm")) if each.time > start.time]
        end = after[0] if after else end.in_half("am")
    return ClockRange(start, end)


def _is_small(clock: ClockTime) -> bool:
    """Whether it comes after midnight, said of a night."""
    return clock.hour == 12 or clock.hour <= LAST_OF_NIGHT
