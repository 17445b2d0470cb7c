"""Where a text speaks of time, and what it means: `find_when` for each expression, `when_in` for all of a clause.

Takes a time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from senter.moments.days import Day
from senter.moments.pieces import (
    Clock,
    ClockRange,
    ComingMinute,
    Content,
    DayAndClock,
    DayRange,
    Every,
    FromNow,
    Instant,
    PartOfDay,
    Piece,
)
from senter.moments.reading import Reading
from senter.moments.resolving import Resolver
from senter.moments.rules import pieces_of
from senter.moments.slots import Slots
from senter.moments.tokens import tokens_of
from senter.moments.when import When
from senter.moments.words import words_of

LANGUAGE = "en"
MOST_PIECES = 10
"""No expression has more."""
MOST_TOGETHER = 8
"""Expressions that contradict each other are looked at one by one up to so many."""
_AROUND = " ,"
_LINKS = re.compile(r"^(?:to|of|about|that) (?=\S)", re.IGNORECASE)
NEAR = 8
"""So many words away a meal says which half of the day is meant."""


@dataclass(slots=True)
class Expression:
    """Neighbouring pieces; `end` are those after `to`."""

    pieces: list[Piece] = field(default_factory=list[Piece])
    end: list[Piece] = field(default_factory=list[Piece])

    @property
    def last(self) -> Piece:
        return (self.end or self.pieces)[-1]

    @property
    def all(self) -> list[Piece]:
        return self.pieces + self.end

    def takes(self, piece: Piece) -> bool:
        """Adds the piece where it has a place beside the others."""
        into = self.end or self.pieces
        if len(into) >= MOST_PIECES or Slots().fill([*into, piece]).unread:
            return False
        into.append(piece)
        return True


def read(text: str, *, is_whole: bool = False) -> Reading:
    """The tokens of a text. `is_whole`: it is one moment and nothing else."""
    words = words_of(LANGUAGE)
    return Reading.of(tokens_of(text, words), words, is_whole=is_whole)


def find_when(text: str, now: datetime, zone: ZoneInfo) -> tuple[When, ...]:
    """Every expression of time in a text, in order. `now` is aware."""
    reading = read(text)
    return tuple(_resolved([each], reading, now, zone) for each in expressions_of(reading))


def when_in(text: str, now: datetime, zone: ZoneInfo) -> When:
    """What a clause says of time, day and clock time wherever they stand. `now` is aware."""
    reading = read(text)
    return _resolved(expressions_of(reading), reading, now, zone)


def expressions_of(reading: Reading) -> list[Expression]:
    """The pieces that stand together."""
    found: list[Expression] = []
    for piece in pieces_of(reading):
        if not (found and _joins(found[-1], piece, reading)):
            found.append(Expression([piece]))
    return found


def _joins(expression: Expression, piece: Piece, reading: Reading) -> bool:
    """Whether the piece goes on with the expression; it is in it then."""
    gap = range(expression.last.next, piece.first)
    if _makes_range(expression, piece, gap, reading):
        expression.end.append(piece)
        return True
    is_listed = len(gap) == 1 and reading.has(gap[0], "and") and _is_listed(expression, piece)
    is_beside = not gap or (len(gap) == 1 and reading.key(gap[0]) == ",")
    return (is_beside or is_listed) and expression.takes(piece)


def _makes_range(expression: Expression, piece: Piece, gap: range, reading: Reading) -> bool:
    if expression.end or not (_is_point(piece) and _is_point(expression.last)):
        return False
    if any(isinstance(each.content, Every) for each in expression.pieces):
        return False
    if not gap:
        return "until" in piece.lead
    is_between = any("between" in each.lead or _began_between(each, reading) for each in expression.pieces)
    return len(gap) == 1 and (reading.has(gap[0], "to") or (is_between and reading.has(gap[0], "and")))


def _began_between(piece: Piece, reading: Reading) -> bool:
    return reading.has(piece.first, "between")


def _is_point(piece: Piece) -> bool:
    return isinstance(piece.content, Day | Clock | DayAndClock | Instant)


def _is_listed(expression: Expression, piece: Piece) -> bool:
    """`every day at 8 and at 20`."""
    return any(isinstance(each.content, Every) for each in expression.pieces) and isinstance(piece.content, Clock | Day)


def _resolved(
    expressions: Sequence[Expression], reading: Reading, now: datetime, zone: ZoneInfo, day_clock: time | None = None
) -> When:
    if any(isinstance(piece.content, Every) for each in expressions for piece in each.all):
        expressions = [_in_one(each) for each in expressions]
    pieces = [piece for each in expressions for piece in each.pieces]
    ends = [each.end for each in expressions if each.end]
    said = Slots().fill(pieces)
    end = Slots().fill(ends[0]) if ends else None
    said.unread += [piece.span for further in ends[1:] for piece in further]
    resolver = Resolver(now, zone, _near(pieces, reading), day_clock)
    try:
        when = resolver.resolve(said, end)
    except (OverflowError, ValueError):
        return When(spans=tuple(piece.span for piece in pieces), problem="This is too far away.")
    if when.problem and not said.problem and 1 < len(expressions) <= MOST_TOGETHER:
        without = _resolved(expressions[:-1], reading, now, zone, day_clock)
        return replace(without, unread=(*without.unread, *(piece.span for piece in expressions[-1].all)))
    return when


def _in_one(expression: Expression) -> Expression:
    """Beside what comes again, `monday to friday` and `9:00 until 10:00` say on which days, at which hours."""
    if not expression.end:
        return expression
    first, last = expression.pieces[-1], expression.end[0]
    match first.content, last.content:
        case Day() as start, Day() as end:
            content: Content = DayRange(start, end)
        case Clock() as start, Clock() as end:
            content = ClockRange(start, end)
        case _:
            return expression
    joined = Piece(first.first, last.next, (first.span[0], last.span[1]), content, first.lead)
    return Expression([*expression.pieces[:-1], joined, *expression.end[1:]])


def resolve_all(reading: Reading, now: datetime, zone: ZoneInfo, day_clock: time) -> tuple[When, Slots]:
    """What a text comes to as one moment, and its slots; a day stands for that clock time."""
    expressions = expressions_of(reading)
    said = Slots().fill(piece for each in expressions for piece in each.pieces)
    return _resolved(expressions, reading, now, zone, day_clock), said


def _near(pieces: Sequence[Piece], reading: Reading) -> str:
    """The part of the day that the words about an open clock time let expect."""
    for piece in pieces:
        if isinstance(piece.content, Clock | ClockRange):
            before = range(piece.first - 1, max(-1, piece.first - NEAR - 1), -1)
            after = range(piece.next, piece.next + NEAR)
            found = next((part for at in (*before, *after) if (part := reading.words.near.get(reading.key(at)))), "")
            if found:
                return found
    return ""


def what_and_when(text: str) -> tuple[str, str]:
    """What, and when in the person's own words; either is empty where it is not said."""
    words = " ".join(text.split())
    spans = _spans(words)
    when = " ".join(words[first:end] for first, end in spans)
    around = [0, *(place for span in spans for place in span), len(words)]
    rest = (words[first:end].strip(_AROUND) for first, end in zip(around[::2], around[1::2], strict=True))
    what = " ".join(filter(None, rest))
    return (_LINKS.sub("", what) if spans else what), when


def _spans(words: str) -> list[tuple[int, int]]:
    """Of each expression as a whole."""
    each = (expression.all for expression in expressions_of(read(words)))
    return [(pieces[0].span[0], max(piece.span[1] for piece in pieces)) for pieces in each]


def says_time_of_day(when: str) -> bool:
    """Whether the words name more than a day."""
    clocks = Clock | ClockRange | ComingMinute | DayAndClock | Instant | PartOfDay
    return any(
        isinstance(piece.content, clocks) or (isinstance(piece.content, FromNow) and piece.content.length.seconds > 0)
        for piece in pieces_of(read(when))
    )
