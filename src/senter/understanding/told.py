"""What is said to a reminder that was told and waits: that it is done, or is to come again later.

Only where one waits: else the same words are read as always.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind, Thing
from senter.moments.finding import when_in
from senter.moments.when import When
from senter.understanding.known import Known
from senter.understanding.lexicon import lexicon
from senter.understanding.references import titled

LONGEST = 200
"""Characters: who says more says more than that."""
SURE = 0.95


def about_told(text: str, now: datetime, zone: ZoneInfo, known: Known) -> Act | None:
    """The act of a text that is nothing else: `snooze that 10 minutes`, `later`, `done`."""
    waiting = those_waiting(known.things)
    if not waiting or len(text) > LONGEST or not lexicon().told:
        return None
    said = lexicon().told["more"].sub(lambda more: f"in {more['count'] or more['other']} ", text.lower())
    when = when_in(said, now, zone)
    rest = without_time(said, when)
    if not when.spans and (done := _done(rest, waiting)):
        return Act(kind=ActKind.COMPLETION, gist=done.title, span=(0, len(text)), confidence=SURE, things=(done,))
    is_more = said != text.lower() and not rest
    thing = waiting[0] if is_more else _snoozed(rest, waiting)
    if thing is None or when.recurrence or when.problem or when.unread:
        return None
    return Act(
        kind=ActKind.CHANGE,
        change=ChangeKind.SNOOZE,
        gist=thing.title,
        span=(0, len(text)),
        confidence=SURE,
        things=(thing,),
        due=_due(when, now, zone),
    )


def may_be_about_things(text: str) -> bool:
    """Whether it depends on what exists whether a text is about that, or is mere talk: `stop`, `not tomorrow`."""
    words, said = lexicon().told, text.lower().strip(" .!")
    if not words or len(text) > LONGEST:
        return False
    return words["skips"].search(said) is not None or any(
        words[name].fullmatch(said) for name in ("hush", "stop", "longer")
    )


def those_waiting(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Those that were told, the last one first."""
    found = [(thing.waits_since, thing) for thing in things if thing.waits_since is not None]
    return tuple(thing for _, thing in sorted(found, key=lambda each: each[0], reverse=True))


def _done(rest: str, waiting: Sequence[Thing]) -> Thing | None:
    """`Done` is about the last one, `took my pills` about the pills."""
    if lexicon().told["done"].fullmatch(rest):
        return waiting[0]
    found = lexicon().told["did"].fullmatch(rest)
    return next(iter(titled(found["what"] or found["that"], waiting)), None) if found else None


def _snoozed(rest: str, waiting: Sequence[Thing]) -> Thing | None:
    if lexicon().told["later"].fullmatch(rest):
        return waiting[0]
    found = lexicon().told["snooze"].fullmatch(rest)
    if found is None:
        return None
    about = (found["about"] or "").strip()
    if not about or lexicon().told["it"].fullmatch(about):
        return waiting[0]
    return next(iter(titled(about, waiting)), None)


def _due(when: When, now: datetime, zone: ZoneInfo) -> str | None:
    """Local; none where no time is said: then it is the usual time from now."""
    start: date | datetime | None = now + when.length if when.length and when.start is None else when.start
    if isinstance(start, datetime):
        return f"{start.astimezone(zone):%Y-%m-%dT%H:%M:%S}"
    return start.isoformat() if start else None


def without_time(text: str, when: When) -> str:
    """In lower case without the words of time, and without the marks around them."""
    for begin, end in sorted(when.spans, reverse=True):
        text = f"{text[:begin]} {text[end:]}"
    return " ".join(
        text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace(",", " ").replace(": ", " ").split()
    ).strip(" .!?:")
