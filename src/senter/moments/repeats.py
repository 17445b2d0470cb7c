"""The rules for what comes again: `every monday`, `daily`, `on the 25th of each month`, `twice a day`."""

from __future__ import annotations

from senter.moments.days import Holiday, Weekday
from senter.moments.each_month import of_each_month, of_month, weekdays_counted
from senter.moments.how_often import adverb, so_many_times
from senter.moments.periods import counting
from senter.moments.pieces import DayRange, Every, EveryUnit, Found, Length, Vague
from senter.moments.reading import TimeReading
from senter.moments.words import words_of
from senter.sentences import spoken

MOST_LISTED = 7
_SECONDS: tuple[tuple[int, EveryUnit], ...] = ((3_600, "hour"), (60, "minute"))


def days_of_it(reading: TimeReading, at: int, lead: frozenset[str]) -> Found:
    """Directly after what comes again: `weekly on monday and thursday`, `daily monday to friday`."""
    if not lead <= {"on", "the"}:
        return None
    first, last = (reading.words.weekdays.get(reading.key(place)) for place in (at, at + 2))
    if first is None:
        return _counted_in_month(reading, at)
    if last is not None and reading.has(at + 1, "to"):
        return DayRange(Weekday(first), Weekday(last)), at + 3
    return _weekdays(reading, at, 1)


def _counted_in_month(reading: TimeReading, at: int) -> Found:
    """`monthly on the last friday`."""
    found = counting(reading, at)
    weekday = reading.words.weekdays.get(reading.key(found[1])) if found else None
    if found is None or weekday is None or abs(found[0]) > 5:
        return None
    return Every("month", weekdays=(weekday,), count=found[0]), found[1] + 1


def every(reading: TimeReading, at: int, lead: frozenset[str]) -> Found:
    """Whatever says that something comes again."""
    if reading.has(at, "every") and not lead & {"in", "for"}:
        return _after_every(reading, at + 1 + reading.has(at + 1, "single"))
    return (
        _each_part(reading, at, lead)
        or adverb(reading, at, lead)
        or of_each_month(reading, at, lead)
        or _plurals(reading, at)
        or so_many_times(reading, at)
    )


def _after_every(reading: TimeReading, at: int) -> Found:
    return (
        _weekdays(reading, at, 1)
        or _every_other(reading, at)
        or _every_counted(reading, at)
        or _every_date(reading, at)
        or _every_unit(reading, at)
    )


def _every_other(reading: TimeReading, at: int) -> Found:
    """`every other thursday`, `every second week`."""
    number = reading.ordinal(at)
    if not (reading.has(at, "other") or (number and number[0] == 2)):
        return None
    after = number[1] if number else at + 1
    weekday = reading.words.weekdays.get(reading.key(after))
    if weekday is not None and of_month(reading, after + 1):
        return None
    return _weekdays(reading, after, 2) or _unit(reading, after, 2)


def _every_counted(reading: TimeReading, at: int) -> Found:
    """`every first monday`, `every last friday of the month`, `every third day`, `every 15th`."""
    found = counting(reading, at)
    if found is None:
        return None
    number, after = found
    if (weekdays := weekdays_counted(reading, after)) and abs(number) <= 5:
        return Every("month", weekdays=weekdays, count=number), of_month(reading, after + 1) or after + 1
    if reading.unit(after) == "day" and (end := of_month(reading, after + 1)):
        return Every("month", month_days=(number,)), end
    if number > 1 and (counted := _unit(reading, after, number)):
        return counted
    return _on_day(reading, number, after) if 1 <= number <= 31 else None


def _on_day(reading: TimeReading, number: int, after: int) -> Found:
    """`every 15th (of the month)`, `every 12th of march`."""
    here = reading.skip(after, "of")
    if month := reading.words.months.get(reading.key(here)):
        return Every("year", month=month, month_days=(number,)), here + 1
    if reading.has(after, "and") and (more := reading.ordinal(reading.skip(after + 1, "the"))):
        return Every("month", month_days=(number, more[0])), of_month(reading, more[1]) or more[1]
    return Every("month", month_days=(number,)), of_month(reading, after) or after


