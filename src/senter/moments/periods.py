"""The rules for weeks, weekends, months and years, their ends, and days of the week counted in them.

Each reads at a token, knows the roles of the words before it (`on`, `by`) and looks at a bounded number of tokens.
"""

from __future__ import annotations

from collections.abc import Mapping

from senter.moments.calendar_dates import TELLS
from senter.moments.counted_days import Counted, WeekIn
from senter.moments.days import Day, Edge, EdgeOf, NamedMonth, Period, Shifted, Unit, WholeYear
from senter.moments.pieces import DayRange, Found, FromNow, PartOfDay, Vague
from senter.moments.reading import Lead, TimeReading

WEEKS_OF_MONTH = (1, 2, 3, 4, -1)
DayFound = tuple[Day, int] | None
EDGES: tuple[Edge, ...] = ("end", "start", "mid")
PERIODS: Mapping[str, Unit] = {"day": "day", "week": "week", "weekend": "weekend", "month": "month", "year": "year"}


def edge(reading: TimeReading, at: int) -> Found:
    """`end of january`, `the beginning of next week`, `mid december`, `month end`, `the last day of january`."""
    if reading.unit(at) in ("month", "year") and reading.has(at + 1, "end"):
        return EdgeOf(Period(PERIODS[reading.unit(at)]), "end"), at + 2
    is_last = reading.has(at, "final")
    is_edge = is_last or reading.words.ordinals.get(reading.key(at)) == 1
    if is_edge and reading.unit(at + 1) == "day" and reading.has(at + 2, "of"):
        found = several_days(reading, reading.skip(at + 3, "the"))
        which: Edge = "end" if is_last else "start"
        return (EdgeOf(found[0], which), found[1]) if found else None
    edge: Edge | None = next((each for each in EDGES if reading.has(at, each)), None)
    if edge is None:
        return None
    here = at + 1
    if reading.has(here, "of"):
        here += 1
    elif edge != "mid" and not _needs_no_of(reading, at, here):
        return None
    here += reading.key(here) == "-"
    found = several_days(reading, reading.skip(here, "the"))
    return (EdgeOf(found[0], edge), found[1]) if found else None


def _needs_no_of(reading: TimeReading, at: int, here: int) -> bool:
    """`month end`, `Ende Januar`."""
    return reading.unit(here) in ("month", "year", "week") or reading.is_said(at, "edges_alone")


def several_days(reading: TimeReading, at: int) -> DayFound:
    """`next month`, `this week`, `the year`, `january`, `january 2027`, `2027`."""
    ahead, here = reading.direction(at)
    if unit := PERIODS.get(reading.unit(here)):
        return Period(unit, ahead), here + 1
    if month := reading.words.months.get(reading.key(here)):
        year = reading.year(here + 1)
        return NamedMonth(month, year, ahead), here + 1 + (year is not None)
    if (year := reading.year(here)) is not None and here == at:
        return WholeYear(year), here + 1
    return None


def counted_weekday(reading: TimeReading, at: int) -> Found:
    """`the first monday of january`, `the last friday in next month`, `the first week of may`."""
    count = counting(reading, at)
    if count is None:
        return None
    number, here = count
    weekday, is_week = reading.words.weekdays.get(reading.key(here)), reading.unit(here) == "week"
    if (weekday is None and not is_week) or not reading.has(here + 1, "of"):
        return None
    found = several_days(reading, reading.skip(here + 2, "the"))
    if found and weekday is None:
        return (WeekIn(number, found[0]), found[1]) if number in WEEKS_OF_MONTH else None
    if weekday is None:
        return None
    return (Counted(number, weekday, found[0]), found[1]) if found and abs(number) <= 5 else None


def counting(reading: TimeReading, at: int) -> tuple[int, int] | None:
    """`first`, `3rd`; `last` is -1."""
    if reading.has(at, "final"):
        return -1, at + 1
    return reading.ordinal(at)


def period(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`next week`, `this month`, `at the weekend`, `last night`, `the next 3 days`."""
    ahead, here = reading.direction(at)
    if ahead:
        return _next_or_last(reading, here, ahead)
    unit = PERIODS.get(reading.unit(here))
    if unit and unit != "day" and reading.has(here + 1, "after") and reading.has(here + 2, "next"):
        return Period(unit, 2), here + 3
    is_this = here > at or "this" in lead or (unit == "weekend" and bool(lead & {"the", "except"}))
    return (Period(unit), here + 1) if unit and unit != "day" and is_this else None


def _next_or_last(reading: TimeReading, at: int, ahead: int) -> Found:
    if unit := PERIODS.get(reading.unit(at)):
        return (Period(unit, ahead), at + 1) if unit != "day" else None
    if month := reading.words.months.get(reading.key(at)):
        return NamedMonth(month, ahead=ahead), at + 1
    if (part := reading.words.parts.get(reading.key(at))) in ("night", "evening", "afternoon", "morning") and ahead < 0:
        return PartOfDay(part, Shifted(days=-1)), at + 1
    if found := reading.length(at):
        length, after = found
        if length.seconds:
            return (FromNow(length), after) if ahead > 0 else None
        away = Shifted(ahead * length.days, ahead * length.months)
        return (DayRange(Shifted(), away) if ahead > 0 else DayRange(away, Shifted())), after
    return None


def month(reading: TimeReading, at: int, lead: Lead) -> Found:
    """`in december`, `december 2027`; else a month is asked about, but not in `the december rent`."""
    month = reading.words.months.get(reading.key(at))
    if month is None:
        return None
    year = reading.year(at + 1)
    is_weak = reading.is_said(at, "weak")
    after = at + 1 + (year is not None)
    is_told = bool(lead & TELLS - {"at", "on", "for"}) and (lead != {"this"} or not is_weak or reading.is_end(after))
    if year is not None or reading.is_whole or is_told:
        return NamedMonth(month, year), after
    is_of_a_thing = reading.has(at - 1, "owner") and reading.is_word(after) and not reading.roles(after)
    return None if is_weak or is_of_a_thing else (Vague(), after)


def year(reading: TimeReading, at: int, lead: Lead) -> Found:
    year = reading.year(at)
    is_told = reading.is_whole or bool(lead & {"in", "by", "until", "since", "from", "before"})
    if year is None or not is_told or reading.is_said(at + 1, "counted"):
        return None
    return WholeYear(year), at + 1
