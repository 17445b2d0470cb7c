"""What the API answers about calendars, as JSON, for tests of the command line."""

from __future__ import annotations

LONG = "Planning of the year after next with everybody who has ever said that they would like to be there"


def event_body(title: str, start: str, end: str, **more: object) -> dict[str, object]:
    usual = {"uid": f"{title.lower()}-4f2a9c81@senter", "calendar": "calendar", "location": ""}
    return {**usual, "title": title, "start": start, "end": end, "all_day": "T" not in start, **more}


EVENTS: dict[str, object] = {
    "events": [
        event_body("Holiday", "2026-12-23", "2026-12-26", calendar="work"),
        event_body("Yoga", "2026-12-24T18:00:00+00:00", "2026-12-24T19:00:00+00:00"),
        event_body(LONG, "2026-12-24T09:00:00+00:00", "2026-12-24T10:00:00+00:00", location="Room 4"),
        event_body("Night shift", "2026-12-24T22:00:00+00:00", "2026-12-25T06:00:00+00:00"),
        event_body("Call", "2026-12-25T12:00:00+00:00", "2026-12-25T12:00:00+00:00"),
    ],
    "calendars": ["calendar", "work"],
    "problem": "team: last read 3 days ago: the server answered with a web page",
    "start": "2026-12-24T00:00:00+00:00",
    "end": "2026-12-26T00:00:00+00:00",
}
NO_EVENTS: dict[str, object] = {**EVENTS, "events": [], "calendars": ["calendar"], "problem": ""}


def calendar_body(name: str, kind: str, **more: object) -> dict[str, object]:
    usual = {"can_write": True, "is_for_new": False, "entries": 0, "read_at": None, "problem": ""}
    return {**usual, "name": name, "kind": kind, **more}


CALENDARS: dict[str, object] = {
    "calendars": [
        calendar_body("calendar", "file", is_for_new=True, entries=12),
        calendar_body("home/Family", "caldav", entries=3, read_at="2026-11-30T12:00:00Z"),
        calendar_body(
            "sport", "subscription", can_write=False, entries=None, problem="the server answered with a web page"
        ),
    ]
}
CONNECTED: dict[str, object] = {
    "name": "home",
    "kind": "caldav",
    "found": ["Ann", "Family"],
    "can_write": True,
    "is_for_new": True,
}
