"""What exists around a sentence: goals, reminders, jobs, events, folders, asked of those who have them.

Asked side by side and kept for a few seconds. Whoever is away is unknown for now; nothing waits long for anybody.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.errors import SenterError
from senter.messages.activity import TIMER
from senter.messages.acts import Thing, ThingKind
from senter.messages.calendar import EventsReply, EventView, ListEvents
from senter.messages.documents import FoldersReply, ListFolders
from senter.messages.goals import GoalKind, GoalsReply, GoalView, ListGoals, Status
from senter.messages.message import Command, Reply
from senter.messages.schedule import JobsReply, JobView, ListJobs, TriggerType
from senter.messages.written import ListNotes, WrittenReply, WrittenText

KEPT_SECONDS = 5.0
TIMEOUT_SECONDS = 1.5
GOALS, JOBS, CALENDAR, DOCUMENTS = "your goals", "reminders and jobs", "your calendar", "your documents"
NOTES = "your notes"
RUNNING = frozenset({Status.PENDING, Status.PLANNING, Status.IN_PROGRESS})
DAYS_BACK, DAYS_AHEAD = timedelta(days=1), timedelta(days=365)
MOST_JOBS = 500
DAYS_OF_TIMES = timedelta(days=15)
"""In which all times of a job are known, so that one of them can be named."""
MOST_LATER = 60
"""Times of one thing that comes again: more than a year of weeks."""

ReplyT = TypeVar("ReplyT", bound=Reply)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What exists, as far as it was told."""

    goals: tuple[GoalView, ...] = ()
    jobs: tuple[JobView, ...] = ()
    """Those that people made and that are still to run."""
    events: tuple[EventView, ...] = ()
    """Of the near future."""
    notes: tuple[WrittenText, ...] = ()
    """The newest first."""
    calendars: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    documents: FoldersReply | None = None
    """How these folders are, and what is not read in them."""
    unknown: tuple[str, ...] = ()
    """What could not be looked at, in words for people."""

    def unknown_of(self, *names: str) -> tuple[str, ...]:
        """What of these could not be looked at."""
        return tuple(each for each in self.unknown if each.removeprefix("all of ").startswith(names))

    @property
    def reminders(self) -> tuple[JobView, ...]:
        return tuple(job for job in self.jobs if is_reminder(job))

    def things(self, zone: ZoneInfo) -> tuple[Thing, ...]:
        return (
            *map(_thing_of_job, self.jobs),
            *self._things_of_events(zone),
            *map(thing_of_goal, self.goals),
            *map(_thing_of_note, self.notes),
        )

    def _things_of_events(self, zone: ZoneInfo) -> Iterator[Thing]:
        """Of a repeated entry the first to come, with some of its times after that. Other programs give several events
        one UID: what is called otherwise each time is each time another event."""
        entries = defaultdict[str, list[EventView]](list)
        for event in self.events:
            entries[event.uid].append(event)
        for events in entries.values():
            shares_id = len({event.title for event in events}) == len(events) > 1
            for event in events if shares_id else events[:1]:
                later = () if shares_id else tuple(moment_of(each.start, zone) for each in events[1 : MOST_LATER + 1])
                known = {"repeats": bool(later), "later": later, "shares_id": shares_id}
                yield thing_of_event(event, zone).model_copy(update=known)


UNKNOWN = Snapshot(unknown=("anything",))


