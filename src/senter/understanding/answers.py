"""What a short text means as the answer to a question back: a choice, a yes, a time, what it is about, or nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, Clarification, Missing
from senter.moments.when import When
from senter.understanding.lexicon import lexicon
from senter.understanding.questions import NEEDS_WHAT, NEEDS_WHEN
from senter.understanding.references import ORDER
from senter.moments.finding import when_in

LONGEST = 120
_BARE_HOUR = re.compile(r"^\W*(?:at |to |by |about |around )?(\d{1,2})(?:[.:]?(\d\d))?\W*$")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to: a whole sentence to read instead, acts made whole, or nothing at all."""

    says: str = ""
    acts: tuple[Act, ...] = ()
    when: When | None = None
    is_dropped: bool = False


def answer_to(asked: Clarification, text: str, now: datetime, zone: ZoneInfo) -> Answered | None:
    """None where the text is no answer to it."""
    said = " ".join(text.lower().replace("’", "'").split())
    plain = " ".join(_WORD.findall(said.replace("'", "")))
    if len(said) > LONGEST or not plain:
        return None
    if _is("no", said):
        return Answered(is_dropped=True)
    if (place := _choice(asked, said, plain)) is not None:
        return Answered(says=asked.alternatives[place].says)
    if asked.lacks is Missing.WHEN:
        return _timed(asked, text, now, zone)
    if asked.lacks is Missing.WHAT and asked.acts and not _is("yes", said):
        return Answered(acts=_with_gist(asked.acts, text.strip(" .!?")))
    return None


def _is(name: str, said: str) -> bool:
    return lexicon().answers[name].fullmatch(said) is not None or _begins(name, said)


def _begins(name: str, said: str) -> bool:
    """`no, forget it`: each of its parts is such an answer."""
    parts = [part for part in re.split(r"[,.!?;]+\s*", said) if part]
    return len(parts) > 1 and all(lexicon().answers[name].fullmatch(part) for part in parts)


def _choice(asked: Clarification, said: str, plain: str) -> int | None:
    choices = asked.alternatives
    if not choices:
        return None
    if len(choices) == 1 or asked.lacks is Missing.CONSENT:
        if _is("yes", said):
            return 0
    for place, name in enumerate(ORDER[: len(choices)]):
        if lexicon().answers[name].fullmatch(said) or plain in (str(place + 1), f"number {place + 1}", f"option {place + 1}"):
            return _unless_hour(asked, plain, place)
    if lexicon().answers["last"].fullmatch(said):
        return len(choices) - 1
    return _by_label(asked, plain)


def _unless_hour(asked: Clarification, plain: str, place: int) -> int | None:
    """Where a time is asked for, a bare number beyond the choices is an hour; one of them is that choice."""
    return place if asked.lacks is not Missing.WHEN or not plain.isdigit() or int(plain) <= len(asked.alternatives) else None


def _by_label(asked: Clarification, plain: str) -> int | None:
    """The only one that has all words of the answer."""
    words = set(plain.split()) - {"the", "one", "a", "please", "my", "about", "with", "at"}
    having = [
        place
        for place, choice in enumerate(asked.alternatives)
        if words and words <= set(_WORD.findall(choice.label.lower()))
    ]
    return having[0] if len(having) == 1 else None


def _timed(asked: Clarification, text: str, now: datetime, zone: ZoneInfo) -> Answered | None:
    words = _BARE_HOUR.sub(lambda found: f"at {found[1]}" + (f":{found[2]}" if found[2] else ""), text)
    when = when_in(words, now, zone)
    rest = _without(words, when)
    if when.start is None and not when.recurrence and not when.problem:
        return None
    if len(_WORD.findall(rest)) > 3:
        return None
    return Answered(acts=asked.acts, when=when)


def _without(text: str, when: When) -> str:
    for begin, end in sorted(when.spans, reverse=True):
        text = text[:begin] + text[end:]
    return text


def _with_gist(acts: tuple[Act, ...], gist: str) -> tuple[Act, ...]:
    place = next((place for place, act in enumerate(acts) if act.kind in NEEDS_WHAT and not act.gist), 0)
    return (*acts[:place], acts[place].model_copy(update={"gist": gist}), *acts[place + 1 :])


def place_without_when(acts: tuple[Act, ...]) -> int:
    """Of the act that a time is missing of."""
    wanting = [place for place, act in enumerate(acts) if not act.due and not act.recurrence]
    kinds = (*NEEDS_WHEN, ActKind.CHANGE)
    return next((place for place in wanting if acts[place].kind in kinds), wanting[0] if wanting else 0)