def _every_date(reading: TimeReading, at: int) -> Found:
    """`every 12 march`, `every march 12th`, `every january`, `every christmas`."""
    words = reading.words
    if month := words.months.get(reading.key(at)):
        number = reading.ordinal(at + 1) or reading.whole_number(at + 1)
        if number and 1 <= number[0] <= 31:
            return Every("year", month=month, month_days=(number[0],)), number[1]
        return Every("year", month=month), at + 1
    number = reading.whole_number(at)
    if number and (month := words.months.get(reading.key(reading.skip(number[1], "of")))) and 1 <= number[0] <= 31:
        return Every("year", month=month, month_days=(number[0],)), reading.skip(number[1], "of") + 1
    rule = words.holidays.get(reading.key(at))
    return (yearly(Holiday(rule)), at + 1) if rule else None


def yearly(holiday: Holiday) -> Every | Vague:
    """Each year on it, where it has one day."""
    if holiday.month_and_day is None:
        return Vague(words_of(spoken()).problems["each_year"])
    month, day = holiday.month_and_day
    return Every("year", month=month, month_days=(day,))


def _every_unit(reading: TimeReading, at: int) -> Found:
    """`every day`, `every 3 days`, `every half hour`, `every morning`."""
    part = reading.words.parts.get(reading.key(at))
    if part in ("morning", "afternoon", "evening", "night", "noon", "midnight"):
        is_listed = reading.has(at + 1, "and") and reading.key(at + 2) in reading.words.parts
        return (Vague(), at + 3) if is_listed else (Every("day", part=part), at + 1)
    is_one = reading.unit(at + 1) != "hour"
    if is_one and (found := _unit(reading, at, 1)):
        return found
    length = reading.length(at)
    return (_as_every(length[0]), length[1]) if length else None


def _unit(reading: TimeReading, at: int, interval: int) -> Found:
    words, key = reading.words, reading.key(at)
    if not words.is_unit(key) or len(key) == 1:
        return None
    length = Length(
        months=words.months_long.get(key, 0) * interval,
        days=words.days_long.get(key, 0) * interval,
        seconds=words.seconds.get(key, 0) * interval,
    )
    return _as_every(length), at + 1


def _as_every(length: Length) -> Every | Vague:
    """A recurrence with that between two times, where it is whole months, days, hours or minutes."""
    if length.months:
        is_years = length.months % 12 == 0
        every = Every("year", length.months // 12) if is_years else Every("month", length.months)
        return every if not (length.days or length.seconds) else Vague()
    if length.days:
        weeks = length.days % 7 == 0
        every = Every("week", length.days // 7) if weeks else Every("day", length.days)
        return every if not length.seconds else Vague()
    for size, unit in _SECONDS:
        if length.seconds >= size and length.seconds % size == 0:
            return Every(unit, int(length.seconds // size))
    return Vague(words_of(spoken()).problems["too_often"])


def _each_part(reading: TimeReading, at: int, lead: frozenset[str]) -> Found:
    """`monday mornings`, `in the evenings`."""
    words = reading.words
    if (part := words.each_part.get(reading.key(at))) and {"in", "the"} <= lead:
        return Every("day", part=part), at + 1
    part = words.each_part.get(reading.key(at + 1))
    weekday, several = words.weekdays.get(reading.key(at)), words.one_of_weekdays.get(reading.key(at))
    days = several or ((weekday,) if weekday is not None else None)
    return (Every("week", weekdays=days, part=part), at + 2) if part and days else None


def _weekdays(reading: TimeReading, at: int, interval: int) -> Found:
    """`monday`, `monday and thursday`, `mon/wed/fri`, `weekday` after `every`."""
    words = reading.words
    found: list[int] = []
    after = at
    for _ in range(MOST_LISTED):
        key = reading.key(at)
        several = words.one_of_weekdays.get(key) or words.each_weekday.get(key)
        weekday = words.weekdays.get(key)
        if several is None and weekday is None:
            break
        found.extend(several or ([weekday] if weekday is not None else []))
        after = at + 1
        at = _next_listed(reading, after)
    if not found:
        return None
    return Every("week", interval, weekdays=tuple(sorted(set(found)))), after


def _next_listed(reading: TimeReading, at: int) -> int:
    """Where the next of a list may stand, beyond commas, `and`, `on`, `every`."""
    at += reading.key(at) in (",", "/")
    return reading.skip(at, "and", "on", "every")


def _plurals(reading: TimeReading, at: int) -> Found:
    """`mondays`, `tuesdays and thursdays`, `weekdays`."""
    is_thing = reading.number(at - 1) is not None or reading.is_said(at - 1, "likes")
    return _weekdays(reading, at, 1) if reading.key(at) in reading.words.each_weekday and not is_thing else None