class Inventory:
    """Asks, and remembers for a moment what it was told."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._newest = UNKNOWN
        self._taken_at = float("-inf")
        self._asking: asyncio.Task[Snapshot] | None = None
        self._looks = set[asyncio.Task[Snapshot]]()

    async def at_hand(self, wait_seconds: float) -> Snapshot:
        """What was known last, while it is looked up anew; where nothing was yet, what is known by then."""
        if not self._is_fresh:
            look = self._ask()
            if self._newest is UNKNOWN:
                await asyncio.wait({look}, timeout=wait_seconds)
        return self._newest

    async def now(self) -> Snapshot:
        """What exists, at most a few seconds old."""
        return self._newest if self._is_fresh else await asyncio.shield(self._ask())

    def forget(self) -> None:
        """Something was changed."""
        self._taken_at = float("-inf")
        self._asking = None

    async def close(self) -> None:
        for look in self._looks:
            look.cancel()
        if self._looks:
            await asyncio.wait(self._looks)

    @property
    def _is_fresh(self) -> bool:
        return self._clock.monotonic() - self._taken_at < KEPT_SECONDS

    def _ask(self) -> asyncio.Task[Snapshot]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._look(), name="inventory")
            self._looks.add(self._asking)
            self._asking.add_done_callback(self._looks.discard)
        return self._asking

    async def _look(self) -> Snapshot:
        asked_at, now = self._clock.monotonic(), self._clock.now()
        goals, jobs, events, folders, notes = await asyncio.gather(
            self._told(ListGoals(limit=200)),
            self._told(ListJobs(limit=MOST_JOBS, until=now + DAYS_OF_TIMES)),
            self._told(ListEvents(start=now - DAYS_BACK, end=now + DAYS_AHEAD)),
            self._told(ListFolders()),
            self._told(ListNotes()),
        )
        snapshot = _snapshot(self._newest, goals, jobs, events, folders, notes)
        if self._asking is asyncio.current_task():  # nothing was changed meanwhile
            self._newest, self._taken_at = snapshot, asked_at
        return snapshot

    async def _told(self, command: Command[ReplyT]) -> ReplyT | None:
        try:
            return await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        except SenterError:
            return None


def _snapshot(
    before: Snapshot,
    goals: GoalsReply | None,
    jobs: JobsReply | None,
    events: EventsReply | None,
    folders: FoldersReply | None,
    notes: WrittenReply | None,
) -> Snapshot:
    """Of who is away, what was known before."""
    asked = {GOALS: goals, JOBS: jobs, CALENDAR: events, DOCUMENTS: folders, NOTES: notes}
    problem = part_of_calendar(events) if events else ()
    return Snapshot(
        goals=goals.goals if goals else before.goals,
        jobs=to_run(jobs.jobs) if jobs else before.jobs,
        events=events.events if events else before.events,
        notes=notes.texts if notes else before.notes,
        calendars=events.calendars if events else before.calendars,
        folders=tuple(folder.path for folder in folders.folders) if folders else before.folders,
        documents=folders or before.documents,
        unknown=(*(name for name, reply in asked.items() if reply is None), *problem),
    )


def part_of_calendar(events: EventsReply) -> tuple[str, ...]:
    """What of the calendar could not be looked at."""
    return (f"all of your calendar ({events.problem.rstrip('.')})",) if events.problem else ()


def to_run(jobs: Iterable[JobView]) -> tuple[JobView, ...]:
    """Those that people made and that are still to run."""
    return tuple(filter(_is_to_run, jobs))


def _is_to_run(job: JobView) -> bool:
    """Whether a person made it, and it is due some time, be it once it is resumed; or it was told and waits."""
    ended = job.trigger_type is TriggerType.ONCE and job.next_run is None and job.told_at is None
    return not job.built_in and not ended


def is_reminder(job: JobView) -> bool:
    return "reminder" in job.payload


def next_at(job: JobView) -> datetime | None:
    """When it comes next, by its own times or because it was snoozed."""
    return min((at for at in (job.snoozed_until, job.next_run) if at), default=None)


def title_of_job(job: JobView) -> str:
    return str(job.payload.get("reminder") or job.payload.get("goal") or job.name)


def _thing_of_job(job: JobView) -> Thing:
    kind = ThingKind.REMINDER if is_reminder(job) else ThingKind.JOB
    repeats = job.trigger_type is not TriggerType.ONCE
    runs = TIMER in job.payload and job.told_at is None
    title, at = title_of_job(job), next_at(job)
    later = tuple(each for each in job.times if at and each > at)[:MOST_LATER] if repeats else ()
    return Thing(
        kind=kind,
        id=str(job.id),
        title=title,
        at=at,
        repeats=repeats,
        later=later,
        runs=runs,
        waits_since=job.told_at,
    )


def thing_of_goal(goal: GoalView) -> Thing:
    runs = goal.kind is GoalKind.WORK and goal.status in RUNNING
    return Thing(kind=ThingKind.GOAL, id=str(goal.id), title=goal.text, at=goal.deadline, runs=runs)


def _thing_of_note(note: WrittenText) -> Thing:
    return Thing(kind=ThingKind.NOTE, id=note.path, title=note.title)


def thing_of_event(event: EventView, zone: ZoneInfo) -> Thing:
    return Thing(kind=ThingKind.EVENT, id=event.uid, title=event.title, at=moment_of(event.start, zone))


def moment_of(iso: str, zone: ZoneInfo) -> datetime:
    """When a day of that zone, or a moment with an offset or of that zone, begins."""
    moment = datetime.fromisoformat(iso)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
