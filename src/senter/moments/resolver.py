"""One day, several days or one moment from the slots of an expression, at a moment, in a zone. Pure.

A day without a clock time stays a day; the next one that fits is meant. Where words can mean several days, the first
whose moment is still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from senter.moments.calendar_arithmetic import Days, months_on
from senter.moments.counted_days import SaidTwice, WeekIn
from senter.moments.days import Day, EdgeOf, NamedMonth, OfMonth, Period, Shifted, WholeYear
from senter.moments.halves import PARTS, choices, closed_range, half_of
from senter.moments.pieces import ClockRange, Length
from senter.moments.slots import Slots
from senter.moments.when import When
from senter.moments.words import words_of
from senter.moments.zones import in_utc, zone_named
from senter.sentences import spoken

MOST_TRIED = 6_000
UNTIL_MIDNIGHT = ("evening", "night", "tonight")
Point = date | datetime


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves at one moment, in the user's zone."""

    now: datetime
    home: ZoneInfo
    near: str = ""
    """The part of the day that words beside the clock time let expect."""
    day_clock: time | None = None
    """What a day without a clock time stands for; none leaves it a day."""

    def once(self, said: Slots, when: When) -> When:
        """What does not come again, without where a range ends. Raises `OverflowError` beyond the calendar."""
        if said.instant:
            return _starting(when, said.instant.moment.astimezone(self.home))
        if said.from_now:
            return replace(_starting(when, self.from_now(said.from_now)), elapsed=True)
        if said.minute:
            return _starting(when, self._coming_minute(said.minute.minute))
        if said.days:
            return self._several(_first_days(said.days.start, said.days.end, self.today()), "range", said, when)
        if said.hours:
            return self._hours(said, said.hours, when)
        if said.clocks or said.part:
            return self._on_clock(said, when)
        if said.end_of_day and not said.has_day:
            return _starting(when, self.today())
        return self._whole_days(said, when) if said.has_day else when

    def zone_of(self, said: Slots) -> tzinfo:
        """The zone that is named, else the user's."""
        return zone_named(said.zone) if said.zone else self.home

    def today(self, zone: tzinfo | None = None) -> date:
        """In the zone, else in the user's."""
        return self.now.astimezone(zone or self.home).date()

    def at(self, day: date, clock: time, zone: tzinfo) -> datetime:
        """That clock time of that day in the zone; by an offset in the user's."""
        moment = in_utc(datetime.combine(day, clock), self.now, zone)
        return moment.astimezone(zone if isinstance(zone, ZoneInfo) else self.home)

    def from_now(self, length: Length) -> datetime:
        """Months and days by the calendar, the rest as time that passes."""
        local = self.now.astimezone(self.home)
        if length.months or length.days:
            day = months_on(local.date(), length.months) + timedelta(days=length.days)
            local = self.at(day, local.time(), self.home)
        return (local.astimezone(UTC) + timedelta(seconds=length.seconds)).astimezone(self.home)

    def days(self, said: Slots, today: date) -> Iterator[Days]:
        """The days it may be, the next one first."""
        day: Day = said.day or said.weekday or Shifted()
        found = islice(day.found(today), MOST_TRIED)
        weekday = said.weekday
        if said.day is None or weekday is None:
            return found
        if isinstance(said.day, Period | NamedMonth | WholeYear):
            return ((each, each) for days in found for each in _on_weekday(days, weekday.weekday))
        is_any_month = isinstance(said.day, OfMonth) and said.day.month is None
        return (days for days in islice(found, None if is_any_month else 1) if days[0].weekday() == weekday.weekday)

    def around(self, nearest: Day) -> tuple[date, ...]:
        """The last day before one that there is not, and the first after it."""
        _, last = next(nearest.found(self.today()))
        return last, last + timedelta(days=1)

    def end_after(self, start: datetime, clock: time, zone: tzinfo) -> datetime:
        """The first such clock time after the start."""
        day = start.astimezone(zone).date()
        end = self.at(day, clock, zone)
        return end if end > start else self.at(day + timedelta(days=1), clock, zone)

    def _coming_minute(self, minute: int) -> datetime:
        local = self.now.astimezone(self.home)
        ahead = (minute - local.minute - 1) % 60 + 1
        moment = local.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=ahead)
        return moment.astimezone(self.home)

    def _whole_days(self, said: Slots, when: When) -> When:
        found: Point | None = None
        for first, last in self.days(said, self.today()):
            if first != last:
                return self._several((first, last), _unit_of(said.day), said, when)
            if self.day_clock is None:
                return _starting(when, first)
            moment = self.at(first, self.day_clock, self.home)
            found = found or moment
            if moment > self.now:
                return _starting(when, moment)
        return _starting(when, found) if found else self._never(said, when)

    def _several(self, days: Days, unit: str, said: Slots, when: When) -> When:
        """Several days have no clock time: one that is said is left unread."""
        first, last = days
        is_next_week = said.day == Period("week", 1)
        due = self.today() + timedelta(days=7) if is_next_week else last
        unread = tuple(sorted((*when.unread, *said.clock_spans)))
        spans = tuple(span for span in when.spans if span not in said.clock_spans)
        return replace(when, start=first, end=last, period=unit, due=due, unread=unread, spans=spans)

    def _never(self, said: Slots, when: When) -> When:
        """With why there is no such day, and what may be meant: of `friday 5 december` that day, or that Friday."""
        if isinstance(said.day, SaidTwice):
            return self._said_otherwise(said, said.day, when)
        day = next(said.day.found(self.today()), None) if said.day and said.weekday else None
        if not (day and said.weekday):
            return replace(when, problem=words_of(spoken()).problems["no_day"])
        named = day[0]
        ahead = (said.weekday.weekday - named.weekday() + 3) % 7 - 3
        by_it = named + timedelta(days=ahead)
        instead = tuple(each for each in (named, by_it) if each >= self.today())
        words = words_of(spoken())
        weekday = words.shown.weekdays[named.weekday()]
        problem = words.problems["is_another"].format(day=words.shown.long_day(named), weekday=weekday)
        return with_instead(replace(when, problem=problem), instead, said)

    def _said_otherwise(self, said: Slots, day: SaidTwice, when: When) -> When:
        """`tomorrow, 5 December`, which is another day."""
        each = (next(one.found(self.today()), None) for one in (day.one, day.other))
        instead = tuple(days[0] for days in each if days)
        words = words_of(spoken())
        days = words.problems["day_joint"].join(map(words.shown.long_day, instead))
        problem = words.problems["not_same"].format(days=days)
        return with_instead(replace(when, problem=problem), instead, said)

    def _on_clock(self, said: Slots, when: When) -> When:
        zone = self.zone_of(said)
        first: datetime | None = None
        for moment in self._moments(said, self.today(None if said.has_day else zone), zone):
            first = first or moment
            if moment > self.now:
                return _starting(when, moment)
            if _is_one_day(said) and not (said.clocks and said.clocks[0].is_open):
                break
        return _starting(when, first) if first else self._on_several(said, when)

    def _on_several(self, said: Slots, when: When) -> When:
        days = next(self.days(said, self.today()), None)
        if days is None:
            return self._never(said, when)
        return self._several(days, _unit_of(said.day), said, when)

    def _moments(self, said: Slots, today: date, zone: tzinfo) -> Iterator[datetime]:
        """Those that the words may mean, the next one first."""
        days = self.days(said, today) if said.has_day else ((day, day) for day in (today, today + timedelta(days=1)))
        for first, last in days:
            if first != last and _unit_of(said.day) != "weekend":
                return
            for day, clock in self._clocks_on(said, last, today):
                yield self.at(day, clock, zone)

    def _clocks_on(self, said: Slots, day: date, today: date) -> Iterator[tuple[date, time]]:
        if not said.clocks:
            return iter([(day, self._part_clock(said.part, day))])
        return choices(
            said.clocks[0],
            day,
            part=said.part,
            near=self.near,
            is_today=day == today and not isinstance(said.day, OfMonth),
        )

    def _part_clock(self, part: str, day: date) -> time:
        """Of an evening that has begun the next full hour."""
        clock = PARTS[part]
        local = self.now.astimezone(self.home)
        has_begun = day == local.date() and local.time() >= clock and part in UNTIL_MIDNIGHT
        return time(local.hour + 1) if has_begun and local.hour < 23 else clock

    def _hours(self, said: Slots, hours: ClockRange, when: When) -> When:
        hours = closed_range(hours, half_of(said.part, self.near))
        found = self._on_clock(replace(said, clocks=[hours.start], hours=None), when)
        if not isinstance(found.start, datetime):
            return found
        return replace(found, end=self.end_after(found.start, hours.end.time, self.zone_of(said)))


def with_instead(when: When, days: tuple[date, ...], said: Slots) -> When:
    """With days that may be meant, where it is plain for which words they stand."""
    core = said.day_core
    return replace(when, instead=days, instead_of=core) if core[1] else when


def _starting(when: When, start: Point) -> When:
    return replace(when, start=start, due=start)


def _on_weekday(days: Days, weekday: int) -> Iterator[date]:
    first, last = days
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(days=7)


def _first_days(start: Day, end: Day, today: date) -> Days:
    first = next(start.found(today))[0]
    last = next((days[1] for days in end.found(today) if days[1] >= first), first)
    return first, last


def _unit_of(day: Day | None) -> str:
    match day:
        case Period():
            return day.unit
        case WeekIn():
            return "week"
        case NamedMonth():
            return "month"
        case WholeYear():
            return "year"
        case _:
            return "range"


def _is_one_day(said: Slots) -> bool:
    """Whether no other day can be meant than the first one found."""
    return isinstance(said.day, Shifted | EdgeOf)
