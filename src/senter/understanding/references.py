"""What exists already that a clause speaks of: by its number, its words, its hour, or as `it` and `the second one`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from senter.messages.acts import Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon

ORDER = ("first", "second", "third", "fourth", "fifth")
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ing|ed|es|s|e|'s)$")
_HOUR = re.compile(r"\b(?:my|the|at) (\d{1,2})(?::(\d\d))?(?: ?o'?clock| ?([ap])m)?\b")
_ALIKE = 0.5
"""How much of what is said must be found in a title."""


def is_about_everything(mask: str) -> bool:
    """`cancel everything`, `delete all my reminders`."""
    return re.match(rf"\W*(?:\w+ ){{1,3}}?(?:{lexicon().references['everything'].pattern})", mask) is not None


def things_meant(mask: str, gist: str, known: Known, zone: ZoneInfo) -> tuple[Thing, ...]:
    """The one that is meant; several where that is open or where all are; none where there is no such thing."""
    kinds = {kind for kind, pattern in lexicon().things.items() if pattern.search(mask)}
    of_kind = [thing for thing in known.things if not kinds or thing.kind in kinds]
    if numbered := _numbered(mask, known.things):
        return numbered
    if is_about_everything(mask):
        return tuple(of_kind)
    titled = _titled(gist, of_kind or known.things) or _titled(gist, known.latest)
    if titled:
        return titled
    latest = [thing for thing in known.latest if not kinds or thing.kind in kinds]
    return _placed(mask, latest or of_kind) or _at_hour(mask, of_kind, zone) or _it(mask, gist, latest, of_kind, kinds)


def _numbered(mask: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """`reminder 12`."""
    for kind, pattern in lexicon().things.items():
        if found := re.search(rf"{pattern.pattern}\s+(?:number |no\.? ?|#)?(\w[\w-]*)", mask):
            named = tuple(thing for thing in things if thing.kind is kind and thing.id.lower() == found[1])
            if named:
                return named
    return ()


def _placed(mask: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """`the second one`, of those that were spoken of."""
    for place, name in enumerate(ORDER):
        if re.search(rf"\bthe (?:{name}|{place + 1}(?:st|nd|rd|th))\b", mask):
            return tuple(things[place : place + 1])
    if re.search(r"\bthe last (?:one|reminder|event|goal|job|note)\b|\blast one\b", mask):
        return tuple(things[:1])
    return ()


def _at_hour(mask: str, things: Sequence[Thing], zone: ZoneInfo) -> tuple[Thing, ...]:
    """`my 3 o'clock`."""
    if not (found := _HOUR.search(mask)):
        return ()
    hours = {int(found[1]) % 24, (int(found[1]) + 12) % 24}
    at = [(thing, thing.at.astimezone(zone)) for thing in things if thing.at]
    return tuple(thing for thing, local in at if local.hour in hours and local.minute == int(found[2] or 0))


def _it(
    mask: str, gist: str, latest: Sequence[Thing], of_kind: Sequence[Thing], kinds: set[ThingKind]
) -> tuple[Thing, ...]:
    if latest and (lexicon().references["it"].search(mask) or not gist or kinds):
        return tuple(latest[:1])
    return tuple(of_kind) if kinds and len(of_kind) == 1 and not _content(gist) else ()


def _titled(gist: str, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Those whose titles say most of the gist; all of the best ones where several do."""
    said = _content(gist)
    if not said:
        return ()
    scored = [(_likeness(said, _content(thing.title)), thing) for thing in things]
    best = max((score for score, _ in scored), default=0.0)
    return tuple(thing for score, thing in scored if score == best) if best >= _ALIKE else ()


def _likeness(said: frozenset[str], title: frozenset[str]) -> float:
    """Mostly how much of what is said is in the title; of two alike the title that says less beside it."""
    shared = len(said & title)
    return shared / len(said) - 0.01 * (len(title) - shared) if shared else 0.0


def _content(words: str) -> frozenset[str]:
    nouns = lexicon().things
    kept = (word for word in _WORD.findall(words.lower()) if word not in lexicon().small)
    return frozenset(
        _ENDING.sub("", word) or word for word in kept if not any(each.fullmatch(word) for each in nouns.values())
    )
