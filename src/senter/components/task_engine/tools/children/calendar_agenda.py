"""What texts of a calendar say of a span: its events in order, each by itself, and what of them could not be read.

No event costs another: each is read alone and worked out in a time of its own, and what was left out is said.
"""

from __future__ import annotations

import time as clocks
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from senter.components.task_engine.tools.children.calendar_limits import processor_limit
from senter.components.task_engine.tools.children.calendar_occurrences import Occurrence, Window, entry_times
from senter.components.task_engine.tools.children.calendar_reading import NoStart, ReadEvent, read_event
from senter.components.task_engine.tools.children.calendar_scanning import scanned
from senter.text import cut

if TYPE_CHECKING:
    from pydantic import JsonValue

MOST_EVENTS = 1_000
MOST_PROBLEMS = 5
LONGEST_PROBLEM = 240
ENTRY_SECONDS, ALL_SECONDS = 0.5, 8.0
"""Of the processor, for the times of one entry, and of all that come again."""
TOLD_ONCE = "(repeats without a pause; told once)"


@dataclass(slots=True)
class Agenda:
    """Events as JSON and why some of them are not all there is."""

    events: list[dict[str, JsonValue]] = field(default_factory=list["dict[str, JsonValue]"])
    problems: list[str] = field(default_factory=list[str])

    @property
    def problem(self) -> str:
        """In a few sentences; empty where all was read."""
        shown = [cut(each, LONGEST_PROBLEM) for each in dict.fromkeys(self.problems)]
        more = len(shown) - MOST_PROBLEMS
        rest = [f"More of this kind: {more}"] if more > 0 else []
        return " ".join(f"{each.rstrip('.')}." for each in (*shown[:MOST_PROBLEMS], *rest))


def agenda_of(texts: Iterable[bytes], window: Window) -> Agenda:
    """Raises `ValueError` where a text holds no calendar at all."""
    return _AgendaMaking(window).of(texts)


class _AgendaMaking:
    """Collects the times of entry after entry."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._problems = list[str]()
        self._found = dict[tuple[str, datetime, str], tuple[Occurrence, str]]()
        self._late = 0
        self._until = clocks.process_time() + ALL_SECONDS

    def of(self, texts: Iterable[bytes]) -> Agenda:
        for text in texts:
            for events in self._entries(text):
                self._add_entry(events)
        order = sorted(self._found.items(), key=lambda item: (item[0][1], isinstance(item[1][0].start, datetime)))
        more = len(order) - MOST_EVENTS
        if more > 0:
            self._problems.insert(0, f"Later entries of this time that are not listed: {more}")
        if self._late:
            self._problems.append(f"Entries that repeat and take too long to work out, told once: {self._late}")
        return Agenda([_told(*told, self._window) for _, told in order[:MOST_EVENTS]], self._problems)

    def _entries(self, text: bytes) -> Iterable[list[ReadEvent]]:
        """Events of one UID together."""
        days = (at.astimezone(self._window.zone).date() for at in (self._window.start, self._window.end))
        found = scanned(text, *days)
        if not found.is_calendar and text.strip():
            raise ValueError("it is not a calendar")
        if found.is_cut_off:
            self._problems.append("The calendar ends in the middle of an entry")
        entries = dict[str, list[ReadEvent]]()
        for event in found.events:
            try:
                read = read_event(event, self._window.zone)
            except NoStart as problem:
                self._problems.append(str(problem))
            else:
                entries.setdefault(read.uid, []).append(read)
        return entries.values()

    def _add_entry(self, events: Sequence[ReadEvent]) -> None:
        changed = [each for each in events if each.instead_of is not None]
        mains = _newest([each for each in events if each.instead_of is None])
        holder = next((each for each in mains if each.repeats), mains[0] if mains else None)
        if holder is None:
            self._add(None, changed)
        for main in mains:
            self._add(main, changed if main is holder else [])

    def _add(self, main: ReadEvent | None, changed: Sequence[ReadEvent]) -> None:
        counts = main is not None and main.repeats
        try:
            with self._limited() if counts else nullcontext():
                times = entry_times(main, changed, self._window)
        except (TimeoutError, ValueError, OverflowError, TypeError) as error:
            assert main is not None  # what does not repeat is not counted
            self._once(main, error)
            self._add(None, changed)
            return
        if main is not None and times.is_cut:
            self._problems.append(f'"{main.title}" comes more than {len(times.listed)} times; the first are listed')
        if main is not None and main.is_in_part and self._window.at(main.start) < self._window.end:
            self._problems += main.problems
        for one in times.listed:
            self._tell(one, TOLD_ONCE if times.is_ceaseless else "")

    def _limited(self) -> AbstractContextManager[None]:
        return processor_limit(min(ENTRY_SECONDS, self._until - clocks.process_time()))

    def _once(self, main: ReadEvent, error: Exception) -> None:
        if clocks.process_time() > self._until:
            self._late += 1
        else:
            why = "takes too long to work out" if isinstance(error, TimeoutError) else "cannot be worked out"
            self._problems.append(f'When "{main.title}" comes again {why}; it is told once')
        if self._window.touches(main.start, main.end) and not main.is_cancelled:
            self._tell(Occurrence(main, main.start, main.end), TOLD_ONCE)

    def _tell(self, one: Occurrence, note: str) -> None:
        self._found.setdefault((one.event.uid, self._window.at(one.start), one.event.title), (one, note))
        self._problems += one.event.problems


def _newest(mains: list[ReadEvent]) -> list[ReadEvent]:
    """Each once, without those that a later version of the same event took the place of."""
    versions = dict[str, int]()
    for each in mains:
        versions[each.title] = max(versions.get(each.title, 0), each.sequence or 0)
    newest = (each for each in mains if each.sequence is None or each.sequence == versions[each.title])
    return list({(each.title, each.start, each.end, each.rules, each.is_cancelled): each for each in newest}.values())


def _told(one: Occurrence, note: str, window: Window) -> dict[str, JsonValue]:
    event = one.event
    start, end = window.shown(one.start), window.shown(one.end)
    return {
        "uid": event.uid,
        "title": f"{event.title} {note}".strip(),
        "location": event.location,
        "description": event.description,
        "all_day": not isinstance(one.start, datetime),
        "start": start.isoformat(),
        "end": (end if window.at(end) > window.at(start) else start).isoformat(),
    }
