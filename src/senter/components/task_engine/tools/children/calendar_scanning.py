"""The events of a calendar's text, found without parsing them, and those left aside that cannot touch a span of days.

Parts may be missing their beginning or end, several calendars may stand in one text, and none of the lines need be
right: what lies between the marks of an event is an event. Only reads; `calendar_entries` finds what is to be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from senter.components.task_engine.tools.children.calendar_text import BYTE_ORDER_MARK
from senter.components.task_engine.tools.children.calendar_zones import zone_called

MARK = re.compile(
    rb"^(BEGIN|END)[ \t]*:[ \t]*(VCALENDAR|VEVENT|VTIMEZONE|VTODO|VJOURNAL|VFREEBUSY)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
CALENDAR_END = re.compile(rb"^END:VCALENDAR[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
BLANK_LINES = re.compile(rb"\n{2,}")
UTF_16_MARKS = b"\xff\xfe", b"\xfe\xff"


def _line(name: bytes, value: bytes = rb"") -> re.Pattern[bytes]:
    return re.compile(rb"^" + name + rb"(?:;[^\n]*)?:" + value, re.MULTILINE | re.IGNORECASE)


START_DAY, END_DAY = (_line(name, rb"[ \t]*(\d{8})") for name in (b"DTSTART", b"DTEND"))
LASTING, RULE, MORE = (_line(name) for name in (b"DURATION", b"RRULE", b"(?:RDATE|RECURRENCE-ID)"))
UNTIL_DAY = re.compile(rb"^RRULE[^\n]*UNTIL=(\d{8})", re.MULTILINE | re.IGNORECASE)
ZONE_NAME, CANCELLING = _line(b"X-WR-TIMEZONE", rb"([^\n]*)"), _line(b"METHOD", rb"[ \t]*CANCEL")
MARGIN = timedelta(days=2)
"""A day of one zone is within this of the same day in any other."""


@dataclass(frozen=True, slots=True)
class CalendarAround:
    """What a calendar says of all its events."""

    zones: bytes = b""
    """The definitions of its time zones."""
    zone_name: str = ""
    is_cancelling: bool = False

    def floating(self, user: tzinfo) -> tzinfo:
        """The zone of times that name none."""
        return (zone_called(self.zone_name, self.zones) if self.zone_name else None) or user


NOTHING_AROUND = CalendarAround()


@dataclass(frozen=True, slots=True)
class EventText:
    """The lines of one event, unfolded, without its BEGIN and END."""

    lines: bytes
    around: CalendarAround


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was found; whether the text ends within an event, or holds no calendar."""

    events: list[EventText]
    is_cut_off: bool = False
    is_calendar: bool = True


def scanned(content: bytes, first: date, last: date) -> Scanned:
    """The events that may take place in these days, and all whose days cannot be told."""
    text, found = unfolded(content), list[EventText]()
    days = int(f"{first - MARGIN:%Y%m%d}"), int(f"{last + MARGIN:%Y%m%d}")
    is_calendar = is_cut_off = False
    for begin, end, parts in _calendars(text):
        spans, zones, is_cut_off = _spans(text, begin, end, parts)
        is_calendar = is_calendar or bool(parts)
        kept = [span for span in spans if _may_touch(text, *span, *days)]
        around = _around(text[begin:end], zones) if kept else NOTHING_AROUND
        found += [EventText(text[start:stop], around) for start, stop in kept]
    return Scanned(found, is_cut_off, is_calendar)


def around_at(content: bytes, at: int) -> CalendarAround:
    """What the calendar says that a place of the content is in."""
    text = content[at:]
    end = CALENDAR_END.search(text)
    begins = [mark.end() for mark in CALENDAR_END.finditer(content[:at])]
    whole = unfolded(content[begins[-1] if begins else 0 : at + (end.end() if end else len(text))])
    (begin, stop, parts), *_ = _calendars(whole)
    return _around(whole, _spans(whole, begin, stop, parts)[1])


def unfolded(content: bytes) -> bytes:
    """In UTF-8 where it says that it is UTF-16, each line on one line, each ended by a line feed."""
    if content.startswith(UTF_16_MARKS):
        content = content.decode("utf-16", errors="replace").encode()
    plain = content.replace(b"\0", b"").replace(BYTE_ORDER_MARK, b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return BLANK_LINES.sub(b"\n", plain).replace(b"\n ", b"").replace(b"\n\t", b"")


def _calendars(text: bytes) -> Iterator[tuple[int, int, list[re.Match[bytes]]]]:
    """Each calendar of the text with its marks; what is outside belongs to the one after it."""
    begin, parts = 0, list[re.Match[bytes]]()
    for mark in MARK.finditer(text):
        parts.append(mark)
        if mark[1].upper() == b"END" and mark[2].upper() == b"VCALENDAR":
            yield begin, mark.end(), parts
            begin, parts = mark.end(), []
    yield begin, len(text), parts


def _spans(
    text: bytes, begin: int, end: int, parts: list[re.Match[bytes]]
) -> tuple[list[tuple[int, int]], bytes, bool]:
    """Where events and zones lie. An event ends where the next part begins, at the latest."""
    events, zones = list[tuple[int, int]](), list[bytes]()
    name, at, since = b"", begin, begin
    for mark in parts:
        word, part = mark[1].upper(), mark[2].upper()
        has_no_begin = not name and (word, part) == (b"END", b"VEVENT")
        if name == b"VEVENT" or (has_no_begin and START_DAY.search(text, since, mark.start())):
            events.append((since, mark.start()))
        elif name == b"VTIMEZONE" == part:
            zones.append(text[at : mark.end()] + b"\n")
        name = part if word == b"BEGIN" and part != b"VCALENDAR" else b""
        at, since = mark.start(), mark.end()
    if name == b"VEVENT":
        events.append((since, end))
    return events, b"".join(zones), name == b"VEVENT"


def _around(text: bytes, zones: bytes) -> CalendarAround:
    named = ZONE_NAME.search(text)
    name = named[1].strip().decode(errors="replace") if named else ""
    return CalendarAround(zones, name, CANCELLING.search(text) is not None)


def _may_touch(text: bytes, begin: int, end: int, first: int, last: int) -> bool:
    start = START_DAY.search(text, begin, end)
    if start is None or MORE.search(text, begin, end):
        return True
    if int(start[1]) > last:
        return False
    ends, lasts = END_DAY.search(text, begin, end), LASTING.search(text, begin, end)
    if RULE.search(text, begin, end):
        until = UNTIL_DAY.search(text, begin, end)
        is_short = lasts is None and (ends is None or ends[1] == start[1])
        is_over = until is not None and int(start[1]) <= int(until[1]) < first  # one that ends before it begins is read
        return not (is_over and is_short)
    return int(start[1]) >= first or lasts is not None or (ends is not None and int(ends[1]) >= first)
