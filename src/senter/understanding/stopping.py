"""What a text that says no more than `stop` ends: what rings, what was made just before, else the only thing that runs.

Where several may be meant it is asked which; what is gone already is named all the same, so that it can be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon
from senter.understanding.references import is_timer
from senter.understanding.told import SURE, those_waiting

RINGS_FOR = timedelta(minutes=10)
"""So long after it was told `stop` is about nothing else."""
KEPT_KINDS = (ThingKind.NOTE, ThingKind.FILE)
"""What is not stopped."""


def about_ringing(text: str, now: datetime, known: Known) -> Act | None:
    """The act of a text that silences what was told a moment ago."""
    said = _plain(text)
    if not lexicon().told["hush"].fullmatch(said):
        return None
    rings = [thing for thing in those_waiting(known.things) if _rings(thing, now)]
    if is_timer(said):
        rings = [thing for thing in rings if is_timer(thing.title)]
    if not rings:
        return None
    return _act(ActKind.COMPLETION, rings[:1], text)


def about_stopping(text: str, known: Known) -> Act | None:
    """The act of a text that only stops; several things in it where it is open which is meant."""
    said, words = _plain(text), lexicon().told
    points = words["stop_that"].fullmatch(said) is not None
    if not points and not words["stop"].fullmatch(said):
        return None
    meant = _meant(known, points=points)
    if not meant and known.latest and not known.is_fresh:  # said to nobody knows what: nothing is ended by a guess
        return _act(ActKind.CHANGE, (), text)
    return _act(ActKind.CHANGE, meant, text) if meant else None


def _plain(text: str) -> str:
    return text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip(" .!")


def _rings(thing: Thing, now: datetime) -> bool:
    return thing.waits_since is not None and now - thing.waits_since <= RINGS_FOR


def _act(kind: ActKind, things: Sequence[Thing], text: str) -> Act:
    return Act(
        kind=kind,
        change=ChangeKind.CANCEL if kind is ActKind.CHANGE else None,
        gist=things[0].title if len(things) == 1 else "" if things else _plain(text),
        span=(0, len(text)),
        confidence=SURE,
        things=tuple(things),
    )


def _meant(known: Known, *, points: bool) -> list[Thing]:
    there = {(thing.kind, thing.id) for thing in known.things}
    spoken_of = [thing for thing in known.latest if thing.kind not in KEPT_KINDS]
    ended = [thing for thing in spoken_of if (thing.kind, thing.id) not in there]
    left = [thing for thing in spoken_of if known.is_fresh and thing not in ended]  # else only what runs is stopped
    just = known.latest[0] if known.latest and known.is_fresh and known.together <= 1 else None
    if points and just:
        return [just]
    running = [thing for thing in known.things if thing.runs]
    if ended and ended[0] is spoken_of[0] and known.together <= 1 and not running:
        return ended[:1]  # it is said that it is over
    return list(dict.fromkeys((*left, *running))) or ended[:1]
