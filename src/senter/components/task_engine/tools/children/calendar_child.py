"""The child that reads and writes calendars: what others put into events is parsed here and nowhere else.

Run as a module by the calendar tools. `file_*` work on the bytes of an .ics file, `resource_*` on an entry that is kept
by itself.
"""

# pyright: basic
# The two libraries have types in part only.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.tools.children import calendar_outcome as outcome
from senter.components.task_engine.tools.children.calendar_entries import version_of
from senter.components.task_engine.tools.children.calendar_text import with_event
from senter.text import cut, one_line

if TYPE_CHECKING:
    import icalendar
    from pydantic import JsonValue

MOST_EVENTS = 1_000
LONGEST_TEXT = 2_000
TIMES_AN_HOUR = {"SECONDLY": 3_600, "MINUTELY": 60}
MOST_TIMES_AN_HOUR = 12
TOLD_ONCE = "(repeats without a pause; told once)"


def _answer(frame: Frame) -> Frame:
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
    return _events(_parsed(frame.body) if frame.body.strip() else [], frame.head)


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


def _events(calendars: Iterable[icalendar.Calendar], head: Mapping[str, JsonValue]) -> Frame:
    import recurring_ical_events

    start, end = _moment(head["start"]), _moment(head["end"])
    found: dict[tuple[str, str], dict[str, JsonValue]] = {}
    for calendar in calendars:
        ceaseless = _taken_ceaseless(calendar)
        recurring = recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end)
        for told in (*map(_told, recurring), *map(_told_once, ceaseless)):
            found[(str(told["uid"]), str(told["start"]))] = told
            if len(found) >= MOST_EVENTS:
                break
    return Frame({"events": cast("JsonValue", sorted(found.values(), key=lambda one: str(one["start"])))})


def _taken_ceaseless(calendar: icalendar.Calendar) -> list[icalendar.Component]:
    """Takes out what repeats every few minutes or seconds: nobody plans that, and working out each time of it takes
    longer than anybody waits for a calendar."""
    events = [one for one in calendar.subcomponents if one.name == "VEVENT"]
    taken = [event for event in events if _is_ceaseless(event)]
    out = set(map(id, taken))
    calendar.subcomponents = [one for one in calendar.subcomponents if id(one) not in out]
    return taken


def _is_ceaseless(event: icalendar.Component) -> bool:
    rules = event.get("RRULE", [])
    found = (rule for rule in (rules if isinstance(rules, list) else [rules]) if isinstance(rule, dict))
    return "DTSTART" in event and any(_times_an_hour(rule) > MOST_TIMES_AN_HOUR for rule in found)


def _times_an_hour(rule: Mapping[str, list[object]]) -> float:
    [often, *_] = (*rule.get("FREQ", []), "")
    [every, *_] = (*rule.get("INTERVAL", []), 1)
    times = TIMES_AN_HOUR.get(str(often).upper(), 1) / max(int(str(every)), 1)
    return max(times, len(rule.get("BYMINUTE", [0])) * len(rule.get("BYSECOND", [0])))


def _told_once(event: icalendar.Component) -> dict[str, JsonValue]:
    told = _told(event)
    return {**told, "title": f"{told['title']} {TOLD_ONCE}".strip()}


def _told(event: icalendar.Component) -> dict[str, JsonValue]:
    begins = event.decoded("DTSTART")
    ends = event.decoded("DTEND") if "DTEND" in event else begins
    if "DTEND" not in event and "DURATION" in event:
        ends = begins + event.decoded("DURATION")
    return {
        "uid": _text(event, "UID"),
        "title": _text(event, "SUMMARY"),
        "location": _text(event, "LOCATION"),
        "description": _text(event, "DESCRIPTION"),
        "all_day": not isinstance(begins, datetime),
        "start": cast(date, begins).isoformat(),
        "end": cast(date, ends).isoformat(),
    }


def _text(event: icalendar.Component, name: str) -> str:
    return str(event.get(name, ""))[:LONGEST_TEXT]


def _event(frame: Frame) -> icalendar.Event:
    import icalendar

    given = cast("dict[str, JsonValue]", frame.head["event"])
    event = icalendar.Event()
    event.add("UID", str(given["uid"]))
    event.add("DTSTAMP", _moment(given["stamp"]))
    event.add("SUMMARY", str(given["title"]))
    whole_days = bool(given["all_day"])
    rule, zone = str(given["recurrence"]), ZoneInfo(str(given["zone"]) or "UTC")
    for name, field in (("DTSTART", "start"), ("DTEND", "end")):
        at = _day(given[field]) if whole_days else _moment(given[field])
        event.add(name, at.astimezone(zone) if rule and isinstance(at, datetime) else at)
    if rule:
        event.add("RRULE", icalendar.vRecur.from_ical(rule))
    for name, field in (("LOCATION", "location"), ("DESCRIPTION", "description")):
        if given[field]:
            event.add(name, str(given[field]))
    return event


def _parsed(content: bytes) -> list[icalendar.Calendar]:
    """The calendars in one file; most files hold one."""
    import icalendar

    parsed = [one for one in icalendar.Calendar.from_ical(content, multiple=True) if one.name == "VCALENDAR"]
    if not parsed:
        raise ValueError("it is not a calendar")
    return parsed


def _moment(value: JsonValue) -> datetime:
    return datetime.fromisoformat(str(value))


def _day(value: JsonValue) -> date:
    return date.fromisoformat(str(value)[:10])


def _sentence(error: Exception) -> str:
    """Libraries put addresses and passwords into their errors; the password must not come out."""
    text = one_line(str(error)) or type(error).__name__
    return cut(re.sub(r"//[^/@\s]+@", "//", text), 300)


if __name__ == "__main__":
    run(lambda: serve(_answer))
