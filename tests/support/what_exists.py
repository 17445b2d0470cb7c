"""What there is in a home because somebody asked for it: reminders, jobs, goals, entries of the calendar, notes.

Times are on the clock of the person. Jobs and goals are read as the API shows them, the calendar as other programs read
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from senter.messages.goals import GoalView
from senter.messages.schedule import JobView, TriggerType
from tests.support.said_times import A_MINUTE, Times

OVER = frozenset({"completed", "failed", "cancelled", "please_look"})


class Existing(NamedTuple):
    """One of them."""

    kind: str
    title: str
    times: Times
    paused: bool = False


def jobs_that_exist(jobs: Iterable[JobView], zone: ZoneInfo) -> Iterator[Existing]:
    """Those that people asked for and that are still to run."""
    for job in jobs:
        is_over = job.trigger_type is TriggerType.ONCE and job.next_run is None
        if not job.built_in and not is_over:
            yield job_as_it_is(job, zone)


def job_as_it_is(job: JobView, zone: ZoneInfo) -> Existing:
    reminder = job.payload.get("reminder")
    title = str(reminder) if reminder else f"{job.name} {' '.join(map(str, job.payload.values()))}"
    kind = "reminder" if reminder else "job"
    return Existing(kind, title, _times_of_job(job, zone), paused=not job.enabled)


def goals_that_exist(goals: Iterable[GoalView], zone: ZoneInfo) -> Iterator[Existing]:
    """Those that are open."""
    for goal in goals:
        if goal.status not in OVER:
            yield goal_as_it_is(goal, zone)


def goal_as_it_is(goal: GoalView, zone: ZoneInfo) -> Existing:
    return Existing("goal", goal.text, Times(_local(goal.deadline, zone)), goal.paused)


def entries_of(calendar: Path, zone: ZoneInfo) -> Iterator[Existing]:
    """Each once, with its own rule where it comes again."""
    if not calendar.exists():
        return
    for component in Calendar.from_ical(calendar.read_bytes(), multiple=True):
        yield from (_entry(entry, zone) for entry in component.events)


def notes_in(folder: Path) -> Iterator[Existing]:
    """What they say is their title."""
    for file in sorted(folder.rglob("*.md")):
        yield Existing("note", file.read_text(encoding="utf-8"), Times())


def _times_of_job(job: JobView, zone: ZoneInfo) -> Times:
    config = job.trigger_config
    rule = config.get("cron") or config.get("rrule")
    recurrence = str(rule) if rule else None
    if recurrence and "cron" not in config:
        recurrence = f"RRULE:{recurrence.removeprefix('RRULE:')}"
    at = config.get("at")
    once = datetime.fromisoformat(str(at)) if at else None
    return Times(_local(job.next_run or once, zone), recurrence=recurrence)


def _entry(entry: Event, zone: ZoneInfo) -> Existing:
    start, end = entry.start, entry.end
    rules = entry.rrules
    recurrence = f"RRULE:{rules[0].to_ical().decode()}" if rules else None
    if isinstance(start, datetime) and isinstance(end, datetime):
        times = Times(_local(start, zone), _local(end, zone), recurrence)
    else:
        last = _day(end) - timedelta(days=1)
        times = Times(f"{_day(start)}", f"{last}" if last > _day(start) else None, recurrence, all_day=True)
    return Existing("event", str(entry.get("SUMMARY", "")), times)


def _day(of: date) -> date:
    return of.date() if isinstance(of, datetime) else of


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(zone).isoformat()[:A_MINUTE]
