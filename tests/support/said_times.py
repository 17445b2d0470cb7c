"""Compares what a sentence says of time with what is right, on the clock of who says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from dateutil.rrule import rrulestr

COMPARED_OCCURRENCES = 20
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = len("2026-11-30")
A_MINUTE = len("2026-11-30T10:15")


class Times(NamedTuple):
    """When something is: a day, or a day and a clock time, as `2026-11-30` and `2026-11-30T10:15`."""

    due: str | None = None
    end: str | None = None
    recurrence: str | None = None
    """Five fields of cron, or `RRULE:...`."""
    all_day: bool = False


def same_times(found: Times, right: Times, now: datetime, *, whole_days_matter: bool) -> bool:
    """Whether they are the same. What comes again is compared by its first occurrences, however it is written."""
    if whole_days_matter and found.all_day != right.all_day:
        return False
    if right.recurrence is None or found.recurrence is None:
        return found[:3] == right[:3]
    return occurrences(found, now) == occurrences(right, now) and _clock(found.end) == _clock(right.end)


def is_at(made: Times, right: Times, now: datetime) -> bool:
    """Whether something that was made is when it should be, as exactly as that was said.

    Where no clock time was said, that of what was made is its maker's choice; so is an end.
    """
    made = made._replace(end=made.end if right.end else None)
    if right.due and "T" not in right.due:
        made = made._replace(due=made.due and made.due[:A_DAY], end=made.end and made.end[:A_DAY])
    if right.recurrence is None or made.recurrence is None:
        return made[:3] == right[:3]
    shown = [at[: len(right.due or "")] for at in occurrences(made, now)]
    return shown == occurrences(right, now) and _clock(made.end) == _clock(right.end)


def occurrences(times: Times, now: datetime) -> list[str]:
    """The first of what comes again; none where it cannot be read. `now` is local, without a zone."""
    first = datetime.fromisoformat(times.due) if times.due else now
    rule = times.recurrence or ""
    has_clock_time = not rule.startswith("RRULE") or "BYHOUR" in rule or "T" in (times.due or "")
    length = A_MINUTE if has_clock_time else A_DAY
    try:
        return [at.isoformat()[:length] for at in islice(_all(rule, first), COMPARED_OCCURRENCES)]
    except (ValueError, CronSimError):
        return []


def on_clock_of(said: str | None, said_in: str, zone: ZoneInfo) -> str | None:
    """The same moment on the clock of `zone`, where words name another. Days stay days."""
    if said is None or "T" not in said:
        return said
    moment = datetime.fromisoformat(said)
    if said_in:
        moment = moment.replace(tzinfo=moment.tzinfo or ZoneInfo(said_in))
    if moment.tzinfo:
        moment = moment.astimezone(zone)
    return moment.isoformat()[:A_MINUTE]


class RelativeDay(NamedTuple):
    """A day as the sets of sentences name it that are said today, whenever that is.

    `+1` is tomorrow; `fri` the next Friday that is not today, `nfri` that of the following week; `md:12-14` the next 14
    December, `dom:15` the next 15th; `eom` and `eoy` the last day of the month and of the year; `in:20m` and `in:3h` so
    long from now. `T10:30` after a day is a clock time.
    """

    text: str

    def resolve(self, now: datetime) -> str:
        """The day, or the moment, on the clock of `now`."""
        day, _, clock = self.text.partition("T")
        if day.startswith("in:"):
            unit = "minutes" if day.endswith("m") else "hours"
            return (now + timedelta(**{unit: int(day[3:-1])})).isoformat()[:A_MINUTE]
        return f"{self._day(day, now.date())}{'T' if clock else ''}{clock}"

    @staticmethod
    def _day(name: str, today: date) -> date:
        if name.startswith("+"):
            return today + timedelta(days=int(name))
        if name == "eoy":
            return date(today.year, 12, 31)
        if name == "eom":
            return _next_such(today, lambda day: (day + timedelta(days=1)).day == 1, from_today=True)
        if name.startswith("md:"):
            return _next_such(today, lambda day: f"{day:%m-%d}" == name[3:])
        if name.startswith("dom:"):
            return _next_such(today, lambda day: day.day == int(name[4:]))
        weekday = DAYS.index(name[-3:])
        if len(name) > len(DAYS[0]):
            return today + timedelta(days=7 - today.weekday() + weekday)
        return _next_such(today, lambda day: day.weekday() == weekday)


def _next_such(today: date, is_such: Callable[[date], bool], *, from_today: bool = False) -> date:
    day = today if from_today else today + timedelta(days=1)
    while not is_such(day):
        day += timedelta(days=1)
    return day


def _all(rule: str, first: datetime) -> Iterator[datetime]:
    if not rule.startswith("RRULE"):
        return CronSim(rule, first - timedelta(minutes=1))
    until_without_zone = rule.removeprefix("RRULE:").replace("Z", "")
    return iter(rrulestr(until_without_zone, dtstart=first))


def _clock(moment: str | None) -> str:
    return (moment or "").partition("T")[2]
