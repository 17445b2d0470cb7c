"""What an expression comes to: its slots at a moment, in a zone. Pure.

A day without a clock time stays a day; the next one that fits is meant. Where words can mean several days, the first
whose moment is still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from senter.moments.days import Day, Days, EdgeOf, NamedMonth, OfMonth, Period, Shifted, WholeYear, months_on
from senter.moments.patterns import Pattern
from senter.moments.pieces import Clock, ClockRange, Half, Length
from senter.moments.slots import Slots
from senter.moments.when import When
from senter.moments.zones import in_utc, zone_named

PARTS = {"morning": time(9), "afternoon": time(15), "evening": time(18), "night": time(21), "tonight": time(20)}
LAST_OF_EVENING = 22
SMALL_HOURS = 5
LAST_OF_NIGHT = 5
"""Written with its minutes, an hour of one digit until this one is in the afternoon."""
MOST_TRIED = 6_000
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

    def resolve(self, said: Slots, end: Slots | None = None) -> When:
        """With `end`, the range from one to the other. Raises `OverflowError`, `ValueError` beyond the calendar."""
        when = When(
            spans=tuple(said.spans),
            unread=tuple(said.unread),
            problem=said.problem,
            zone="" if said.zone[:1] in ("+", "-") else said.zone,
            part=said.part,
            by=said.is_end,
            length=_as_delta(said.lasting),
            offset=_as_delta(said.offset),
        )
        if said.problem:
            return when
        if said.every:
            return self._recurring(said, when)
        if end is not None:
            return self._marked(self._range(said, end, when))
        return self._marked(self._moved(said, self._once(said, when)))

    def _zone(self, said: Slots) -> tzinfo:
        return zone_named(said.zone) if said.zone else self.home

    def _today(self, zone: tzinfo | None = None) -> date:
        return self.now.astimezone(zone or self.home).date()

    def _at(self, day: date, clock: time, zone: tzinfo) -> datetime:
        moment = in_utc(datetime.combine(day, clock), self.now, zone)
        return moment.astimezone(zone if isinstance(zone, ZoneInfo) else self.home)

    # One moment or day, several days, hours of a day.

    def _once(self, said: Slots, when: When) -> When:
        if said.instant:
            moment = said.instant.moment.astimezone(self.home)
            return replace(when, start=moment, due=moment)
        if said.from_now:
            moment = self._from_now(said.from_now)
            return replace(when, start=moment, due=moment, elapsed=True)
        if said.minute:
            moment = self._coming_minute(said.minute.minute)
            return replace(when, start=moment, due=moment)
        if said.days:
            return self._several(_first_days(said.days.start, said.days.end, self._today()), "range", said, when)
        if said.hours:
            return self._hours(said, said.hours, when)
        if said.clocks or said.part:
            return self._on_clock(said, when)
        if said.end_of_day and not said.has_day:
            return replace(when, start=self._today(), due=self._today())
        return self._whole_days(said, when) if said.has_day else when

    def _from_now(self, length: Length) -> datetime:
        local = self.now.astimezone(self.home)
        if length.months or length.days:
            day = months_on(local.date(), length.months) + timedelta(days=length.days)
            local = self._at(day, local.time(), self.home)
        moment = local.astimezone(UTC) + timedelta(seconds=length.seconds)
        return moment.astimezone(self.home)

    def _coming_minute(self, minute: int) -> datetime:
        local = self.now.astimezone(self.home)
        ahead = (minute - local.minute - 1) % 60 + 1
        moment = local.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=ahead)
        return moment.astimezone(self.home)

    def _days(self, said: Slots, today: date) -> Iterator[Days]:
        """The days it may be, the next one first."""
        day: Day = said.day or said.weekday or Shifted()
        found = islice(day.found(today), MOST_TRIED)
        weekday = said.weekday
        if said.day is None or weekday is None:
            return found
        if isinstance(said.day, Period | NamedMonth | WholeYear):
            return ((each, each) for days in found for each in _on_weekday(days, weekday.weekday))
        if isinstance(said.day, OfMonth) and said.day.month is None:
            return (days for days in found if days[0].weekday() == weekday.weekday)
        return (days for days in islice(found, 1) if days[0].weekday() == weekday.weekday)

    def _whole_days(self, said: Slots, when: When) -> When:
        found: Point | None = None
        for first, last in self._days(said, self._today()):
            if first != last:
                return self._several((first, last), _unit_of(said.day), said, when)
            if self.day_clock is None:
                return replace(when, start=first, due=first)
            moment = self._at(first, self.day_clock, self.home)
            found = found or moment
            if moment > self.now:
                return replace(when, start=moment, due=moment)
        return replace(when, start=found, due=found, problem="" if found else self._why_never(said))

    def _several(self, days: Days, unit: str, said: Slots, when: When) -> When:
        first, last = days
        if said.clocks or said.hours or said.part:
            unread = (*when.unread, *said.spans[-1:])
            return replace(when, start=first, end=last, period=unit, due=last, unread=unread)
        due = last
        if said.day == Period("week", 1):
            due = self._today() + timedelta(days=7)
        return replace(when, start=first, end=last, period=unit, due=due)

    def _why_never(self, said: Slots) -> str:
        if said.day and said.weekday:
            first = next(said.day.found(self._today()), None)
            if first:
                return f"{first[0].day} {first[0]:%B %Y} is a {first[0]:%A}."
        return "There is no such day."

    # With a clock time.

    def _on_clock(self, said: Slots, when: When) -> When:
        zone = self._zone(said)
        today = self._today(None if said.has_day else zone)
        moments = self._moments(said, today, zone)
        last: datetime | None = None
        for moment in moments:
            last = last or moment
            if moment > self.now:
                return replace(when, start=moment, due=moment)
            if not _is_open(said) and not self._may_be_later(said):
                break
        if last is None:
            return self._on_several(said, when)
        return replace(when, start=last, due=last)

    def _on_several(self, said: Slots, when: When) -> When:
        days = next(self._days(said, self._today()), None)
        if days is None:
            return replace(when, problem=self._why_never(said))
        return self._several(days, _unit_of(said.day), said, when)

    def _may_be_later(self, said: Slots) -> bool:
        return not said.has_day or bool(said.clocks and said.clocks[0].is_open)

    def _moments(self, said: Slots, today: date, zone: tzinfo) -> Iterator[datetime]:
        """Those that the words may mean, the next one first."""
        days = self._days(said, today) if said.has_day else ((day, day) for day in (today, today + timedelta(days=1)))
        for first, last in days:
            if first != last and _unit_of(said.day) != "weekend":
                return
            for day, clock in self._clocks_on(said, last, today):
                yield self._at(day, clock, zone)

    def _clocks_on(self, said: Slots, day: date, today: date) -> Iterator[tuple[date, time]]:
        part = said.part
        if not said.clocks:
            yield day, self._part_clock(part, day)
            return
        clock = said.clocks[0]
        if not clock.is_open:
            yield day, clock.time
            return
        half = _half(part) or _half(self.near)
        if part in ("night", "tonight") and (clock.hour == 12 or clock.hour <= SMALL_HOURS):
            late = part == "tonight" or clock.hour == 12
            yield day + timedelta(days=late), clock.in_half("am").time
            return
        if half:
            yield day, clock.in_half(half).time
            return
        sensible = clock.sensible if clock.is_spoken or clock.hour <= LAST_OF_NIGHT else clock.in_half("am")
        if clock.hour == 12:
            sensible = clock.in_half("pm")
        yield day, sensible.time
        later = clock.in_half("pm")
        if clock.is_spoken and day == today and later.hour <= LAST_OF_EVENING and later != sensible:
            yield day, later.time

    def _part_clock(self, part: str, day: date) -> time:
        clock = PARTS[part]
        local = self.now.astimezone(self.home)
        is_late = day == local.date() and local.time() >= clock and part in ("tonight", "night", "evening")
        return time(local.hour + 1) if is_late and local.hour < 23 else clock

    def _hours(self, said: Slots, hours: ClockRange, when: When) -> When:
        hours = self._halves(said, hours)
        found = self._on_clock(replace_clock(said, hours.start), when)
        if not isinstance(found.start, datetime):
            return found
        return replace(found, end=self._end_after(found.start, hours.end.time, self._zone(said)), period="")

    def _halves(self, said: Slots, hours: ClockRange) -> ClockRange:
        """Hours in the halves of the day that make the range the shortest, from a sensible start."""
        start, end = hours.start, hours.end
        half = _half(said.part) or _half(self.near)
        if start.is_open and half:
            start = start.in_half(half)
        elif start.is_open and not end.is_open:
            before = [each for each in (start.in_half("pm"), start.in_half("am")) if each.time < end.time]
            start = before[0] if before else start.sensible
        elif start.is_open:
            start = start.sensible if start.is_spoken or start.hour <= LAST_OF_NIGHT else start.in_half("am")
        if end.is_open:
            after = [each for each in (end.in_half("am"), end.in_half("pm")) if each.time > start.time]
            end = after[0] if after else end.in_half("am")
        return ClockRange(start, end)

    def _end_after(self, start: datetime, clock: time, zone: tzinfo) -> datetime:
        day = start.astimezone(zone).date()
        end = self._at(day, clock, zone)
        return end if end > start else self._at(day + timedelta(days=1), clock, zone)

    # From one to another.

    def _range(self, said: Slots, end: Slots, when: When) -> When:
        when = replace(
            when,
            spans=tuple(sorted((*said.spans, *end.spans))),
            unread=tuple(sorted((*said.unread, *end.unread))),
            problem=said.problem or end.problem,
            by=False,
            period="range",
            zone=when.zone or end.zone,
        )
        if when.problem:
            return when
        if not said.zone:
            said.zone = end.zone
        if not said.has_day and end.has_day and said.clocks:
            said.day, said.weekday, end.day, end.weekday = end.day, end.weekday, None, None
        if said.clocks and end.clocks:
            hours = self._halves(said, ClockRange(said.clocks[0], end.clocks[0]))
            same_day = not end.has_day
            said.clocks[0] = hours.start
            end.clocks[0] = hours.end if same_day else self._halves(end, ClockRange(end.clocks[0], end.clocks[0])).start
        found = self._once(said, when)
        if found.start is None:
            return found
        first = found.start.date() if isinstance(found.start, datetime) else found.start
        finish = self._end_of_range(end, found.start, first)
        due = found.start
        period = "" if isinstance(found.start, datetime) and not end.has_day else "range"
        return replace(found, end=finish, due=due, period=period)

    def _end_of_range(self, end: Slots, start: Point, first: date) -> Point | None:
        zone = self._zone(end)
        if not end.has_day:
            if end.clocks and isinstance(start, datetime):
                return self._end_after(start, end.clocks[0].time, zone)
            return start
        days = next((days for days in self._days(end, self._today()) if days[1] >= first), None)
        if days is None:
            return None
        if not end.clocks:
            return days[1]
        return self._at(days[1], end.clocks[0].sensible.time if end.clocks[0].is_open else end.clocks[0].time, zone)

    # What is counted from it, and what it is beside now.

    def _moved(self, said: Slots, when: When) -> When:
        """With its offset, and the end of what lasts."""
        start = when.start
        if said.offset is not None and start is not None:
            moved = _shift(start, said.offset)
            start = start if moved is None else moved
            when = replace(when, start=start, due=start)
        if said.lasting is not None and start is not None and when.end is None:
            when = replace(when, end=_lasting_until(start, said.lasting))
        return when

    def _marked(self, when: When) -> When:
        last = when.end if when.period else when.start
        if last is None:
            return when
        is_past = last <= self.now if isinstance(last, datetime) else last < self._today()
        return replace(when, past=is_past)

    # What comes again.

    def _recurring(self, said: Slots, when: When) -> When:
        assert said.every
        zone = self._zone(said)
        today = self._today()
        first = self._day_of(said.first, today)
        until = self._day_of(said.until, first or today)
        by_clock = said.every.unit in ("hour", "minute")
        hours = self._halves(said, said.hours) if said.hours else None
        clocks = self._every_clocks(said, hours, by_clock)
        pattern = Pattern(said.every, clocks, hours if by_clock else None, first, until)
        if said.lasting is not None and not said.lasting.seconds and until is None:
            begin = pattern.first_day(today, with_today=False)
            length = said.lasting
            until = months_on(begin, length.months) + timedelta(days=length.days - 1) if begin else None
            pattern = replace(pattern, first=begin, until=until)
        start = self._first_time(pattern, clocks, today, zone)
        found = replace(when, recurrence=pattern.rule, start=start, due=start, by=False)
        if isinstance(start, datetime) and hours and not by_clock:
            found = replace(found, end=self._end_after(start, hours.end.time, zone))
        if isinstance(start, datetime) and said.lasting and said.lasting.seconds:
            found = replace(found, end=_lasting_until(start, said.lasting))
        return found

    def _day_of(self, day: Day | None, today: date) -> date | None:
        found = next(day.found(today), None) if day else None
        return found[1] if found else None

    def _every_clocks(self, said: Slots, hours: ClockRange | None, by_clock: bool) -> tuple[Clock, ...]:
        if by_clock:
            return ()
        if hours:
            return (hours.start,)
        half = _half(said.part) or _half(self.near)
        if said.clocks:
            return tuple(_closed(clock, half) for clock in said.clocks)
        if said.part:
            clock = PARTS[said.part]
            return (Clock(clock.hour, clock.minute),)
        return ()

    def _first_time(self, pattern: Pattern, clocks: tuple[Clock, ...], today: date, zone: tzinfo) -> Point | None:
        if pattern.every.unit in ("hour", "minute"):
            return self._first_by_clock(pattern, zone)
        if not clocks:
            return pattern.first_day(today, with_today=False)
        for clock in sorted(clocks, key=lambda clock: clock.time):
            if pattern.is_fixed and pattern.first_day(today, with_today=True) == today:
                moment = self._at(today, clock.time, zone)
                if moment > self.now:
                    return moment
        earliest = min(clocks, key=lambda clock: clock.time)
        day = pattern.first_day(today, with_today=False)
        if day is None and not pattern.is_fixed:
            moments = (self._at(today + timedelta(days=ahead), earliest.time, zone) for ahead in (0, 1))
            return next((moment for moment in moments if moment > self.now), None)
        return self._at(day, earliest.time, zone) if day else None

    def _first_by_clock(self, pattern: Pattern, zone: tzinfo) -> Point | None:
        if pattern.first or pattern.hours or pattern.every.weekdays:
            return None
        size = {"hour": 3_600, "minute": 60}[pattern.every.unit]
        return self._from_now(Length(seconds=size * pattern.every.interval))


def replace_clock(said: Slots, clock: Clock) -> Slots:
    """The same with that clock time instead of a range of hours."""
    return replace(said, clocks=[clock], hours=None)


def _closed(clock: Clock, half: Half) -> Clock:
    if not clock.is_open:
        return clock
    if half:
        return clock.in_half(half)
    return clock.sensible if clock.is_spoken or clock.hour <= LAST_OF_NIGHT or clock.hour == 12 else clock.in_half("am")


def _half(part: str) -> Half:
    return "am" if part == "morning" else "pm" if part in ("afternoon", "evening", "night", "tonight") else ""


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
        case NamedMonth():
            return "month"
        case WholeYear():
            return "year"
        case _:
            return "range"


def _is_open(said: Slots) -> bool:
    """Whether another day can be meant than the first one found."""
    return said.day is None or not isinstance(said.day, Shifted | EdgeOf)


def _as_delta(length: Length | None) -> timedelta | None:
    if length is None:
        return None
    return timedelta(days=length.days + 30 * length.months, seconds=length.seconds)


def _shift(start: Point, offset: Length) -> Point | None:
    """None where a day would have to be moved by hours."""
    if isinstance(start, datetime):
        day = months_on(start.date(), offset.months) + timedelta(days=offset.days)
        moved = datetime.combine(day, start.time(), start.tzinfo)
        return (moved.astimezone(UTC) + timedelta(seconds=offset.seconds)).astimezone(start.tzinfo)
    return None if offset.seconds else months_on(start, offset.months) + timedelta(days=offset.days)


def _lasting_until(start: Point, length: Length) -> Point | None:
    if isinstance(start, datetime):
        return _shift(start, length)
    if length.seconds:
        return None
    return months_on(start, length.months) + timedelta(days=length.days - 1)
