"""What a text can say a day by. Each gives the days it may be, the next one first; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from senter.moments.calendar_arithmetic import Days, counted, length_of, monday_of, month_of, months_on, whole_month

WEEKS_OF_CENTURY = 5_300
YEARS_AHEAD = 9
"""Until 29 February comes again, at most."""
MONTHS_AHEAD = 60
"""More than until any day of a month is any day of the week."""
WORKDAYS = (0, 1, 2, 3, 4)
Unit = Literal["day", "week", "weekend", "month", "year"]
Edge = Literal["start", "mid", "end"]


class Day:
    """What says a day or several in a row."""

    __slots__ = ()

    def found(self, today: date) -> Iterator[Days]:
        """The next one first; nothing where there is none. Raises `OverflowError` beyond what can be counted."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Shifted(Day):
    """So many months and days from today."""

    days: int = 0
    months: int = 0
    after: Day | None = None
    """Counted from there instead of from today."""

    def found(self, today: date) -> Iterator[Days]:
        bases = self.after.found(today) if self.after else iter([(today, today)])
        for base, _ in bases:
            day = months_on(base, self.months) + timedelta(days=self.days)
            yield day, day


@dataclass(frozen=True, slots=True)
class Weekday(Day):
    """A day of the week: the next one; with `week` that of this week (0), the next one (1), and so on."""

    weekday: int
    week: int | None = None
    last: bool = False

    def found(self, today: date) -> Iterator[Days]:
        if self.week is not None:
            day = monday_of(today) + timedelta(days=7 * self.week + self.weekday)
            yield day, day
            return
        ahead = (self.weekday - today.weekday() - 1) % 7 + 1
        first = today + timedelta(days=ahead if not self.last else -((today.weekday() - self.weekday - 1) % 7 + 1))
        for week in range(1 if self.last else WEEKS_OF_CENTURY):
            day = first + timedelta(days=7 * week)
            yield day, day


@dataclass(frozen=True, slots=True)
class OfMonth(Day):
    """A day of a month; without a month or year the next such day, today too."""

    day: int
    month: int | None = None
    year: int | None = None
    month_ahead: int | None = None
    """Counted from the present month."""
    year_ahead: int | None = None
    """Counted from the present year."""

    def found(self, today: date) -> Iterator[Days]:
        for year, month in self._months(today):
            if self.day <= length_of(year, month):
                found = date(year, month, self.day)
                if self._is_of_one_month or found >= today:
                    yield found, found

    def _months(self, today: date) -> Iterator[tuple[int, int]]:
        if self.month_ahead is not None:
            yield month_of(today, self.month_ahead)
        elif self.month is None:
            yield from (month_of(today, ahead) for ahead in range(MONTHS_AHEAD))
        elif self.year is not None:
            yield self.year, self.month
        elif self.year_ahead is not None:
            yield today.year + self.year_ahead, self.month
        else:
            yield from ((today.year + ahead, self.month) for ahead in range(YEARS_AHEAD))

    @property
    def _is_of_one_month(self) -> bool:
        return any(each is not None for each in (self.year, self.month_ahead, self.year_ahead))

    @property
    def is_possible(self) -> bool:
        """Whether such a month can have such a day at all."""
        longest = length_of(2024, self.month) if self.month else 31
        if self.year is not None and self.month:
            longest = length_of(self.year, self.month)
        return 1 <= self.day <= longest


@dataclass(frozen=True, slots=True)
class Period(Day):
    """A week, weekend, month or year, counted from the present one."""

    unit: Unit
    ahead: int = 0

    def found(self, today: date) -> Iterator[Days]:
        match self.unit:
            case "week":
                monday = monday_of(today) + timedelta(days=7 * self.ahead)
                yield monday, monday + timedelta(days=6)
            case "weekend":
                saturday = monday_of(today) + timedelta(days=7 * self.ahead + 5)
                yield saturday, saturday + timedelta(days=1)
            case "month":
                yield whole_month(*month_of(today, self.ahead))
            case "year":
                yield date(today.year + self.ahead, 1, 1), date(today.year + self.ahead, 12, 31)
            case "day":
                day = today + timedelta(days=self.ahead)
                yield day, day


@dataclass(frozen=True, slots=True)
class NamedMonth(Day):
    """A month by name: the next one, the present one too; or `ahead` of it: next (1), last (-1)."""

    month: int
    year: int | None = None
    ahead: int = 0
    year_ahead: int | None = None
    """Counted from the present year."""

    def found(self, today: date) -> Iterator[Days]:
        year = today.year + self.year_ahead if self.year_ahead is not None else self.year
        if year is not None:
            yield whole_month(year, self.month)
            return
        first = today.year + (self.month < today.month)
        if self.ahead < 0:
            first = today.year - (self.month >= today.month)
        elif self.ahead > 0:
            first += self.month == today.month
        yield from (whole_month(first + later, self.month) for later in range(YEARS_AHEAD if self.ahead >= 0 else 1))


@dataclass(frozen=True, slots=True)
class WholeYear(Day):
    """A year by its number."""

    year: int

    def found(self, today: date) -> Iterator[Days]:
        yield date(self.year, 1, 1), date(self.year, 12, 31)


@dataclass(frozen=True, slots=True)
class EdgeOf(Day):
    """The first, middle or last day of several."""

    of: Day
    edge: Edge

    def found(self, today: date) -> Iterator[Days]:
        for first, last in self.of.found(today):
            middle = first + (last - first) / 2 if (last - first).days < 27 else first.replace(day=15)
            day = {"start": first, "mid": middle, "end": last}[self.edge]
            yield day, day


@dataclass(frozen=True, slots=True)
class Holiday(Day):
    """A day of each year, by its rule: `12-25`, `easter 1`, `11 4 3` (the fourth Thursday of November)."""

    rule: str
    year: int | None = None

    def found(self, today: date) -> Iterator[Days]:
        years = [self.year] if self.year is not None else range(today.year, today.year + YEARS_AHEAD)
        for year in years:
            day = self.in_year(year)
            if self.year is not None or day >= today:
                yield day, day

    @property
    def month_and_day(self) -> tuple[int, int] | None:
        """The same ones each year; none where it moves."""
        month, dash, day = self.rule.partition("-")
        return (int(month), int(day)) if dash and month.isdigit() else None

    def in_year(self, year: int) -> date:
        """Which day it is in that year."""
        if self.rule.startswith("easter"):
            from dateutil.easter import easter  # small, and rarely asked for

            return easter(year) + timedelta(days=int(self.rule.split()[1]))
        if self.month_and_day:
            return date(year, *self.month_and_day)
        month, count, weekday = map(int, self.rule.split())
        found = counted(count, weekday, *whole_month(year, month))
        assert found, f"no day of each year: {self.rule}"
        return found


@dataclass(frozen=True, slots=True)
class Workdays(Day):
    """So many working days from today."""

    count: int

    def found(self, today: date) -> Iterator[Days]:
        weeks, left = divmod(self.count, len(WORKDAYS))
        day = today + timedelta(days=7 * weeks)
        while left or day.weekday() not in WORKDAYS:
            day += timedelta(days=1)
            left -= day.weekday() in WORKDAYS
        yield day, day


@dataclass(frozen=True, slots=True)
class Exactly(Day):
    """One day of the calendar."""

    day: date

    def found(self, today: date) -> Iterator[Days]:
        yield self.day, self.day
