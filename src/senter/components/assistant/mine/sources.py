"""Where what is the user's stands: documents, calendar, reminders, goals, results, notes; all asked side by side.

Whoever does not answer is named, and has nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.components.assistant.entries import Entry, Span, entries_of_job, entry_of_goal, events_in
from senter.components.assistant.inventory import (
    CALENDAR,
    DOCUMENTS,
    GOALS,
    JOBS,
    MOST_JOBS,
    NOTES,
    Inventory,
    Snapshot,
    part_of_calendar,
    to_run,
)
from senter.components.assistant.mine.papers import FoundPapers, Papers, found_papers
from senter.components.assistant.mine.places import shown_path
from senter.components.assistant.mine.question import Hint, OwnQuestion
from senter.components.assistant.mine.ranking import LONGEST_QUOTE, FoundPiece, WhereFound
from senter.components.assistant.mine.talk import EarlierTalk
from senter.components.assistant.mine.texts import FoundText
from senter.errors import SenterError
from senter.messages.acts import Thing, ThingKind
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.goals import GoalView, ListGoals
from senter.messages.message import Command, Reply
from senter.messages.schedule import JobsReply, JobView, ListJobs
from senter.messages.written import MOST_WORDS, SearchWritten, WrittenText
from senter.sentences import phrase
from senter.text import one_line

TIMEOUT_SECONDS = 5.0
NEAR, FAR = timedelta(days=31), timedelta(days=334)
"""Around now, of the calendar: a year in all, more is not told at once."""
MOST_WRITTEN = 6
LONGEST_NAME = 80
EVENT_WORDS = "calendar event appointment meeting entry diary date Kalender Termin Verabredung"
REMINDER_WORDS = "reminder alarm timer remind Erinnerung Wecker"
JOB_WORDS = "job schedule scheduled Auftrag"
GOAL_WORDS = "goal goals task deadline due Ziel Aufgabe fällig"

GENERAL = "general"
"""The focus of goals that neither look anything up nor write."""
_CITED = re.compile(r"\[(\d+)\]")
_QUOTED = re.compile(r"[\"'].+\([~/].*\)$|(?:Goal|Job|Reminder|Event|Note|Ziel|Auftrag|Erinnerung|Termin|Notiz) \S+: ")
"""A line of a result that quotes what stands elsewhere, as answers do."""

ReplyT = TypeVar("ReplyT", bound=Reply)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for one question."""

    entries: tuple[Entry, ...]
    """Of the calendar, reminders, jobs and open goals."""
    candidates: tuple[FoundPiece, ...]
    papers: FoundPapers
    has_folders: bool
    unknown: tuple[str, ...]
    """What could not be looked at, for people."""
    series: tuple[Thing, ...]
    """Events that come again, whenever they are."""


class Sources:
    """One question at a time, any number side by side."""

    def __init__(self, bus: Bus, inventory: Inventory, talk: EarlierTalk) -> None:
        self._bus = bus
        self._inventory = inventory
        self._talk = talk
        self._papers = Papers(bus)

    async def gather(self, question: OwnQuestion, span: Span | None, now: datetime, zone: ZoneInfo) -> Gathered:
        """Of the calendar the time that is asked about, else a year around now."""
        words, around = question.searched, span or _around(now, question.is_past)
        snapshot, jobs, events, goals, written, searched = await asyncio.gather(
            self._inventory.now(),
            self._told(ListJobs(limit=MOST_JOBS, until=span.end)) if span else _nothing(),
            self._told(ListEvents(start=around.start, end=around.end)),
            self._told(ListGoals(all=True, limit=200)),
            self._told(SearchWritten(words=words[:MOST_WORDS], limit=MOST_WRITTEN)),
            self._papers.search(question),
        )
        asks_for_results = Hint.RESULTS in question.hints
        papers = found_papers(searched, snapshot.documents)
        running = to_run(jobs.jobs) if jobs else snapshot.jobs
        entries = _entries(snapshot, events_in(events.events, zone) if events else [], running, span, zone)
        texts = _telling(written.texts if written else (), goals.goals if goals else ())
        return Gathered(
            entries=entries,
            candidates=(
                *map(_of_entry, entries),
                *_of_goals(goals.goals if goals else (), texts, zone),
                *papers.pieces,
                *(candidate for text in texts for candidate in _of_written(text, asked=asks_for_results)),
                *self._talk.find(words, zone),
            ),
            papers=papers,
            has_folders=bool(snapshot.folders),
            unknown=_unknown(snapshot, events, (goals, searched, written)),
            series=tuple(thing for thing in snapshot.things(zone) if thing.repeats and thing.kind is ThingKind.EVENT),
        )

    async def _told(self, command: Command[ReplyT]) -> ReplyT | None:
        try:
            return await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        except SenterError:
            return None


