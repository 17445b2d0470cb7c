"""What stands in a person's days: events, reminders, jobs and goals, a line each, and spans of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.components.assistant.inventory import Snapshot, is_reminder, moment_of, title_of_job
from senter.messages.acts import Act
from senter.messages.calendar import EventView
from senter.messages.goals import GoalView
from senter.messages.query import Quoted
from senter.messages.schedule import JobView, TriggerType
from senter.moments.dates import shown
from senter.text import one_line

LONGEST_TITLE = 160
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment until before another."""

    start: datetime
    end: datetime

    def meets(self, start: datetime, end: datetime) -> bool:
        return start < self.end and (end > self.start or start >= self.start)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing, and when it is."""

    quoted: Quoted
    start: datetime | None = None
    end: datetime | None = None

    def is_in(self, span: Span) -> bool:
        return self.start is not None and span.meets(self.start, self.end or self.start)


def entries_of(snapshot: Snapshot, zone: ZoneInfo) -> list[Entry]:
    """All that exists; what has a moment first, in the order of time."""
    jobs = (entry_of_job(job, zone) for job in snapshot.jobs)
    goals = (entry_of_goal(goal, zone) for goal in snapshot.goals)
    return in_order((*events_in(snapshot.events, zone), *jobs, *goals))


def events_in(events: Iterable[EventView], zone: ZoneInfo) -> list[Entry]:
    return [entry_of_event(event, zone) for event in events]


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    found = list(entries)
    dated = [entry for entry in found if entry.start]
    return sorted(dated, key=_start) + [entry for entry in found if not entry.start]


def entry_of_event(event: EventView, zone: ZoneInfo) -> Entry:
    start, end = moment_of(event.start, zone), moment_of(event.end, zone)
    when = _days(start, end) if event.all_day else _hours(start, end, zone)
    where = f", {one_line(event.location, LONGEST_TITLE)}" if event.location else ""
    line = f"{_title(event.title)}, {when}{where} (calendar {event.calendar})"
    return Entry(Quoted(source=event.title, address=f"event {event.uid}", quote=line), start, end)


def entry_of_job(job: JobView, zone: ZoneInfo) -> Entry:
    kind, title = "reminder" if is_reminder(job) else "job", title_of_job(job)
    when = f", {shown(job.next_run, zone)}" if job.next_run else ", paused"
    again = "" if job.trigger_type is TriggerType.ONCE else f" ({job.trigger})"
    line = f"{kind.capitalize()} {job.id}: {_title(title)}{when}{again}"
    return Entry(Quoted(source=title, address=f"{kind} {job.id}", quote=line), job.next_run)


def entry_of_goal(goal: GoalView, zone: ZoneInfo) -> Entry:
    due = f", due {shown(goal.deadline, zone)}" if goal.deadline else ""
    line = f"Goal {goal.id}: {_title(goal.text)}{due}, {goal.progress_percent} % done"
    return Entry(Quoted(source=goal.text, address=f"goal {goal.id}", quote=line), goal.deadline)


def span_of(act: Act, zone: ZoneInfo) -> Span | None:
    """The days that a question names; none where it names none."""
    if not act.due:
        return None
    start = _local(act.due, zone)
    if act.end and "T" in act.end:
        return Span(start, _local(act.end, zone))
    first, last = start.date(), _local(act.end, zone).date() if act.end else start.date()
    return days(first, last, zone)


def days(first: date, last: date, zone: ZoneInfo) -> Span:
    """Whole days, the last one too."""
    return Span(datetime.combine(first, time(), zone), datetime.combine(last + A_DAY, time(), zone))


def shown_span(span: Span, zone: ZoneInfo) -> str:
    first, last = span.start.astimezone(zone), (span.end - timedelta(seconds=1)).astimezone(zone)
    return shown_day(first) if first.date() == last.date() else f"{shown_day(first)} to {shown_day(last)}"


def shown_day(local: datetime) -> str:
    """Without its clock time, such as `Fri 27 Nov 2026`."""
    zone = local.tzinfo if isinstance(local.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    return shown(local.replace(hour=12, minute=0), zone).partition(",")[0]


def listed(quotes: Sequence[Quoted]) -> str:
    """A line each, numbered where there are several to choose from."""
    if len(quotes) == 1:
        return quotes[0].quote + "."
    return "\n".join(f"{number}. {quoted.quote}" for number, quoted in enumerate(quotes, 1))


def _start(entry: Entry) -> datetime:
    assert entry.start  # of those that have one
    return entry.start


def _local(iso: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(iso).replace(tzinfo=zone)


def _days(start: datetime, end: datetime) -> str:
    last = max(start, end - A_DAY)
    return shown_day(start) if last.date() == start.date() else f"{shown_day(start)} to {shown_day(last)}"


def _hours(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    until = end.astimezone(zone)
    if until.date() == start.astimezone(zone).date():
        return f"{shown(start, zone)}-{until:%H:%M}" if end > start else shown(start, zone)
    return f"{shown(start, zone)} to {shown(end, zone)}"


def _title(text: str) -> str:
    return one_line(text, LONGEST_TITLE).rstrip(".")
