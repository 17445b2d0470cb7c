"""The one question back, where nothing sensible can be done or a wrong action would hurt; its choices are sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, Alternative, ChangeKind, Clarification, Missing, Thing
from senter.moments.shown import shown_day, shown_when
from senter.moments.shown_words import shown_words
from senter.moments.when import Span, When
from senter.text import cut, one_line
from senter.understanding.lexicon import lexicon

MOST_ACTS = 20
MOST_CHOICES = 5
NEEDS_WHEN = (ActKind.REMINDER, ActKind.EVENT, ActKind.SCHEDULE)
NEEDS_WHAT = (ActKind.REMINDER, ActKind.EVENT, ActKind.SCHEDULE, ActKind.NOTE, ActKind.GOAL, ActKind.WORK)
LONGEST_ABOUT = 80
LATE = 19
"""From this hour on nothing is put off to the evening."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An act, and what the text says of its time."""

    act: Act
    when: When
    about_everything: bool = False
    is_sure: bool = False
    torn: tuple[Act, ...] = ()
    """What it may be, where that is open."""
    is_conditional: bool = False
    """Whether it is said under a condition."""


def question_about(text: str, drafts: Sequence[Draft], now: datetime, zone: ZoneInfo) -> Clarification | None:
    """The first thing that is missing."""
    acts = tuple(draft.act for draft in drafts)
    if len(acts) > MOST_ACTS:
        return Clarification(lacks=Missing.WHAT, question=_say("too_many", number=MOST_ACTS), acts=acts[:MOST_ACTS])
    for draft in drafts:
        if found := _about(text, draft, now.astimezone(zone)):
            return found if found.acts else found.model_copy(update={"acts": acts})
    return None


def language_question() -> Clarification:
    """For a text in a language that there are no words for."""
    return Clarification(lacks=Missing.LANGUAGE, question=_say("language"))


def kind_question(acts: Sequence[Act]) -> Clarification:
    """Which of the acts is meant."""
    gist = min((act.gist for act in acts), key=len)
    labels, sentences = lexicon().labels, {act.kind: _plainly(act, gist) for act in acts}
    choices = (Alternative(label=labels[kind], says=says) for kind, says in sentences.items())
    return Clarification(lacks=Missing.KIND, question=_say("kind"), alternatives=tuple(choices), acts=tuple(acts))


def _plainly(act: Act, gist: str) -> str:
    day, at, clock = act.due.partition("T") if act.due else ("", "", "")
    when = _spell("on_moment" if at else "on_day", day=day, clock=clock) if day else ""
    return " ".join(lexicon().plainly[act.kind].format(gist=gist, when=when).split())


def _about(text: str, draft: Draft, local: datetime) -> Clarification | None:
    act, when = draft.act, draft.when
    if draft.torn:
        return kind_question(draft.torn)
    if draft.is_conditional:
        return _instead_of_condition(text[act.span[0] : act.span[1]], act, local)
    if act.kind in (ActKind.TALK, ActKind.QUESTION, ActKind.UNDO, ActKind.COMPLETION, ActKind.NOTE):
        return _which(text, draft, local) or (_what(act) if act.kind is ActKind.NOTE and not act.gist else None)
    if when.problem:
        return _ask_when(text, draft, when.problem, local)
    if act.unread:
        return _ask_when(text, draft, _say("unread", words=act.unread[0]), local)
    if act.kind is ActKind.CHANGE:
        return _change(text, draft, local)
    if act.kind in NEEDS_WHAT and not act.gist:
        return _what(act)
    if act.kind in NEEDS_WHEN and not (act.due or act.recurrence):
        return _ask_when(text, draft, _say(f"when_{act.kind}", about=_about_words(act)), local)
    return None


def _instead_of_condition(said: str, act: Act, local: datetime) -> Clarification | None:
    """A time, for what is to be told when something happens that nobody here can watch for."""
    found = lexicon().references["under_condition"].search(said.lower())
    if found is None:
        return None
    asks, what = said[slice(*found.span("asks"))], said[slice(*found.span("what"))].strip()
    reminder = act.model_copy(update={"kind": ActKind.REMINDER, "gist": what})
    choices = (Alternative(label=label, says=f"{asks} {what} {words}") for label, words in _times(local))
    return Clarification(
        lacks=Missing.WHEN,
        question=_say("when_conditional", about=cut(one_line(what), LONGEST_ABOUT)),
        alternatives=tuple(choices),
        acts=(reminder,),
    )


def _change(text: str, draft: Draft, local: datetime) -> Clarification | None:
    if draft.about_everything and not draft.is_sure and draft.act.change is ChangeKind.CANCEL:
        return _consent(text, draft.act, local)
    if found := _which(text, draft, local):
        return found
    if draft.act.change is ChangeKind.MOVE and not (draft.act.due or draft.act.recurrence or draft.when.spans):
        return _ask_when(text, draft, _say("when_change", about=_about_words(draft.act)), local)
    return None


