"""Events of several calendars as one list: in order by their moments, and what stands in two of them once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import Protocol, TypeVar


class DatedEvent(Protocol):
    """An event with its start in ISO 8601: a day, or a moment."""

    @property
    def uid(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def start(self) -> str: ...


DatedT = TypeVar("DatedT", bound=DatedEvent)


def told_once(events: Iterable[DatedT], zone: tzinfo) -> tuple[DatedT, ...]:
    """The earliest first, for a user in that zone; of those with one UID, start and title the first that is given."""
    found = dict[tuple[str, datetime, str], DatedT]()
    for event in events:
        found.setdefault((event.uid, _moment(event.start, zone), event.title), event)
    return tuple(sorted(found.values(), key=lambda event: (_moment(event.start, zone), not _is_day(event.start))))


def _moment(text: str, zone: tzinfo) -> datetime:
    """When it begins for the user: a day at midnight, in every zone."""
    if _is_day(text):
        return datetime.combine(date.fromisoformat(text), time(), zone)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _is_day(text: str) -> bool:
    return len(text) == len("2026-12-24")
