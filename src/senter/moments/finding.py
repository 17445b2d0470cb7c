"""Where a text speaks of time, and what it means: `find_when` for each expression, `when_in` for all of a clause.

Takes a time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from senter.moments.days import Day, Weekday
from senter.moments.expressions import Expression, expressions_of
from senter.moments.halves import in_part
from senter.moments.pieces import (
    ClockRange,
    ClockTime,
    Content,
    DayAndClock,
    DayRange,
    Every,
    PartOfDay,
    ThisTime,
    TimePiece,
    Vague,
    Withdrawn,
)
from senter.moments.reading import TimeReading
from senter.moments.resolver import Resolver
from senter.moments.resolving import resolve
from senter.moments.slots import Slots
from senter.moments.tokens import tokens_of
from senter.moments.when import When
from senter.moments.words import words_of
from senter.sentences import spoken

LONGEST_ANSWER = 4
"""In tokens."""
MOST_TOGETHER = 8
"""Expressions that contradict each other are looked at one by one up to so many."""
NEAR = 8
"""So many words away a meal says which half of the day is meant."""


def read(text: str, *, is_whole: bool = False) -> TimeReading:
    """The tokens of a text. `is_whole`: it is one moment and nothing else."""
    words = words_of(spoken())
    return TimeReading.of(tokens_of(text, words), words, is_whole=is_whole)


def find_when(text: str, now: datetime, zone: ZoneInfo) -> tuple[When, ...]:
    """Every expression of time in a text, in order. `now` is aware."""
    reading = read(text)
    return tuple(_resolved([each], reading, now, zone) for each in expressions_of(reading))


def when_in(text: str, now: datetime, zone: ZoneInfo) -> When:
    """What a clause says of time, day and clock time wherever they stand. `now` is aware.

    A text of few words that is nothing else is read as an answer: `24.12.`, `evening`, `may`.
    """
    reading = read(text)
    when = _resolved(expressions_of(reading), reading, now, zone)
    if when.spans or when.unread or len(reading.tokens) > LONGEST_ANSWER:
        return when
    whole = read(text, is_whole=True)
    answer = _resolved(expressions_of(whole), whole, now, zone)
    return answer if is_all_read(answer, whole) else when


def is_all_read(when: When, reading: TimeReading) -> bool:
    """Whether nothing but words that begin an expression is beside it."""
    begin = when.spans[0][0] if when.spans else 0
    beside = (token for token in reading.tokens if not any(first <= token.start < end for first, end in when.spans))
    is_open = (token.key == "," or (token.start < begin and reading.words.opens(token.key)) for token in beside)
    return bool(when.spans) and all(is_open)


def _resolved(
    expressions: Sequence[Expression],
    reading: TimeReading,
    now: datetime,
    zone: ZoneInfo,
    day_clock: time | None = None,
) -> When:
    comes_again = any(isinstance(piece.content, Every) for each in expressions for piece in each.all)
    expressions = [_in_one(each) if comes_again or _is_working_week(each) else each for each in expressions]
    clock = now.astimezone(zone)
    pieces = [_with_clock(piece, clock) for each in expressions for piece in each.pieces]
    pieces = _in_their_parts(pieces, _near(pieces, reading)) if comes_again else pieces
    ends = [each.end for each in expressions if each.end]
    said = Slots().fill(pieces)
    end = Slots().fill(ends[0]) if ends else None
    said.unread += [piece.span for further in ends[1:] for piece in further]
    resolver = Resolver(now, zone, _near(pieces, reading), day_clock)
    try:
        when = resolve(resolver, said, end)
    except (OverflowError, ValueError):
        return When(spans=tuple(piece.span for piece in pieces), problem=reading.words.problems["too_far"])
    if when.problem and not said.problem and 1 < len(expressions) <= MOST_TOGETHER:
        without = _resolved(expressions[:-1], reading, now, zone, day_clock)
        unread = sorted((*without.unread, *(piece.span for piece in expressions[-1].all)))
        return replace(without, unread=tuple(unread))
    return when


def _with_clock(piece: TimePiece, clock: datetime) -> TimePiece:
    """`this time` is what the clock shows."""
    match piece.content:
        case ThisTime(day):
            return replace(piece, content=DayAndClock(day, ClockTime(clock.hour, clock.minute)))
        case _:
            return piece


def _in_their_parts(pieces: Sequence[TimePiece], near: str) -> list[TimePiece]:
    """Of several parts of the day each is of the hour beside it: `every morning at 8 and every evening at 6`. A part
    without an hour is asked about."""
    parts = [_part_said(piece) for piece in pieces]
    if len({*filter(None, parts)}) < 2:
        return list(pieces)
    found, is_hour_first = list(pieces), any(isinstance(piece.content, PartOfDay) for piece in pieces)
    for place, part in enumerate(parts):
        hour = place - 1 if is_hour_first else place + 1
        clock = found[hour].content if 0 <= hour < len(found) else None
        if part and isinstance(clock, ClockTime):
            found[hour] = replace(found[hour], content=in_part(clock, part, near))
            found[place] = replace(found[place], content=_without_part(found[place].content))
        elif part:
            found[place] = replace(found[place], content=Vague())
    return found


def _part_said(piece: TimePiece) -> str:
    match piece.content:
        case PartOfDay(name):
            return name
        case Every(part=part):
            return part
        case _:
            return ""


def _without_part(content: Content) -> Content:
    return replace(content, part="") if isinstance(content, Every) else Withdrawn()


def _is_working_week(expression: Expression) -> bool:
    """`monday to friday`."""
    ends = expression.pieces[-1].content, expression.end[0].content if expression.end else None
    return ends == (Weekday(0), Weekday(4))


def _in_one(expression: Expression) -> Expression:
    """Beside what comes again, `monday to friday` and `9:00 until 10:00` say on which days, at which hours."""
    if not expression.end:
        return expression
    first, last = expression.pieces[-1], expression.end[0]
    match first.content, last.content:
        case Day() as start, Day() as end:
            content: Content = DayRange(start, end)
        case ClockTime() as start, ClockTime() as end:
            content = ClockRange(start, end)
        case _:
            return expression
    joined = TimePiece(first.first, last.next, (first.span[0], last.span[1]), content, first.lead)
    return Expression([*expression.pieces[:-1], joined, *expression.end[1:]])


def resolve_all(reading: TimeReading, now: datetime, zone: ZoneInfo, day_clock: time) -> tuple[When, Slots]:
    """What a text comes to as one moment, and its slots; a day stands for that clock time."""
    expressions = expressions_of(reading)
    said = Slots().fill(piece for each in expressions for piece in each.pieces)
    return _resolved(expressions, reading, now, zone, day_clock), said


def _near(pieces: Sequence[TimePiece], reading: TimeReading) -> str:
    """The part of the day that the words about an open clock time let expect."""
    for piece in pieces:
        if isinstance(piece.content, ClockTime | ClockRange):
            before = range(piece.first - 1, max(-1, piece.first - NEAR - 1), -1)
            after = range(piece.next, piece.next + NEAR)
            found = next((part for at in (*before, *after) if (part := reading.words.near.get(reading.key(at)))), "")
            if found:
                return found
    return ""
