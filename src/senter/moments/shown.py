"""Moments as people read them: `Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.moments.words import DAYS, MONTHS


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """For people, to the minute, such as `Fri 27 Nov 2026, 23:59`; with its offset where that time is twice."""
    local = moment.astimezone(zone)
    text = f"{shown_day(local)}, {local:%H:%M}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{text} {local.isoformat()[-6:]}" if twice else text


def shown_day(day: date) -> str:
    """A day for people: `Fri 27 Nov 2026`."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year:04d}"


def shown_when(start: date | datetime, zone: ZoneInfo, end: date | datetime | None = None) -> str:
    """In full: the day, the clock times and the zone; a range as far as it goes."""
    if not isinstance(start, datetime):
        return _shown_days(start, end.date() if isinstance(end, datetime) else end)
    text = shown(start, zone)
    if isinstance(end, datetime) and end != start:
        is_same_day = end.astimezone(zone).date() == start.astimezone(zone).date()
        text += f"-{end.astimezone(zone):%H:%M}" if is_same_day else f" - {shown(end, zone)}"
    elif end is not None and not isinstance(end, datetime) and end != start.astimezone(zone).date():
        text += f" - {shown_day(end)}"
    return f"{text}, {zone.key}"


def _shown_days(start: date, end: date | None) -> str:
    if end is None or end <= start:
        return shown_day(start)
    return f"{shown_day(start)} - {shown_day(end)}"
