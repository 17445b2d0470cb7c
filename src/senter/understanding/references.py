"""What exists already that a clause speaks of: by its number, its words, its hour, or as `it` and `the second one`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon

ORDER = ("first", "second", "third", "fourth", "fifth")
COUNTS = ("two", "three", "four", "five")
_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.5
"""How much of what is said must be found in a title."""


def as_they_are(known: Known) -> Known:
    """With when they are now, of those that the conversation spoke of."""
    now = {(thing.kind, thing.id): thing for thing in known.things}
    return replace(known, latest=tuple(now.get((thing.kind, thing.id), thing) for thing in known.latest))


def may_be_reported(text: str) -> bool:
    """Whether a text says that something is done: what exists decides what it means."""
    return lexicon().references["reported"].fullmatch(text.lower().strip(" .!")) is not None


def goals_reported(text: str, known: Known) -> tuple[Thing, ...]:
    """Those that a clause in lower case says are done, in the passive: all that it names must be in their title."""
    found = lexicon().references["reported"].fullmatch(text.strip(" .!"))
    what = content(found["what"]) if found else frozenset[str]()
    if found is None or not what:
        return ()
    said = what | content(found["verb"] or "")
    goals = (thing for thing in known.things if thing.kind is ThingKind.GOAL)
    return tuple(goal for goal in goals if said <= content(goal.title))


def things_counted(text: str, known: Known, gist: str = "") -> tuple[Thing, ...]:
    """`cancel both`, `all three`: so many of those that were spoken of last; none where nothing is counted. `cancel
    them`: those that were spoken of at once, where `gist` names nothing beside."""
    found = lexicon().references["counted"].search(text)
    kinds = {kind for kind, pattern in lexicon().things.items() if pattern.search(text)}
    if found is None:
        return _them(text, kinds, known) if not content(gist) else ()
    number = COUNTS.index(found.lastgroup) + 2 if found.lastgroup else 2
    latest = [thing for thing in known.latest if not kinds or thing.kind in kinds]
    return (
        tuple(latest[:number]) if len(latest) >= number and not found[0].startswith(lexicon().spelled["all_of"]) else ()
    )


def _them(text: str, kinds: set[ThingKind], known: Known) -> tuple[Thing, ...]:
    """`cancel them`: what was spoken of at once; nothing where that was one alone."""
    group = [thing for thing in known.latest[: known.together] if not kinds or thing.kind in kinds]
    return tuple(group) if len(group) > 1 and lexicon().references["them"].search(text) else ()


def things_on(when: date | datetime, things: Sequence[Thing], zone: ZoneInfo) -> tuple[Thing, ...]:
    """Those of that day; of a moment those at it, else those at such a clock time, whatever the day and its half."""
    at = [(thing, thing.at.astimezone(zone)) for thing in things if thing.at]
    if isinstance(when, datetime):
        clock = (when.hour % 12, when.minute)
        exactly = tuple(thing for thing, begins in at if begins == when)
        return exactly or tuple(thing for thing, begins in at if (begins.hour % 12, begins.minute) == clock)
    return tuple(thing for thing, begins in at if begins.date() == when)


def thing_before(text: str, gist: str, known: Known) -> Thing | None:
    """From which `an hour before the dentist`, `the day before` is counted: what it names, else what was spoken of.

    What it names and is not known is at no time.
    """
    named = (
        [] if lexicon().references["it"].search(text) else [thing for thing in titled(gist, known.things) if thing.at]
    )
    if named:
        return min(named, key=_begins)
    if lexicon().references["a_thing"].match(gist.lower()):
        return None
    return next((thing for thing in known.latest if thing.at), None)


def _begins(thing: Thing) -> datetime:
    assert thing.at  # of those that have one
    return thing.at


def is_about_everything(mask: str) -> bool:
    """`cancel everything`, `delete all my reminders`."""
    return re.match(rf"\W*(?:\w+ ){{0,3}}?(?:{lexicon().references['everything'].pattern})", mask) is not None


def things_meant(text: str, gist: str, known: Known, zone: ZoneInfo) -> tuple[Thing, ...]:
    """Of a clause in lower case: several where it is open which or all are meant, none where there is no such thing. A
    note only where it is called one, or is to be forgotten."""
    kinds = {kind for kind, pattern in lexicon().things.items() if pattern.search(text)}
    if forgotten := lexicon().references["forgotten"].search(text):
        every = dict.fromkeys((*known.latest, *known.things))
        notes = [thing for thing in every if thing.kind is ThingKind.NOTE]
        return titled(forgotten["about"] or "", notes) or tuple(notes[:1] if not forgotten["about"] else ())
    expected = [thing for thing in known.things if thing.kind is not ThingKind.NOTE]
    spoken_of = [thing for thing in known.latest if thing.kind is not ThingKind.NOTE]
    everything = dict.fromkeys((*known.things, *known.latest)) if kinds else expected
    of_kind = [thing for thing in everything if not kinds or thing.kind in kinds]
    if by_number := numbered(text, known.things):
        return by_number
    if _numbers_another(text, known):
        return ()
    if is_about_everything(text):
        return _all_called(text, [thing for thing in of_kind if thing in known.things])
    if is_timer(text) and (timers := _timers([thing for thing in of_kind if thing in known.things])):
        named = titled(gist, timers)
        return named if len(named) == 1 or (len(timers) > 1 and named) else timers
    if alarms := alarms_meant(text, of_kind):
        return _of_alarms(text, alarms, zone)
    found = titled(gist, of_kind or expected) or titled(gist, spoken_of)
    if not found and lexicon().references["forgets"].search(text):
        found = notes_titled(gist, known)
    if found:
        return found
    latest = [thing for thing in known.latest if not kinds or thing.kind in kinds]
    return _placed(text, latest or of_kind) or _at_hour(text, of_kind, zone) or _it(text, gist, latest, of_kind, kinds)


def things_of_day(text: str, gist: str, start: date | datetime, known: Known, zone: ZoneInfo) -> tuple[Thing, ...]:
    """As `things_meant`, where a day is named: of several those of it. `No reminder tomorrow` calls nothing by a name:
    it is about no reminder of another day, whatever was spoken of last."""
    found = things_meant(text, gist, known, zone)
    there = things_on(start, found, zone)
    if len(found) != 1 or there:
        return there or found
    kinds = {kind for kind, pattern in lexicon().things.items() if pattern.search(text)}
    is_named = found[0].repeats or titled(gist, found) or numbered(text, found)
    if is_named or not kinds:
        return found
    return things_on(start, [thing for thing in known.things if thing.kind in kinds], zone)


def alarms_among(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Those that wake: `cancel the alarm` is about no other reminder."""
    return tuple(thing for thing in things if is_alarm(thing.title))


