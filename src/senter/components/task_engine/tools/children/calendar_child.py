"""The child that reads and writes calendars: what others put into events is parsed here and nowhere else.

Run as a module by the calendar tools. `file_*` work on the bytes of an .ics file, `caldav_*` on a server.
"""

# pyright: basic, reportPrivateImportUsage=false
# The two libraries have types in part only, and caldav exports its names without saying so.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.task_engine.tools.children import calendar_outcome as outcome
from senter.components.task_engine.tools.children.calendar_agenda import agenda_of
from senter.components.task_engine.tools.children.calendar_entries import crlf, version_of
from senter.components.task_engine.tools.children.calendar_occurrences import Window
from senter.components.task_engine.tools.children.calendar_rules import rule_from
from senter.components.task_engine.tools.children.calendar_text import with_event
from senter.text import cut, one_line

if TYPE_CHECKING:
    import caldav
    import icalendar
    from pydantic import JsonValue

SERVER_SECONDS = 15
CHANGED_MEANWHILE, FIRST_ERROR = 412, 400


def answer(frame: Frame) -> Frame:
    """What the libraries raise is told to the parent; they raise many things."""
    doing = {
        "file_events": _file_events,
        "file_add": _file_add,
        "file_edit": lambda frame: outcome.edit(frame.head, frame.body),
        "file_restoring": lambda frame: outcome.restoring(frame.head, frame.body),
        "file_put": lambda frame: outcome.put(frame.head, frame.body),
        "caldav_events": _caldav_events,
        "caldav_add": _caldav_add,
        "caldav_edit": _caldav_edit,
        "caldav_restoring": _caldav_restoring,
        "caldav_put": _caldav_put,
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


def _caldav_events(frame: Frame) -> Frame:
    start, end = _moment(frame.head["start"]), _moment(frame.head["end"])
    with closing(_client(frame.head)) as client:
        calendar = client.calendar(url=str(frame.head["url"]))
        found = cast("Iterable[caldav.Event]", calendar.search(event=True, start=start, end=end))
        texts = [str(one.data) for one in found]
    return _events([text.encode() for text in texts], frame.head)


def _caldav_add(frame: Frame) -> Frame:
    from caldav.lib.error import NotFoundError

    event = _event(frame)
    uid = str(event["UID"])
    with closing(_client(frame.head)) as client:
        calendar = client.calendar(url=str(frame.head["url"]))
        try:
            calendar.event_by_uid(uid)
        except NotFoundError:
            calendar.save_event(with_event(b"", _zones_for(event, b"") + event.to_ical()).decode())
            added = True
        else:
            added = False
        _, _, content = _resource(client, calendar, uid)
    return Frame({"added": added, "version": version_of(content, uid)})


def _caldav_edit(frame: Frame) -> Frame:
    with closing(_client(frame.head)) as client:
        edit = cast("dict[str, JsonValue]", frame.head["edit"])
        _, _, content = _resource(client, client.calendar(url=str(frame.head["url"])), str(edit["uid"]))
    return outcome.edit_resource(frame.head, content)


def _caldav_restoring(frame: Frame) -> Frame:
    with closing(_client(frame.head)) as client:
        calendar = client.calendar(url=str(frame.head["url"]))
        _, _, content = _resource(client, calendar, str(frame.head["uid"]))
    return outcome.restoring_resource(frame.head, content)


def _caldav_put(frame: Frame) -> Frame:
    """The server refuses where another changed it between the look and the change (RFC 7232)."""
    uid = str(frame.head["uid"])
    with closing(_client(frame.head)) as client:
        calendar = client.calendar(url=str(frame.head["url"]))
        url, etag, content = _resource(client, calendar, uid)
        answer, wanted = outcome.put_resource(frame.head, content)
        if not answer.head.get("changed"):
            return answer
        matching = {"If-Match": etag} if etag else {"If-None-Match": "*"} if not content else {}
        if wanted:
            place = url or f"{str(calendar.url).rstrip('/')}/{quote(uid, safe='')}.ics"
            headers = {"Content-Type": "text/calendar; charset=utf-8", **matching}
            status = client.request(place, "PUT", crlf(wanted).decode(), headers).status
        else:
            status = client.request(url, "DELETE", "", matching).status
        if status == CHANGED_MEANWHILE:
            return outcome.CHANGED
        if status >= FIRST_ERROR:
            raise ValueError(f"the server answered with status {status}")
        _, _, content = _resource(client, calendar, uid)
    return Frame({**answer.head, "version": version_of(content, uid)})


def _resource(client: caldav.DAVClient, calendar: caldav.Calendar, uid: str) -> tuple[str, str, bytes]:
    """Address, etag and text of the resource that holds an entry; empty where there is none."""
    from caldav.lib.error import NotFoundError

    try:
        url = str(calendar.event_by_uid(uid).url)
    except NotFoundError:
        return "", "", b""
    found = client.request(url, "GET")
    return url, str(found.headers.get("etag", "")), str(found.raw).encode()


def _client(head: Mapping[str, JsonValue]) -> caldav.DAVClient:
    import caldav

    return caldav.DAVClient(
        url=str(head["url"]),
        username=str(head["user"]) or None,
        password=str(head["password"]) or None,
        timeout=SERVER_SECONDS,
    )


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
