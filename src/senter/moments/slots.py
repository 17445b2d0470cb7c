"""The pieces of one expression in their places: its day, its clock time, what comes again. Pure.

What finds no place is left unread; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from senter.moments.day_merging import in_week, merged_days
from senter.moments.days import (
    WORKDAYS,
    Day,
    EdgeOf,
    NamedMonth,
    OfMonth,
    Period,
    Shifted,
    Weekday,
)
from senter.moments.every import on_day, on_weekdays, together, without
from senter.moments.pieces import (
    LISTED,
    NAMING,
    ClockRange,
    ClockTime,
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
    SeveralDays,
    TimePiece,
    Times,
    Vague,
    Withdrawn,
)
from senter.moments.when import Span

ENDS = frozenset({"by", "before", "until"})
BEGINS = frozenset({"from", "since"})
MOST_LISTED = 20
"""Times of one thing; further ones are left unread."""


@dataclass(slots=True)
class Slots:
    """Filled one piece after the other."""

    day: Day | None = None
    weekday: Weekday | None = None
    days: DayRange | None = None
    clocks: list[ClockTime] = field(default_factory=list[ClockTime])
    listed: list[tuple[ClockTime, Span]] = field(default_factory=list[tuple[ClockTime, Span]])
    """Further clock times of what does not come again."""
    listed_days: list[tuple[Day, Span]] = field(default_factory=list[tuple[Day, Span]])
    hours: ClockRange | None = None
    minute: ComingMinute | None = None
    part: str = ""
    end_of_day: bool = False
    from_now: Length | None = None
    instant: Instant | None = None
    lasting: Length | None = None
    offset: Offset | None = None
    clock_there: ClockTime | None = None
    """On the day that the offset comes to: `the day before at 8`."""
    zone: str = ""
    every: Every | None = None
    times: int | None = None
    """How often it comes in all."""
    lists_weekdays: bool = False
    """Whether the days of the week are said beside what comes again: `weekly tue thu`."""
    first: Day | None = None
    until: Day | None = None
    is_end: bool = False
    problem: str = ""
    nearest: Day | None = None
    """The last day before one that is none."""
    nearest_core: Span = (0, 0)
    day_cores: list[Span] = field(default_factory=list[Span])
    """Where its day is said, without the words before that."""
    spans: list[Span] = field(default_factory=list[Span])
    clock_spans: list[Span] = field(default_factory=list[Span])
    unread: list[Span] = field(default_factory=list[Span])

    def fill(self, pieces: Iterable[TimePiece]) -> Slots:
        """With what comes again first: the days beside it belong to it; what names a thing is last."""
        pieces = list(pieces)
        for piece in sorted(pieces, key=lambda piece: (not isinstance(piece.content, Every), NAMING in piece.lead)):
            self._put(piece)
        self._come_again()
        if self.every and self.every.is_open:
            return Slots().fill(map(_without_count, pieces))
        self.spans.sort()
        self.unread.sort()
        return self

    def _put(self, piece: TimePiece) -> None:
        content = piece.content
        if isinstance(content, Times) and not self.every:
            return
        if NAMING in piece.lead and isinstance(content, Day) and self._is_about(piece):
            return
        if isinstance(content, Vague):
            self.problem = self.problem or content.problem
            self.nearest = self.nearest or content.nearest
            self.nearest_core = piece.core if content.nearest else self.nearest_core
            (self.spans if content.problem else self.unread).append(piece.span)
        elif (
            isinstance(content, Withdrawn)
            or (LISTED in piece.lead and self._lists(content, piece.span))
            or (isinstance(content, SeveralDays) and self._take_several(content.days, piece.span))
        ):
            self.spans.append(piece.span)
        elif self._takes(content, piece.lead):
            self.spans.append(piece.span)
            if isinstance(content, Day):
                self.day_cores.append(piece.core)
            if isinstance(content, ClockTime | ClockRange | PartOfDay):
                self.clock_spans.append(piece.span)
            self.is_end |= bool(piece.lead & ENDS) and not piece.lead & {"from"}
        elif NAMING not in piece.lead:
            self.unread.append(piece.span)

    def _is_about(self, piece: TimePiece) -> bool:
        """Whether a day says of what something is, as the time is said elsewhere: `at 5 prepare tomorrow's agenda`."""
        is_said = self.has_day or self.every or self.from_now or self.instant
        return bool(is_said) or any(span[0] < piece.span[0] for span in self.clock_spans)

    def _lists(self, content: Content, span: Span) -> bool:
        """One more of several, of what does not come again."""
        if self.every or len(self.listed) + len(self.listed_days) >= MOST_LISTED:
            return False
        if isinstance(content, ClockTime) and self.clocks:
            self.listed.append((content, span))
            return True
        if isinstance(content, Day) and self.has_day:
            self.listed_days.append((content, span))
            return True
        return False

    def _take_several(self, days: Sequence[Day], span: Span) -> bool:
        if self.every or self.has_day or not self._take_day(days[0], frozenset()):
            return False
        self.listed_days += [(day, span) for day in days[1:]]
        return True

    def on_day(self, day: Day) -> Slots:
        """The same on another day."""
        other = replace(self, day=None, weekday=None)
        other._take_day(day, frozenset())
        return other

    def _takes(self, content: Content, lead: frozenset[str]) -> bool:
        match content:
            case Every() | Weekday() if "except" in lead:
                weekdays = content.weekdays if isinstance(content, Every) else (content.weekday,)
                return bool(self.every) and self._narrow(without(self.every, weekdays))
            case Every():
                return self._take_every(content)
            case DayAndClock():
                return self._take_day(content.day, lead) and self._take_clock(content.clock)
            case Day():
                return self._take_day(content, lead)
            case ClockTime():
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
            case Times() if self.times in (None, content.count):
                self.times = content.count
            case DayRange():
                return self._take_days(content)
            case EndOfDay():
                self.end_of_day = True
            case Instant() if self.is_empty:
                self.instant = content
            case Lasting() if self.lasting is None:
                self.lasting = content.length
            case Offset() if self.offset is None:
                self.offset = content
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
    def day_core(self) -> Span:
        """From the first word of the day to its last; nothing where other words are between."""
        if self.nearest:
            return self.nearest_core
        cores = sorted(self.day_cores)
        is_one = all(after[0] - before[1] <= len(", the ") for before, after in pairwise(cores))
        return (cores[0][0], cores[-1][1]) if cores and is_one else (0, 0)

    @property
    def has_day(self) -> bool:
        return bool(self.day or self.weekday or self.days)

    def _take_clock(self, clock: ClockTime) -> bool:
        if self.offset and self.offset.is_of_days and (self.clocks or self.hours or self.offset.part):
            is_first = self.clock_there in (None, clock)
            self.clock_there = clock
            return is_first
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
        return self._take_day(Shifted(length.days, length.months), lead)

    def _take_days(self, days: DayRange) -> bool:
        if self.every and isinstance(days.start, Weekday) and isinstance(days.end, Weekday):
            return self._narrow(on_weekdays(self.every, days.start.weekday, days.end.weekday))
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
        merged = day if self.day in (None, day) else merged_days(self.day, day)
        if merged is None:
            return False
        if self.weekday and (found := in_week(self.weekday, day)):
            self.weekday = found
        else:
            self.day = merged
        return True

    def _take_weekday(self, day: Weekday) -> bool:
        if self.weekday is not None or self.days:
            return self.weekday == day
        found = in_week(day, self.day) if self.day else None
        self.weekday, self.day = found or day, None if found else self.day
        return True

    # What comes again.

    def _come_again(self) -> None:
        """`at 9 monday to friday`: working days with a clock time, unless it is from the one to the other."""
        match self.days:
            case DayRange(Weekday(weekday=0, week=None), Weekday(weekday=4, week=None)) if self.clocks or self.hours:
                self.days, self.every = None, Every("week", weekdays=WORKDAYS)
            case _:
                pass

    def _take_every(self, every: Every) -> bool:
        part = every.part or self.part
        if every.part and self.part not in ("", every.part):
            return False
        if every.part in ("noon", "midnight"):
            self.clocks.append(ClockTime(12 if every.part == "noon" else 0))
            part = self.part
        self.lists_weekdays |= every.unit == "week" and not every.weekdays
        merged = together(self.every, every) if self.every else every
        if merged is None:
            return False
        self.every, self.part = merged, part
        return True

    def _take_day_of_every(self, every: Every, day: Day, lead: frozenset[str]) -> bool:
        if lead & ENDS:
            return self._bound(day)
        if lead & BEGINS and self.first is None:
            self.first = day
            return True
        if isinstance(day, Period | NamedMonth) and every.unit != "year":
            self.first, self.until = self.first or EdgeOf(day, "start"), self.until or EdgeOf(day, "end")
            return True
        if isinstance(day, OfMonth) and day.year is not None:
            self.first = day
        if self.lists_weekdays and isinstance(day, Weekday) and day == Weekday(day.weekday):
            return self._narrow(replace(every, weekdays=tuple(sorted({*every.weekdays, day.weekday}))))
        return self._narrow(on_day(every, day))

    def _narrow(self, every: Every | None) -> bool:
        self.every = every or self.every
        return every is not None

    def _bound(self, day: Day) -> bool:
        if self.until not in (None, day):
            return False
        self.until = day
        return True


def _without_count(piece: TimePiece) -> TimePiece:
    """`twice a week`, where the days are not said."""
    is_open = isinstance(piece.content, Every) and piece.content.is_open
    return replace(piece, content=Vague()) if is_open else piece
