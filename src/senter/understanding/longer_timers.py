"""A timer that is to run longer: `add 5 minutes to the pizza timer`, `5 more minutes`. Only where one runs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind
from senter.moments.finding import when_in
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon
from senter.understanding.references import is_timer, numbered, titled
from senter.understanding.told import LONGEST, SURE


def about_longer(text: str, now: datetime, zone: ZoneInfo, known: Known) -> Act | None:
    """The act of a text that is nothing else; several timers in it where it is open which is meant."""
    running = [thing for thing in known.things if thing.runs and thing.at and is_timer(thing.title)]
    found = lexicon().told["longer"].fullmatch(text.lower().strip(" .!")) if running and len(text) <= LONGEST else None
    if found is None:
        return None
    what = (found["what"] or found["first"] or "").strip()
    things = (
        numbered(what, running) or (titled(what, running) or (tuple(running) if is_timer(what) else ()))
        if what
        else tuple(running)
    )
    length = when_in(lexicon().spelled["in_length"].format(length=f"{found['length']} {found['unit']}"), now, zone)
    if not things or not isinstance(length.start, datetime):
        return None
    at = things[0].at
    due = at + (length.start - now) if at and len(things) == 1 else None
    return Act(
        kind=ActKind.CHANGE,
        change=ChangeKind.MOVE,
        gist=things[0].title if len(things) == 1 else "",
        span=(0, len(text)),
        confidence=SURE,
        things=things,
        due=f"{due.astimezone(zone):%Y-%m-%dT%H:%M:%S}" if due else None,
    )
