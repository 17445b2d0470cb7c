"""What is said about calendars between the tools and the children that read them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, TypeAdapter


class CalendarEvent(BaseModel):
    """One event, or one occurrence of it. Times are ISO 8601; dates for whole days."""

    model_config = ConfigDict(frozen=True)

    uid: str
    title: str
    start: str
    end: str
    all_day: bool = False
    location: str = ""
    description: str = ""
    recurrence: str = ""
    """The value of an RRULE; empty for once."""
    zone: str = ""
    """The time zone by which it comes again."""
    left_out: tuple[str, ...] = ()
    """When it does not take place, of what comes again."""
    calendar: str = ""
    """The calendar it is in, as people know it."""


class Told(NamedTuple):
    """The events of a time, in order, and what of them could not be read."""

    events: tuple[CalendarEvent, ...]
    problem: str = ""


class Added(NamedTuple):
    """Whether an event was added, the version of its entry, and the calendar it is in."""

    added: bool
    version: str
    calendar: str


class EntryEdit(BaseModel):
    """What is to become of an entry; what is none stays."""

    model_config = ConfigDict(frozen=True)

    uid: str
    version: str | None
    stamp: datetime
    zone: str
    texts: dict[str, str] = {}
    start: str | None = None
    end: str | None = None
    occurrence: str | None = None
    recurrence: str | None = None
    remove: bool = False


class EntryChange(BaseModel):
    """An entry before and after, as text of one character for each byte; empty where there is none."""

    model_config = ConfigDict(frozen=True)

    uid: str
    before: str
    after: str
    before_version: str
    after_version: str
    event: CalendarEvent
    """What it is about, after the change; before it where nothing is left."""
    calendar: str = ""
    """The calendar it is in, as people know it."""


USUAL_NAME = "calendar"
"""Of a calendar that nobody named: Senter's own."""
EVENTS = TypeAdapter(tuple[CalendarEvent, ...])
