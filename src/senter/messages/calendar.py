"""What stands in the user's calendars. Answered by the task engine, which has their only keeper."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from senter.messages.goals import TASK_ENGINE
from senter.messages.message import Command, Frozen, Reply


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
    problem: str = Field(default="", description="Why some could not be read; empty when all were.")


class ListEvents(Command[EventsReply], to=TASK_ENGINE):
    """List the entries of the user's calendars between two moments."""

    start: AwareDatetime = Field(description="From when.")
    end: AwareDatetime = Field(description="Until when; what begins then is left out.")
