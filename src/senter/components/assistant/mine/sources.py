"""Where what is the user's stands: documents, calendar, reminders, goals, results, notes; all asked side by side.

Whoever does not answer is named, and has nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TypeVar
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.components.assistant.entries import Entry, Span, entry_of_goal, entry_of_job, events_in
from senter.components.assistant.inventory import (
    CALENDAR,
    DOCUMENTS,
    GOALS,
    JOBS,
    NOTES,
    Inventory,
    Snapshot,
    part_of_calendar,
)
from senter.components.assistant.mine.pieces import pieces_of
from senter.components.assistant.mine.places import shown_path, words_of
from senter.components.assistant.mine.question import OwnQuestion
from senter.components.assistant.mine.ranking import LONGEST_QUOTE, FoundPiece, WhereFound
from senter.components.assistant.mine.tables.asked import NamedTable
from senter.components.assistant.mine.tables.choosing import is_meant
from senter.components.assistant.mine.tables.reading import (
    TABLE_ENDINGS,
    ValueTable,
    has_tables,
    read_table,
    read_tables,
    without_tables,
)
from senter.components.assistant.mine.talk import EarlierTalk
from senter.errors import SenterError
from senter.messages.acts import ThingKind
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.documents import Passage, ReadDocument, SearchDocuments
from senter.messages.goals import GoalView, ListGoals
from senter.messages.message import Command, Reply
from senter.messages.written import MOST_WORDS, SearchWritten, WrittenText
from senter.quoting.sentences import plain
from senter.text import one_line

TIMEOUT_SECONDS = 5.0
NEAR, FAR = timedelta(days=31), timedelta(days=334)
"""Around now, of the calendar: a year in all, more is not told at once."""
MOST_PASSAGES, MOST_LISTED = 8, 40
MOST_WRITTEN = 6
MOST_TABLES = 8
MOST_PIECES_OF_A_DOCUMENT = 40
"""A document is read in pieces of 100,000 characters."""
LONGEST_NAME = 80
SHEET_ENDINGS = ("csv", "tsv", "xlsx", "xlsm", "xls", "ods")
SHEETS = tuple(f".{ending}" for ending in SHEET_ENDINGS)
EVENT_WORDS = "calendar event appointment meeting entry diary date"
REMINDER_WORDS = "reminder alarm timer remind"
JOB_WORDS = "job schedule scheduled"
GOAL_WORDS = "goal goals task deadline due"

GENERAL = "general"
"""The focus of goals that neither look anything up nor write."""
_QUOTED = re.compile(r"[\"'].+\([~/].*\)$|(?:Goal|Job|Reminder|Event|Note) \S+: ")
"""A line of a result that quotes what stands elsewhere, as answers do."""

ReplyT = TypeVar("ReplyT", bound=Reply)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for one question."""

    entries: tuple[Entry, ...]
    """Of the calendar, reminders, jobs and open goals."""
    candidates: tuple[FoundPiece, ...]
    tables: tuple[NamedTable, ...]
    has_folders: bool
    unknown: tuple[str, ...]
    """What could not be looked at, for people."""


class Sources:
    """One question at a time, any number side by side."""

    def __init__(self, bus: Bus, inventory: Inventory, talk: EarlierTalk) -> None:
        self._bus = bus
        self._inventory = inventory
        self._talk = talk

    async def gather(self, question: OwnQuestion, span: Span | None, now: datetime, zone: ZoneInfo) -> Gathered:
        """Of the calendar the time that is asked about, else a year around now."""
        words, most = question.searched, MOST_LISTED if question.is_list else MOST_PASSAGES
        around = span or _around(now, question.is_past)
        snapshot, events, goals, written, passages, kindred, in_tables = await asyncio.gather(
            self._inventory.now(),
            self._told(ListEvents(start=around.start, end=around.end)),
            self._told(ListGoals(all=True, limit=200)),
            self._told(SearchWritten(words=words[:MOST_WORDS], limit=MOST_WRITTEN)),
            self._passages(question.said, most),
            self._passages(" ".join(words), most),
            self._passages(" ".join(words), MOST_TABLES, SHEET_ENDINGS),
        )
        found = _once((*(passages or ()), *(kindred or ())))
        tables = await self._tables((*found, *(in_tables or ())))
        entries = _entries(snapshot, events_in(events.events, zone) if events else [], zone)
        texts = _telling(written.texts if written else (), goals.goals if goals else ())
        in_texts = (candidate for passage in found for candidate in _of_passage(passage))
        return Gathered(
            entries=entries,
            candidates=(
                *map(_of_entry, entries),
                *_of_goals(goals.goals if goals else (), texts, zone),
                *in_texts,
                *(candidate for text in texts for candidate in _of_written(text)),
                *self._talk.find(words, zone),
            ),
            tables=tables,
            has_folders=bool(snapshot.folders),
            unknown=_unknown(snapshot, events, (goals, passages, written)),
        )

    async def _passages(self, query: str, most: int, endings: tuple[str, ...] = ()) -> tuple[Passage, ...] | None:
        """Whole, of any files; of those with certain endings the best one of each."""
        if not query:
            return ()
        reply = await self._told(SearchDocuments(query=query, limit=most, whole=not endings, endings=endings))
        return reply.passages if reply else None

    async def _tables(self, passages: Iterable[Passage]) -> tuple[NamedTable, ...]:
        paths = list(dict.fromkeys(passage.path for passage in passages if _may_have_tables(passage)))[:MOST_TABLES]
        texts = await asyncio.gather(*map(self._whole, paths))
        read = [await asyncio.to_thread(_tables_of, path, text) for path, text in zip(paths, texts, strict=True)]
        return tuple(NamedTable(path, table) for path, tables in zip(paths, read, strict=True) for table in tables)

    async def _whole(self, path: str) -> str:
        """The whole text; nothing of what cannot be read to its end, so that no sum is of a part."""
        text = ""
        for _ in range(MOST_PIECES_OF_A_DOCUMENT):
            piece = await self._told(ReadDocument(path=path, offset=len(text)))
            if piece is None:
                return ""
            text += piece.text
            if not piece.truncated:
                return text
        return ""

    async def _told(self, command: Command[ReplyT]) -> ReplyT | None:
        try:
            return await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        except SenterError:
            return None


