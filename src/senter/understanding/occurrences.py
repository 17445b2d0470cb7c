"""Which one of what comes again is meant, and whether what is said of a thing is about one that exists.

`Move yoga on Thursday to 6` moves that Thursday's alone, `no choir this week` leaves that of this week out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from senter.messages.acts import Thing, ThingKind
from senter.moments.finding import find_when, when_in
from senter.moments.when import Span, When
from senter.understanding.clauses import SaidClause
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon
from senter.understanding.references import alarms_meant, titled
from senter.understanding.statements import said_to_be_at, said_to_be_off, said_to_move
from senter.understanding.timing import moved, shift_in

OPEN = frozenset(
    ("question_mark", "asked", "conditional", "if_inside", "quoted", "said_that", "when_past", "past_inside")
)
"""Signals of what is no statement about what is to come."""
MOST_LEFT_OUT = 14
"""Times that are left out at once."""
A_WEEK = timedelta(days=7)
_ON_ONE_DAY = re.compile(r"RRULE:FREQ=WEEKLY;BYDAY=[A-Z]{2}")

Days = tuple[date, date]
"""The first and the last."""


def is_about_existing(clause: SaidClause, known: Known, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a clause says of something that exists that it does not take place then, or is at another time."""
    if not known.things or clause.signals & OPEN:
        return False
    if (off := said_to_be_off(clause)) and "when_clock" not in clause.signals:
        pool = [thing for thing in known.things if _may_be_left_out(thing, clause)]
        found = alarms_meant(clause.text.lower(), pool) or titled(off, pool)
        days = next(_days_in(clause.text, now, zone), None)
        return any(thing.repeats or _is_in(thing.at, days, zone) for thing in found)
    events = [thing for thing in known.things if thing.kind is ThingKind.EVENT]
    if name := said_to_move(clause):
        return bool(titled(name, events, least=1.0))
    found = titled(name, events, least=1.0) if (name := said_to_be_at(clause)) else ()
    has_clock = "when_clock" in clause.signals
    return any(
        _in_period(thing, clause.text, now, zone) or (has_clock and _time_in(thing, clause.text, now, zone))
        for thing in found
    )


def _may_be_left_out(thing: Thing, clause: SaidClause) -> bool:
    """Of a reminder only where it is called one: `no milk on Friday` is about no errand."""
    is_called = clause.signals & (lexicon().groups["reminding"] | {"reminder_word"})
    return thing.kind is ThingKind.EVENT or (thing.at is not None and bool(is_called))


def left_out(thing: Thing, when: When, zone: ZoneInfo) -> tuple[date, ...]:
    """The days on which a thing that comes again is left out; the named one where nothing of it is known then."""
    if when.start is None:
        return ()
    days = (_day(when.start), _day(when.end or when.start))
    found = dict.fromkeys(_day(at.astimezone(zone)) for at in _times(thing) if _is_in(at, days, zone))
    return tuple(found)[:MOST_LEFT_OUT] or days[:1]


def moved_alone(thing: Thing, when: When, text: str, now: datetime, zone: ZoneInfo) -> tuple[Thing, When] | None:
    """The one of a repeated thing that a text moves, and to when; none where all of them are meant."""
    if not thing.repeats or thing.at is None or when.recurrence:
        return None
    if of_period := _in_period(thing, text, now, zone):
        at, target = of_period
        return thing.model_copy(update={"at": at}), replace(target, spans=when.spans)
    day = _day_of_one(thing, thing.at.astimezone(zone), text, now, zone)
    if day is None:
        return None
    one = thing.model_copy(update={"at": datetime.combine(day, thing.at.astimezone(zone).timetz())})
    said = replace(when, start=None, due=None) if shift_in(text) else when
    return one, moved(said, text, one.at or thing.at, now, zone)


