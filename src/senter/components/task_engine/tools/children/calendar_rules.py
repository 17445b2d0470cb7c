"""How an event comes again (RRULE): a rule, checked when it is read, and its times in a span. Pure.

Times are counted on the clock of the event's zone, without a zone. What dateutil would count for ever is left to
whoever limits the time it takes.
"""

# pyright: basic
# dateutil has no types.

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import takewhile
from typing import Any

from senter.components.task_engine.tools.children.calendar_values import Moment, stamp

PERIODS = {
    "WEEKLY": timedelta(weeks=1),
    "DAILY": timedelta(days=1),
    "HOURLY": timedelta(hours=1),
    "MINUTELY": timedelta(minutes=1),
    "SECONDLY": timedelta(seconds=1),
}
"""What is of one length each; a count of these brings the start of a rule near."""
FAR = timedelta(days=3_660)
ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - only checked
LAST_MOMENT = time(23, 59, 59)
NEVER = "9999"
"""The year in which some programs let end what has no end."""
GREGORIAN = ("RSCALE", "GREGORIAN")
LONGEST_RULE, MOST_INTERVAL = 2_000, 1_000_000
LARGEST = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53}
"""Numbers that the library takes without a look."""


@dataclass(frozen=True, slots=True)
class EventRule:
    """The parts of an RRULE, its end by itself."""

    text: str
    """Without its end."""
    frequency: str
    interval: int
    is_counted: bool
    until: Moment | None

    def starts(self, begin: datetime, zone: tzinfo | None, first: datetime, last: datetime) -> Iterator[datetime]:
        """In order, from `first` to `last`, of a series that begins at `begin`; all without a zone."""
        until = min((last, self._until(zone))) if self.until else last
        rule = _parsed(self.text).replace(dtstart=self._near(begin, first))
        return takewhile(lambda start: start <= until, rule.xafter(first, inc=True))

    def first(self, begin: datetime) -> datetime | None:
        """The first time from `begin` on; none within years."""
        return next(self.starts(begin, None, begin, begin + FAR), None)

    def written(self, zone: tzinfo | None) -> str:
        """For an event of that zone: as RFC 5545 has it, the end in UTC; a day for whole days, which have no zone."""
        if self.until is None:
            return self.text
        end = self._until(zone)
        until = end.replace(tzinfo=zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if zone else f"{end:%Y%m%d}"
        return f"{self.text};UNTIL={until}"

    def said(self, zone: tzinfo | None) -> str:
        """With the day of its end, for people."""
        return self.text if self.until is None else f"{self.text};UNTIL={self._until(zone):%Y%m%d}"

    def ends_before(self, begin: datetime, zone: tzinfo | None) -> bool:
        return self.until is not None and self._until(zone) < begin

    def _until(self, zone: tzinfo | None) -> datetime:
        """A day is meant whole; so is that of a moment where whole days come again."""
        until = self.until
        assert until  # where it is asked for
        if isinstance(until, datetime) and zone is not None:
            return (until.astimezone(zone) if until.tzinfo else until).replace(tzinfo=None)
        return datetime.combine(until, LAST_MOMENT)

    def _near(self, begin: datetime, first: datetime) -> datetime:
        period = PERIODS.get(self.frequency, timedelta()) * self.interval
        if not period or self.is_counted or begin >= first:
            return begin
        return begin + max((first - begin) // period - 1, 0) * period


def rule_from(text: str) -> EventRule:
    """Raises `ValueError` for a rule that is none."""
    parts = (part.strip().partition("=") for part in text[:LONGEST_RULE].upper().split(";") if part.strip())
    named = {name: value for name, _, value in parts if (name, value) != GREGORIAN}
    until = named.pop("UNTIL", None)
    if until and until.startswith(NEVER):
        until = None
    interval, count = int(named.get("INTERVAL", "1")), int(named.get("COUNT", "1"))
    numbers = ((int(number), largest) for part, largest in LARGEST.items() for number in _numbers(named.get(part)))
    is_none = any(not 0 < abs(number) <= largest for number, largest in numbers)
    if is_none or not 0 < interval < MOST_INTERVAL or count < 1:
        raise ValueError(f"no rule: {text[:40]}")
    kept = ";".join(f"{name}={value}" for name, value in named.items())
    _parsed(kept)
    return EventRule(kept, named["FREQ"], interval, "COUNT" in named, None if until is None else stamp(until))


def _numbers(listed: str | None) -> list[str]:
    return listed.split(",") if listed else []


@lru_cache(maxsize=512)
def _parsed(text: str) -> Any:
    """The library raises many things for what is no rule."""
    from dateutil.rrule import rrulestr

    try:
        return rrulestr(text, dtstart=ANY_DAY)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(f"no rule: {text[:40]}") from error


def clock_of(moment: Moment, zone: tzinfo | None) -> datetime:
    """A moment on the clock of a zone; a day at its begin."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return (moment.astimezone(zone) if zone else moment).replace(tzinfo=None)


def moment_on(clock: datetime, zone: tzinfo | None) -> Moment:
    """The reverse; a day where there is no zone."""
    return clock.replace(tzinfo=zone) if zone else date(clock.year, clock.month, clock.day)
