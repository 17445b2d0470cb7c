"""Values of a calendar's lines: moments, lengths and texts, each read by itself, as widely as its meaning is certain.

A moment without a zone is read in the zone it is given. Raises `ValueError` for what cannot be read. Pure.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

FIELD = re.compile(rb'([\w.-]+)\s*((?:;(?:[^":]|"[^"]*")*)?):(.*)', re.DOTALL)
LAST_COLON = re.compile(rb"([\w.-]+)(.*):([^:]*)", re.DOTALL)
ZONE_OF = re.compile(rb';\s*TZID=(?:"([^"]*)"|([^;]*))', re.IGNORECASE)
STAMP = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
LASTS = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)
ESCAPED = re.compile(r"\\([\\;,:nN\"])")
OLD_LETTERS = re.compile(rb";[^:]*QUOTED-PRINTABLE", re.IGNORECASE)
YEARS = range(1000, 9000)
LAST_SECOND, MIDNIGHT_AFTER = 59, 24
Moment = date | datetime
"""A day, or an aware moment."""
Field = tuple[str, bytes, bytes]
"""Name, parameters with their semicolons, value."""
ZoneOf = Callable[[str], tzinfo]
"""The zone of a TZID; of none, for the empty name."""


def fields_of(lines: bytes) -> list[Field]:
    """The lines of an event that are its own. Parts of it, such as alarms, are left out; where one has no end, only the
    lines that say so are."""
    own, depth = list[bytes](), 0
    whole = [line for line in lines.split(b"\n") if line.strip()]
    for line in whole:
        word = line[:6].upper().replace(b" ", b"")
        if word.startswith(b"BEGIN:"):
            depth += 1
        elif word.startswith(b"END:"):
            depth = max(depth - 1, 0)
        elif not depth:
            own.append(line)
    return [field for line in _whole(whole if depth else own) if (field := _field(line))]


def _whole(lines: list[bytes]) -> Iterator[bytes]:
    """Version 1.0 of calendars goes on in the next line after a `=` of quoted-printable letters."""
    begun = b""
    for line in lines:
        begun += line
        if line.endswith(b"=") and OLD_LETTERS.search(begun):
            begun = begun[:-1]
        else:
            yield begun
            begun = b""
    if begun:
        yield begun


def _field(line: bytes) -> Field | None:
    found = (FIELD.fullmatch(line) or LAST_COLON.fullmatch(line)) if b":" in line else None
    if found is None:
        return None
    value = quopri.decodestring(found[3]) if OLD_LETTERS.match(found[2]) else found[3]
    return found[1].decode(errors="replace").upper(), found[2], value


def moment_of(field: Field, zone_of: ZoneOf) -> Moment:
    """A value without a clock time is a day, whatever else the line says."""
    _, parameters, value = field
    if STAMP.fullmatch(_ascii(value)) is None and b":" in value:  # a zone with a colon, and no quotes
        rest, _, value = value.rpartition(b":")
        parameters += b":" + rest
    named = ZONE_OF.search(parameters)
    zone = (named[1] or named[2] or b"").decode(errors="replace") if named else ""
    return _stamp(_ascii(value), lambda: zone_of(zone))


def stamp(value: str) -> Moment:
    """A moment as it is written; without a zone where none is named."""
    return _stamp(value, lambda: None)


def _stamp(value: str, zone_of: Callable[[], tzinfo | None]) -> Moment:
    found = STAMP.fullmatch(value.strip())
    if found is None or int(found[1]) not in YEARS:
        raise ValueError(f"no moment: {value[:40]}")
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return day
    hour, minute, second = int(found[4]), int(found[5]), min(int(found[6] or 0), LAST_SECOND)
    if hour == MIDNIGHT_AFTER and not minute:
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour, minute, second), _offset(found[7]) if found[7] else zone_of())


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def period_of(field: Field, zone_of: ZoneOf) -> tuple[Moment, Moment | timedelta | None]:
    """One value of an RDATE: when, and until when or how long where it says."""
    name, parameters, value = field
    begins, _, rest = value.partition(b"/")
    start = moment_of((name, parameters, begins), zone_of)
    if not rest:
        return start, None
    text = _ascii(rest)
    return start, length(text) if text.upper().startswith("P") else moment_of((name, parameters, rest), zone_of)


def length(value: str) -> timedelta:
    """Of an ISO 8601 duration, such as P1W or PT1H30M; never negative."""
    found = LASTS.fullmatch(value.strip())
    if found is None or not any(found.groups()) or any(len(part or "") > 6 for part in found.groups()):
        raise ValueError(f"no duration: {value[:40]}")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def text_of(value: bytes) -> str:
    """A text without its escapes; one that stands for nothing stays as it is."""
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], letters(value))


def letters(value: bytes) -> str:
    """UTF-8, else what Windows writes in the west."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")


def _ascii(value: bytes) -> str:
    return value.decode("ascii", errors="replace").strip()
