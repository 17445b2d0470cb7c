"""What stands at each place of a text: the rules in their order, each with the words before it.

A rule looks at a bounded number of tokens, so that reading takes a time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from senter.moments import clocks, dates_said, hours, how_often, parts_of_day, repeats
from senter.moments.corrections import is_correction
from senter.moments.days import Day, Exactly, Holiday, NamedMonth, OfMonth, Period, Shifted, Weekday, WholeYear
from senter.moments.pieces import (
    LISTED,
    NAMING,
    ClockRange,
    ClockTime,
    Content,
    Every,
    Found,
    Offset,
    PartOfDay,
    TimePiece,
    Vague,
)
from senter.moments.reading import TimeReading
from senter.moments.tokens import Shape

MOST_LEADS = 4
_LEADS = "at on by before from in the this about for until since after between over except ago_first"
LEADS = frozenset(_LEADS.split())
AT_HOUR = frozenset({"at"})
"""Of `at 8 and 20`, `half an hour before seven`."""
MOST_LISTED = 6
"""Clock times or days one after the other."""
BETWEEN = frozenset({"between", "from", "since"})
DAY_LEAD = frozenset({"on", "the"})
DAYS_LISTED = (Weekday, OfMonth, Shifted, Exactly, Holiday)
FIXES_A_DAY = (Shifted, OfMonth, Exactly, Holiday)
HINTS_A_DAY = (Weekday, Period, NamedMonth, WholeYear)


def pieces_of(reading: TimeReading) -> list[TimePiece]:
    """In order, none over another."""
    found: list[TimePiece] = []
    at = 0
    while at < len(reading.tokens):
        piece = _piece(reading, at, found)
        if piece:
            found.append(piece)
        at = piece.next if piece else at + 1
    return found


def _piece(reading: TimeReading, first: int, pieces: Sequence[TimePiece]) -> TimePiece | None:
    before = pieces[-1] if pieces else None
    if before and (zone := _zone(reading, first, pieces)):
        return _made(reading, first, zone, frozenset())
    if before and (listed := _listed(reading, before, first)):
        return listed
    beside = before.content if before and _touch(reading, before.next, first) else None
    is_beside = before is not None and _is_beside(reading, before, first)
    lead = AT_HOUR if is_beside or isinstance(beside, Offset) else frozenset[str]()
    at = first
    for _ in range(MOST_LEADS + 1):
        if found := _read(reading, at, lead, beside):
            lead = lead | {NAMING} if _names_a_thing(reading, first, lead, found) else lead
            return _made(reading, first, found, lead, at)
        roles = reading.roles(at) & LEADS
        is_again = roles <= lead and (not roles or at > first)
        if is_again or (at == first and reading.has(first, "to") and "until" not in roles):
            return None
        lead |= roles
        at += 1
    return None


def _names_a_thing(reading: TimeReading, first: int, lead: frozenset[str], found: tuple[Content, int]) -> bool:
    """`the 3pm meeting`, `my 10 o'clock call`, `last month's figures`."""
    content, after = found
    is_owned = lead == frozenset({"the"}) or (not lead and reading.has(first - 1, "owner"))
    said = reading.tokens[after - 1].text
    is_owner = reading.words.inflection.bare(said) != said
    is_thing = reading.is_word(after) and not reading.roles(after) and reading.key(after) not in reading.words.starters
    return is_thing and ((is_owned and isinstance(content, ClockTime)) or is_owner)


def _made(
    reading: TimeReading, first: int, found: tuple[Content, int], lead: frozenset[str], core: int | None = None
) -> TimePiece:
    content, after = found
    begin = first if core is None else core - (core > first and _is_article(reading, core - 1))
    start, core_start, end = reading.tokens[first].start, reading.tokens[begin].start, reading.tokens[after - 1].end
    return TimePiece(first, after, (start, end), content, lead, (core_start, end))


def _is_article(reading: TimeReading, at: int) -> bool:
    """`the`, and no word such as `am` that says more."""
    return reading.has(at, "the") and not reading.roles(at) & LEADS - {"the"}


def _zone(reading: TimeReading, at: int, found: Sequence[TimePiece]) -> Found:
    """Behind a clock time, or the day behind one: `8pm friday new york time`."""
    last = found[-1] if isinstance(found[-1].content, ClockTime | ClockRange) or len(found) < 2 else found[-2]
    is_beside = found[-1].next == at and (last is found[-1] or last.next == found[-1].first)
    is_clock = isinstance(last.content, ClockTime | ClockRange)
    return parts_of_day.zone(reading, at) if is_beside and is_clock else None


def _listed(reading: TimeReading, before: TimePiece, first: int) -> TimePiece | None:
    """`, 12` and `and 15` of `at 9, 12 and 15 to stretch`: nothing but hours, or days, stands there up to the end."""
    if first != before.next or not isinstance(before.content, ClockTime | Day) or before.lead & BETWEEN:
        return None
    read = _next_hour if isinstance(before.content, ClockTime) else _next_day
    found, last, at = read(reading, first), first, first
    following = found
    for _ in range(MOST_LISTED):
        if following is None:
            break
        last, at = at, following[1]
        following = read(reading, at)
    is_end = hours.stops(reading, at) or reading.has(at, "to_do") or reading.is_said(at, "rings")
    is_list = read is _next_hour or reading.has(reading.skip(last + (reading.key(last) == ",")), "and")
    return _made(reading, first, found, frozenset({"at", LISTED})) if found and is_end and is_list else None


def _next_hour(reading: TimeReading, at: int) -> tuple[Content, int] | None:
    """Behind a comma or `and`."""
    joined = reading.skip(at + (reading.key(at) == ","), "and")
    hour = reading.skip(joined, "at")
    is_count = reading.has(hour + 1, "times")  # `at 7, 6 times`
    return hours.hour_alone(reading, hour) if joined > at and not is_count else None


def _next_day(reading: TimeReading, at: int) -> tuple[Content, int] | None:
    joined = reading.skip(at + (reading.key(at) == ","), "and")
    here = reading.skip(joined, "on", "the")
    found = dates_said.day(reading, here, DAY_LEAD, after_day=False) if joined > at else None
    return found if found and isinstance(found[0], DAYS_LISTED) else None


def _is_beside(reading: TimeReading, before: TimePiece, first: int) -> bool:
    """`at 8 and 20`, `at 8, no, 9`."""
    if reading.digits(first) is None:
        return False
    if isinstance(before.content, Every):
        return before.content.often > 1 and _touch(reading, before.next, first)  # `twice a day, 9 and 21`
    if not isinstance(before.content, ClockTime):
        return False
    is_next = before.next == first - 1 and reading.has(before.next, "and")
    return is_next or is_correction(reading, before.next, first)


def _touch(reading: TimeReading, end: int, first: int) -> bool:
    return end == first or (first == end + 1 and reading.key(end) == ",")


def _read(reading: TimeReading, at: int, lead: frozenset[str], beside: Content | None) -> Found:
    token = reading.token(at)
    if token is None or token.shape is Shape.MARK:
        return None
    is_after_clock = isinstance(beside, ClockTime | ClockRange)
    if token.shape is Shape.WORD and token.key not in reading.words.starters:
        if lead or beside is None:
            return None
        is_part = isinstance(beside, Day) and parts_of_day.part_of_day(reading, at, lead, after_piece=True)
        return is_part or (parts_of_day.zone(reading, at) if is_after_clock else None)
    if token.shape is Shape.NUMBER and not (lead or beside) and reading.shape(at + 1) is Shape.NUMBER:
        return None
    after_day = isinstance(beside, FIXES_A_DAY)
    after_hint = isinstance(beside, HINTS_A_DAY)
    if is_after_clock and not lead and (zone := parts_of_day.zone(reading, at)):
        return zone
    if reading.has(at, "every") and not repeats.every(reading, at, lead) and _repeats_something(reading, at + 1, lead):
        return Vague(), at + 1
    if isinstance(beside, Every) and (found := repeats.days_of_it(reading, at, lead)):
        return found
    return (
        parts_of_day.end_of_day(reading, at, lead)
        or repeats.every(reading, at, lead)
        or how_often.times_in_all(reading, at, lead, is_beside=beside is not None)
        or _range_of_spoken(reading, at, lead, beside)
        or hours.spoken(reading, at, lead)
        or dates_said.day(reading, at, lead, after_day=isinstance(beside, Day))
        or clocks.clock_range(reading, at, lead, after_day=isinstance(beside, Day | Every))
        or clocks.clock(
            reading,
            at,
            lead,
            after_day=after_day or _is_part(beside),
            after_hint=after_hint,
            after_time=beside is not None,
        )
        or parts_of_day.part_of_day(reading, at, lead, after_piece=beside is not None)
    )


def _repeats_something(reading: TimeReading, at: int, lead: frozenset[str]) -> bool:
    """Whether a time stands there; said again and again, `every` has none."""
    return not reading.has(at, "every") and _read(reading, at, lead, None) is not None


def _range_of_spoken(reading: TimeReading, at: int, lead: frozenset[str], beside: Content | None) -> Found:
    """`half past six to eight`, before it is taken for its beginning."""
    is_spoken = any(
        reading.has(place, role) for place in (at, at + 1) for role in ("half", "quarter", "three_quarters")
    )
    is_spoken |= reading.words.parts.get(reading.key(at)) in ("noon", "midnight")
    return clocks.clock_range(reading, at, lead, after_day=beside is not None) if is_spoken else None


def _is_part(content: Content | None) -> bool:
    return isinstance(content, PartOfDay)