def rows_of(tables: Iterable[NamedTable], question: OwnQuestion) -> Iterator[FoundPiece]:
    """Rows that have a telling word, or one that says the same."""
    for named in tables:
        path = named.path
        stands = _Stands(WhereFound.DOCUMENT, named.file, path, _where(path, named.table))
        for line, meant in named.table.lines():
            if is_meant(line, question.debts) and any(
                re.search(term.loose, meant, re.IGNORECASE) for term in question.terms
            ):
                row = stands.candidate(plain(line), f"{words_of(path)} {named.table.called}")
                yield replace(row, text=plain(meant), line=row.quoted.quote, is_row=True)


def _may_have_tables(passage: Passage) -> bool:
    return passage.path.lower().endswith(SHEETS) or "\t" in passage.text


def _tables_of(path: str, text: str) -> list[ValueTable]:
    if path.lower().endswith(TABLE_ENDINGS):
        table = read_table(text)
        return [table] if table else []
    return read_tables(text) if has_tables(text) else []


def _where(path: str, table: ValueTable) -> str:
    """With the sheet, where the file has several."""
    return f'{shown_path(path)}, sheet "{one_line(table.sheet, LONGEST_NAME)}"' if table.sheet else shown_path(path)


def _once(passages: Sequence[Passage]) -> list[Passage]:
    return list({(passage.path, passage.text): passage for passage in passages}.values())


def _entries(snapshot: Snapshot, events: Iterable[Entry], zone: ZoneInfo) -> tuple[Entry, ...]:
    jobs = (entry_of_job(job, zone) for job in snapshot.jobs)
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
            line = f"Goal {goal.id}: {title}, {goal.state}"
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


def _of_passage(passage: Passage) -> Iterator[FoundPiece]:
    if passage.path.lower().endswith(TABLE_ENDINGS):
        return  # its rows come from the whole of it
    path, text = passage.path, passage.text or passage.excerpt
    text = without_tables(text) if has_tables(text) else text
    under = f"{passage.title} / {words_of(path)}"
    stands = _Stands(WhereFound.DOCUMENT, PurePath(path).name, path, shown_path(path), text, passage.modified_at)
    yield from _in_pieces(stands, text, under)


def _of_written(text: WrittenText) -> Iterator[FoundPiece]:
    is_note = text.kind is ThingKind.NOTE
    title = one_line(text.title, LONGEST_NAME)
    name = f"note: {title}" if is_note else f"goal {text.id}: {title}"
    place = WhereFound.NOTE if is_note else WhereFound.RESULT
    stands = _Stands(place, name, text.path, f"{name}, {shown_path(text.path)}", text.text, text.at)
    said = _in_pieces(stands, text.text, name)
    yield from said if is_note else (piece for piece in said if not _QUOTED.match(piece.text))


def _in_pieces(stands: _Stands, text: str, under: str) -> Iterator[FoundPiece]:
    for piece in pieces_of(text):
        yield replace(
            stands.candidate(piece.text, f"{under} / {piece.headings}"),
            is_whole=piece.is_whole,
            is_heading=piece.is_heading,
            is_letterhead=piece.is_letterhead,
            before=piece.before,
        )


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where the pieces of one text stand."""

    place: WhereFound
    name: str
    path: str
    where: str
    around: str = ""
    at: datetime | None = None

    def candidate(self, text: str, above: str) -> FoundPiece:
        return FoundPiece(
            self.place, self.name, self.path, text, above, around=self.around, at=self.at, where=self.where
        )


def _unknown(snapshot: Snapshot, events: EventsReply | None, told: Sequence[object]) -> tuple[str, ...]:
    """Who did not answer, and what of the calendar could not be read."""
    calendar = part_of_calendar(events) if events else (CALENDAR,)
    away = (name for name, answer in zip((GOALS, DOCUMENTS, NOTES), told, strict=True) if answer is None)
    return (*calendar, *snapshot.unknown_of(JOBS), *away)


def _around(now: datetime, is_past: bool) -> Span:
    return Span(now - FAR, now + NEAR) if is_past else Span(now - NEAR, now + FAR)
