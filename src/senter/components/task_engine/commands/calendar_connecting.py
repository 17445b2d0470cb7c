"""Connects a calendar for a person, and waits until the running daemon has it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from senter.client import Client
from senter.client.types import CalendarConnected, CalendarsReply
from senter.errors import SenterError
from senter.terminal import output
from senter.terminal.connecting import connect

TAKE_UP_SECONDS = 20.0
LOOK_SECONDS = 0.3
KINDS = {"file": "an .ics file", "folder": "a folder of .ics files", "subscription": "a subscribed address, read only"}


def connect_calendar(place: str, name: str = "", user: str = "", password: str = "") -> str:
    """Connect a file, a folder or an address; which it is, is found out by trying. A sentence that says what was found.

    The daemon must run. Raises `SenterError` where there is no calendar, and then nothing has changed.
    """
    client = connect()
    return said_of(connected(client, place, name, user, password))


def connected(client: Client, place: str, name: str, user: str, password: str) -> CalendarConnected:
    """The same, as data."""
    output.progress("Looking for a calendar there ...")
    try:
        asked = {"place": whole_place(place), "name": name, "user": user, "password": password}
        found = client.post("/api/calendars", CalendarConnected, **asked)
        wait_until_taken_up(client, found["name"], there=True)
    finally:
        output.progress("")
    return found


def said_of(found: CalendarConnected) -> str:
    names = [output.one_line(name) for name in found["found"]]
    several = f"{len(names)} calendars: {', '.join(names)}" if len(names) > 1 else f"the calendar {''.join(names)}"
    what = KINDS.get(found["kind"], several)
    new = "" if found["can_write"] or found["kind"] == "subscription" else "; it can only be read"
    place = " New events go there." if found["is_for_new"] else ""
    return f"Connected as {found['name']}: {what}{new}.{place}"


def whole_place(place: str) -> str:
    """A path as the daemon, which runs in another folder, finds it; an address as it is."""
    is_path = "://" not in place and (place.startswith(("~", ".", os.sep)) or Path(place).exists())
    return str(Path(place).expanduser().absolute()) if is_path else place


def wait_until_taken_up(client: Client, name: str, *, there: bool) -> None:
    """Until it is among the calendars, or no longer is: the daemon looks at its settings by itself, and what runs on
    older ones is restarted."""
    ends_at = time.monotonic() + TAKE_UP_SECONDS
    while time.monotonic() < ends_at:
        try:
            shown = client.get("/api/calendars", CalendarsReply, wait_seconds=0)
        except SenterError:
            shown = None
        names = {row["name"].partition("/")[0] for row in shown["calendars"]} if shown else set[str]()
        if names and (name in names) is there:
            return
        time.sleep(LOOK_SECONDS)
