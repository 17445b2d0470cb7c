"""Works out in the child what becomes of an entry, and puts it there where the entry is still what it was.

An entry travels as text of one character for each byte. Of a file it is the events of one UID; of a server it is the
whole resource, time zones included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from senter.component.frames import Frame
from senter.components.task_engine.tools.children.calendar_editing import clock_zone, edited, is_repeated
from senter.components.task_engine.tools.children.calendar_entries import (
    blocks_of,
    crlf,
    entry_of,
    version_of,
    with_entry,
)
from senter.components.task_engine.tools.children.calendar_limits import processor_limit
from senter.components.task_engine.tools.children.calendar_occurrences import Window, entry_times
from senter.components.task_engine.tools.children.calendar_reading import NoStart, ReadEvent, read_event
from senter.components.task_engine.tools.children.calendar_scanning import (
    CalendarAround,
    EventText,
    around_at,
    unfolded,
)
from senter.components.task_engine.tools.children.calendar_values import Moment
from senter.components.task_engine.tools.children.calendar_writing import Edit, length
from senter.moments.shown import shown_day

if TYPE_CHECKING:
    from pydantic import JsonValue

BYTES = "latin-1"
FIND_SECONDS = 5.0
FLOATING = timezone(timedelta(), "floating")
"""Stands for the user's zone where that is not known."""
NOT_THERE = Frame({"refused": "There is no such entry in the calendar any more.", "absent": True})
LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads events of one calendar, for a user in a zone."""

    around: CalendarAround
    zone: tzinfo

    def __call__(self, block: bytes) -> ReadEvent:
        """The event of that text. Raises `ValueError` where it has no start that can be read."""
        _, _, inner = unfolded(block).partition(b"\n")
        try:
            return read_event(EventText(inner.rstrip().rpartition(b"\n")[0], self.around), self.zone)
        except NoStart as error:
            raise ValueError("the start of the event cannot be read") from error


def _reader(content: bytes, uid: str, zone: tzinfo) -> EntryReader:
    """For the entry that is or was in the content."""
    found = blocks_of(content, uid)
    return EntryReader(around_at(content, found[0].begin if found else 0), zone)


def edit(head: Mapping[str, JsonValue], content: bytes) -> Frame:
    """What an edit makes of an entry in a file."""
    asked = cast("dict[str, JsonValue]", head["edit"])
    uid = str(asked["uid"])
    if not blocks_of(content, uid):
        return NOT_THERE
    wanted = _edit_of(asked)
    read = _reader(content, uid, wanted.zone)
    wanted = replace(wanted, around=read.around, zone=read.around.floating(wanted.zone))
    if wanted.occurrence is not None and is_repeated(content, uid):
        found = _found(content, uid, wanted.occurrence, read)
        if found is None:
            return Frame({"refused": f"It does not take place on {shown_day(wanted.occurrence)}."})
        wanted = replace(wanted, occurrence=found)
    before = entry_of(content, uid)
    try:
        with processor_limit(FIND_SECONDS):
            after = edited(content, uid, wanted, read)
    except ValueError as error:
        return Frame({"refused": f"That cannot be done: {error}."})
    return Frame(_change(uid, before, after, _event_told(uid, before, after, wanted, read)))


def _found(content: bytes, uid: str, occurrence: Moment, read: EntryReader) -> Moment | None:
    """The occurrence that begins then; else the only one of that day, which was moved by itself; none where there is
    none."""
    events = [read(content[block.begin : block.end]) for block in blocks_of(content, uid)]
    main = next((event for event in events if event.instead_of is None), None)
    day = occurrence.astimezone(read.zone).date() if isinstance(occurrence, datetime) else occurrence
    begin, end = (datetime.combine(day + timedelta(days=days), time(), read.zone) for days in (0, 1))
    window = Window(begin, end, read.zone)
    with processor_limit(FIND_SECONDS):
        times = entry_times(main, [event for event in events if event.instead_of is not None], window)
    starts = {one.start for one in times.listed if window.at(one.start) >= begin}
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
    read = _reader(content if before else after, uid, FLOATING)
    return Frame(_change(uid, before, after, _main_told(after or before, uid, read)))


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
    now = _main_told(entry_of(content, uid), uid, _reader(content, uid, FLOATING))
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


def _event_told(uid: str, before: bytes, after: bytes, wanted: Edit, read: EntryReader) -> dict[str, JsonValue]:
    """The event that the change is about: the occurrence where one is named, else the whole entry."""
    old = [before[block.begin : block.end] for block in blocks_of(before, uid)]
    new = [after[block.begin : block.end] for block in blocks_of(after, uid)]
    if wanted.occurrence is None or (not is_repeated(before, uid) and len(old) == 1):
        return _main_told(after or before, uid, read)
    changed = [text for text in new if text not in old]
    if not is_repeated(before, uid):
        (gone,) = (text for text in old if read(text).start == wanted.occurrence)
        return _told((changed or [gone])[0], read)
    overrides = [text for text in changed if read(text).instead_of is not None]
    if overrides:
        return {**_told(overrides[0], read), "recurrence": ""}
    main = read(old_main(before, uid))
    at = wanted.occurrence
    ends = at + length(main.start, main.end)
    return {**_main_told(before, uid, read), "start": at.isoformat(), "end": ends.isoformat(), "recurrence": ""}


def old_main(entry: bytes, uid: str) -> bytes:
    """The event of an entry that is no single occurrence."""
    found = blocks_of(entry, uid)
    block = next((one for one in found if not one.is_override), found[0])
    return entry[block.begin : block.end]


def _main_told(entry: bytes, uid: str, read: EntryReader) -> dict[str, JsonValue]:
    return _told(old_main(entry, uid), read)


def _told(block: bytes, read: EntryReader) -> dict[str, JsonValue]:
    event = read(block)
    rule = next(iter(event.rules), None)
    return {
        "uid": event.uid,
        "title": event.title,
        "location": event.location,
        "description": event.description,
        "all_day": not isinstance(event.start, datetime),
        "start": _text(event.start),
        "end": _text(event.end),
        "recurrence": rule.said(clock_zone(event)) if rule else "",
    }


def _text(moment: Moment) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.replace(tzinfo=None).isoformat() if moment.tzinfo is FLOATING else moment.astimezone(UTC).isoformat()
