"""Moments as people read them, in the language that is spoken: `Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.moments.rule_words import rule_in_words
from senter.moments.shown_words import shown_words


def shown(moment: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """For people, to the minute, such as `Fri 27 Nov 2026, 23:59`; with its offset where that time is twice."""
    local = moment.astimezone(zone)
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    text = shown_words().say("clock", day=shown_day(local), clock=clock)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{text} {local.isoformat()[-6:]}" if twice else text


def shown_day(day: date) -> str:
    """A day for people: `Fri 27 Nov 2026`."""
    return shown_words().short_day(day)


def shown_when(start: date | datetime, zone: ZoneInfo, end: date | datetime | None = None, recurrence: str = "") -> str:
    """In full: the day, the clock times and the zone; a range as far as it goes, a recurrence with its next time."""
    is_moment = isinstance(start, datetime)
    text = _shown_moments(start, zone, end) if is_moment else _shown_days(start, end)
    if not recurrence:
        return text
    return shown_words().say("next", rule=rule_in_words(recurrence), text=text)


def _shown_moments(start: datetime, zone: ZoneInfo, end: date | datetime | None) -> str:
    text, first = shown(start, zone), start.astimezone(zone).date()
    if isinstance(end, datetime) and end != start:
        is_same_day = end.astimezone(zone).date() == first
        text += f"-{end.astimezone(zone):%H:%M}" if is_same_day else f" - {shown(end, zone)}"
    elif end is not None and not isinstance(end, datetime) and end != first:
        text += f" - {shown_day(end)}"
    return f"{text}, {zone.key}"


def _shown_days(start: date, end: date | datetime | None) -> str:
    last = end.date() if isinstance(end, datetime) else end
    if last is None or last <= start:
        return shown_day(start)
    return f"{shown_day(start)} - {shown_day(last)}"
