"""Odd calendars: are their events shown right, do writes leave the others alone? And how long does a large one take?

The odd ones are those of `tests/sets/calendars`. Into each an event is put; each of its events is renamed, moved, moved
and left out once, and removed. The large one has 50,000 events, one in twenty of which repeats; the isolated child is
asked for a week of it, its start included, then again. `--events N` makes it another size, `--failures` writes what was
not right to standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from icalendar import Calendar
from recurring_ical_events import of

from measuring.report import Report, run_figure
from senter.component.frames import Frame
from senter.component.isolated import Isolated
from senter.components.task_engine.tools.children import calendar_child
from tests.support.calendar_texts import calendar_text
from tests.support.calendar_writes import WRITES, bytes_changed, entries_of
from tests.support.odd_calendars import WEEK, OddCalendar, odd_calendars

TIMEOUT_SECONDS = 40  # as the tools have it
WEEK_SECONDS, MEMORY_MIB = 10, 150
PEER_SHARE = 10
RULES = (
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=DAILY",
    "FREQ=YEARLY",
    "FREQ=MONTHLY;BYDAY=1TU",
    "FREQ=WEEKLY;UNTIL=20180101T000000Z",
    "FREQ=WEEKLY;COUNT=10",
)
EVENT = """BEGIN:VEVENT
UID:{number:08x}-1111-2222-3333-444455556666@example.org
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}
DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}
{rule}SUMMARY:Meeting number {number} with some people
LOCATION:Room {room}
DESCRIPTION:What is to be talked about\\, and who brings the papers for it
BEGIN:VALARM
TRIGGER:-PT15M
END:VALARM
END:VEVENT
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=50_000, help="how many the large calendar has: 50000")
    options.add_argument("--failures", action="store_true", help="show what was not right")
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("calendars", "odd calendars shown right and written without harm; a week of a large one")
        _take_odd(report, failures=chosen.failures)
        asyncio.run(_take_large(report, chosen.events))
        return report

    run_figure(figure, limit_seconds=900)


def _take_odd(report: Report, *, failures: bool) -> None:
    calendars = odd_calendars()
    mistakes = {calendar.name: calendar.mistakes() for calendar in calendars}
    changed = [bytes_ for calendar in calendars for bytes_ in _changed(calendar)]
    if failures:
        sys.stderr.writelines(f"- {name}: {each}\n" for name, found in mistakes.items() for each in found)
    right = sum(not found for found in mistakes.values())
    report.single("odd calendars", len(calendars), "")
    report.single("writes", len(changed), "")
    report.at_least("shown right", right / len(calendars), 1)
    report.at_most("bytes of others changed", sum(changed), 0)


def _changed(calendar: OddCalendar) -> Iterator[int]:
    for uid in entries_of(calendar.content) or ["none"]:
        for write in WRITES:
            yield bytes_changed(calendar.content, write, uid)


async def _take_large(report: Report, count: int) -> None:
    content = _large(count)
    report.single("large calendar", len(content) / 1024**2, "MiB")
    head = {"do": "file_events", "start": WEEK.start.isoformat(), "end": WEEK.end.isoformat(), "zone": "Europe/Berlin"}
    async with Isolated(calendar_child.__name__) as child:
        first, again = [await _seconds(child, Frame({**head}, content)) for _ in range(2)]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report.single("a week of it again", again, "s")
    part = _large(count // PEER_SHARE)
    report.single(f"icalendar and recurring-ical-events over 1/{PEER_SHARE} of it", _peer_seconds(part), "s")
    report.at_most("a week of it", first, WEEK_SECONDS, "s")
    report.at_most("memory of the child", memory, MEMORY_MIB, "MiB")


async def _seconds(child: Isolated, frame: Frame) -> float:
    begun = time.perf_counter()
    answer = await child.ask(frame, timeout_seconds=TIMEOUT_SECONDS)
    taken = time.perf_counter() - begun
    if not answer.head.get("events"):
        raise SystemExit(f"nothing was read: {answer.head}")
    return taken


def _peer_seconds(content: bytes) -> float:
    begun = time.perf_counter()
    of(Calendar.from_ical(content), skip_bad_series=True).between(WEEK.start, WEEK.end)
    return time.perf_counter() - begun


def _large(count: int) -> bytes:
    """As many hours apart as there are events in twenty years, whatever their number."""
    choices, step = random.Random(5), timedelta(days=20 * 365) / count  # noqa: S311 - the same each time
    events = (_one(number, datetime(2008, 1, 1) + number * step, choices) for number in range(count))  # noqa: DTZ001
    return calendar_text(*events).encode()


def _one(number: int, start: datetime, choices: random.Random) -> str:
    rule = f"RRULE:{choices.choice(RULES)}\n" if number % 20 == 0 else ""
    end = start + timedelta(hours=1)
    return EVENT.format(number=number, start=start, end=end, rule=rule, room=number % 40)


if __name__ == "__main__":
    main()
