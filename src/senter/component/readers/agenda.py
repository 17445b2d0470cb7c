"""Calendar files (ics) as documents: each event and task as one line, with its day in words and as ISO."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from senter.component.charsets import decode
from senter.component.readers.content_lines import ContentLine, content_lines
from senter.component.readers.days import day_words, iso_minute, moment_of
from senter.component.readers.lines import OTHER_KIND, Lines
from senter.errors import Unreadable
from senter.text import one_line

Entry = dict[str, ContentLine]
KINDS = ("VEVENT", "VTODO", "VJOURNAL")
EVERY = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
DETAILS = (("LOCATION", "Where"), ("DESCRIPTION", "About"), ("ORGANIZER", "Organiser"))


def read(content: bytes, lines: Lines) -> None:
    """An entry ends where it says, where the next begins, or with the file. Raises `Unreadable` where none begins."""
    inside: list[str] = []
    entry: Entry = {}
    begun = 0
    for line in content_lines(decode(content)):
        part = line.value.strip().upper()
        if line.name == "BEGIN":
            begun += 1
            if part in KINDS:
                _add(entry, lines)
                inside.clear()
            inside.append(part)
        elif line.name == "END":
            if part in KINDS:
                _add(entry, lines)
            del inside[-1:]
        elif line.name == "X-WR-CALNAME":
            lines.name(line.text())
        elif inside and inside[-1] in KINDS:
            entry.setdefault(line.name, line)
    _add(entry, lines)
    if not begun and content.strip():
        raise Unreadable(OTHER_KIND)


def _add(entry: Entry, lines: Lines) -> None:
    if entry:
        lines.paragraph(_told(entry))
        entry.clear()


def _told(entry: Entry) -> str:
    name = one_line(entry["SUMMARY"].text()) if "SUMMARY" in entry else "(without a name)"
    parts = [name, *_when(entry), *_repeats(entry)]
    parts += [f"{word}: {one_line(entry[key].text().removeprefix('mailto:'))}" for key, word in DETAILS if key in entry]
    if "STATUS" in entry and entry["STATUS"].text().upper() == "CANCELLED":
        parts.append("cancelled")
    return f"{name}: {'; '.join(parts[1:])}" if parts[1:] else name


def _when(entry: Entry) -> list[str]:
    start = entry.get("DTSTART") or entry.get("DUE")
    begins = moment_of(start.value) if start else None
    if start is None or begins is None:
        return []
    due = "due " if "DTSTART" not in entry else ""
    ends = moment_of(entry["DTEND"].value) if "DTEND" in entry else None
    return [f"{due}{_span(begins, ends)}{_zone(start)} ({iso_minute(begins)})"]


def _span(begins: datetime | date, ends: datetime | date | None) -> str:
    if not isinstance(begins, datetime):
        after = ends.date() if isinstance(ends, datetime) else ends or begins
        last = after - timedelta(days=1) if after > begins else begins  # the end of whole days is the day after
        return day_words(begins) if last == begins else f"{day_words(begins)} to {day_words(last)}"
    told = f"{day_words(begins)}, {begins:%H:%M}"
    if not isinstance(ends, datetime) or ends <= begins:
        return told
    return f"{told}-{ends:%H:%M}" if ends.date() == begins.date() else f"{told} to {day_words(ends)}, {ends:%H:%M}"


def _zone(start: ContentLine) -> str:
    zone = "UTC" if start.value.strip().endswith("Z") else start.parameters.get("TZID", "")
    return f", {one_line(zone)}" if zone else ""


def _repeats(entry: Entry) -> list[str]:
    if "RRULE" not in entry:
        return []
    rule = dict(part.split("=", 1) for part in entry["RRULE"].value.upper().split(";") if "=" in part)
    unit, count = EVERY.get(rule.get("FREQ", "").strip(), ""), rule.get("INTERVAL", "1")
    if not unit:
        return []
    until = moment_of(rule.get("UNTIL", ""))
    every = f"every {unit}" if count == "1" else f"every {count} {unit}s"
    return [f"{every} until {day_words(until)}" if until else every]
