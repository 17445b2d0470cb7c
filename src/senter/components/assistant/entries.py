"""What stands in a person's days: events, reminders, jobs and goals, a line each, and spans of time. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.components.assistant.inventory import Snapshot, is_reminder, moment_of, next_at, title_of_job
from senter.messages.activity import TIMER
from senter.messages.calendar import EventView
from senter.messages.goals import GoalKind, GoalView
from senter.messages.query import Quoted
from senter.messages.schedule import JobView, TriggerType
from senter.moments.finding import find_when
from senter.moments.left_out import days_left_out
from senter.moments.shown import shown, shown_when
from senter.moments.when import When
from senter.sentences import phrase
from senter.text import one_line

LONGEST_TITLE = 160
PARTS = {"morning": (8, 12), "afternoon": (12, 18), "evening": (18, 22), "night": (18, 23), "tonight": (18, 23)}
"""Their hours, where somebody asks what is free in them."""
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
MOST_A_DAY = 4
"""Times of one reminder that are shown one by one."""


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


def entries_of(snapshot: Snapshot, zone: ZoneInfo, span: Span | None = None) -> list[Entry]:
    """All that exists, in a span all times of what comes again; what has a moment first, in the order of time."""
    jobs = (entry for job in snapshot.jobs for entry in entries_of_job(job, span, zone))
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
    when = shown_when(start.date(), zone, (end - A_DAY).date()) if event.all_day else shown_when(start, zone, end)
    where = f", {one_line(event.location, LONGEST_TITLE)}" if event.location else ""
    name = "" if event.calendar == "calendar" else f" {event.calendar}"
    line = f"{_title(event.title)}, {when}{where} ({phrase('calendar')}{name})"
    return Entry(Quoted(source=event.title, address=f"event {event.uid}", quote=line), start, end)


def entry_of_job(job: JobView, zone: ZoneInfo) -> Entry:
    kind, title = "reminder" if is_reminder(job) else "job", title_of_job(job)
    when = _next_of(job, zone)
    if job.trigger_type is not TriggerType.ONCE:
        following = phrase("next {when}", when=when) if job.next_run else when
        when = ", ".join(filter(None, (job.trigger, days_left_out(job.left_out), following)))
    name = "Timer" if TIMER in job.payload else kind.capitalize()
    line = f"{phrase(name)} {job.id}: {_title(title)}, {when}"
    return Entry(Quoted(source=title, address=f"{kind} {job.id}", quote=line), next_at(job) or job.told_at)


def entries_of_job(job: JobView, span: Span | None, zone: ZoneInfo) -> list[Entry]:
    """Each of its times in a span, where these are told; of what comes all day long the first of each day."""
    times = [at for at in job.times if span and span.meets(at, at)]
    if not times or job.trigger_type is TriggerType.ONCE:
        return [entry_of_job(job, zone)]
    by_day = defaultdict[date, list[datetime]](list)
    for at in times:
        by_day[at.astimezone(zone).date()].append(at)
    shown_times = (each if len(each) <= MOST_A_DAY else each[:1] for each in by_day.values())
    return [_entry_at(job, at, zone) for each in shown_times for at in each]


def _entry_at(job: JobView, at: datetime, zone: ZoneInfo) -> Entry:
    """One time of what comes again."""
    kind, title = "reminder" if is_reminder(job) else "job", title_of_job(job)
    line = f"{phrase(kind.capitalize())} {job.id}: {_title(title)}, {shown_when(at, zone)} ({job.trigger})"
    return Entry(Quoted(source=title, address=f"{kind} {job.id}", quote=line), at)


def entry_of_timer(job: JobView, now: datetime, zone: ZoneInfo) -> Entry:
    """With what is left of it, to the second."""
    at = next_at(job)
    if at:
        left, moment = _length_of(at - now), shown(at, zone, seconds=True)
        rings = phrase("{left} left, rings {moment}", left=left, moment=moment)
    else:
        rings = _next_of(job, zone)
    line = f"{phrase('Timer')} {job.id}: {_title(title_of_job(job))}, {rings}"
    return Entry(Quoted(source=title_of_job(job), address=f"reminder {job.id}", quote=line), at or job.told_at)


def _length_of(left: timedelta) -> str:
    """`3 min 12 s`."""
    seconds = max(0, round(left.total_seconds()))
    sizes = ((seconds // 3_600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return " ".join(f"{count} {unit}" for count, unit in sizes if count) or "0 s"


def _next_of(job: JobView, zone: ZoneInfo) -> str:
    """When it comes next; and what waits for a word of the person."""
    following = shown_when(job.next_run, zone) if job.next_run else "" if job.told_at else phrase("paused")
    waits = phrase("waits for you since {when}", when=shown_when(job.told_at, zone)) if job.told_at else ""
    if job.snoozed_until:
        waits = phrase("snoozed until {when}", when=shown_when(job.snoozed_until, zone))
    return ", ".join(filter(None, (following, waits)))


def entry_of_goal(goal: GoalView, zone: ZoneInfo) -> Entry:
    due = phrase(", due {due}", due=shown_when(goal.deadline, zone)) if goal.deadline else ""
    is_own = goal.kind is GoalKind.OWN  # nobody but the person knows how far that is
    so_far = "" if is_own else ", " + phrase("{percent} % done", percent=goal.progress_percent)
    line = f"{phrase('Goal')} {goal.id}: {_title(goal.text)}{due}{so_far}"
    return Entry(Quoted(source=goal.text, address=f"goal {goal.id}", quote=line), goal.deadline)


def asked_time(question: str, now: datetime, zone: ZoneInfo) -> tuple[Span | None, str]:
    """The time that a question names, none where it names none; and the question without its words."""
    found = next((when for when in find_when(question, now, zone) if when.start), None)
    if found is None:
        return None, question
    return _span(found, zone), _without(question, found)


def hours_asked(question: str, now: datetime, zone: ZoneInfo) -> Span | None:
    """As `asked_time`, of a part of a day its hours."""
    found = next((when for when in find_when(question, now, zone) if when.start), None)
    if found and isinstance(found.start, datetime) and (hours := PARTS.get(found.part)):
        day = found.start.astimezone(zone).date()
        return Span(*(datetime.combine(day, time(hour), zone) for hour in hours))
    return _span(found, zone) if found else None


def days(first: date, last: date, zone: ZoneInfo) -> Span:
    """Whole days, the last one too."""
    return Span(datetime.combine(first, time(), zone), datetime.combine(last + A_DAY, time(), zone))


def shown_span(span: Span, zone: ZoneInfo) -> str:
    last = (span.end - timedelta(seconds=1)).astimezone(zone).date()
    if span.end - span.start < A_DAY - AN_HOUR:  # a day is an hour shorter once a year
        return shown_when(span.start, zone, span.end)
    return shown_when(span.start.astimezone(zone).date(), zone, last)


def listed(quotes: Sequence[Quoted]) -> str:
    """A line each, numbered where there are several to choose from."""
    if len(quotes) == 1:
        return quotes[0].quote
    return "\n".join(f"{number}. {quoted.quote}" for number, quoted in enumerate(quotes, 1))


def _start(entry: Entry) -> datetime:
    assert entry.start  # of those that have one
    return entry.start


def _span(when: When, zone: ZoneInfo) -> Span:
    """A clock time is an hour from then; a part of a day is the day."""
    start, end = when.start, when.end
    assert start  # of those that have one
    if isinstance(start, datetime) and not when.part:
        return Span(start, end if isinstance(end, datetime) else start + AN_HOUR)
    return days(_day(start), _day(end or start), zone)


def _day(day: date | datetime) -> date:
    return day.date() if isinstance(day, datetime) else day


def _without(text: str, when: When) -> str:
    for begin, end in sorted(when.spans, reverse=True):
        text = f"{text[:begin]} {text[end:]}"
    return text


def _title(text: str) -> str:
    return one_line(text, LONGEST_TITLE).rstrip(".")
