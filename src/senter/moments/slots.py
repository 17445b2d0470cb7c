"""The pieces of one expression in their places: its day, its clock time, what comes again. Pure.

What finds no place is left unread; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from senter.moments.days import Counted, Day, EdgeOf, Holiday, NamedMonth, OfMonth, Period, Shifted, Weekday
from senter.moments.pieces import (
    Clock,
    ClockRange,
    ComingMinute,
    Content,
    DayAndClock,
    DayRange,
    EndOfDay,
    Every,
    FromNow,
    Instant,
    InZone,
    Lasting,
    Length,
    Offset,
    PartOfDay,
    Piece,
    Vague,
)
from senter.moments.when import Span

ENDS = frozenset({"by", "before", "until"})
BEGINS = frozenset({"from", "since"})


@dataclass(slots=True)
class Slots:
    """Filled one piece after the other."""

    day: Day | None = None
    weekday: Weekday | None = None
    days: DayRange | None = None
    clocks: list[Clock] = field(default_factory=list[Clock])
    hours: ClockRange | None = None
    minute: ComingMinute | None = None
    part: str = ""
    end_of_day: bool = False
    from_now: Length | None = None
    instant: Instant | None = None
    lasting: Length | None = None
    offset: Length | None = None
    zone: str = ""
    every: Every | None = None
    first: Day | None = None
    until: Day | None = None
    is_end: bool = False
    problem: str = ""
    spans: list[Span] = field(default_factory=list[Span])
    unread: list[Span] = field(default_factory=list[Span])

    def fill(self, pieces: Iterable[Piece]) -> Slots:
        """With what comes again first: the days beside it belong to it."""
        pieces = list(pieces)
        for piece in sorted(pieces, key=lambda piece: not isinstance(piece.content, Every)):
            self._put(piece)
        self.spans.sort()
        self.unread.sort()
        return self

    def _put(self, piece: Piece) -> None:
        content = piece.content
        if isinstance(content, Vague):
            self.problem = self.problem or content.problem
            (self.spans if content.problem else self.unread).append(piece.span)
        elif self._takes(content, piece.lead):
            self.spans.append(piece.span)
            self.is_end |= bool(piece.lead & ENDS) and not piece.lead & {"from"}
        else:
            self.unread.append(piece.span)

    def _takes(self, content: Content, lead: frozenset[str]) -> bool:
        match content:
            case Every():
                return self._take_every(content)
            case DayAndClock():
                return self._take_day(content.day, lead) and self._take_clock(content.clock)
            case Day():
                return self._take_day(content, lead)
            case Clock():
                return self._take_clock(content)
            case FromNow():
                return self._take_from_now(content.length, lead)
            case PartOfDay():
                return self._take_part(content, lead)
            case _:
                return self._take_one(content)

    def _take_one(self, content: Content) -> bool:
        """What there is one place for."""
        match content:
            case ClockRange() if not self.clocks and self.hours in (None, content):
                self.hours = content
            case ComingMinute() if not self.clocks and not self.minute:
                self.minute = content
            case DayRange():
                return self._take_days(content)
            case EndOfDay():
                self.end_of_day = True
            case Instant() if self.is_empty:
                self.instant = content
            case Lasting() if self.lasting is None:
                self.lasting = content.length
            case Offset() if self.offset is None:
                self.offset = content.length
            case InZone() if self.zone in ("", content.name):
                self.zone = content.name
            case _:
                return False
        return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing says a day or clock time yet."""
        return not (self.has_day or self.clocks or self.hours or self.from_now or self.instant or self.part)

    @property
    def has_day(self) -> bool:
        return bool(self.day or self.weekday or self.days)

    @property
    def says_something(self) -> bool:
        """Whether there is a moment, day or recurrence in it."""
        return not self.is_empty or bool(self.every or self.minute or self.end_of_day)

    def _take_clock(self, clock: Clock) -> bool:
        if clock in self.clocks:
            return True
        if self.hours or self.minute or self.from_now or self.instant or (self.clocks and not self.every):
            return False
        if self.every and self.every.unit in ("hour", "minute"):
            if self.every.often == 1:
                return False
            self.every = Every("day", often=self.every.often)
        self.clocks.append(clock)
        return True

    def _take_part(self, part: PartOfDay, lead: frozenset[str]) -> bool:
        if self.part not in ("", part.name) or self.from_now or self.instant:
            return False
        if part.day and not self._take_day(part.day, lead):
            return False
        if part.name == "tonight" and not self.every and not self._take_day(Shifted(), lead):
            return False
        self.part = "night" if part.name == "tonight" and self.every else part.name
        return True

    def _take_from_now(self, length: Length, lead: frozenset[str]) -> bool:
        if length.seconds or length == Length():
            if not self.is_empty or self.every:
                return False
            self.from_now = length
            return True
        if self.weekday and self.weekday.week is None and not length.months and length.days % 7 == 0:
            self.weekday = replace(self.weekday, week=length.days // 7)
            return True
        return self._take_day(Shifted(length.days, length.months), lead)

    def _take_days(self, days: DayRange) -> bool:
        if self.every and isinstance(days.start, Weekday) and isinstance(days.end, Weekday):
            first, last = days.start.weekday, days.end.weekday
            return self._narrow_weekdays(tuple((first + ahead) % 7 for ahead in range((last - first) % 7 + 1)))
        if self.every and self.first is None and self.until is None:
            self.first, self.until = days.start, days.end
            return True
        if self.has_day or self.every:
            return False
        self.days = days
        return True

    def _take_day(self, day: Day, lead: frozenset[str]) -> bool:
        if self.instant or self.from_now:
            return False
        if self.every:
            return self._take_day_of_every(self.every, day, lead)
        if isinstance(day, Weekday):
            return self._take_weekday(replace(day, last=True) if "since" in lead and day.week is None else day)
        if self.days:
            return False
        merged = day if self.day in (None, day) else _merged(self.day, day)
        if merged is None:
            return False
        if self.weekday and self.weekday.week is None:
            if isinstance(day, Period) and day.unit == "week":
                self.weekday = replace(self.weekday, week=day.ahead)
                return True
            if isinstance(day, Shifted) and day.days and day.days % 7 == 0 and not day.months and not day.after:
                self.weekday = replace(self.weekday, week=day.days // 7)
                return True
        self.day = merged
        return True

    def _take_weekday(self, day: Weekday) -> bool:
        if self.weekday is not None or self.days:
            return self.weekday == day
        if isinstance(self.day, Period) and self.day.unit == "week" and day.week is None:
            self.weekday, self.day = replace(day, week=self.day.ahead), None
            return True
        if isinstance(self.day, Shifted) and self.day.days >= 7 and self.day.days % 7 == 0 and not self.day.after:
            self.weekday, self.day = replace(day, week=self.day.days // 7), None
            return True
        self.weekday = day
        return True

    # What comes again.

    def _take_every(self, every: Every) -> bool:
        part = every.part or self.part
        if every.part and self.part not in ("", every.part):
            return False
        if every.part in ("noon", "midnight"):
            self.clocks.append(Clock(12 if every.part == "noon" else 0))
            part = self.part
        merged = _merged_every(self.every, every) if self.every else every
        if merged is None:
            return False
        self.every, self.part = merged, part
        return True

    def _narrow_weekdays(self, weekdays: tuple[int, ...]) -> bool:
        every = self.every
        if every is None or every.unit not in ("day", "week", "hour", "minute") or every.weekdays:
            return False
        unit = "week" if every.unit == "day" else every.unit
        self.every = replace(every, unit=unit, weekdays=tuple(sorted(weekdays)))
        return True

    def _take_day_of_every(self, every: Every, day: Day, lead: frozenset[str]) -> bool:
        if lead & ENDS:
            return self._bound(day)
        if lead & BEGINS and self.first is None:
            self.first = day
            return True
        match day:
            case Weekday(week=None, last=False):
                return self._add_weekday(every, day.weekday)
            case OfMonth(month=None, month_ahead=None) if every.unit == "month":
                return self._fixed(replace(every, month_day=day.day)) if _is_open(every) else False
            case OfMonth() if every.unit == "year" and day.month and _is_open(every):
                self.first = day if day.year else self.first
                return self._fixed(replace(every, month=day.month, month_day=day.day))
            case Holiday() if every.unit == "year" and "-" in day.rule:
                month, number = map(int, day.rule.split("-"))
                return self._fixed(replace(every, month=month, month_day=number))
            case NamedMonth(year=None) if every.unit == "year" and every.month is None:
                return self._fixed(replace(every, month=day.month))
            case Counted(of=NamedMonth()) if every.unit == "year" and isinstance(day.of, NamedMonth):
                return self._fixed(replace(every, month=day.of.month, weekdays=(day.weekday,), count=day.count))
            case EdgeOf(edge="end", of=Period(unit="month")) if every.unit == "month":
                return self._fixed(replace(every, month_day=-1))
            case Period() | NamedMonth() if every.unit not in ("year",):
                self.first, self.until = self.first or EdgeOf(day, "start"), self.until or EdgeOf(day, "end")
                return True
            case _:
                return False

    def _fixed(self, every: Every) -> bool:
        self.every = every
        return True

    def _bound(self, day: Day) -> bool:
        if self.until not in (None, day):
            return False
        self.until = day
        return True

    def _add_weekday(self, every: Every, weekday: int) -> bool:
        if every.unit == "week":
            return self._fixed(replace(every, weekdays=tuple(sorted({*every.weekdays, weekday}))))
        if every.unit == "day" and every.interval == 1:
            return self._fixed(replace(every, unit="week", weekdays=(weekday,)))
        return False


def _is_open(every: Every) -> bool:
    return every.month_day is None and every.count is None


def _merged_every(first: Every, second: Every) -> Every | None:
    """`daily on weekdays`, `monthly on the first monday of the month`; none where they contradict."""
    if first == second:
        return first
    for wide, narrow in ((first, second), (second, first)):
        is_plain = wide == Every(wide.unit, wide.interval, part=wide.part) and 1 in (narrow.interval, wide.interval)
        if wide.unit == narrow.unit and is_plain:
            return replace(narrow, interval=max(wide.interval, narrow.interval))
        if wide == Every("day", part=wide.part) and narrow.unit == "week":
            return narrow
        if wide.unit in ("hour", "minute") and narrow.unit == "week" and narrow.interval == 1:
            return replace(wide, weekdays=narrow.weekdays)
        if wide == Every("year", wide.interval) and narrow.unit == "month" and narrow.interval == 1:
            return None
    return None


def _merged(first: Day | None, second: Day) -> Day | None:
    """One day from two pieces, such as `on the 5th` and `next month`; none where they cannot be one."""
    for day, wide in ((first, second), (second, first)):
        if isinstance(day, OfMonth) and day.month is None and day.month_ahead is None:
            if isinstance(wide, NamedMonth) and not wide.ahead:
                return replace(day, month=wide.month, year=wide.year)
            if isinstance(wide, Period) and wide.unit == "month":
                return replace(day, month_ahead=wide.ahead)
        if isinstance(day, OfMonth) and day.year is None and isinstance(wide, Period) and wide.unit == "year":
            return None
    return None
