"""The rule for several days of one month: `the 3rd, 4th and 9th of january`, `January 3, 5 and 9`.

It reads at a token and looks at a bounded number of tokens.
"""

from __future__ import annotations

from senter.moments.calendar_dates import beyond_dot, day_number, possible
from senter.moments.days import OfMonth
from senter.moments.hours import stops
from senter.moments.pieces import Found, SeveralDays
from senter.moments.reading import Lead, TimeReading

MOST_DAYS = 6
Numbers = tuple[list[int], int] | None


def several_of_month(reading: TimeReading, at: int, lead: Lead) -> Found:
    """Two in a row are a range of days, and read elsewhere."""
    if lead & {"from", "between"}:
        return None
    month = reading.words.months.get(reading.key(at))
    numbers = _numbers(reading, reading.skip(beyond_dot(reading, at), "the") if month else at)
    if numbers is None:
        return None
    days, after = numbers
    if month is None:
        after = reading.skip(after, "of")
        month, after = reading.words.months.get(reading.key(after)), beyond_dot(reading, after)
    elif not (stops(reading, after) or reading.has(after, "to_do") or reading.year(after)):
        return None
    return _of(reading, days, month, after) if month else None


def _of(reading: TimeReading, days: list[int], month: int, after: int) -> Found:
    comma = after + (reading.key(after) == ",")
    year = reading.year(comma)
    each = tuple(OfMonth(day, month, year) for day in days)
    if impossible := next((day for day in each if not day.is_possible), None):
        return possible(impossible, after, reading)
    return SeveralDays(each), after if year is None else comma + 1


def _numbers(reading: TimeReading, at: int) -> Numbers:
    """`3, 5 and 9`: each is later than the one before it, and the last is behind `and`."""
    found = day_number(reading, at)
    days, is_closed = list[int](), False
    while found and len(days) < MOST_DAYS and (not days or found[0] > days[-1]):
        days.append(found[0])
        at = found[1]
        joint = at + (reading.key(at) == ",")
        is_last = is_closed
        is_closed = reading.has(joint, "and")
        here = reading.skip(joint, "and", "the")
        found = day_number(reading, here) if here > at and not is_last else None
        if is_last:
            return (days, at) if len(days) > 2 or days[1] > days[0] + 1 else None
    return None
