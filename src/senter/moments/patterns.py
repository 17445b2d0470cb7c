"""What comes again, as a rule that programs know and as the days it falls on. Pure.

A recurrence with a clock time that cron can say is five fields of cron, all else an RRULE of RFC 5545. An RRULE has
its clock time from its first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from senter.moments.calendar_arithmetic import counted, length_of, monday_of, whole_month
from senter.moments.pieces import ClockRange, ClockTime, Every
from senter.moments.rule_words import BYDAY, PREFIX, UNITS

FREQUENCIES = {unit: name for name, unit in UNITS.items()}
DAYS_SEARCHED = 366 * 9


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A whole recurrence."""

    every: Every
    clocks: tuple[ClockTime, ...] = ()
    hours: ClockRange | None = None
    """Between which hours what comes by the hour or minute is."""
    first: date | None = None
    """The day it begins, where one is said."""
    until: date | None = None
    """Its last day."""
    times: int | None = None
    """How often it comes in all."""

    @property
    def rule(self) -> str:
        """Five fields of cron, or `RRULE:...`."""
        return self._cron() or PREFIX + ";".join(self._parts())

    def first_day(self, today: date, *, with_today: bool) -> date | None:
        """The first day it falls on; none where the words leave that open."""
        if not self.is_fixed:
            return self.first
        begin = self.first or today + timedelta(days=not with_today)
        days = (begin + timedelta(days=ahead) for ahead in range(DAYS_SEARCHED))
        return next((day for day in days if self._falls_on(day, begin)), None)

    @property
    def is_fixed(self) -> bool:
        """Whether the words say on which days."""
        every = self.every
        match every.unit:
            case "week":
                return bool(every.weekdays)
            case "month":
                return bool(every.month_days) or every.count is not None
            case "year":
                return every.month is not None and (bool(every.month_days) or every.count is not None)
            case _:
                return True

    def _clock_parts(self) -> list[str]:
        """Several clock times. Of each hour with each minute, those that are said are counted out."""
        hours, minutes = sorted({clock.hour for clock in self.clocks}), sorted({clock.minute for clock in self.clocks})
        parts = [f"BYHOUR={_listed(hours)}", f"BYMINUTE={_listed(minutes)}", "BYSECOND=0"]
        times = [(hour, minute) for hour in hours for minute in minutes]
        said = {(clock.hour, clock.minute) for clock in self.clocks}
        if len(said) == len(times):
            return parts
        days = max(1, len(self.every.weekdays)) if self.every.unit == "week" else 1
        places = (day * len(times) + place + 1 for day in range(days) for place, at in enumerate(times) if at in said)
        return [*parts, f"BYSETPOS={_listed(tuple(places))}"]

    @property
    def can_be_said(self) -> bool:
        """Whether a rule has room for its clock times."""
        is_even = len({clock.minute for clock in self.clocks}) < 2
        return is_even or (self.every.count is None and len(self.every.month_days) < 2)

    def _falls_on(self, day: date, begin: date) -> bool:
        every = self.every
        if every.weekdays and every.count is None and day.weekday() not in every.weekdays:
            return False
        if every.month is not None and day.month != every.month:
            return False
        if every.count is not None:
            return _counted_day(every.count, every.weekdays, day) == day
        if every.month_days:
            return day.day in every.month_days or (-1 in every.month_days and day.day == length_of(day.year, day.month))
        return every.unit != "week" or monday_of(day) >= monday_of(begin)

    def _cron(self) -> str:
        every = self.every
        plain = (
            self.first is None
            and self.until is None
            and self.times is None
            and every.count is None
            and -1 not in every.month_days
        )
        plain = plain and not (every.weekdays and every.month_days)  # to cron either is enough
        if not plain or not self.is_fixed:
            return ""
        if every.unit in ("hour", "minute"):
            return self._cron_by_hours()
        if every.interval != 1 or not self.clocks or len({clock.minute for clock in self.clocks}) > 1:
            return ""
        hours = ",".join(str(clock.hour) for clock in sorted(self.clocks, key=lambda clock: clock.hour))
        day = _listed(every.month_days) or "*"
        return f"{self.clocks[0].minute} {hours} {day} {every.month or '*'} {_cron_weekdays(every.weekdays)}"

    def _cron_by_hours(self) -> str:
        """`every hour from 9 to 17`."""
        every = self.every
        if self.hours is None or every.interval > 59:
            return ""
        start, end = self.hours.start.hour, self.hours.end.hour
        if end < start or self.hours.start.minute or self.hours.end.minute:
            return ""
        weekdays = _cron_weekdays(every.weekdays)
        if every.unit == "hour":
            step = f"/{every.interval}" if every.interval > 1 else ""
            return f"0 {start}-{end}{step} * * {weekdays}"
        if 60 % every.interval:
            return ""
        return f"*/{every.interval} {start}-{max(start, end - 1)} * * {weekdays}"

    def _parts(self) -> list[str]:
        every = self.every
        parts = [f"FREQ={FREQUENCIES[every.unit]}"]
        if every.interval != 1:
            parts.append(f"INTERVAL={every.interval}")
        if every.month is not None:
            parts.append(f"BYMONTH={every.month}")
        if every.month_days:
            parts.append(f"BYMONTHDAY={_listed(every.month_days)}")
        if every.weekdays:
            count = every.count if every.count is not None and len(every.weekdays) == 1 else ""
            parts.append("BYDAY=" + ",".join(f"{count}{BYDAY[weekday]}" for weekday in every.weekdays))
            parts += [f"BYSETPOS={every.count}"] if every.count is not None and len(every.weekdays) > 1 else []
        if self.hours is not None:
            parts.append(
                f"BYHOUR={_listed(range(self.hours.start.hour, max(self.hours.end.hour, self.hours.start.hour + 1)))}"
            )
        if len(self.clocks) > 1:
            parts += self._clock_parts()
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        if self.times is not None and self.until is None:  # a rule has one end
            parts.append(f"COUNT={self.times}")
        return parts


def _counted_day(count: int, weekdays: Sequence[int], day: date) -> date | None:
    """The `count`th of those days of the week in the month of that day."""
    first, last = whole_month(day.year, day.month)
    if len(weekdays) == 1:
        return counted(count, weekdays[0], first, last)
    days = [first + timedelta(days=ahead) for ahead in range(last.day)]
    fitting = [each for each in days if each.weekday() in weekdays]
    return fitting[count - 1 if count > 0 else count]


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _cron_weekdays(weekdays: Sequence[int]) -> str:
    """In cron Sunday is 0."""
    if not weekdays:
        return "*"
    numbers = sorted((weekday + 1) % 7 for weekday in weekdays)
    in_a_row = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))
    return f"{numbers[0]}-{numbers[-1]}" if in_a_row else ",".join(map(str, numbers))
