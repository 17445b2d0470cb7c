"""The rules for how often something comes: `twice a day`, `three times a week`, `daily`."""

from __future__ import annotations

from collections.abc import Mapping

from senter.moments.pieces import Every, EveryUnit, Found, Times, Vague
from senter.moments.reading import TimeReading

MOST_TIMES = 1_000
WAKING_HOURS: Mapping[int, tuple[int, ...]] = {
    2: (9, 21),
    3: (8, 14, 20),
    4: (8, 12, 16, 20),
    5: (8, 11, 14, 17, 20),
    6: (8, 10, 13, 15, 18, 20),
    8: (8, 10, 12, 14, 15, 17, 19, 21),
}
"""At which hours what comes so often a day comes, where none are said: nobody takes a pill at two in the night."""
_UNITS: Mapping[str, EveryUnit] = {
    "minute": "minute",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
}


def so_many_times(reading: TimeReading, at: int) -> Found:
    """`twice a day`, `three times a week`, `once a month`."""
    times = reading.words.times.get(reading.key(at))
    after = at + 1
    if times is None:
        times = reading.number(at)
        if times is None or not reading.has(at + 1, "times"):
            return None
        after = at + 2
    if times >= 1 and _adverb_of(reading, after) == "day 1":
        return _spread(times, "day"), after + 1
    if not reading.has(after, "per"):
        return None
    if times == 1 and reading.unit(after + 1) == "quarter":
        return Every("month", 3), after + 2
    unit = _UNITS.get(reading.unit(after + 1))
    if unit is None or times < 1:
        return None
    return _spread(times, unit), after + 2


def times_in_all(reading: TimeReading, at: int, lead: frozenset[str], *, is_beside: bool) -> Found:
    """`10 times` beside words of time, behind a comma or `for`; no `call him 3 times`."""
    count, after = reading.words.times.get(reading.key(at)), at + 1
    if count is None:
        count, after = reading.number(at), at + 2
        if not reading.has(at + 1, "times"):
            return None
    is_apart = is_beside or "for" in lead or reading.key(at - 1) == "," or reading.has(after, "every")
    return (Times(count), after) if count and 1 < count <= MOST_TIMES and is_apart else None


def _adverb_of(reading: TimeReading, at: int) -> str:
    """What an adverb such as `daily` stands for; empty for another word."""
    return reading.words.adverbs.get(reading.key(at), "")


def _spread(times: int, unit: EveryUnit) -> Every | Vague:
    """So many times in it, evenly, where the clock can say so."""
    if times == 1:
        return Every(unit)
    if unit == "day" and (times in WAKING_HOURS or 24 % times == 0):
        return Every("hour", 24 // times, often=times)
    if unit == "hour" and 60 % times == 0:
        return Every("minute", 60 // times)
    return Every(unit, often=times) if unit in ("week", "month") else Vague()


def adverb(reading: TimeReading, at: int, lead: frozenset[str]) -> Found:
    """`daily`, `weekly`; no `my weekly report`."""
    said = reading.words.adverbs.get(reading.key(at))
    if said is None or _is_adjective(reading, at):
        return None
    unit, interval = said.split()
    if unit == "night":
        return Every("day", part="night"), at + 1
    return Every(_UNITS[unit], int(interval)), at + 1


def _is_adjective(reading: TimeReading, at: int) -> bool:
    """Of a thing that has a name: `the weekly report`."""
    return reading.has(at - 1, "owner") and reading.is_word(at + 1) and not reading.roles(at + 1)
