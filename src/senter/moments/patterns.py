"""What comes again, as a rule that programs know and as the days it falls on. Pure.

A recurrence with a clock time that cron can say is five fields of cron, all else an RRULE of RFC 5545. An RRULE has
its clock time from its first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from senter.moments.days import counted, length_of, monday_of, whole_month
from senter.moments.pieces import Clock, ClockRange, Every
from senter.moments.rule_words import BYDAY, PREFIX, UNITS

FREQUENCIES = {unit: name for name, unit in UNITS.items()}
DAYS_SEARCHED = 366 * 9


@dataclass(frozen=True, slots=True)
class Pattern:
    """A whole recurrence."""

    every: Every
    clocks: tuple[Clock, ...] = ()
    hours: ClockRange | None = None
    """Between which hours what comes by the hour or minute is."""
    first: date | None = None
    """The day it begins, where one is said."""
    until: date | None = None
    """Its last day."""

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
                return every.month_day is not None or every.count is not None
            case "year":
                return every.month is not None and (every.month_day is not None or every.count is not None)
            case _:
                return True

    def _falls_on(self, day: date, begin: date) -> bool:
        every = self.every
        if every.weekdays and every.count is None and day.weekday() not in every.weekdays:
            return False
        if every.month is not None and day.month != every.month:
            return False
        if every.count is not None:
            return counted(every.count, every.weekdays[0], *whole_month(day.year, day.month)) == day
        if every.month_day is not None:
            number = every.month_day if every.month_day > 0 else length_of(day.year, day.month)
            return day.day == number
        return every.unit != "week" or monday_of(day) >= monday_of(begin)

    def _cron(self) -> str:
        every = self.every
        plain = self.first is None and self.until is None and every.count is None and every.month_day != -1
        if not plain or not self.is_fixed:
            return ""
        if every.unit in ("hour", "minute"):
            return self._cron_by_hours()
        if every.interval != 1 or not self.clocks or len({clock.minute for clock in self.clocks}) > 1:
            return ""
        hours = ",".join(str(clock.hour) for clock in sorted(self.clocks, key=lambda clock: clock.hour))
        day = every.month_day or "*"
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
        return f"*/{every.interval} {start}-{max(start, end - 1)} * * {weekdays}"

    def _parts(self) -> list[str]:
        every = self.every
        parts = [f"FREQ={FREQUENCIES[every.unit]}"]
        if every.interval != 1:
            parts.append(f"INTERVAL={every.interval}")
        if every.month is not None:
            parts.append(f"BYMONTH={every.month}")
        if every.month_day is not None:
            parts.append(f"BYMONTHDAY={every.month_day}")
        if every.weekdays:
            count = "" if every.count is None else str(every.count)
            parts.append("BYDAY=" + ",".join(f"{count}{BYDAY[weekday]}" for weekday in every.weekdays))
        if len(self.clocks) > 1:
            parts += [f"BYHOUR={','.join(str(clock.hour) for clock in self.clocks)}", "BYSECOND=0"]
            parts.insert(-1, f"BYMINUTE={self.clocks[0].minute}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        return parts


def _cron_weekdays(weekdays: Sequence[int]) -> str:
    """In cron Sunday is 0."""
    if not weekdays:
        return "*"
    numbers = sorted((weekday + 1) % 7 for weekday in weekdays)
    in_a_row = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))
    return f"{numbers[0]}-{numbers[-1]}" if in_a_row else ",".join(map(str, numbers))
