"""Calendars as programs and people really write them, each with what it shows of one week and what is said of it.

`tests/sets/calendars` has `NAME.ics` and `NAME.txt`: a line `START END TITLE` for each event, and `said WORDS` for what
must be told as not read. Where there is none, nothing may be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from senter.components.task_engine.tools.children.calendar_agenda import Agenda, agenda_of
from senter.components.task_engine.tools.children.calendar_occurrences import Window

FOLDER = Path(__file__).parents[1] / "sets" / "calendars"
ZONE = ZoneInfo("Europe/Berlin")
WEEK = Window(datetime(2026, 12, 1, tzinfo=ZONE), datetime(2026, 12, 8, tzinfo=ZONE), ZONE)
EVENT = re.compile(rb"BEGIN:VEVENT.*?END:VEVENT\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OddCalendar:
    """One text and what is right of it."""

    name: str
    content: bytes
    events: tuple[str, ...]
    said: tuple[str, ...]

    def mistakes(self) -> list[str]:
        """What is shown and should not be, what is missing, and what is said wrongly or not at all."""
        try:
            agenda = agenda_of([self.content], WEEK)
        except ValueError as error:
            return [str(error)]
        return [*_differences(shown(agenda), self.events), *self._unsaid(agenda.problem)]

    def _unsaid(self, problem: str) -> list[str]:
        silent = [f"not said: {words}" for words in self.said if words not in problem]
        return silent if self.said or not problem else [f"said: {problem}"]


def odd_calendars() -> list[OddCalendar]:
    return [_read(path) for path in sorted(FOLDER.glob("*.ics"))]


def shown(agenda: Agenda) -> tuple[str, ...]:
    """Each event as a line of the set."""
    return tuple(f"{_short(one['start'])} {_short(one['end'])} {one['title']}" for one in agenda.events)


def shown_between(content: bytes, start: datetime, days: int) -> tuple[str, ...]:
    """Each event of these days, as a line of the set."""
    return shown(agenda_of([content], Window(start, start + timedelta(days=days), ZONE)))


def others(content: bytes, uid: bytes) -> bytes:
    """All but the events of one UID, found without the code that is tested."""
    return EVENT.sub(lambda found: b"" if b"\nUID:" + uid in found[0].replace(b"\r", b"\n") else found[0], content)


def _short(moment: object) -> str:
    return str(moment).replace(":00+", "+")


def _differences(found: tuple[str, ...], right: tuple[str, ...]) -> list[str]:
    missing = [f"missing: {line}" for line in right if line not in found]
    wrong = [f"shown: {line}" for line in found if line not in right]
    return missing + wrong or ([] if found == right else ["out of order"])


def _read(path: Path) -> OddCalendar:
    lines = path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
    said = tuple(line.removeprefix("said ") for line in lines if line.startswith("said "))
    events = tuple(line for line in lines if line and not line.startswith("said "))
    return OddCalendar(path.stem, path.read_bytes(), events, said)
