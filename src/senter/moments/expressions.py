"""Which pieces stand together: the expressions of a text. Takes a time in proportion to the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from senter.moments.corrections import corrected
from senter.moments.days import Day, Weekday
from senter.moments.pieces import ClockTime, DayAndClock, Every, Instant, TimePiece
from senter.moments.reading import TimeReading
from senter.moments.rules import pieces_of
from senter.moments.slots import Slots

MOST_PIECES = 10
"""No expression has more."""


@dataclass(slots=True)
class Expression:
    """Neighbouring pieces; `end` are those after `to`."""

    pieces: list[TimePiece] = field(default_factory=list[TimePiece])
    end: list[TimePiece] = field(default_factory=list[TimePiece])

    @property
    def last(self) -> TimePiece:
        return (self.end or self.pieces)[-1]

    @property
    def all(self) -> list[TimePiece]:
        return self.pieces + self.end

    def takes(self, piece: TimePiece) -> bool:
        """Adds the piece where it has a place beside the others."""
        into = self.end or self.pieces
        if len(into) >= MOST_PIECES or Slots().fill([*into, piece]).unread:
            return False
        into.append(piece)
        return True


def expressions_of(reading: TimeReading) -> list[Expression]:
    """The pieces that stand together."""
    found: list[Expression] = []
    for piece in corrected(reading, pieces_of(reading)):
        if not (found and _joins(found[-1], piece, reading)):
            found.append(Expression([piece]))
    return found


def _joins(expression: Expression, piece: TimePiece, reading: TimeReading) -> bool:
    """Whether the piece goes on with the expression; it is in it then."""
    gap = range(expression.last.next, piece.first)
    if _makes_range(expression, piece, gap, reading):
        expression.end.append(piece)
        return True
    is_listed = len(gap) == 1 and reading.has(gap[0], "and") and _is_listed(expression, piece)
    is_beside = not gap or (len(gap) == 1 and reading.key(gap[0]) == ",")
    return (is_beside or is_listed) and expression.takes(piece)


def _makes_range(expression: Expression, piece: TimePiece, gap: range, reading: TimeReading) -> bool:
    if expression.end or not (_is_point(piece) and _is_point(expression.last)):
        return False
    are_weekdays = isinstance(piece.content, Weekday) and isinstance(expression.last.content, Weekday)
    if any(isinstance(each.content, Every) for each in expression.pieces) and not are_weekdays:
        return False
    if not gap:
        return "until" in piece.lead
    is_between = any("between" in each.lead for each in expression.pieces)
    return len(gap) == 1 and (reading.has(gap[0], "to") or (is_between and reading.has(gap[0], "and")))


def _is_point(piece: TimePiece) -> bool:
    return isinstance(piece.content, Day | ClockTime | DayAndClock | Instant)


def _is_listed(expression: Expression, piece: TimePiece) -> bool:
    """`every day at 8 and at 20`."""
    return any(isinstance(each.content, Every) for each in expression.pieces) and isinstance(
        piece.content, ClockTime | Day
    )
