"""Days that are counted in others or from them, and days by two names. Each gives the days it may be; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from senter.moments.calendar_arithmetic import Days, counted
from senter.moments.days import YEARS_AHEAD, Day


@dataclass(frozen=True, slots=True)
class Counted(Day):
    """The first, second or last (-1) such day of the week in several days."""

    count: int
    weekday: int
    of: Day

    def found(self, today: date) -> Iterator[Days]:
        for first, last in self.of.found(today):
            if day := counted(self.count, self.weekday, first, last):
                yield day, day


@dataclass(frozen=True, slots=True)
class WeekIn(Day):
    """The first, second or last (-1) seven days of several: `the first week of january`."""

    count: int
    of: Day

    def found(self, today: date) -> Iterator[Days]:
        for first, last in self.of.found(today):
            begin = first + timedelta(days=7 * (self.count - 1)) if self.count > 0 else last - timedelta(days=6)
            yield begin, min(last, begin + timedelta(days=6))


@dataclass(frozen=True, slots=True)
class WeekdayBy(Day):
    """The first such day of the week after another day, or the last before it: `the monday after christmas`."""

    weekday: int
    of: Day
    is_before: bool = False

    def found(self, today: date) -> Iterator[Days]:
        for first, last in self.of.found(today):
            ahead = (self.weekday - last.weekday() - 1) % 7 + 1
            behind = (first.weekday() - self.weekday - 1) % 7 + 1
            day = first - timedelta(days=behind) if self.is_before else last + timedelta(days=ahead)
            yield day, day


@dataclass(frozen=True, slots=True)
class SaidTwice(Day):
    """One day by two names that must agree: `tomorrow, 3 December`, `new year's eve, the 31st`."""

    one: Day
    other: Day

    def found(self, today: date) -> Iterator[Days]:
        others = {*islice(self.other.found(today), YEARS_AHEAD)}
        return (days for days in islice(self.one.found(today), YEARS_AHEAD) if days in others)
