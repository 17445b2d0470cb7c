"""Answers questions about the user's own affairs from what is theirs: by quotation, never in a model's words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.components.assistant.entries import Entry, Span, asked_time, entries_of, events_in, in_order, shown_span
from senter.components.assistant.inventory import CALENDAR, DOCUMENTS, Inventory, Snapshot, part_of_calendar
from senter.components.assistant.words import english
from senter.errors import SenterError
from senter.messages.acts import Act
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.documents import Passage, SearchDocuments
from senter.messages.message import Command, Reply
from senter.messages.query import Quoted
from senter.text import one_line

ReplyT = TypeVar("ReplyT", bound=Reply)

TIMEOUT_SECONDS = 5.0
LOOKED_BACK, LOOKED_AHEAD = timedelta(days=31), timedelta(days=334)
"""A year in all: more of a calendar is not told at once."""
MOST_QUOTED = 5
MOST_NEAREST = 3
LONGEST_QUOTE = 400
ENOUGH = 0.5
"""The share of a question's telling words that a passage must have."""


@dataclass(frozen=True, slots=True)
class FoundThings:
    """What answers a question; where nothing does, what comes nearest."""

    answers: tuple[Quoted, ...] = ()
    nearest: tuple[Quoted, ...] = ()
    nothing: str = ""
    """The answer where that there is nothing is the answer: `Nothing is in your calendar on Wed 2 Dec 2026.`"""
    unknown: tuple[str, ...] = ()
    """What could not be looked at, in words for people."""


class OwnThings(Protocol):
    """Where what is the user's is looked up."""

    async def find(self, question: str, act: Act, now: datetime, zone: ZoneInfo) -> FoundThings:
        """Takes milliseconds; whoever is away has nothing. `act` is how the question was understood."""
        ...


class CalendarAndDocuments:
    """Events of any span, reminders, goals, and passages of documents."""

    def __init__(self, bus: Bus, inventory: Inventory) -> None:
        self._bus = bus
        self._inventory = inventory

    async def find(self, question: str, act: Act, now: datetime, zone: ZoneInfo) -> FoundThings:
        span, rest = asked_time(question, now, zone)
        around = span or Span(now - LOOKED_BACK, now + LOOKED_AHEAD)
        snapshot, events, passages = await asyncio.gather(
            self._inventory.now(),
            self._told(ListEvents(start=around.start, end=around.end)),
            self._told(SearchDocuments(query=rest, limit=MOST_QUOTED)),
        )
        entries = in_order((*events_in(events.events if events else (), zone), *_without_events(snapshot, zone)))
        entries = [entry for entry in entries if span is None or entry.is_in(span)]
        unknown = _unknown_of(events)
        telling = english().telling(rest)
        if span and not telling:
            return FoundThings(_quotes(entries), nothing=_nothing(span, zone, unknown), unknown=unknown)
        if passages is None:
            return replace(_ranked(telling, entries, (), now), unknown=(*unknown, DOCUMENTS))
        return replace(_ranked(telling, entries, passages.passages, now), unknown=unknown)

    async def _told(self, command: Command[ReplyT]) -> ReplyT | None:
        try:
            return await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        except SenterError:
            return None


def _unknown_of(events: EventsReply | None) -> tuple[str, ...]:
    if events is None:
        return (CALENDAR,)
    return part_of_calendar(events)


def _nothing(span: Span, zone: ZoneInfo, unknown: tuple[str, ...]) -> str:
    """That there is nothing, where that is known."""
    return "" if unknown else f"Nothing is in your calendar on {shown_span(span, zone)}."


def _without_events(snapshot: Snapshot, zone: ZoneInfo) -> list[Entry]:
    return [entry for entry in entries_of(snapshot, zone) if not entry.quoted.address.startswith("event ")]


def _ranked(telling: frozenset[str], entries: list[Entry], passages: tuple[Passage, ...], now: datetime) -> FoundThings:
    """Entries that have a telling word in their title, those to come first; then passages that have enough of them."""
    named = [entry for entry in entries if _share(telling, entry.quoted.source) > 0]
    to_come = [entry for entry in named if entry.start is None or entry.start >= now]
    quotes = [_quoted(passage) for passage in passages]
    good = [quote for quote in quotes if _share(telling, f"{quote.source} {quote.quote}") >= ENOUGH]
    answers = (*_quotes(to_come or named), *good)[:MOST_QUOTED]
    return FoundThings(answers, () if answers else tuple(quotes[:MOST_NEAREST]))


def _quotes(entries: Iterable[Entry]) -> tuple[Quoted, ...]:
    return tuple(entry.quoted for entry in entries)


def _quoted(passage: Passage) -> Quoted:
    name = PurePath(passage.path).name
    return Quoted(source=name, address=passage.path, quote=f"{one_line(passage.excerpt, LONGEST_QUOTE)} ({name})")


def _share(telling: frozenset[str], text: str) -> float:
    """Of those words how many the text has, as they are or with another ending."""
    words = english().telling(text)
    had = sum(any(_alike(word, other) for other in words) for word in telling)
    return had / len(telling) if telling else 0.0


def _alike(word: str, other: str) -> bool:
    stem = max(4, min(len(word), len(other)) - 2)
    return word == other or (len(word) > 3 and len(other) > 3 and word[:stem] == other[:stem])
