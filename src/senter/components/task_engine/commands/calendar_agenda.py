"""Events as an agenda, a block for each day, within the width of a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from senter.client.types import EventsReply, EventView
from senter.sentences import phrase
from senter.terminal import output
from senter.terminal.zone import user_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WIDTH, INDENT = 80, 14
A_DAY = timedelta(days=1)


def print_agenda(found: EventsReply, *, is_named: bool) -> None:
    """Each day on which something is; what could not be looked at is a note below. Where nothing is on, the days that
    were understood are said, if a time was named."""
    zone = user_zone()
    several = len(found["calendars"]) > 1
    first, last = _day(found["start"], zone), _last_day(found["end"], zone)
    days = agenda(found["events"], first, last, zone)
    for number, (day, events) in enumerate(days.items()):
        if number:
            output.say()
        output.say(_heading(day, datetime.now(zone).date()))
        for event in events:
            output.say(_line(event, day, zone, several=several))
    if not days and not nothing_was_read(found):
        output.say(_nothing_on(first, last) if is_named else "Nothing is on in the next 7 days.")
    if found["problem"]:
        output.note(f"Please note: {output.one_line(found['problem']).rstrip('.')}.")


def _nothing_on(first: date, last: date) -> str:
    from senter.moments.shown import shown_day

    until = "" if first == last else f" - {shown_day(last)}"
    return phrase("Nothing is on: {when}.", when=f"{shown_day(first)}{until}")


def nothing_was_read(found: EventsReply) -> bool:
    """Whether no calendar could be looked at: nothing is known then."""
    return bool(found["problem"]) and not found["calendars"] and not found["events"]


def agenda(events: Sequence[EventView], first: date, last: date, zone: ZoneInfo) -> dict[date, list[EventView]]:
    """Events by day, those of whole days first; one of several days stands in each of them."""
    days = dict[date, list[EventView]]()
    for event in sorted(events, key=lambda one: (not one["all_day"], _moment(one["start"], zone))):
        for day in _days_of(event, zone):
            if first <= day <= last:
                days.setdefault(day, []).append(event)
    return dict(sorted(days.items()))


def clock_of(event: EventView, day: date, zone: ZoneInfo) -> str:
    """`14:00-15:00`; `all day`; of what goes on for days, as far as that day goes."""
    start, end = _moment(event["start"], zone), _moment(event["end"], zone)
    if event["all_day"] or (start.date() < day < end.date()):
        return phrase("all day")
    begins = start.strftime("%H:%M") if start.date() == day else ""
    ends = end.strftime("%H:%M") if end.date() == day and end != start else ""
    if not begins:
        return phrase("until {when}", when=ends)
    return f"{begins}-{ends}" if ends else begins if end == start else phrase("from {when}", when=begins)


def _days_of(event: EventView, zone: ZoneInfo) -> Iterator[date]:
    start, end = _moment(event["start"], zone), _moment(event["end"], zone)
    day = start.date()
    yield day
    while datetime.combine(day := day + A_DAY, time(), zone) < end:
        yield day


def _line(event: EventView, day: date, zone: ZoneInfo, *, several: bool) -> str:
    title = output.one_line(event["title"]) or phrase("(no title)")
    place = f", {output.one_line(event['location'])}" if event["location"] else ""
    where = f" [{output.one_line(event['calendar'])}]" if several else ""
    clock = f"  {clock_of(event, day, zone)}".ljust(INDENT)
    text = title + place + where
    return "\n".join(textwrap.wrap(text, WIDTH, initial_indent=clock, subsequent_indent=" " * INDENT))


def _heading(day: date, today: date) -> str:
    from senter.moments.shown import shown_day

    named = {today: "Today, {day}", today + A_DAY: "Tomorrow, {day}"}
    return phrase(named.get(day, "{day}"), day=shown_day(day))


def _day(stamp: str | None, zone: ZoneInfo) -> date:
    return _moment(stamp, zone).date() if stamp else date.min


def _last_day(stamp: str | None, zone: ZoneInfo) -> date:
    return (_moment(stamp, zone) - timedelta(seconds=1)).date() if stamp else date.max


def _moment(text: str, zone: ZoneInfo) -> datetime:
    if len(text) == len("2026-12-24"):
        return datetime.combine(date.fromisoformat(text), time(), zone)
    found = datetime.fromisoformat(text)
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)
