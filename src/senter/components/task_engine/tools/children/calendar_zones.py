"""Time zones as calendars name them: by their own names, by those of Windows and Outlook, by their definitions."""

# pyright: basic
# The calendar library has types in part only.

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from senter.moments.zones import is_zone

OFFSET = re.compile(r"\(?(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?\)?", re.IGNORECASE)
CITIES = re.compile(r"[,;/)(]+")
DEFINITION = re.compile(rb"BEGIN:VTIMEZONE\n.*?END:VTIMEZONE", re.DOTALL | re.IGNORECASE)
LONGEST_NAME, MOST_HOURS = 200, 14


@lru_cache(maxsize=256)
def zone_called(name: str, definitions: bytes = b"") -> tzinfo | None:
    """The zone of that name; `definitions` are the VTIMEZONE parts beside it. None where nobody can tell.

    A known name goes before the calendar's own definition, which is often older.
    """
    name = name.strip()[:LONGEST_NAME]
    known = next((spelt for spelt in _spellings(name) if is_zone(spelt)), None)
    return ZoneInfo(known) if known else _defined(name, definitions) or _of_offset(name) or _of_city(name)


def _spellings(name: str) -> Iterator[str]:
    """As it is, by its end (`/citadel.org/20210210_1/Europe/Berlin`), in other letters, as Windows has it."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    parts = name.strip("/").split("/")
    ends = ["/".join(parts[at:]) for at in range(len(parts))]
    yield from ends
    yield from (_in_letters()[end.casefold()] for end in ends if end.casefold() in _in_letters())
    if name in WINDOWS_TO_OLSON:
        yield WINDOWS_TO_OLSON[name]


def _defined(name: str, definitions: bytes) -> tzinfo | None:
    """By the calendar's own definition."""
    texts = (text for text in DEFINITION.findall(definitions) if name.encode() in text)
    return next((zone for text in texts if (zone := _zone_in(text, name))), None)


def _zone_in(text: bytes, name: str) -> tzinfo | None:
    """The library raises many things for a wrong definition."""
    import icalendar

    try:
        zone = icalendar.Timezone.from_ical(text.replace(b"\n", b"\r\n") + b"\r\n")
        if isinstance(zone, icalendar.Timezone) and str(zone.get("TZID", "")) == name:
            return zone.to_tz(lookup_tzid=False)
    except Exception:
        return None
    return None


def _of_offset(name: str) -> tzinfo | None:
    found = OFFSET.fullmatch(name)
    if found is None or int(found[2]) > MOST_HOURS:
        return UTC if name.upper() in ("Z", "ZULU", "UTC") else None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(offset if found[1] == "+" else -offset)


def _of_city(name: str) -> tzinfo | None:
    """Outlook shows `(UTC+01:00) Amsterdam, Berlin, Rome`."""
    words = (word.strip().casefold() for word in CITIES.split(name))
    return next((ZoneInfo(_by_city()[word]) for word in words if word in _by_city()), None)


@cache
def _in_letters() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def _by_city() -> dict[str, str]:
    """Of names with a city; `Etc/GMT+1` has none."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc", "SystemV")))
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in places}