def in_its_rhythm(thing: Thing, when: When) -> When:
    """`Piano is on Thursdays from now on`: what comes every week or two goes on so, on another day."""
    is_one_day = when.recurrence is not None and _ON_ONE_DAY.fullmatch(when.recurrence) is not None
    goes_by_weeks = thing.at is not None and bool(thing.later) and not (thing.later[0] - thing.at) % A_WEEK
    return replace(when, recurrence=None) if is_one_day and goes_by_weeks else when


def _in_period(thing: Thing, text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, When] | None:
    """Of `next week's choir is at 19:00` the one of that week, and when it is then."""
    for when in find_when(text, now, zone):
        if not when.period or when.start is None or lexicon().times["to_target"].search(text[: when.spans[0][0]]):
            continue
        days = (_day(when.start), _day(when.end or when.start))
        at = next((at.astimezone(zone) for at in _times(thing) if _is_in(at, days, zone)), None)
        rest = next(iter(find_when(_without(text, when.spans), now, zone)), None)
        if at and rest and rest.start and not rest.recurrence:
            words = " ".join(text[begin:end] for begin, end in rest.spans)
            return at, _on_day_of(at, words, now, zone) if rest.says_clock_time else _in_week_of(at, days, rest)
    return None


def _on_day_of(at: datetime, clock: str, now: datetime, zone: ZoneInfo) -> When:
    said = f"{at:%Y-%m-%d} {clock}"
    return moved(when_in(said, now, zone), said, at, now, zone)


def _in_week_of(at: datetime, days: Days, named: When) -> When:
    """The weekday that is named, of that week, at the hour that it has."""
    weekday = _day(named.start or at).weekday()
    day = days[0] + timedelta(days=(weekday - days[0].weekday()) % 7)
    return When(start=datetime.combine(day, at.timetz()))


def _day_of_one(thing: Thing, next_one: datetime, text: str, now: datetime, zone: ZoneInfo) -> date | None:
    """The day that is named before where it goes; the next one where it says `just this once`."""
    times = lexicon().times
    if times["once_only"].search(text):
        return next_one.date()
    before, to, _ = text.rpartition(lexicon().spelled["to_apart"])
    if left := _day_in(before if to or not shift_in(text) else text, now, zone):
        return left
    named = _day_in(text, now, zone)  # `move yoga to 6 on Thursday`: where it is then anyway
    return named if named and any(_day(at.astimezone(zone)) == named for at in _times(thing)) else None


def _day_in(text: str, now: datetime, zone: ZoneInfo) -> date | None:
    clock_only = lexicon().times["clock_only"]
    for when in find_when(text, now, zone):
        is_day = when.start and not (when.recurrence or when.period or when.offset)
        if is_day and not all(clock_only.fullmatch(text[begin:end]) for begin, end in when.spans):
            return _day(when.start) if when.start else None
    return None


def _time_in(thing: Thing, text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The time of a thing on the first days that are named, where it has one then."""
    days = next(_days_in(text, now, zone), None)
    return next((at for at in _times(thing) if days and _is_in(at, days, zone)), None)


def _days_in(text: str, now: datetime, zone: ZoneInfo) -> Iterator[Days]:
    """Those that a text names, not those of a bare clock time."""
    clock_only = lexicon().times["clock_only"]
    for when in find_when(text, now, zone):
        is_clock = all(clock_only.fullmatch(text[begin:end]) for begin, end in when.spans)
        if when.start and not when.recurrence and not when.offset and not is_clock:
            yield _day(when.start), _day(when.end or when.start)


def _times(thing: Thing) -> Iterator[datetime]:
    if thing.at:
        yield thing.at
    yield from thing.later


def _is_in(at: datetime | None, days: Days | None, zone: ZoneInfo) -> bool:
    return at is not None and days is not None and days[0] <= at.astimezone(zone).date() <= days[1]


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _without(text: str, spans: tuple[Span, ...]) -> str:
    """As long as before."""
    for begin, end in spans:
        text = f"{text[:begin]}{' ' * (end - begin)}{text[end:]}"
    return text
