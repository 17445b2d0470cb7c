"""Writes to a calendar's text as the tools make them, and how much of the other events each of them changed.

What belongs to whom is found without the code that is tested: events between their marks, the lines of each by name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from pydantic import JsonValue

from senter.component.frames import Frame
from senter.components.task_engine.tools.children.calendar_agenda import agenda_of
from senter.components.task_engine.tools.children.calendar_child import answer
from tests.support.odd_calendars import WEEK

CalendarWrite = Literal["add", "rename", "move", "move one", "leave one out", "remove"]
WRITES: list[CalendarWrite] = ["add", "rename", "move", "move one", "leave one out", "remove"]
STAMP = "2026-11-30T08:00:00+00:00"
EVENT = re.compile(
    rb"^BEGIN:VEV(?:\r?\n )?ENT[ \t\r]*$.*?^END:VEVENT[ \t\r]*$\s*", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
NEW_UID = "new@senter"
NEW: dict[str, JsonValue] = {
    "uid": NEW_UID,
    "stamp": STAMP,
    "title": "Dentist",
    "start": "2026-12-02T13:00:00+00:00",
    "end": "2026-12-02T14:00:00+00:00",
    "all_day": False,
    "recurrence": "FREQ=WEEKLY",
    "zone": "Europe/Berlin",
    "location": "",
    "description": "",
}
NO_EDIT: dict[str, JsonValue] = {
    "stamp": STAMP,
    "zone": "Europe/Berlin",
    "version": None,
    "texts": {},
    "start": None,
    "end": None,
    "occurrence": None,
    "recurrence": None,
    "remove": False,
}


def written(content: bytes, write: CalendarWrite, uid: str) -> bytes:
    """The content after the write; as it was where that is refused."""
    if write == "add":
        return _body(Frame({"do": "file_add", "event": NEW}, content), content)
    wanted = {**NO_EDIT, "uid": uid, **_wanted(content, write, uid)}
    worked_out = answer(Frame({"do": "file_edit", "edit": wanted}, content)).head
    if "error" in worked_out or "refused" in worked_out:
        return content
    put: dict[str, JsonValue] = {
        "do": "file_put",
        "uid": uid,
        "entry": worked_out["after"],
        "expects": worked_out["before_version"],
    }
    return _body(Frame(put, content), content)


def bytes_changed(content: bytes, write: CalendarWrite, uid: str) -> int:
    """Of all that does not belong to the event that is written."""
    after = written(content, write, uid)
    own = NEW_UID if write == "add" else uid
    before, left = _others(content, own), _others(after, own)
    if write == "add":
        left = _without_zones(left, before)
    same = _alike(before, left) + _alike(before[::-1], left[::-1])
    return 0 if before == left else max(len(before), len(left)) - min(same, len(before), len(left))


def _alike(one: bytes, other: bytes) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (byte, another) in pairs if byte != another), min(len(one), len(other)))


def entries_of(content: bytes) -> list[str]:
    """UIDs of what is shown in the week."""
    return sorted(_first_starts(content))


@lru_cache(maxsize=4)
def _first_starts(content: bytes) -> dict[str, str]:
    try:
        events = reversed(agenda_of([content], WEEK).events)
    except ValueError:
        return {}
    return {str(event["uid"]): str(event["start"]) for event in events}


def _wanted(content: bytes, write: CalendarWrite, uid: str) -> dict[str, JsonValue]:
    start = _first_starts(content).get(uid, "2026-12-02")
    wanted: dict[CalendarWrite, dict[str, JsonValue]] = {
        "rename": {"texts": {"title": "Another title", "location": "Hall"}},
        "move": {"start": "2026-12-05"},
        "move one": {"start": "2026-12-06", "occurrence": start},
        "leave one out": {"remove": True, "occurrence": start},
        "remove": {"remove": True},
    }
    return wanted[write]


def _body(frame: Frame, content: bytes) -> bytes:
    found = answer(frame)
    is_changed = found.head.get("added") or found.head.get("changed")
    return found.body if is_changed else content


def _others(content: bytes, uid: str) -> bytes:
    return EVENT.sub(lambda found: b"" if _is_of(found[0], uid) else found[0], content)


def _is_of(event: bytes, uid: str) -> bool:
    lines = re.sub(rb"\r?\n[ \t]", b"", event).splitlines()
    named = [line.partition(b":")[2].strip().decode(errors="replace") for line in lines if line[:4].upper() == b"UID:"]
    return named[0] == uid if named and named[0] else uid.startswith("no-uid-")


def _without_zones(left: bytes, before: bytes) -> bytes:
    """An event that comes again brings the definition of its zone with it."""
    if before.count(b"BEGIN:VTIMEZONE") == left.count(b"BEGIN:VTIMEZONE"):
        return left
    return re.sub(rb"BEGIN:VTIMEZONE\r?\nTZID:Europe/Berlin.*?END:VTIMEZONE\r?\n", b"", left, flags=re.DOTALL)
