"""The child that reads and writes calendars: what others put into events is parsed here and nowhere else.

Run as a module by the calendar tools. `file_*` work on the bytes of an .ics file, `resource_*` on an entry that is kept
by itself.
"""

# pyright: basic
# The library has types in part only.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.tools.children import calendar_outcome as outcome
from senter.components.task_engine.tools.children.calendar_agenda import agenda_of
from senter.components.task_engine.tools.children.calendar_entries import version_of
from senter.components.task_engine.tools.children.calendar_occurrences import Window
from senter.components.task_engine.tools.children.calendar_rules import rule_from
from senter.components.task_engine.tools.children.calendar_text import with_event
from senter.text import cut, one_line

if TYPE_CHECKING:
    import icalendar
    from pydantic import JsonValue


def answer(frame: Frame) -> Frame:
    """What the libraries raise is told to the parent; they raise many things."""
    doing = {
        "file_events": _file_events,
        "file_add": _file_add,
        "file_edit": lambda frame: outcome.edit(frame.head, frame.body),
        "file_restoring": lambda frame: outcome.restoring(frame.head, frame.body),
        "file_put": lambda frame: outcome.put(frame.head, frame.body),
        "resource_edit": lambda frame: outcome.edit_resource(frame.head, frame.body),
        "resource_restoring": lambda frame: outcome.restoring_resource(frame.head, frame.body),
        "resource_put": lambda frame: outcome.put_resource(frame.head, frame.body),
    }
    try:
        return doing[str(frame.head["do"])](frame)
    except MemoryError:
        raise
    except Exception as error:
        return Frame({"error": _sentence(error)})


def _file_events(frame: Frame) -> Frame:
    return _events([frame.body] if frame.body.strip() else [], frame.head)


def _file_add(frame: Frame) -> Frame:
    event = _event(frame)
    content = with_event(frame.body, _zones_for(event, frame.body) + event.to_ical())
    version = version_of(content, str(event["UID"]))
    return Frame({"added": content != frame.body, "version": version}, content)


def _zones_for(event: icalendar.Event, content: bytes) -> bytes:
    """The definition of the time zone of its times, where the calendar has none."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add_component(event)
    calendar.add_missing_timezones()
    missing = (zone for zone in calendar.timezones if f"TZID:{zone.tz_name}".encode() not in content)
    return b"".join(zone.to_ical() for zone in missing)


def _events(texts: Iterable[bytes], head: Mapping[str, JsonValue]) -> Frame:
    """What the texts say of a span, for a user in the zone that `head` names, else in that of the start."""
    start, end = _moment(head["start"]), _moment(head["end"])
    zone = ZoneInfo(str(head["zone"])) if head.get("zone") else start.tzinfo
    window = Window(start, end, zone or UTC)
    agenda = agenda_of(texts, window)
    return Frame({"events": cast("JsonValue", agenda.events), "problem": agenda.problem})


def _event(frame: Frame) -> icalendar.Event:
    import icalendar

    given = cast("dict[str, JsonValue]", frame.head["event"])
    event = icalendar.Event()
    event.add("UID", str(given["uid"]))
    event.add("DTSTAMP", _moment(given["stamp"]))
    event.add("SUMMARY", str(given["title"]))
    zone = None if given["all_day"] else ZoneInfo(str(given["zone"]) or "UTC")
    repeats = bool(given["recurrence"])
    for name, field in (("DTSTART", "start"), ("DTEND", "end")):
        event.add(name, _at(given[field], zone, local=repeats))
    if repeats:
        event.add("RRULE", icalendar.vRecur.from_ical(rule_from(str(given["recurrence"])).written(zone)))
    if left_out := cast("list[JsonValue]", given.get("left_out") or []):
        event.add("EXDATE", [_at(each, zone, local=True) for each in left_out])
    for name, field in (("LOCATION", "location"), ("DESCRIPTION", "description")):
        if given[field]:
            event.add(name, str(given[field]))
    return event


def _at(value: JsonValue, zone: ZoneInfo | None, *, local: bool) -> date:
    """A day where there is no zone; what comes again goes by the clock of its zone, what does not is in UTC."""
    if zone is None:
        return date.fromisoformat(str(value)[:10])
    return _moment(value).astimezone(zone if local else UTC)


def _moment(value: JsonValue) -> datetime:
    return datetime.fromisoformat(str(value))


def _sentence(error: Exception) -> str:
    """Libraries put addresses and passwords into their errors; the password must not come out."""
    text = one_line(str(error)) or type(error).__name__
    return cut(re.sub(r"//[^/@\s]+@", "//", text), 300)


if __name__ == "__main__":
    run(lambda: serve(answer))
