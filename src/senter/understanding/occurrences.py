"""Which one of what comes again is moved: `move yoga on Thursday to 6` moves that Thursday's alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Thing
from senter.moments.finding import find_when
from senter.moments.when import When
from senter.understanding.lexicon import lexicon
from senter.understanding.timing import moved, shift_in


def moved_alone(thing: Thing, when: When, text: str, now: datetime, zone: ZoneInfo) -> tuple[Thing, When] | None:
    """The one of a repeated thing that a text moves, and to when; none where all of them are meant."""
    if not thing.repeats or thing.at is None or when.recurrence:
        return None
    day = _day_of_one(thing.at.astimezone(zone), text, now, zone)
    if day is None:
        return None
    one = thing.model_copy(update={"at": datetime.combine(day, thing.at.astimezone(zone).timetz())})
    said = replace(when, start=None, due=None) if shift_in(text) else when
    return one, moved(said, text, one.at or thing.at, now, zone)


def _day_of_one(next_one: datetime, text: str, now: datetime, zone: ZoneInfo) -> date | None:
    """The day that is named before where it goes; the next one where it says `just this once`."""
    times = lexicon().times
    if times["once_only"].search(text):
        return next_one.date()
    before, to, _ = text.rpartition(lexicon().spelled["to_apart"])
    if left := _day_in(before if to or not shift_in(text) else text, now, zone):
        return left
    named = _day_in(text, now, zone)  # `move yoga to 6 on Thursday`: where it is then anyway
    return named if named == next_one.date() else None


def _day_in(text: str, now: datetime, zone: ZoneInfo) -> date | None:
    clock_only = lexicon().times["clock_only"]
    for when in find_when(text, now, zone):
        is_day = when.start and not (when.recurrence or when.period or when.offset)
        if is_day and not all(clock_only.fullmatch(text[begin:end]) for begin, end in when.spans):
            return when.start.date() if isinstance(when.start, datetime) else when.start
    return None
