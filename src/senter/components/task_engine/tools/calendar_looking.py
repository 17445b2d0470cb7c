"""What was found in several calendars, as one: in order, each event once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from senter.components.task_engine.tools.calendar_event import CalendarEvent
from senter.components.task_engine.tools.calendar_source import Calendar, CalendarContents
from senter.components.task_engine.tools.calendar_texts import CalendarSpan
from senter.messages.calendar import CalendarView

EVENT = b"BEGIN:VEVENT"


class Looked(NamedTuple):
    """What was found in one calendar of the settings."""

    calendar: Calendar
    contents: CalendarContents
    events: tuple[CalendarEvent, ...] = ()

    def problem(self, *, several: bool) -> str:
        """With the calendar's name where there are others."""
        said = self.contents.problem
        return f"{self.calendar.name}: {said}" if said and several else said


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """What takes place in a time, the earliest first, as far as it could be looked at."""

    events: tuple[CalendarEvent, ...]
    calendars: tuple[str, ...]
    """Those that were looked at."""
    problems: tuple[str, ...]


def found_in(looked: Iterable[Looked], span: CalendarSpan, zone: ZoneInfo) -> FoundEvents:
    """What is in the time, of calendars that were asked for a longer one."""
    looked = list(looked)
    inside = [event for each in looked for event in each.events if _is_in(event, span, zone)]
    inside.sort(key=lambda event: _moment(event.start, zone))
    names = (part.name for each in looked for part in each.contents.parts)
    said = (each.problem(several=len(looked) > 1) for each in looked)
    problems = (problem for problem in said if problem)
    return FoundEvents(tuple(told_once(inside)), tuple(names), tuple(problems))


def told_once(events: Iterable[CalendarEvent]) -> Iterator[CalendarEvent]:
    """The same event in two calendars, by its UID or by what is said of it, is told of the first."""
    known = dict[tuple[str, ...], str]()
    for event in events:
        keys = ((event.uid, event.start), (" ".join(event.title.casefold().split()), event.start, event.end))
        if all(known.get(key, event.calendar) == event.calendar for key in keys):
            yield event
        for key in keys:
            known.setdefault(key, event.calendar)


def views_of(each: Looked, new_part: str | None) -> Iterator[CalendarView]:
    """A calendar, or each of an account's. `new_part`: what of it takes new events; none where nothing of it does."""
    calendar, contents = each.calendar, each.contents
    told = {"kind": calendar.kind, "read_at": contents.read_at, "problem": contents.problem}
    writable = [part.name for part in contents.parts if part.can_write]
    for_new = None if new_part is None else new_part or next(iter(writable), "")
    for part in contents.parts:
        is_new = for_new is not None and for_new.casefold() in (
            part.name.casefold(),
            part.name.casefold().rpartition("/")[2],
        )
        yield CalendarView.model_validate(
            {**told, "name": part.name, "can_write": part.can_write and calendar.can_write}
            | {"entries": part.text.upper().count(EVENT), "is_for_new": is_new}
        )
    if not contents.parts:
        yield CalendarView.model_validate(
            {**told, "name": calendar.name, "can_write": calendar.can_write, "entries": None, "is_for_new": False}
        )


def _is_in(event: CalendarEvent, span: CalendarSpan, zone: ZoneInfo) -> bool:
    start, end = _moment(event.start, zone), _moment(event.end, zone)
    return start < span.end and (end > span.start or start >= span.start)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """A day begins in the user's zone, and what floats is read in it."""
    if len(text) == len("2026-12-24"):
        return datetime.combine(date.fromisoformat(text), time(), zone)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)
