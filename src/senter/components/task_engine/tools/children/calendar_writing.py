"""The lines of an event as an edit writes them. Pure.

Moments as the event has its own: in its time zone and by its name for it, floating, in UTC, or as days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from senter.components.task_engine.tools.children.calendar_entries import Block
from senter.components.task_engine.tools.children.calendar_scanning import NOTHING_AROUND, CalendarAround
from senter.components.task_engine.tools.children.calendar_values import ZONE_OF, Moment
from senter.components.task_engine.tools.children.calendar_zones import zone_called

TEXTS = {"title": b"SUMMARY", "location": b"LOCATION", "description": b"DESCRIPTION"}
TIMES = {b"DURATION": None}
Lines = dict[bytes, bytes | None]
"""By the name of the property; none for one that is to be gone."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of an entry; what is none stays."""

    stamp: datetime
    zone: tzinfo
    """What floating times are read in."""
    texts: Mapping[str, str]
    start: Moment | None = None
    end: Moment | None = None
    recurrence: str | None = None
    """The value of an RRULE; empty for no more repeating."""
    occurrence: Moment | None = None
    """The one that is meant; none for all."""
    remove: bool = False
    around: CalendarAround = NOTHING_AROUND
    """The calendar it is in."""


def text_lines(edit: Edit) -> Lines:
    return {
        TEXTS[name]: TEXTS[name] + b":" + escaped(text).encode() if text else None for name, text in edit.texts.items()
    }


def escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def stamp_lines(block: Block, edit: Edit) -> Lines:
    number = block.line(b"SEQUENCE")
    sequence = int(number.value) + 1 if number and number.value.isdigit() else 1
    stamp = edit.stamp.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").encode()
    touched = {b"LAST-MODIFIED": b"LAST-MODIFIED:" + stamp} if block.line(b"LAST-MODIFIED") else {}
    uid = block.line(b"UID")
    named = {} if uid and uid.value else {b"UID": b"UID:" + block.uid}
    return {b"DTSTAMP": b"DTSTAMP:" + stamp, b"SEQUENCE": b"SEQUENCE:%d" % sequence, **touched, **named}


def moment_line(block: Block, name: bytes, moment: Moment, edit: Edit) -> bytes:
    """A moment as the event writes its start."""
    if not isinstance(moment, datetime):
        return name + b";VALUE=DATE:" + moment.strftime("%Y%m%d").encode()
    parameter, zone = _named_zone(block, edit)
    if zone is not None:
        return name + parameter + moment.astimezone(zone).strftime(":%Y%m%dT%H%M%S").encode()
    start = block.line(b"DTSTART")
    floats = start is not None and not parameter and not start.value.endswith(b"Z") and b"T" in start.value
    if floats:
        return name + moment.astimezone(edit.zone).strftime(":%Y%m%dT%H%M%S").encode()
    return name + moment.astimezone(UTC).strftime(":%Y%m%dT%H%M%SZ").encode()


def clock_in(block: Block, edit: Edit) -> tzinfo:
    """The zone whose clocks an event goes by."""
    return _named_zone(block, edit)[1] or edit.zone


def _named_zone(block: Block, edit: Edit) -> tuple[bytes, tzinfo | None]:
    """How an event names its zone, and the zone; none where it names none that is known."""
    start = block.line(b"DTSTART")
    named = ZONE_OF.search(start.text.rpartition(b":")[0]) if start else None
    if named is None:
        return b"", None
    return named[0], zone_called((named[1] or named[2] or b"").decode(errors="replace"), edit.around.zones)


def span_lines(block: Block, begins: Moment, ends: Moment, edit: Edit) -> Lines:
    if isinstance(begins, datetime) is not isinstance(ends, datetime):
        raise ValueError("an event lasts whole days, or it begins and ends at times")
    if _before(ends, begins):
        raise ValueError("the event would end before it begins")
    start, end = (moment_line(block, name, at, edit) for name, at in ((b"DTSTART", begins), (b"DTEND", ends)))
    return {**TIMES, b"DTSTART": start, b"DTEND": end}


def _before(one: Moment, other: Moment) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return one.isoformat()[:10] <= other.isoformat()[:10]


def length(start: Moment, end: Moment) -> timedelta:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end - start
    return max(timedelta(days=(_day(end) - _day(start)).days), timedelta(days=1))


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
