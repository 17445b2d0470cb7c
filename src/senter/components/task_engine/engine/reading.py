"""Reads what a person asks of the engine: with what exists in view, and with a question where it is unclear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from senter.component.threads import in_thread
from senter.components.task_engine.engine.calendar_page import calendar_page
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.work.written import newest_notes
from senter.errors import SenterError, Unclear
from senter.messages.acts import Act, ActKind, Clarification, Thing, ThingKind
from senter.messages.calendar import EventView
from senter.messages.goals import GoalKind
from senter.messages.schedule import JobView, ListJobs, TriggerType
from senter.messages.understanding import Understanding
from senter.moments.zones import user_zone
from senter.store.stamps import from_stamp
from senter.text import one_line
from senter.understanding.known import Known

JOBS_SECONDS = 1.0
MOST_GOALS, MOST_NOTES = 200, 200
EVENTS_AHEAD = timedelta(days=60)
MOST_OFFERED = 4


class GoalReader:
    """From words to acts."""

    def __init__(self, journal: EngineJournal, services: EngineServices) -> None:
        self._journal = journal
        self._services = services

    async def read(self, text: str, at: datetime, folders: Sequence[str]) -> tuple[Act, ...]:
        """Raises `Unclear` with the question where something has to be asked first."""
        zone = user_zone(self._services.settings.timezone)
        known = Known(things=(*self._goals(), *await self._jobs()), folders=tuple(folders))
        found = await self._services.understand(text, at, zone, known)
        if _speaks_of_what_is_not_known(found):  # these are looked at only where they may be what is spoken of
            others = (*await self._events(at, folders, zone), *await self._notes())
            more = replace(known, things=(*known.things, *others))
            found = await self._services.understand(text, at, zone, more)
        if found.question is not None:
            raise _unclear(found.question)
        return found.acts

    async def _events(self, at: datetime, folders: Sequence[str], zone: ZoneInfo) -> list[Thing]:
        """The next occurrence of each."""
        events = (await calendar_page(at, at + EVENTS_AHEAD, folders, self._services)).events
        first, times = {event.uid: event for event in reversed(events)}, Counter(event.uid for event in events)
        return [_event(event, zone, repeats=times[uid] > 1) for uid, event in first.items()]

    async def _notes(self) -> list[Thing]:
        notes = await in_thread(newest_notes, self._services.paths, MOST_NOTES)
        return [Thing(kind=ThingKind.NOTE, id=note.path, title=note.title) for note in notes]

    def _goals(self) -> list[Thing]:
        """The person's own first: completions are about these."""
        own = [
            Thing(
                kind=ThingKind.GOAL,
                id=str(goal.id),
                title=goal.gist,
                at=from_stamp(goal.deadline) if goal.deadline else None,
            )
            for goal in self._journal.verdicts.own_goals()
        ]
        listed = self._journal.views.goals(include_finished=False, limit=MOST_GOALS).goals
        work = [
            Thing(kind=ThingKind.GOAL, id=str(goal.id), title=one_line(goal.text), at=goal.deadline)
            for goal in listed
            if goal.kind is GoalKind.WORK
        ]
        return [*own, *work]

    async def _jobs(self) -> list[Thing]:
        """None where the scheduler is away."""
        try:
            reply = await self._services.bus.request(ListJobs(), timeout_seconds=JOBS_SECONDS)
        except SenterError:
            return []
        return [_job(job) for job in reply.jobs if not job.built_in]


def _job(job: JobView) -> Thing:
    reminder = job.payload.get("reminder")
    kind = ThingKind.REMINDER if isinstance(reminder, str) else ThingKind.JOB
    title, repeats = str(reminder) if reminder else job.name, job.trigger_type is not TriggerType.ONCE
    return Thing(kind=kind, id=str(job.id), title=title, at=job.next_run, repeats=repeats)


def _event(event: EventView, zone: ZoneInfo, *, repeats: bool) -> Thing:
    begins = datetime.fromisoformat(event.start)
    at = begins if begins.tzinfo else begins.replace(tzinfo=zone)
    return Thing(kind=ThingKind.EVENT, id=event.uid, title=event.title, at=at, repeats=repeats)


def _speaks_of_what_is_not_known(found: Understanding) -> bool:
    return any(act.kind is ActKind.CHANGE and not act.things for act in found.acts)


def _unclear(question: Clarification) -> Unclear:
    offered = [f"senter goal {alternative.says!r}" for alternative in question.alternatives[:MOST_OFFERED]]
    return Unclear(question.question, f"Say it like: {'; or: '.join(offered)}" if offered else "Say it in other words.")