def _consent(text: str, act: Act, local: datetime) -> Clarification:
    """It is said which, so that nobody loses what they did not think of."""
    verb = text[act.span[0] : act.span[1]].split(maxsplit=1)[0].capitalize()
    name = "consent" if act.things else "consent_unknown"
    more = len(act.things) - MOST_CHOICES
    named = [
        *(_label(thing, local) for thing in act.things[:MOST_CHOICES]),
        *([_spell("more", count=more)] if more > 0 else []),
    ]
    label = _spell("yes_them" if len(act.things) != 1 else "yes_it", verb=verb.lower())
    return Clarification(
        lacks=Missing.CONSENT,
        question=_say(name, verb=verb, things="; ".join(named)),
        alternatives=(Alternative(label=label, says=_spell("surely", said=text[act.span[0] : act.span[1]])),),
    )


def _which(text: str, draft: Draft, local: datetime) -> Clarification | None:
    things = draft.act.things
    is_whole = draft.about_everything and (draft.is_sure or draft.act.change is not ChangeKind.MOVE)
    if len(things) < 2 or is_whole:
        return None
    choices = tuple(
        Alternative(label=_label(thing, local), says=_naming(text, draft.act, thing)) for thing in things[:MOST_CHOICES]
    )
    return Clarification(lacks=Missing.WHICH, question=_say("which"), alternatives=choices)


def _label(thing: Thing, local: datetime) -> str:
    """With its moment, which tells apart what is called alike."""
    zone = local.tzinfo
    shown = shown_when(thing.at.astimezone(zone), zone) if thing.at and isinstance(zone, ZoneInfo) else ""
    return f"{thing.title}, {shown}" if shown else thing.title


def _naming(text: str, act: Act, thing: Thing) -> str:
    """The sentence with the thing named by its number."""
    said = text[act.span[0] : act.span[1]]
    name = _named(thing)
    if act.change is ChangeKind.RENAME:
        return _spell("rename", thing=name, title=act.gist)
    if not act.gist and act.change in (ChangeKind.CANCEL, ChangeKind.SKIP):
        return _spell(f"{act.change}_one", thing=name, said=said)
    if act.gist and act.gist in said:
        return said.replace(act.gist, name, 1)
    return f"{said} ({name})"


def _named(thing: Thing) -> str:
    """By its number, as sentences name it."""
    return f"{_spell(f'thing_{thing.kind}')} {thing.id}"


def _what(act: Act) -> Clarification:
    return Clarification(lacks=Missing.WHAT, question=_say(f"what_{act.kind}"))


def _ask_when(text: str, draft: Draft, question: str, local: datetime) -> Clarification:
    """The choices are the sentence with another time: that part of what was said which is clear, or the usual ones."""
    act = draft.act
    said = text[act.span[0] : act.span[1]]
    bare = _without(said, (*draft.when.spans, *draft.when.unread)).rstrip(" .!?,")
    before, behind = text[: act.span[0]], text[act.span[1] :]
    instead = [(shown_day(day), _with_day(said, draft.when.instead_of, day)) for day in draft.when.instead]
    clear = [(_shown(draft.when, local), _without(said, draft.when.unread))] if act.unread and act.due else []
    usual = ((label, f"{bare} {words}") for label, words in _times(local))
    choices = [*clear, *(instead or usual)]
    return Clarification(
        lacks=Missing.WHEN,
        question=question,
        alternatives=tuple(Alternative(label=label, says=f"{before}{sentence}{behind}") for label, sentence in choices),
    )


def _with_day(said: str, words: Span, day: date) -> str:
    """The sentence with that day for those words."""
    return f"{said[: words[0]]}{shown_words().long_day(day)}{said[words[1] :]}"


def _shown(when: When, local: datetime) -> str:
    zone = local.tzinfo
    return shown_when(when.start, zone) if when.start and isinstance(zone, ZoneInfo) else ""


def _without(text: str, spans: Sequence[Span]) -> str:
    for begin, end in sorted(spans, reverse=True):
        text = f"{text[:begin].rstrip()} {text[end:].lstrip()}"
    return text.strip()


def _times(local: datetime) -> tuple[tuple[str, str], ...]:
    """What people mean most: later today where there is time left, tomorrow, in a week."""
    today = "in_an_hour" if local.hour >= LATE else "today"
    weekday = shown_words().weekdays[local.weekday()]
    names = (today, "tomorrow", "in_a_week")
    return tuple((_spell(f"label_{name}"), _spell(f"says_{name}", weekday=weekday)) for name in names)


def _about_words(act: Act) -> str:
    return f": {cut(one_line(act.gist), LONGEST_ABOUT)}" if act.gist else ""


def _spell(word: str, /, **slots: object) -> str:
    return lexicon().spelled[word].format_map(slots)


def _say(name: str, **slots: object) -> str:
    return lexicon().questions[name].format_map(slots)
