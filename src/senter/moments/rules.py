"""What stands at each place of a text: the rules in their order, each with the words before it.

A rule looks at a bounded number of tokens, so that reading takes a time in proportion to the text.
"""

from __future__ import annotations

from senter.moments import clocks, dates_said, repeats
from senter.moments.days import Day, Exactly, Holiday, NamedMonth, OfMonth, Period, Shifted, Weekday, WholeYear
from senter.moments.pieces import Clock, ClockRange, Content, Found, PartOfDay, Piece
from senter.moments.reading import Reading
from senter.moments.tokens import Shape

MOST_LEADS = 4
LEADS = frozenset(
    {"at", "on", "by", "before", "from", "in", "the", "this", "about", "for", "until", "since", "after", "between"}
)
LISTED = frozenset({"from"})
FIXES_A_DAY = (Shifted, OfMonth, Exactly, Holiday)
HINTS_A_DAY = (Weekday, Period, NamedMonth, WholeYear)


def pieces_of(reading: Reading) -> list[Piece]:
    """In order, none over another."""
    found: list[Piece] = []
    at = 0
    while at < len(reading.tokens):
        piece = _piece(reading, at, found[-1] if found else None)
        if piece:
            found.append(piece)
        at = piece.next if piece else at + 1
    return found


def _piece(reading: Reading, first: int, before: Piece | None) -> Piece | None:
    beside = before.content if before and _touch(reading, before.next, first) else None
    lead = LISTED if before and _is_listed(reading, before, first) else frozenset[str]()
    at = first
    for _ in range(MOST_LEADS + 1):
        if found := _read(reading, at, lead, beside):
            content, after = found
            span = (reading.tokens[first].start, reading.tokens[after - 1].end)
            return Piece(first, after, span, content, lead)
        roles = reading.roles(at) & LEADS
        if roles <= lead or (at == first and reading.has(first, "to") and "until" not in roles):
            return None
        lead |= roles
        at += 1
    return None


def _is_listed(reading: Reading, before: Piece, first: int) -> bool:
    """`at 8 and 20`."""
    return isinstance(before.content, Clock) and before.next == first - 1 and reading.has(before.next, "and")


def _touch(reading: Reading, end: int, first: int) -> bool:
    return end == first or (first == end + 1 and reading.key(end) == ",")


def _read(reading: Reading, at: int, lead: frozenset[str], beside: Content | None) -> Found:
    token = reading.token(at)
    if token is None or token.shape is Shape.MARK:
        return None
    is_after_clock = isinstance(beside, Clock | ClockRange)
    if token.shape is Shape.WORD and token.key not in reading.words.starters:
        return clocks.zone(reading, at) if is_after_clock and not lead else None
    if token.shape is Shape.NUMBER and not (lead or beside) and reading.shape(at + 1) is Shape.NUMBER:
        return None
    after_day = isinstance(beside, FIXES_A_DAY)
    after_hint = isinstance(beside, HINTS_A_DAY)
    if is_after_clock and not lead and (zone := clocks.zone(reading, at)):
        return zone
    return (
        clocks.end_of_day(reading, at, lead)
        or repeats.every(reading, at, lead)
        or clocks.spoken(reading, at, lead)
        or dates_said.day(reading, at, lead, after_day=isinstance(beside, Day))
        or clocks.clock_range(reading, at, lead, after_day=after_day or after_hint)
        or clocks.clock(reading, at, lead, after_day=after_day or _is_part(beside), after_hint=after_hint)
        or clocks.part_of_day(reading, at, lead, after_piece=beside is not None)
    )


def _is_part(content: Content | None) -> bool:
    return isinstance(content, PartOfDay)
