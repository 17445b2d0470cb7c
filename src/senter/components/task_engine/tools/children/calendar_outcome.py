"""Works out in the child what becomes of an entry, and puts it there where the entry is still what it was.

An entry travels as text of one character for each byte. Of a file it is the events of one UID; of a server it is the
whole resource, time zones included.
"""

# pyright: basic
# The library has types in part only.

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from senter.component.frames import Frame
from senter.components.task_engine.tools.children.calendar_editing import (
    Edit,
    Moment,
    Span,
    edited,
    is_repeated,
    length,
)
from senter.components.task_engine.tools.children.calendar_entries import (
    blocks_of,
    crlf,
    entry_of,
    version_of,
    with_entry,
)
from senter.moments.shown import shown_day

if TYPE_CHECKING:
    from pydantic import JsonValue

BYTES = "latin-1"
ZONES = re.compile(rb"BEGIN:VTIMEZONE\r?\n.*?END:VTIMEZONE\r?\n", re.DOTALL | re.IGNORECASE)
BEGIN, END = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b"END:VCALENDAR\r\n"
CHANGED = Frame({"refused": "The entry was changed since."})
NOT_THERE = Frame({"refused": "There is no such entry in the calendar any more.", "absent": True})
LONGEST_TEXT = 2_000


def edit(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    """What an edit makes of an entry in a file."""
    asked = cast("dict[str, JsonValue]", head["edit"])
    uid = str(asked["uid"])
    if not blocks_of(content, uid):
        return NOT_THERE
    wanted = _edit_of(asked)
    if wanted.occurrence is not None and is_repeated(content, uid):
        found = _found(content, uid, wanted.occurrence, wanted.zone)
        if found is None:
            return Frame({"refused": f"It does not take place on {shown_day(wanted.occurrence)}."})
        wanted = replace(wanted, occurrence=found)
    before, after = entry_of(content, uid), edited(content, uid, wanted, _reader(content, wanted.zone))
    event = _event_told(content, uid, before, after, wanted)
    return Frame(_change(uid, before, after, event))


def _found(content: bytes, uid: str, occurrence: Moment, zone: ZoneInfo) -> Moment | None:
    """The occurrence that begins then; else the only one of that day, which was moved by itself; none where there is
    none."""
    import icalendar
    import recurring_ical_events

    text = b"".join((BEGIN, *ZONES.findall(content), entry_of(content, uid), END))
    calendar = icalendar.Calendar.from_ical(text)
    day = occurrence.astimezone(zone).date() if isinstance(occurrence, datetime) else occurrence
    begin, end = (datetime.combine(day + timedelta(days=days), time(), zone) for days in (0, 1))
    events = recurring_ical_events.of(calendar, skip_bad_series=True).between(begin, end)
    starts = {_aware(event.decoded("DTSTART"), zone) for event in events}
    if occurrence in starts:
        return occurrence
    return starts.pop() if len(starts) == 1 else None


def edit_resource(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    """The same for a server, where the entry is the whole resource."""
    answer = edit(head, content)
    if "refused" in answer.head:
        return answer
    uid, after = str(answer.head["uid"]), str(answer.head["after"]).encode(BYTES)
    whole = with_entry(content, uid, after) if after else b""
    return Frame({**answer.head, "before": content.decode(BYTES), "after": whole.decode(BYTES)})


def restoring(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    """What putting a kept entry into a file makes of it."""
    uid = str(head["uid"])
    return _restoring(uid, entry_of(content, uid), str(head["entry"]).encode(BYTES), content)


def restoring_resource(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    return _restoring(str(head["uid"]), content, str(head["entry"]).encode(BYTES), content)


def _restoring(uid: str, before: bytes, after: bytes, content: bytes) -> Frame:
    if not before.strip() and not after.strip():
        return NOT_THERE
    return Frame(_change(uid, before, after, _main_told(after or before, uid, content)))


def put(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    """The content with the entry, where it is still what was expected or is that already."""
    uid, entry = str(head["uid"]), str(head["entry"]).encode(BYTES)
    now, wanted = version_of(content, uid), version_of(entry, uid)
    if now == wanted:
        return Frame({"changed": False, "version": now})
    if now != str(head["expects"]):
        return _refused(content, uid)
    changed = with_entry(content, uid, entry)
    return Frame({"changed": True, "version": wanted}, changed)


def put_resource(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    """What a resource is to be, empty to be removed, where it is still what was expected or is that already."""
    answer = put(head, content)
    entry = str(head["entry"]).encode(BYTES)
    return Frame(answer.head, crlf(entry)) if answer.head.get("changed") else answer


def _refused(content: bytes, uid: str) -> Frame:
    """With what it is now."""
    if not blocks_of(content, uid):
        return NOT_THERE
    now = _main_told(entry_of(content, uid), uid, content)
    return Frame({"refused": f"The entry was changed since: it is now {now['title']}, {now['start']}."})


def _change(uid: str, before: bytes, after: bytes, event: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        "uid": uid,
        "before": before.decode(BYTES),
        "after": after.decode(BYTES),
        "before_version": version_of(before, uid),
        "after_version": version_of(after, uid),
        "event": event,
    }


def _edit_of(asked: dict[str, JsonValue]) -> Edit:
    texts = cast("dict[str, str]", asked["texts"])
    rule = asked["recurrence"]
    return Edit(
        stamp=datetime.fromisoformat(str(asked["stamp"])),
        zone=ZoneInfo(str(asked["zone"])),
        texts=texts,
        start=_moment(asked["start"]),
        end=_moment(asked["end"]),
        recurrence=None if rule is None else str(rule),
        occurrence=_moment(asked["occurrence"]),
        remove=bool(asked["remove"]),
    )


def _moment(value: JsonValue) -> Moment | None:
    if value is None:
        return None
    text = str(value)
    return date.fromisoformat(text) if len(text) == len("2026-12-24") else datetime.fromisoformat(text)


def _reader(content: bytes, zone: ZoneInfo):
    return lambda block: _span(block, content, zone)


def _span(block: bytes, content: bytes, zone: ZoneInfo) -> Span:
    """An end or a length that cannot be read is as if there were none."""
    event = _parsed(block, content)
    start = event.decoded("DTSTART") if "DTSTART" in event else None
    if not isinstance(start, date):
        raise ValueError("the start of the event cannot be read")  # noqa: TRY004 - of what others wrote
    end, lasts = (event.decoded(name) if name in event else None for name in ("DTEND", "DURATION"))
    if not isinstance(end, date) or isinstance(end, datetime) is not isinstance(start, datetime):
        usual = timedelta(0) if isinstance(start, datetime) else timedelta(days=1)
        end = start + (lasts if isinstance(lasts, timedelta) else usual)
    return _aware(start, zone), _aware(end, zone)


def _aware(moment: Moment, zone: ZoneInfo) -> Moment:
    return moment.replace(tzinfo=zone) if isinstance(moment, datetime) and moment.tzinfo is None else moment


def _parsed(block: bytes, content: bytes):
    import icalendar

    zones = b"".join(ZONES.findall(content))
    text = b"".join((BEGIN, zones, block, END))
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    if not events:
        raise ValueError("the entry cannot be read")
    return events[0]


def _event_told(content: bytes, uid: str, before: bytes, after: bytes, wanted: Edit) -> dict[str, JsonValue]:
    """The event that the change is about: the occurrence where one is named, else the whole entry."""
    if wanted.occurrence is None or not is_repeated(before, uid):
        return _main_told(after or before, uid, content)
    old = {before[block.begin : block.end] for block in blocks_of(before, uid)}
    new = [after[block.begin : block.end] for block in blocks_of(after, uid)]
    changed = [text for text in new if text not in old and b"RECURRENCE-ID" in text]
    if changed:
        return {**_told(changed[0], content), "recurrence": ""}
    start, end = _span(old_main(before, uid), content, wanted.zone)
    at = wanted.occurrence
    ends = at + length(start, end)
    return {**_main_told(before, uid, content), "start": at.isoformat(), "end": ends.isoformat(), "recurrence": ""}


def old_main(entry: bytes, uid: str) -> bytes:
    """The event of an entry that is no single occurrence."""
    found = blocks_of(entry, uid)
    block = next((one for one in found if not one.is_override), found[0])
    return entry[block.begin : block.end]


def _main_told(entry: bytes, uid: str, content: bytes) -> dict[str, JsonValue]:
    return _told(old_main(entry, uid), content + entry)


def _told(block: bytes, content: bytes) -> dict[str, JsonValue]:
    event = _parsed(block, content)
    start, end = _span(block, content, ZoneInfo("UTC"))
    floats = isinstance(start, datetime) and event.decoded("DTSTART").tzinfo is None
    rule = event.get("RRULE")
    shown = {name: str(event.get(key, ""))[:LONGEST_TEXT] for name, key in TEXTS}
    return {
        **shown,
        "uid": str(event.get("UID", "")),
        "all_day": not isinstance(start, datetime),
        "start": _text(start, floats),
        "end": _text(end, floats),
        "recurrence": rule.to_ical().decode() if hasattr(rule, "to_ical") else "",
    }


TEXTS = (("title", "SUMMARY"), ("location", "LOCATION"), ("description", "DESCRIPTION"))


def _text(moment: Moment, floats: bool) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.replace(tzinfo=None).isoformat() if floats else moment.astimezone(UTC).isoformat()
