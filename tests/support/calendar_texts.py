"""Short calendars, as tests need them."""

from __future__ import annotations


def calendar_text(*events: str, name: str = "") -> str:
    """A calendar with these events, as `event_text` writes them."""
    named = f"X-WR-CALNAME:{name}\n" if name else ""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{named}{''.join(events)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def event_text(title: str, start: str = "20260105T090000Z", uid: str = "", more: str = "") -> str:
    """An event, half an hour long where its start is a moment."""
    lasts = "DURATION:PT30M\n" if "T" in start else ""
    begins = f"DTSTART:{start}" if "T" in start else f"DTSTART;VALUE=DATE:{start}"
    named = uid or title.lower().replace(" ", "-")
    stamped = "DTSTAMP:20260101T000000Z\n"
    return f"BEGIN:VEVENT\nUID:{named}\n{stamped}{begins}\n{lasts}SUMMARY:{title}\n{more}END:VEVENT\n"