async def _nothing() -> JobsReply | None:
    """Nothing is asked."""
    return None


def _entries(
    snapshot: Snapshot, events: Iterable[Entry], running: Iterable[JobView], span: Span | None, zone: ZoneInfo
) -> tuple[Entry, ...]:
    jobs = (entry for job in running for entry in entries_of_job(job, span, zone))
    goals = (entry_of_goal(goal, zone) for goal in snapshot.goals)
    return (*events, *jobs, *goals)


def _of_entry(entry: Entry) -> FoundPiece:
    kind = entry.quoted.address.partition(" ")[0]
    above = {"event": EVENT_WORDS, "reminder": REMINDER_WORDS, "job": JOB_WORDS}.get(kind, GOAL_WORDS)
    place = WhereFound.GOAL if kind == "goal" else WhereFound.DAYS
    where = entry.quoted.quote if kind == "event" else entry.quoted.source
    quoted = entry.quoted
    return FoundPiece(place, quoted.source, quoted.address, where, above, at=entry.start, line=quoted.quote)


def _of_goals(goals: Iterable[GoalView], texts: Sequence[WrittenText], zone: ZoneInfo) -> Iterator[FoundPiece]:
    """Ended ones, unless their result or what they made speaks for them; open ones are entries."""
    told = {text.id for text in texts if text.kind is ThingKind.GOAL}
    for goal in goals:
        if goal.finished_at and str(goal.id) not in told and not _only_set(goal):
            title = one_line(goal.text, LONGEST_QUOTE)
            line = phrase("Goal {id}: {title}, {state}", id=goal.id, title=title, state=phrase(goal.state))
            yield FoundPiece(
                WhereFound.GOAL, goal.text, f"goal {goal.id}", title, GOAL_WORDS, at=goal.finished_at, line=line
            )


def _telling(texts: Iterable[WrittenText], goals: Iterable[GoalView]) -> list[WrittenText]:
    """Without the results of goals that only set something: what they set speaks for itself."""
    only_set = {str(goal.id) for goal in goals if _only_set(goal)}
    return [text for text in texts if text.kind is not ThingKind.GOAL or text.id not in only_set]


def _only_set(goal: GoalView) -> bool:
    """Whether all that came of it are reminders, entries, notes, jobs or changes of these."""
    kinds = {receipt.kind for receipt in goal.receipts}
    return bool(kinds) and ThingKind.FILE not in kinds and goal.focus == GENERAL


def _of_written(text: WrittenText, *, asked: bool) -> Iterator[FoundPiece]:
    """Of a result what is in no document, unless results are asked for."""
    is_note = text.kind is ThingKind.NOTE
    title = one_line(text.title, LONGEST_NAME)
    name = f"{phrase('note')}: {title}" if is_note else f"{phrase('goal')} {text.id}: {title}"
    place = WhereFound.NOTE if is_note else WhereFound.RESULT
    body = text.text if is_note or asked else without_documents(text.text, text.file_sources)
    stands = FoundText(place, name, text.path, f"{name}, {shown_path(text.path)}", around=body, at=text.at)
    said = stands.pieces(name)
    yield from said if is_note else (piece for piece in said if not _QUOTED.match(piece.text))


def without_documents(result: str, files: Sequence[str]) -> str:
    """Without the lines that only quote sources which are files: these are searched themselves, and say it in full."""
    numbers = frozenset(files)
    cited = ((line, _CITED.findall(line)) for line in result.splitlines())
    kept = (line for line, found in cited if not found or not numbers.issuperset(found))
    return "\n".join(kept)


def _unknown(snapshot: Snapshot, events: EventsReply | None, told: Sequence[object]) -> tuple[str, ...]:
    """Who did not answer, and what of the calendar could not be read."""
    calendar = part_of_calendar(events) if events else (CALENDAR,)
    away = (name for name, answer in zip((GOALS, DOCUMENTS, NOTES), told, strict=True) if answer is None)
    return (*calendar, *snapshot.unknown_of(JOBS), *away)


def _around(now: datetime, is_past: bool) -> Span:
    return Span(now - FAR, now + NEAR) if is_past else Span(now - NEAR, now + FAR)
