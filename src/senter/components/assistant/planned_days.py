"""Days as a plan: what stands in each, what is free in between, and where the open goals fit. Pure.

Nothing is entered or changed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.components.assistant.entries import A_DAY, AN_HOUR, Entry, Span, days
from senter.messages.query import Quoted
from senter.moments.shown import shown_day, shown_when
from senter.sentences import phrase

FIRST_HOUR, LAST_HOUR = time(8), time(20)
"""Of a day that is planned: what is before and after is listed where it is taken, and not offered as free."""
QUARTER_SECONDS = 900
LEAST_FREE = AN_HOUR
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """Days in a row as text, and what stands in them."""

    text: str
    sources: tuple[Quoted, ...]


def planned_days(entries: Sequence[Entry], span: Span, now: datetime, zone: ZoneInfo) -> PlannedDays:
    """From now on, at most a month; goals with the longest free stretch before they are due."""
    first, last = _days_to_plan(span, now, zone)
    when = shown_when(first, zone, last)
    opening = phrase("{when}, from your calendar, reminders and goals. Nothing was entered or changed.", when=when)
    taken = [entry for entry in entries if not _is_goal(entry) and entry.is_in(days(first, last, zone))]
    free = {day: _free(taken, day, now, zone) for day in _each(first, last)}
    listed = [_day_text(taken, day, stretches, zone) for day, stretches in free.items()]
    goals = [entry for entry in entries if _is_goal(entry)]
    return PlannedDays(
        "\n\n".join((opening, *listed, *_goals_text(goals, [each for day in free.values() for each in day], zone))),
        tuple(entry.quoted for entry in (*taken, *goals)),
    )


def free_in(entries: Iterable[Entry], span: Span, now: datetime, zone: ZoneInfo) -> str:
    """What is left of one day, or of hours of it, beside what stands in it."""
    if span.end - span.start > A_DAY - 2 * AN_HOUR:
        day = span.start.astimezone(zone).date()
        span = Span(datetime.combine(day, FIRST_HOUR, zone), datetime.combine(day, LAST_HOUR, zone))
    when = shown_when(span.start, zone, span.end)
    free = _left_of(entries, Span(max(span.start, _next_quarter(now)), span.end))
    if not free:
        return phrase("Nothing is free: {when}.", when=when)
    if free == [span]:
        return phrase("You are free: {when}.", when=when)
    day = shown_day(span.start.astimezone(zone).date())
    return phrase("Free: {day}, {clocks}, {zone}.", day=day, clocks=_clocks(free, zone), zone=zone.key)


def _days_to_plan(span: Span, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    today = now.astimezone(zone).date()
    first = max(span.start.astimezone(zone).date(), today)
    last = (span.end - timedelta(seconds=1)).astimezone(zone).date()
    return first, max(first, min(last, first + (MOST_DAYS - 1) * A_DAY))


def _each(first: date, last: date) -> Iterator[date]:
    return (first + number * A_DAY for number in range((last - first).days + 1))


def _day_text(taken: Iterable[Entry], day: date, free: Sequence[Span], zone: ZoneInfo) -> str:
    on_day = [entry.quoted.quote for entry in taken if entry.is_in(days(day, day, zone))]
    lines = [f"- {line}" for line in (*on_day, _free_text(free, zone))]
    return "\n".join((f"{shown_day(day)}:", *lines))


def _free_text(free: Sequence[Span], zone: ZoneInfo) -> str:
    """Whole days by their hours, like the others: a day of a calendar has more than can be planned."""
    return phrase("free: {clocks}", clocks=_clocks(free, zone)) if free else phrase("no free hour left")


def _clocks(spans: Iterable[Span], zone: ZoneInfo) -> str:
    return ", ".join(_clock(each, zone) for each in spans)


def _clock(span: Span, zone: ZoneInfo) -> str:
    return f"{span.start.astimezone(zone):%H:%M}-{span.end.astimezone(zone):%H:%M}"


def _free(taken: Iterable[Entry], day: date, now: datetime, zone: ZoneInfo) -> list[Span]:
    """Stretches of an hour and more; an entry of a whole day takes none of its hours."""
    begin = max(datetime.combine(day, FIRST_HOUR, zone), _next_quarter(now))
    return _left_of(taken, Span(begin, datetime.combine(day, LAST_HOUR, zone)))


def _left_of(taken: Iterable[Entry], span: Span) -> list[Span]:
    free, reached = list[Span](), span.start
    for start, until in (*_busy(taken), (span.end, span.end)):
        if min(start, span.end) - reached >= LEAST_FREE:
            free.append(Span(reached, min(start, span.end)))
        reached = max(reached, until)
    return free


def _next_quarter(now: datetime) -> datetime:
    return now + timedelta(seconds=-now.timestamp() % QUARTER_SECONDS)


def _busy(taken: Iterable[Entry]) -> list[tuple[datetime, datetime]]:
    spans = ((entry.start, entry.end) for entry in taken)
    return sorted((start, end) for start, end in spans if start and end and end - start < A_DAY - AN_HOUR)


def _goals_text(goals: Iterable[Entry], free: Sequence[Span], zone: ZoneInfo) -> tuple[str, ...]:
    lines = [f"- {_goal_text(entry, free, zone)}" for entry in goals]
    return ("\n".join((phrase("For your open goals:"), *lines)),) if lines else ()


def _goal_text(goal: Entry, free: Sequence[Span], zone: ZoneInfo) -> str:
    """With the longest free stretch before it is due, the first of several."""
    in_time = [each for each in free if goal.start is None or each.end <= goal.start]
    if not in_time:
        return goal.quoted.quote
    best = max(in_time, key=lambda each: each.end - each.start)
    return phrase("{goal}; time for it: {when}", goal=goal.quoted.quote, when=shown_when(best.start, zone, best.end))


def _is_goal(entry: Entry) -> bool:
    return entry.quoted.address.startswith("goal ")
