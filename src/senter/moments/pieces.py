"""The small things that expressions of time are put together from, each with the tokens that say it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Literal

from senter.moments.days import Day

LISTED = "listed"
"""The role of an hour or a day that is one of several: `at 9, 12 and 15`, `on monday and thursday`."""
NAMING = "naming"
"""The role of a time that a thing is called by: `the 10 o'clock report`, `last month's figures`."""
Half = Literal["", "am", "pm"]
EveryUnit = Literal["minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A clock time."""

    hour: int
    minute: int = 0
    second: int = 0
    is_open: bool = False
    """Whether its hour, from 1 to 12, may be in either half of the day."""
    is_spoken: bool = False
    """Whether it is said as people speak, not written with its minutes: `at 7`, `half seven`."""

    def in_half(self, half: Half) -> ClockTime:
        """The same in that half of the day."""
        if not self.is_open or not half:
            return self
        return replace(self, hour=self.hour % 12 + (12 if half == "pm" else 0), is_open=False)

    @property
    def sensible(self) -> ClockTime:
        """The half in which most things are done: from seven in the morning."""
        return self.in_half("am" if 7 <= self.hour < 12 else "pm")

    @property
    def time(self) -> time:
        return time(self.hour % 24, self.minute, self.second)


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From one clock time to another."""

    start: ClockTime
    end: ClockTime


@dataclass(frozen=True, slots=True)
class DayAndClock:
    """Both in one piece, as ISO 8601 has it."""

    day: Day
    clock: ClockTime


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment with its offset from UTC, or its zone."""

    moment: datetime
    zone: str = ""


@dataclass(frozen=True, slots=True)
class ComingMinute:
    """The next time that clocks show this minute: `a quarter past`."""

    minute: int


@dataclass(frozen=True, slots=True)
class DayRange:
    """From one day to another, both included."""

    start: Day
    end: Day


@dataclass(frozen=True, slots=True)
class SeveralDays:
    """Days that are each meant, the first of them first."""

    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """Morning, afternoon, evening, night, tonight; of a day where it says one."""

    name: str
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class EndOfDay:
    """The end of the working day, of today where no day is said."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; months have no fixed number of days, and days none of hours."""

    months: int = 0
    days: int = 0
    seconds: float = 0.0

    def __neg__(self) -> Length:
        return Length(-self.months, -self.days, -self.seconds)

    def __add__(self, other: Length) -> Length:
        return Length(self.months + other.months, self.days + other.days, self.seconds + other.seconds)


@dataclass(frozen=True, slots=True)
class FromNow:
    """So long from now; before now where it is less than nothing."""

    length: Length


@dataclass(frozen=True, slots=True)
class Lasting:
    """For so long."""

    length: Length


@dataclass(frozen=True, slots=True)
class Times:
    """How often what comes again comes in all: `every monday, 10 times`."""

    count: int


@dataclass(frozen=True, slots=True)
class Offset:
    """So long before (less than nothing) or after what else is said."""

    length: Length
    part: str = ""
    """The part of that day: `the evening before`."""

    @property
    def is_of_days(self) -> bool:
        """Whether it is a day, with a clock time of its own."""
        return not self.length.seconds


@dataclass(frozen=True, slots=True)
class ThisTime:
    """The clock time that it is now, on a day: `this time tomorrow`."""

    day: Day


@dataclass(frozen=True, slots=True)
class InZone:
    """A time zone by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Every:
    """A recurrence, as far as one piece says it."""

    unit: EveryUnit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    count: int | None = None
    """Which of the days of the week of a month: 2 is the second, -1 the last."""
    month_days: tuple[int, ...] = ()
    """-1 is the last."""
    month: int | None = None
    part: str = ""
    often: int = 1
    """How often in that time, where the hours or days may be said beside it."""

    @property
    def is_open(self) -> bool:
        """Whether as many days as it comes on are still to be said: `twice a week`."""
        return self.often > 1 and self.unit in ("week", "month") and self.often != len(self.weekdays or self.month_days)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken back, and the words that did: `tuesday, no wait,`."""


@dataclass(frozen=True, slots=True)
class Vague:
    """Words of time that come to no moment: `twice a week`, `31 February`."""

    problem: str = ""
    nearest: Day | None = None
    """The last day before what is none."""


Content = (
    Day
    | ClockTime
    | ClockRange
    | DayAndClock
    | Instant
    | ComingMinute
    | DayRange
    | SeveralDays
    | PartOfDay
    | EndOfDay
    | FromNow
    | Lasting
    | Times
    | Offset
    | ThisTime
    | InZone
    | Every
    | Vague
    | Withdrawn
)


@dataclass(frozen=True, slots=True)
class TimePiece:
    """What some neighbouring tokens say."""

    first: int
    """The first token."""
    next: int
    """The first token after it."""
    span: tuple[int, int]
    content: Content
    lead: frozenset[str]
    """The roles of the words before it: `by`, `from`, `at`."""
    core: tuple[int, int] = (0, 0)
    """The span without those words."""


Found = tuple[Content, int] | None
"""What a rule read, and the first token it did not."""
