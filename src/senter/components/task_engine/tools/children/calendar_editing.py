"""Changes of one entry: of all of it, or of one occurrence of what repeats. Works on text; pure.

Moments are written as the event has its own: in its time zone, floating, in UTC, or as days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from senter.components.task_engine.tools.children.calendar_entries import Block, blocks_of, with_lines
from senter.moments.zones import is_zone

TZID = re.compile(rb";TZID=\"?([^\";:]+)\"?", re.IGNORECASE)
TEXTS = {"title": b"SUMMARY", "location": b"LOCATION", "description": b"DESCRIPTION"}
TIMES = {b"DURATION": None}
ONCE = {b"RRULE": None, b"RDATE": None, b"EXDATE": None, b"EXRULE": None}
Moment = date | datetime
"""A `datetime` is aware."""
Span = tuple[Moment, Moment]
ReadSpan = Callable[[bytes], Span]
"""Start and end of the first event in a text."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of an entry; what is none stays."""

    stamp: datetime
    zone: ZoneInfo
    """What floating times are read in."""
    texts: Mapping[str, str]
    start: Moment | None = None
    end: Moment | None = None
    recurrence: str | None = None
    """The value of an RRULE; empty for no more repeating."""
    occurrence: Moment | None = None
    """The one that is meant; none for all."""
    remove: bool = False


def edited(content: bytes, uid: str, edit: Edit, read: ReadSpan) -> bytes:
    """The entry's new text; empty where nothing is left of it. Raises `ValueError` where that cannot be done."""
    found = blocks_of(content, uid)
    if not found:
        raise ValueError("there is no such entry in it")
    if edit.occurrence is not None:
        return _one_edited(content, found, edit, edit.occurrence, read)
    if edit.remove:
        return b""
    first = next((block for block in found if not block.is_override), found[0])
    return b"".join(
        _changed(content, block, edit, read) if block is first else content[block.begin : block.end] for block in found
    )


def is_repeated(content: bytes, uid: str) -> bool:
    return any(block.repeats for block in blocks_of(content, uid))


def _one_edited(content: bytes, found: list[Block], edit: Edit, occurrence: Moment, read: ReadSpan) -> bytes:
    main = next((block for block in found if not block.is_override), None)
    if main is None or not main.repeats:
        raise ValueError("the entry does not repeat")
    own = next((block for block in found if block.is_override and _is_at(content, block, occurrence, edit, read)), None)
    others = {id(block): content[block.begin : block.end] for block in found}
    if edit.remove:
        named = _value_of(own, b"RECURRENCE-ID") if own else _moment_line(main, b"EXDATE", occurrence, edit.zone)
        excluded = named.replace(b"RECURRENCE-ID", b"EXDATE", 1)
        others[id(main)] = with_lines(content, main, _stamped(main, edit), added=(excluded,))
        return b"".join(text for key, text in others.items() if own is None or key != id(own))
    if own is not None:
        others[id(own)] = _changed(content, own, edit, read)
        return b"".join(others.values())
    return b"".join(others.values()) + _override(content, main, occurrence, edit, read)


def _override(content: bytes, main: Block, occurrence: Moment, edit: Edit, read: ReadSpan) -> bytes:
    """The occurrence as an event of its own."""
    start, end = read(content[main.begin : main.end])
    length = _length(start, end)
    begins = occurrence if edit.start is None else edit.start
    ends = edit.end if edit.end is not None else begins + length
    named = {b"RECURRENCE-ID": _moment_line(main, b"RECURRENCE-ID", occurrence, edit.zone)}
    lines = {**ONCE, **_stamped(main, edit), **_texts(edit), **_span(main, begins, ends, edit.zone), **named}
    return with_lines(content, main, lines)


def _changed(content: bytes, block: Block, edit: Edit, read: ReadSpan) -> bytes:
    lines = {**_stamped(block, edit), **_texts(edit)}
    if edit.start is not None or edit.end is not None:
        start, end = read(content[block.begin : block.end])
        begins = start if edit.start is None else edit.start
        ends = edit.end if edit.end is not None else begins + _length(start, end)
        lines |= _span(block, begins, ends, edit.zone)
    if edit.recurrence is not None:
        lines[b"RRULE"] = f"RRULE:{edit.recurrence}".encode() if edit.recurrence else None
    return with_lines(content, block, lines)


def _span(block: Block, begins: Moment, ends: Moment, zone: ZoneInfo) -> dict[bytes, bytes | None]:
    if isinstance(begins, datetime) is not isinstance(ends, datetime):
        raise ValueError("an event lasts whole days, or it begins and ends at times")
    if _before(ends, begins):
        raise ValueError("the event would end before it begins")
    start, end = (_moment_line(block, name, at, zone) for name, at in ((b"DTSTART", begins), (b"DTEND", ends)))
    return {**TIMES, b"DTSTART": start, b"DTEND": end}


def _before(one: Moment, other: Moment) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return one.isoformat()[:10] <= other.isoformat()[:10]


def _length(start: Moment, end: Moment) -> timedelta:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end - start
    return max(timedelta(days=(_day(end) - _day(start)).days), timedelta(days=1))


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _texts(edit: Edit) -> dict[bytes, bytes | None]:
    return {
        TEXTS[name]: TEXTS[name] + b":" + escaped(text).encode() if text else None for name, text in edit.texts.items()
    }


def escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _stamped(block: Block, edit: Edit) -> dict[bytes, bytes | None]:
    number = block.line(b"SEQUENCE")
    sequence = int(number.value) + 1 if number and number.value.isdigit() else 1
    stamp = edit.stamp.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").encode()
    touched = {b"LAST-MODIFIED": b"LAST-MODIFIED:" + stamp} if block.line(b"LAST-MODIFIED") else {}
    return {b"DTSTAMP": b"DTSTAMP:" + stamp, b"SEQUENCE": b"SEQUENCE:%d" % sequence, **touched}


def _moment_line(block: Block, name: bytes, moment: Moment, zone: ZoneInfo) -> bytes:
    """A moment as the event writes its start."""
    if not isinstance(moment, datetime):
        return name + b";VALUE=DATE:" + moment.strftime("%Y%m%d").encode()
    start = block.line(b"DTSTART")
    text = start.text if start else b""
    named = TZID.search(text)
    if named and is_zone(named[1].decode(errors="replace")):
        local = moment.astimezone(ZoneInfo(named[1].decode()))
        return name + b";TZID=" + named[1] + local.strftime(":%Y%m%dT%H%M%S").encode()
    floats = start is not None and not named and not start.value.endswith(b"Z") and b"T" in start.value
    if floats:
        return name + moment.astimezone(zone).strftime(":%Y%m%dT%H%M%S").encode()
    return name + moment.astimezone(UTC).strftime(":%Y%m%dT%H%M%SZ").encode()


def _value_of(block: Block, name: bytes) -> bytes:
    found = block.line(name)
    return found.text if found else b""


def _is_at(content: bytes, block: Block, occurrence: Moment, edit: Edit, read: ReadSpan) -> bool:
    """Whether an occurrence that was changed by itself is the one: by where it was, or where it is now."""
    named = _moment_line(block, b"RECURRENCE-ID", occurrence, edit.zone).partition(b":")[2]
    return _value_of(block, b"RECURRENCE-ID").partition(b":")[2] == named or (
        read(content[block.begin : block.end])[0] == occurrence
    )
