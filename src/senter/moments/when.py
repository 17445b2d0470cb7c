"""What the words of a text say about time: where they stand, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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
    recurrence: str | None = None
    """Five fields of cron; `RRULE:...` where cron cannot say it."""
    zone: str = ""
    """The time zone that the words name; empty where they name none."""
    problem: str = ""
    """Why what is said cannot be, for people: `February 2027 has no day 31.`"""
    unread: tuple[Span, ...] = ()
    """Words of time beside these that found no use."""

    @property
    def says_clock_time(self) -> bool:
        """Whether it names more than a day."""
        return isinstance(self.start, datetime)
