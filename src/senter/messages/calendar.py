"""What stands in the user's calendars, and which there are. Answered by the task engine, their only keeper."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from senter.messages.fields import Id
from senter.messages.goals import TASK_ENGINE, GoalReply, GoalText
from senter.messages.message import Command, Done, Frozen, Reply, new_message_id

CalendarLabel = Annotated[str, Field(max_length=200)]


class CalendarKind(StrEnum):
    """How a calendar is kept."""

    FILE = "file"
    FOLDER = "folder"
    SUBSCRIPTION = "subscription"
    CALDAV = "caldav"


class EventView(Frozen):
    """One entry of a calendar, each occurrence of a repeated one by itself."""

    uid: str = Field(description="Names the entry; all occurrences of one have the same.")
    calendar: str = Field(description="The calendar's name.")
    title: str = Field(description="What it is.")
    start: str = Field(description="ISO 8601: a day for whole days, else a moment with its offset.")
    end: str = Field(description="ISO 8601, as `start`; the first moment or day after it.")
    all_day: bool = Field(description="Whether it is about whole days.")
    location: str = Field(default="", description="Where.")


class EventsReply(Reply):
    wire_name = "calendar_page"

    events: tuple[EventView, ...] = Field(description="The earliest first.")
    calendars: tuple[str, ...] = Field(description="Names of the calendars that were looked at.")
    problem: str = Field(
        default="", description="Why some could not be read, or how old they are; empty when all were."
    )
    start: AwareDatetime | None = Field(default=None, description="From when it was looked; null where it was not.")
    end: AwareDatetime | None = Field(default=None, description="Until when.")


class ListEvents(Command[EventsReply], to=TASK_ENGINE):
    """List the entries of the user's calendars in a time: between two moments, or as words name it."""

    start: AwareDatetime | None = Field(default=None, description="From when; null is now.")
    end: AwareDatetime | None = Field(
        default=None, description="Until when; what begins then is left out. Null is a week later."
    )
    when: str = Field(
        default="", max_length=200, description='The time in words instead, such as "friday" or "next week".'
    )
    wait_seconds: float = Field(
        default=1.0, ge=0, le=20, description="How long servers are waited for; then what was read last is told."
    )


class CalendarView(Frozen):
    """One calendar; an account on a server has several."""

    name: str = Field(description="What people call it.")
    kind: CalendarKind = Field(description="How it is kept.")
    can_write: bool = Field(description="Whether events can be added and changed in it.")
    is_for_new: bool = Field(description="Whether new events go into it.")
    entries: int | None = Field(description="How many events are in what was read; null where nothing was.")
    read_at: AwareDatetime | None = Field(description="When a copy of it was read, UTC; null where it is read itself.")
    problem: str = Field(description="Why it could not be read, or how old it is; empty when all is well.")


class CalendarsReply(Reply):
    calendars: tuple[CalendarView, ...] = Field(description="The main one first.")


class ListCalendars(Command[CalendarsReply], to=TASK_ENGINE):
    """List the user's calendars and how they stand."""

    wait_seconds: float = Field(default=10.0, ge=0, le=20, description="How long servers are waited for.")


class CalendarConnected(Reply):
    name: str = Field(description="What it is called in the settings.")
    kind: CalendarKind = Field(description="How it is kept.")
    found: tuple[str, ...] = Field(description="The calendars that were found there, as they call themselves.")
    can_write: bool = Field(description="Whether events can be added to it.")
    is_for_new: bool = Field(description="Whether new events go into it from now on.")


class ConnectCalendar(Command[CalendarConnected], to=TASK_ENGINE):
    """Connect a calendar: a file or folder, a subscribed address, or an account on a CalDAV server, found by trying.

    It is written into the settings, which the running daemon takes up.
    """

    place: str = Field(min_length=1, max_length=2_000, description="A path, or an address.", repr=False)
    name: CalendarLabel = Field(default="", description="What to call it; found by itself where it is empty.")
    user: CalendarLabel = Field(default="", description="The user on a server.")
    password: str = Field(default="", max_length=1_000, description="The user's password there.", repr=False)


class DisconnectCalendar(Command[Done], to=TASK_ENGINE):
    """Take a connected calendar out of the settings. What is in it stays as it is."""

    name: str = Field(max_length=2_000, description="What it is called, or its place.", repr=False)


class AddEvent(Command[GoalReply], to=TASK_ENGINE):
    """Add an event, in plain words. The same `request_id` adds one, however often it is sent."""

    request_id: Id = Field(default_factory=new_message_id, description="Chosen by the asker.")
    text: GoalText
    calendar: CalendarLabel = Field(default="", description="Which calendar; the usual one where it is empty.")


class RemoveEvent(Command[GoalReply], to=TASK_ENGINE):
    """Remove an event, or one occurrence of it. The same `request_id` does it once, however often it is sent."""

    request_id: Id = Field(default_factory=new_message_id, description="Chosen by the asker.")
    uid: str = Field(max_length=1_000, description="The entry.")
    title: Annotated[str, Field(min_length=1, max_length=500)] = Field(description="What it is called.")
    occurrence: str = Field(
        default="", max_length=100, description="The one that begins then, ISO 8601; all of it where it is empty."
    )
