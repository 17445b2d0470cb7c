"""A series that is moved as a whole: where its rule, its exceptions and its changed occurrences go with it. Pure.

An exception stays in its week, month or year: what was left out in the second week of May still is.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from senter.components.task_engine.tools.children.calendar_values import Moment, stamp

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = "-1"
ASK = "say how it comes again, too"
UNTIL = "UNTIL"


@dataclass(frozen=True, slots=True)
class SeriesMove:
    """From its first time to another, both on the clock of its zone."""

    before: datetime
    after: datetime
    rule: str
    """The value of its RRULE, as it was; empty where it has none."""

    @property
    def by_clock(self) -> timedelta:
        return _time(self.after) - _time(self.before)

    def moved(self, clock: datetime) -> datetime:
        """Where one of its times goes."""
        day, new, parts = clock.date(), self.after.date(), _parts(self.rule)
        frequency = parts.get("FREQ", "")
        if not self._is_another_day(frequency):
            day = clock.date()
        elif frequency == "WEEKLY":
            day += timedelta(days=self.after.weekday() - self.before.weekday())
        elif frequency in ("MONTHLY", "YEARLY"):
            month = new.month if frequency == "YEARLY" else day.month
            day = _same_in(day.year, month, new, by_weekday="BYDAY" in parts) or day
        return datetime.combine(day, clock.time()) + self.by_clock

    def moved_rule(self) -> str:
        """Raises `ValueError` where nobody can tell what it is to become."""
        parts = _parts(self.rule)
        if self._is_another_day(parts.get("FREQ", "")):
            parts |= self._other_days(parts)
        clocks = {"BYHOUR": self.after.hour, "BYMINUTE": self.after.minute}
        parts |= {name: str(value) for name, value in clocks.items() if self.by_clock and _is_single(parts, name)}
        if UNTIL in parts:
            parts[UNTIL] = self._until(parts[UNTIL])
        return ";".join(f"{name}={value}" for name, value in parts.items())

    def _is_another_day(self, frequency: str) -> bool:
        old, new = self.before, self.after
        if frequency == "WEEKLY":
            return old.weekday() != new.weekday()
        if frequency == "MONTHLY" and "BYDAY" in _parts(self.rule):
            return (_which(old), old.weekday()) != (_which(new), new.weekday())
        same = {"MONTHLY": old.day == new.day, "YEARLY": (old.month, old.day) == (new.month, new.day)}
        return not same.get(frequency, True)

    def _other_days(self, parts: dict[str, str]) -> dict[str, str]:
        if parts["FREQ"] == "WEEKLY":
            by = self.after.weekday() - self.before.weekday()
            return {"BYDAY": _shifted(parts["BYDAY"], by)} if "BYDAY" in parts else {}
        wanted = dict[str, str]()
        if "BYDAY" in parts:
            which = LAST if LAST in (parts["BYDAY"][:2], parts.get("BYSETPOS")) and _is_last(self.after) else ""
            number = which or str(_which(self.after))
            day = DAYS[self.after.weekday()]
            wanted = {"BYDAY": day, "BYSETPOS": number} if "BYSETPOS" in parts else {"BYDAY": f"{number}{day}"}
        if "BYMONTHDAY" in parts:
            is_end = parts["BYMONTHDAY"] == LAST and (self.after + timedelta(days=1)).day == 1
            wanted["BYMONTHDAY"] = LAST if is_end else str(self.after.day)
        if "BYMONTH" in parts and parts["FREQ"] == "YEARLY":
            wanted["BYMONTH"] = str(self.after.month)
        if not all(_is_single(parts, name) for name in wanted):
            raise ValueError(ASK)
        return wanted

    def _until(self, text: str) -> str:
        """Late enough for the last one."""
        until: Moment = stamp(text)
        later = max(self.after.weekday() - self.before.weekday(), 0) if _parts(self.rule).get("FREQ") == "WEEKLY" else 0
        if not isinstance(until, datetime):
            return f"{until + timedelta(days=later):%Y%m%d}"
        moved = until + timedelta(days=later) + self.by_clock
        return f"{moved:%Y%m%dT%H%M%S}" + ("Z" if text.upper().endswith("Z") else "")


def _parts(rule: str) -> dict[str, str]:
    parts = (part.strip().upper().partition("=") for part in rule.split(";") if part.strip())
    return {name: value for name, _, value in parts}


def _is_single(parts: dict[str, str], name: str) -> bool:
    return name in parts and "," not in parts[name]


def _shifted(days: str, by: int) -> str:
    """The days of a week."""
    named = days.split(",")
    if not set(named) <= set(DAYS):
        raise ValueError(ASK)
    return ",".join(DAYS[(DAYS.index(day) + by) % len(DAYS)] for day in named)


def _same_in(year: int, month: int, like: date, *, by_weekday: bool) -> date | None:
    """The day of another month that is like one: its number, or which of its weekdays; none where there is none."""
    last = calendar.monthrange(year, month)[1]
    days = [date(year, month, number) for number in range(1, last + 1)]
    if by_weekday:
        alike = (day for day in days if (_which(day), day.weekday()) == (_which(like), like.weekday()))
    else:
        alike = (day for day in days if day.day == like.day)
    return next(alike, None)


def _which(day: date) -> int:
    """The first, second ... of its weekday in its month."""
    return (day.day - 1) // 7 + 1


def _is_last(day: date) -> bool:
    return (day + timedelta(days=7)).month != day.month


def _time(clock: datetime) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
