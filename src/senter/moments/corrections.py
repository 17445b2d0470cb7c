"""What is taken back while it is said: `tuesday, no wait, wednesday`, `at 3, I mean 4`, `not on monday, on friday`.

The later one counts. What is taken back stays a piece, so that its words are known to be of time. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from senter.moments.days import Day
from senter.moments.pieces import (
    ClockRange,
    ClockTime,
    ComingMinute,
    DayAndClock,
    DayRange,
    Every,
    FromNow,
    Instant,
    Lasting,
    Offset,
    PartOfDay,
    SeveralDays,
    ThisTime,
    TimePiece,
    Withdrawn,
)
from senter.moments.reading import NOTHING, TimeReading

LONGEST_CORRECTION = 6
"""In tokens."""
MOST_TOGETHER = 10
"""Pieces that are looked at."""
_CLOCK = frozenset({"clock"})
_DAY = frozenset({"day"})


def corrected(reading: TimeReading, pieces: Sequence[TimePiece]) -> list[TimePiece]:
    """The pieces, with those withdrawn that a later one of their kind takes the place of."""
    found: list[TimePiece] = []
    for place, piece in enumerate(pieces):
        before = found[-1] if found else None
        if before and is_correction(reading, before.next, piece.first):
            _withdraw(reading, found, _kinds_together(pieces, place), piece.first)
        elif before and _is_instead(reading, before, piece):
            _withdraw(reading, found, _kinds(before), piece.first)
        elif before and _is_denied(reading, before, piece):
            piece = replace(piece, content=Withdrawn(), span=(reading.tokens[before.next].start, piece.span[1]))
        found.append(piece)
    return found


def is_correction(reading: TimeReading, first: int, end: int) -> bool:
    """Whether all that stands there takes back what was said before."""
    if not 0 < end - first <= LONGEST_CORRECTION:
        return False
    places = range(first, end)
    is_all = all(reading.has(at, "correction") or reading.has(at, "pause") for at in places)
    return is_all and any(reading.has(at, "correction") for at in places)


def _withdraw(reading: TimeReading, found: list[TimePiece], kinds: frozenset[str], end: int) -> None:
    """Of the pieces that end here those of the kinds, and the words that take them back."""
    places = [place for place in _together(found) if _kinds(found[place]) <= kinds and _kinds(found[place])]
    if not places:
        return
    for place in places:
        found[place] = replace(found[place], content=Withdrawn())
    first = found[-1].next
    span = (reading.tokens[first].start, reading.tokens[end - 1].end)
    found.append(TimePiece(first, end, span, Withdrawn(), NOTHING))


def _together(found: Sequence[TimePiece]) -> list[int]:
    """The last pieces, as far as they touch each other."""
    places = [len(found) - 1]
    while places[-1] > 0 and len(places) < MOST_TOGETHER and found[places[-1]].first - found[places[-1] - 1].next <= 1:
        places.append(places[-1] - 1)
    return places


def _kinds_together(pieces: Sequence[TimePiece], place: int) -> frozenset[str]:
    """Of what stands in place of what was said before."""
    kinds, last = _kinds(pieces[place]), place
    while last + 1 < min(len(pieces), place + MOST_TOGETHER) and pieces[last + 1].first == pieces[last].next:
        last += 1
        kinds |= _kinds(pieces[last])
    return kinds


def _is_instead(reading: TimeReading, before: TimePiece, piece: TimePiece) -> bool:
    """`not tuesday, but thursday`."""
    gap = range(before.next, piece.first)
    is_beside = len(gap) <= 2 and all(reading.has(at, "pause") or reading.has(at, "instead") for at in gap)
    return bool(gap) and is_beside and _is_not_meant(reading, before) and _is_same(before, piece)


def _is_not_meant(reading: TimeReading, piece: TimePiece) -> bool:
    return "except" in piece.lead or reading.has(piece.first - 1, "denied")


def _is_denied(reading: TimeReading, before: TimePiece, piece: TimePiece) -> bool:
    """`thursday, not tuesday`, `at 4 instead of 3`, `monday and not on friday`."""
    gap = range(before.next, piece.first)
    if "except" in piece.lead:
        return len(gap) <= 1 and _is_same(before, piece)
    is_beside = len(gap) == 1 or (len(gap) == 2 and reading.has(gap[0], "pause"))
    return is_beside and reading.has(gap[-1], "denied") and _is_same(before, piece)


def _is_same(before: TimePiece, piece: TimePiece) -> bool:
    return _kinds(before) == _kinds(piece) and "every" not in _kinds(before)


def _kinds(piece: TimePiece) -> frozenset[str]:
    """Of what it says something."""
    match piece.content:
        case Day() | DayRange() | SeveralDays():
            return _DAY
        case ClockTime() | ClockRange() | ComingMinute():
            return _CLOCK
        case Instant() | DayAndClock() | ThisTime():
            return _DAY | _CLOCK
        case FromNow(length):
            return _DAY | _CLOCK if length.seconds else _DAY
        case PartOfDay():
            return frozenset({"part"})
        case Every() | Lasting() | Offset():
            return frozenset({type(piece.content).__name__.lower()})
        case _:
            return NOTHING
