"""Single times of what comes again that a text leaves out: `no reminder to water the plants tomorrow`, `skip the
stand-up reminder this week`.

Only where such a thing exists: else the same words are read as always.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.moments.finding import when_in
from senter.moments.when import When
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon
from senter.understanding.occurrences import left_out
from senter.understanding.references import alarms_among, comes_within, content, rings_again, titled
from senter.understanding.told import LONGEST, SURE, without_time

Meant = list[tuple[Thing, ...]]
"""Each thing that is meant; several together where it is open which of them."""


def about_skipping(text: str, now: datetime, zone: ZoneInfo, known: Known) -> tuple[Act, ...]:
    """An act for each day, of a text that is nothing else; several things in it where it is open which is meant, an act
    for each where all are."""
    series = [*filter(rings_again, known.things), *_event_spoken_of(known)]
    if not series or len(text) > LONGEST or lexicon().told["skips"].search(text.lower()) is None:
        return ()
    said = text.lower()
    just_set = (
        {(thing.kind, thing.id) for thing in known.latest[:1]} if known.is_fresh else set[tuple[ThingKind, str]]()
    )
    if any((thing.kind, thing.id) in just_set for thing in series):  # `not on wednesday`
        said = lexicon().told["not_then"].sub(f"{lexicon().spelled['skip']} ", said)
    when = when_in(said, now, zone)
    rest = without_time(said, when)
    found = lexicon().told["skip"].fullmatch(rest)
    if found is None or _is_about_others(found["what"] or "") or when.recurrence or when.problem or when.unread:
        return ()
    if when.start is None and not found["only"]:
        return ()
    if isinstance(when.start, datetime):
        clock = when.start.astimezone(zone).time()
        series = [thing for thing in series if thing.at is None or thing.at.astimezone(zone).time() == clock]
    if not series:
        return ()
    days = (when, *when.also) if when.start else (None,)
    meant = _meant(found, series, known)
    return tuple(
        act
        for day in days
        for things in _coming(meant, *_from_to(day, now, zone), zone)
        for act in _acts(text, things, day, now, zone)
    )


def _coming(
    meant: list[tuple[Thing, ...]], due: str | None, end: str | None, zone: ZoneInfo
) -> list[tuple[Thing, ...]]:
    """Of several those that have a time on those days: `no reminders at the weekend`."""
    if due is None or len(meant) < 2:
        return meant
    first, last = date.fromisoformat(due[:10]), date.fromisoformat((end or due)[:10])
    return [things for things in meant if any(comes_within(thing, first, last, zone) for thing in things)] or meant


def _event_spoken_of(known: Known) -> Sequence[Thing]:
    """What comes again in a calendar, and was made or told of just before."""
    latest = known.latest[:1] if known.is_fresh else ()
    return [thing for thing in latest if thing.kind is ThingKind.EVENT and thing.repeats and thing in known.things]


def _is_about_others(what: str) -> bool:
    """`Cancel all appointments tomorrow` is about no reminder."""
    kinds = {kind for kind, pattern in lexicon().things.items() if pattern.search(what)}
    return bool(kinds) and not kinds & {ThingKind.REMINDER, ThingKind.JOB}


def _meant(found: re.Match[str], series: Sequence[Thing], known: Known) -> Meant:
    """Each that is meant; of what is open those that may be, together."""
    what, words = (found["what"] or "").strip(), lexicon()
    alarms = alarms_among(series)
    is_unnamed = not content(what) or words.told["it"].fullmatch(what) is not None
    names_alarms = is_unnamed and words.references["alarm"].search(what) is not None
    if (found["wakes"] or names_alarms) and alarms:
        return [alarms]
    if words.told["all_series"].fullmatch(what):
        return [(thing,) for thing in series]
    if not is_unnamed:
        return [named] if (named := titled(what, series)) else []
    there = {(thing.kind, thing.id) for thing in series}
    spoken_of = tuple(thing for thing in known.latest[:1] if (thing.kind, thing.id) in there)
    return [spoken_of if spoken_of and known.is_fresh else tuple(series)]


def _from_to(when: When | None, now: datetime, zone: ZoneInfo) -> tuple[str | None, str | None]:
    """The first and the last day, or a moment; nothing for the next time. `Until monday` is from today, without it."""
    if when is None or when.start is None:
        return None, None
    if isinstance(when.start, datetime):
        return f"{when.start.astimezone(zone):%Y-%m-%dT%H:%M}", None
    first: date = when.start
    if when.by:
        return now.astimezone(zone).date().isoformat(), (first - timedelta(days=1)).isoformat()
    end = when.end.astimezone(zone).date() if isinstance(when.end, datetime) else when.end
    return first.isoformat(), end.isoformat() if end else None


def _acts(text: str, things: tuple[Thing, ...], day: When | None, now: datetime, zone: ZoneInfo) -> Iterator[Act]:
    """Of an event one for each of its times then, as a calendar has it."""
    first, *others = things
    if others or first.kind is not ThingKind.EVENT:
        yield _act(text, things, *_from_to(day, now, zone))
        return
    for left in left_out(first, day or When(start=first.at), zone):
        yield _act(text, things, left.isoformat(), None)


def _act(text: str, things: tuple[Thing, ...], due: str | None, end: str | None) -> Act:
    return Act(
        kind=ActKind.CHANGE,
        change=ChangeKind.SKIP if any(map(rings_again, things)) else ChangeKind.CANCEL,
        gist=things[0].title if len(things) == 1 else "",
        span=(0, len(text)),
        confidence=SURE,
        things=things,
        due=due,
        end=end,
    )
