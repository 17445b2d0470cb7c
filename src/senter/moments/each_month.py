"""The rules for days of each month: `the 25th of each month`, `first monday of the month`, `end of every month`."""

from __future__ import annotations

from senter.moments.periods import counting
from senter.moments.pieces import Every, Found, Vague
from senter.moments.reading import TimeReading


def of_each_month(reading: TimeReading, at: int, lead: frozenset[str]) -> Found:
    """`25th of each month`, `first monday of the month`, `last day of every month`, `end of each month`."""
    if reading.has(at, "end") and (end := _of_every_month(reading, at + 1)):
        return Every("month", month_days=(-1,)), end
    found = counting(reading, at)
    if found is None or lead & {"by", "before", "until"}:
        return None
    number, after = found
    if (weekdays := weekdays_counted(reading, after)) and abs(number) <= 5:
        end = of_month(reading, after + 1)
        return (Every("month", weekdays=weekdays, count=number), end) if end else None
    second = counting(reading, reading.skip(after + 1, "the")) if reading.has(after, "and") else None
    if second and weekdays_counted(reading, second[1]) and of_month(reading, second[1] + 1):
        return Vague(reading.words.problems["days_one_by_one"]), after  # `the first and third tuesday of the month`
    if number > 0 and reading.has(after, "and") and (more := reading.ordinal(reading.skip(after + 1, "the"))):
        end = of_month(reading, more[1])
        return (Every("month", month_days=(number, more[0])), end) if end else None
    day = after + (reading.unit(after) == "day")
    if number == -1:
        end = _of_every_month(reading, day) if day > after else None
    else:
        end = of_month(reading, day) if 1 <= number <= 31 else None
    return (Every("month", month_days=(number,)), end) if end else None


def weekdays_counted(reading: TimeReading, at: int) -> tuple[int, ...]:
    """`friday`, `working day`, after `last`."""
    weekday = reading.words.weekdays.get(reading.key(at))
    return reading.words.one_of_weekdays.get(reading.key(at), ()) if weekday is None else (weekday,)


def of_month(reading: TimeReading, at: int) -> int | None:
    """Beyond `of the month`, `of each month`, `in every month`."""
    if end := _of_every_month(reading, at):
        return end
    here = reading.skip(at, "of")
    if here == at:
        return None
    if reading.has(here - 1, "the") and reading.unit(here) == "month":
        return here + 1  # `im Monat`
    return here + 2 if reading.has(here, "the") and reading.unit(here + 1) == "month" else None


def _of_every_month(reading: TimeReading, at: int) -> int | None:
    here = reading.skip(at, "of")
    return here + 2 if reading.has(here, "every") and reading.unit(here + 1) == "month" else None
