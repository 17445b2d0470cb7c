"""Single times of what comes again that a text leaves out: `no reminder to water the plants tomorrow`, `skip the
stand-up reminder this week`.

Only where such a thing exists: else the same words are read as always.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.moments.finding import when_in
from senter.moments.when import When
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon
from senter.understanding.references import alarms_among, content, titled
from senter.understanding.told import LONGEST, SURE, without_time


def about_skipping(text: str, now: datetime, zone: ZoneInfo, known: Known) -> tuple[Act, ...]:
    """An act for each day, of a text that is nothing else; several things in it where it is open which is meant, an act
    for each where all are."""
    series = [thing for thing in known.things if rings_again(thing)]
    if not series or len(text) > LONGEST or lexicon().told["skips"].search(text.lower()) is None:
        return ()
    said = text.lower()
    when = when_in(said, now, zone)
    rest = without_time(said, when)
    found = lexicon().told["skip"].fullmatch(rest)
    if found is None or when.recurrence or when.problem or when.unread:
        return ()
    if when.start is None and not found["only"]:
        return ()
    days = (when, *when.also) if when.start else (None,)
    return tuple(
        _act(text, things, *_from_to(day, now, zone)) for things in _meant(found, series, known) for day in days
    )


def rings_again(thing: Thing) -> bool:
    """Of these one time alone can be left out, as of a series in a calendar."""
    return thing.repeats and thing.kind in (ThingKind.REMINDER, ThingKind.JOB)


def _meant(found: re.Match[str], series: Sequence[Thing], known: Known) -> list[tuple[Thing, ...]]:
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


def _act(text: str, things: tuple[Thing, ...], due: str | None, end: str | None) -> Act:
    return Act(
        kind=ActKind.CHANGE,
        change=ChangeKind.SKIP,
        gist=things[0].title if len(things) == 1 else "",
        span=(0, len(text)),
        confidence=SURE,
        things=things,
        due=due,
        end=end,
    )
