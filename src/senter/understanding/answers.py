"""What a short text means as the answer to a question back: a choice, a yes, a time, a matter, or nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, Clarification, Missing
from senter.moments.finding import when_in
from senter.moments.when import When
from senter.understanding.heads import head_of
from senter.understanding.lexicon import lexicon
from senter.understanding.questions import NEEDS_WHAT, NEEDS_WHEN
from senter.understanding.references import ORDER, content, things_on

LONGEST = 120
MOST_BESIDE_A_TIME = 4
"""Words that may stand beside a time that is an answer."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """What an answer came to: a sentence to read instead, or acts made whole, or nothing at all."""

    says: str = ""
    acts: tuple[Act, ...] = ()
    when: When | None = None
    is_dropped: bool = False
    is_open: bool = False
    """Whether the question stands as it was."""


def answer_to(asked: Clarification, text: str, now: datetime, zone: ZoneInfo) -> TakenAnswer | None:
    """None where the text is no answer to it."""
    said = " ".join(text.lower().replace("’", "'").split())
    if len(said) > LONGEST:
        return None
    if _is("no", said):
        return TakenAnswer(is_dropped=True)
    asks = bool(head_of(said).signals & lexicon().groups["asking"])
    place = _choice(asked, said, asks=asks)
    if place is None and asked.lacks is Missing.WHICH and not asks:
        place = _by_time(asked, text, now, zone)
    if place is not None:
        return TakenAnswer(says=asked.alternatives[place].says)
    if _is("all", said) and asked.lacks is Missing.WHICH:
        return TakenAnswer(acts=asked.acts)
    if _is("unsure", said) or (_is("yes", said) and asked.alternatives):
        return TakenAnswer(is_open=True)
    return None if is_own_sentence(said) else _filled_in(asked, text, now, zone)


def is_own_sentence(said: str) -> bool:
    """Whether it asks for something or answers nothing, whatever was asked."""
    groups = lexicon().groups
    begins = head_of(said).signals
    return bool(
        begins & (groups["strong"] | groups["asking"] | {"greeting"}) - {"set_reminder", "make_it", "change_it"}
    )


def _filled_in(asked: Clarification, text: str, now: datetime, zone: ZoneInfo) -> TakenAnswer | None:
    if asked.lacks is Missing.WHEN:
        return _timed(asked, text, now, zone)
    if asked.lacks is Missing.WHAT and asked.acts:
        return _named(asked.acts, text.strip(" .!?"))
    return None


def _named(acts: tuple[Act, ...], text: str) -> TakenAnswer:
    """`Remind me`, `call the bank at 11`: where no time was said the whole is read anew, as the answer may say one."""
    found = lexicon().gists.goes_on.match(text.lower())
    what = text[found.end() :] if found and found.end() < len(text) else text
    (first, *others) = acts
    if others or first.kind not in NEEDS_WHEN or first.due or first.recurrence:
        return TakenAnswer(acts=_with_gist(acts, what))
    return TakenAnswer(says=" ".join(lexicon().plainly[first.kind].format(gist=what, when="").split()))


def _is(name: str, said: str) -> bool:
    """All of it, or each of its parts: `no, forget it`, `no never mind`."""
    pattern = lexicon().answers[name]
    parts = [part for part in re.split(r"[,.!?;]+\s*", said) if part]
    first, _, rest = said.partition(" ")
    one_by_one = [first, rest] if rest and not parts[1:] else parts
    return pattern.fullmatch(said) is not None or (len(one_by_one) > 1 and all(map(pattern.fullmatch, one_by_one)))


def _choice(asked: Clarification, said: str, *, asks: bool) -> int | None:
    """Which alternative; of a single one yes is enough. `What did you do today?` chooses none that is today."""
    choices = asked.alternatives
    if choices and (len(choices) == 1 or asked.lacks is Missing.CONSENT) and _is("yes", said):
        return 0
    for place, name in enumerate(ORDER[: len(choices)]):
        if lexicon().answers[name].fullmatch(said):
            return place
    is_last = lexicon().answers["last"].fullmatch(said)
    if choices and (is_last or (asked.lacks is Missing.WHICH and lexicon().answers["later"].fullmatch(said))):
        return len(choices) - 1
    return None if asks else _by_label(asked, said)


def _by_label(asked: Clarification, said: str) -> int | None:
    """The only one that has all words of the answer."""
    words = frozenset(_WORD.findall(said)) - lexicon().small - {lexicon().spelled["one"]}
    labels = [frozenset(_WORD.findall(choice.label.lower())) for choice in asked.alternatives]
    having = [place for place, label in enumerate(labels) if words and words <= label]
    return having[0] if len(having) == 1 else None


def _by_time(asked: Clarification, text: str, now: datetime, zone: ZoneInfo) -> int | None:
    """`the one on Thursday`, `the one at 3`: the only one of that day or time."""
    things = next((act.things for act in asked.acts if len(act.things) > 1), ())[: len(asked.alternatives)]
    when = when_in(text, now, zone)
    if when.start is None or _words_beside(text, when) > MOST_BESIDE_A_TIME:
        return None
    found = things_on(when.start, things, zone)
    return things.index(found[0]) if len(found) == 1 else None


def _timed(asked: Clarification, text: str, now: datetime, zone: ZoneInfo) -> TakenAnswer | None:
    """A bare number is an hour here."""
    when = when_in(text, now, zone)
    if not (when.says_clock_time or when.recurrence):
        hour = lexicon().answers_hour.sub(rf"{lexicon().spelled['at']} \g<0>", text, count=1)
        better = when_in(hour, now, zone)
        text, when = (hour, better) if better.says_clock_time and not better.unread else (text, when)
    if (when.start is None and not when.recurrence and not when.problem) or _names_another(asked.acts, text):
        return None
    return TakenAnswer(acts=asked.acts, when=when) if _words_beside(text, when) <= MOST_BESIDE_A_TIME else None


def _names_another(acts: tuple[Act, ...], text: str) -> bool:
    """`Dentist on friday at 3`, where it was asked when the meeting is."""
    is_event = bool(head_of(text.lower()).signals & {"event_first"})
    return is_event and not any(content(act.gist) & content(text) for act in acts)


def _words_beside(text: str, when: When) -> int:
    for begin, end in sorted(when.spans, reverse=True):
        text = text[:begin] + text[end:]
    return len(_WORD.findall(text))


def _with_gist(acts: tuple[Act, ...], gist: str) -> tuple[Act, ...]:
    place = next((place for place, act in enumerate(acts) if act.kind in NEEDS_WHAT and not act.gist), 0)
    return (*acts[:place], acts[place].model_copy(update={"gist": gist}), *acts[place + 1 :])


def place_without_when(acts: tuple[Act, ...]) -> int:
    """Of the act that a time is missing of."""
    wanting = [place for place, act in enumerate(acts) if not act.due and not act.recurrence]
    kinds = (*NEEDS_WHEN, ActKind.CHANGE)
    return next((place for place in wanting if acts[place].kind in kinds), wanting[0] if wanting else 0)
