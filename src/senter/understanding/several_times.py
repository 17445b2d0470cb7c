"""One reminder at several clock times, which is several: `at 15:00, 16:00 and 17:00`, `at 9 and 12`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import ActKind
from senter.moments.finding import when_in
from senter.moments.when import When
from senter.understanding.clause_readings import ReadClause
from senter.understanding.lexicon import lexicon


def at_each_time(reading: ReadClause, now: datetime, zone: ZoneInfo) -> Iterator[ReadClause]:
    """The reading once for each; as it is where anything about its times is open."""
    if reading.kind is not ActKind.REMINDER or not reading.when.says_clock_time or reading.when.recurrence:
        yield reading
        return
    for when in _each(reading.clause.text, reading.when, now, zone) or [reading.when]:
        yield replace(reading, when=when)


def _each(text: str, when: When, now: datetime, zone: ZoneInfo) -> list[When]:
    """None where there are no more times than one."""
    found = next((found for span in when.spans if (found := lexicon().times["more_hours"].match(text, span[1]))), None)
    if found is None or any(not found.start() <= begin < found.end() for begin, _ in when.unread):
        return []
    is_today = when.start is None or f"{when.start:%Y-%m-%d}" == f"{now.astimezone(zone):%Y-%m-%d}"
    day = "" if is_today else f"{when.start:%Y-%m-%d} "
    hours = re.findall(r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m\b)?", found[0], re.IGNORECASE)
    others = [when_in(f"{day}at {hour}", now, zone) for hour in hours]
    if not all(other.says_clock_time and not other.unread for other in others):
        return []
    spans = tuple(sorted((*when.spans, found.span())))
    first = replace(when, spans=spans, unread=())
    return [first, *(replace(first, start=other.start, due=other.start) for other in others)]