def is_alarm(title: str) -> bool:
    """Whether a reminder wakes."""
    return lexicon().references["alarm_title"].match(title.lower()) is not None


def names_alarms(text: str) -> bool:
    """Whether a text speaks of them."""
    return lexicon().references["alarm"].search(text.lower()) is not None


def _of_alarms(text: str, alarms: tuple[Thing, ...], zone: ZoneInfo) -> tuple[Thing, ...]:
    """`The 8 o'clock alarm`, `the weekday alarm`; all where nothing tells which."""
    if len(alarms) < 2:
        return alarms
    words = lexicon().references
    repeated = tuple(thing for thing in alarms if thing.repeats) if words["again_alarm"].search(text) else ()
    return _at_hour(text, alarms, zone) or repeated or alarms


def _all_called(text: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """`Delete all my alarms`, `cancel all timers`: no other reminders."""
    if is_timer(text):
        return _timers(things) or tuple(things)
    alarms = alarms_among(things) if lexicon().references["alarm"].search(text) else ()
    return alarms or tuple(things)


def alarms_meant(text: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Those that wake, where a text speaks of one: `cancel the alarm` is about no other reminder."""
    return alarms_among(things) if names_alarms(text) else ()


def is_timer(title: str) -> bool:
    """Whether a reminder is called a timer, or a text speaks of one."""
    found = lexicon().told.get("timer")
    return found is not None and found.search(title.lower()) is not None


def _timers(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """`Stop the timer` is about no other reminder."""
    return tuple(thing for thing in things if is_timer(thing.title))


def notes_titled(words: str, known: Known) -> tuple[Thing, ...]:
    """The notes that say most of the words: `forget the gate code`."""
    return titled(words, [thing for thing in known.things if thing.kind is ThingKind.NOTE])


def numbered(text: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """The one that a text names by its number: `reminder 12`."""
    for kind, pattern in lexicon().things.items():
        for found in re.finditer(rf"{pattern.pattern}\s+{lexicon().spelled['number']}(\w[\w@.-]*)", text):
            named = tuple(thing for thing in things if thing.kind is kind and thing.id.lower() == found[1].rstrip("."))
            if named:
                return named
    return ()


def _numbers_another(text: str, known: Known) -> bool:
    """`cancel reminder 999` where none has that number: it is about no other one, whatever was spoken of last."""
    ids = {(thing.kind, thing.id) for thing in (*known.things, *known.latest)}
    spelled = lexicon().spelled
    return any(
        (kind, found[1]) not in ids
        for kind, pattern in lexicon().things.items()
        for found in re.finditer(rf"(?:{pattern.pattern})\s+{spelled['number']}(\d+)(?={spelled['numbered']})", text)
    )


def _placed(text: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """`the second one`, of those that were spoken of."""
    words = lexicon().references
    for place, name in enumerate(ORDER):
        if words[f"the_{name}"].search(text):
            return tuple(things[place : place + 1])
    if words["the_last"].search(text):
        return tuple(things[:1])
    return ()


def _at_hour(text: str, things: Sequence[Thing], zone: ZoneInfo) -> tuple[Thing, ...]:
    """`my 3 o'clock`."""
    if not (found := lexicon().times["of_hour"].search(text)):
        return ()
    hours = {int(found[1]) % 24, (int(found[1]) + 12) % 24}
    at = [(thing, thing.at.astimezone(zone)) for thing in things if thing.at]
    return tuple(thing for thing, local in at if local.hour in hours and local.minute == int(found[2] or 0))


def _it(
    text: str, gist: str, latest: Sequence[Thing], of_kind: Sequence[Thing], kinds: set[ThingKind]
) -> tuple[Thing, ...]:
    if latest and not content(gist) and lexicon().references["them"].search(text):
        return tuple(latest)
    if latest and (lexicon().references["it"].search(text) or not gist or kinds):
        return tuple(latest[:1])
    return tuple(of_kind) if kinds and len(of_kind) == 1 and not content(gist) else ()


def names_known(words: str, known: Known) -> bool:
    """Whether the words are those of something that exists."""
    return bool(titled(words, known.things))


def titled(gist: str, things: Sequence[Thing], least: float = _ALIKE) -> tuple[Thing, ...]:
    """Those whose titles say most of the gist, `least` of its words; all of the best ones where several do."""
    said = content(gist)
    if not said:
        return ()
    scored = [(_likeness(said, content(thing.title)), thing) for thing in things]
    best = max((score for score, _ in scored), default=(0.0, 0))
    return tuple(thing for score, thing in scored if score == best) if best[0] >= least else ()


def _likeness(said: frozenset[str], title: frozenset[str]) -> tuple[float, int]:
    """How much of what is said is in the title; of two alike the title that says less beside it."""
    shared = len(said & title)
    return shared / len(said), shared - len(title)


def content(words: str) -> frozenset[str]:
    """The words that name something."""
    nouns = lexicon().things
    kept = (word for word in _WORD.findall(words.lower()) if word not in lexicon().small)
    return frozenset(
        lexicon().times["ending"].sub("", word) or word
        for word in kept
        if not any(each.fullmatch(word) for each in nouns.values())
    )
