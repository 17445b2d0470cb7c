"""What the words of a text say about time: where they stand, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

Span = tuple[int, int]
"""The first character, and the one after the last."""


@dataclass(frozen=True, slots=True)
class When:
    """One moment, day, range or recurrence. Without a clock time it is a `date`; a `datetime` is aware, in its zone."""

    spans: tuple[Span, ...] = ()
    """Words that say it; day and clock time may stand apart."""
    start: date | datetime | None = None
    """The first time, of a recurrence too; none where nothing is said or what is said names no day."""
    end: date | datetime | None = None
    """Of a range: the end, which an event does not reach beyond; the last day of several."""
    also: tuple[When, ...] = ()
    """Further clock times and days said beside it, each with its words: `at 9, 12 and 15`, `on monday and thursday`."""
    recurrence: str | None = None
    """Five fields of cron; `RRULE:...` where cron cannot say it."""
    zone: str = ""
    """The time zone that the words name; empty where they name none."""
    problem: str = ""
    """Why what is said cannot be, for people: `February 2027 has no day 31.`"""
    instead: tuple[date, ...] = ()
    """Days that may be meant where there is a problem, the likeliest first."""
    instead_of: Span = (0, 0)
    """The words that they may stand for."""
    unread: tuple[Span, ...] = ()
    """Words of time beside these that found no use."""
    due: date | datetime | None = None
    """By when, where the words are those of a deadline: `start`, but the last day of a week, month or year."""
    past: bool = False
    """Whether it lies before now."""
    part: str = ""
    """The part of the day that is said instead of a clock time: morning, afternoon, evening, night, tonight."""
    period: str = ""
    """What several days are: week, weekend, month, year, or range; empty for one day or moment."""
    length: timedelta | None = None
    """How long, of `for 2 hours`; `end` counts it already where there is a start."""
    offset: timedelta | None = None
    """Of `30 minutes before` (less than nothing) and `an hour after`: counted already in `start` where there is one;
    else from whatever the sentence names."""
    elapsed: bool = False
    """Whether it is counted from now, whatever clocks do: `in 2 hours`."""
    by: bool = False
    """Whether it is said as an end: `by friday`, `before 6`, `until noon`."""

    @property
    def says_clock_time(self) -> bool:
        """Whether it names more than a day."""
        return isinstance(self.start, datetime)
