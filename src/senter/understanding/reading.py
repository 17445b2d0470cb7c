"""What a text means: its clauses, the kind of each, their moments, what they speak of, and what has to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind
from senter.messages.understanding import Understanding
from senter.moments.finding import find_when
from senter.moments.when import Span, When
from senter.understanding.answers import Answered, answer_to, place_without_when
from senter.understanding.classifier import Classifier, classifier
from senter.understanding.clauses import Clause, clauses_of
from senter.understanding.gists import gist_of
from senter.understanding.kinds import Judged, kind_of, subject_of
from senter.understanding.known import NOTHING, Known
from senter.understanding.languages import is_understood
from senter.understanding.lexicon import lexicon
from senter.understanding.masking import masked
from senter.understanding.questions import Draft, language_question, question_about
from senter.understanding.references import is_about_everything, things_meant
from senter.understanding.timing import AT_TIMES, due_of, moved, on_the_day_of, when_of

LEANING = frozenset((ActKind.REMINDER, ActKind.EVENT, ActKind.NOTE))
LEANT_ON = frozenset((ActKind.TALK, ActKind.NOTE, ActKind.GOAL, ActKind.COMPLETION, ActKind.EVENT))
SAID = 0.8
"""How sure a kind is that somebody else said."""
POINTING = frozenset(("", "it", "that", "this", "them", "those", "these"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause with its kind and its moment."""

    clause: Clause
    kind: ActKind
    confidence: float
    when: When
    about: Clause | None = None
    """Where it says what it is about, if elsewhere."""


def understand(text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
    """Pure, and in time linear in the text's length."""
    if known.asked and (answered := answer_to(known.asked, text, now, zone)):
        return _of_answer(answered, text, now, zone, known)
    if not is_understood(text):
        talk = Act(kind=ActKind.TALK, gist="", span=(0, len(text)), confidence=1.0)
        return Understanding(acts=(talk,), question=language_question(), now=now, zone=zone.key)
    return _of_readings(readings_of(text, now, zone), text, now, zone, known)


def as_read(
    kinds: Sequence[tuple[ActKind, Span]], text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING
) -> Understanding:
    """What a text means where somebody else said the kinds of its pieces. Moments are computed as always."""
    readings: list[Reading] = []
    for kind, (begin, end) in kinds:
        clause = next(iter(clauses_in(text[begin:end], now, zone)), _empty(text).clause)
        whole = replace(
            clause, begin=begin, text=text[begin:end], masked=clause.masked.ljust(end - begin)[: end - begin]
        )
        readings.append(_reading(whole, (kind, SAID), readings[-1] if readings else None, now, zone))
    return _of_readings(readings, text, now, zone, known)


def _of_readings(readings: Sequence[Reading], text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
    drafts = [_draft(reading, now, zone, known) for reading in readings]
    question = question_about(text, drafts, now, zone)
    return Understanding(acts=tuple(draft.act for draft in drafts), question=question, now=now, zone=zone.key)


def clauses_in(text: str, now: datetime, zone: ZoneInfo) -> tuple[Clause, ...]:
    """The clauses of a text, as they are classified."""
    whens = find_when(text, now, zone)
    clauses = clauses_of(text, masked(text, sorted({span for when in whens for span in (*when.spans, *when.unread)})))
    return tuple(_with_times(clause, whens) for clause in clauses)


def _with_times(clause: Clause, whens: tuple[When, ...]) -> Clause:
    """With signals of what kind of times it names."""
    inside = [when for when in whens if any(clause.begin <= begin < clause.end for begin, _ in when.spans)]
    named = {
        "when_past": any(when.past for when in inside),
        "when_recurs": any(when.recurrence for when in inside),
        "when_clock": any(when.says_clock_time for when in inside),
        "when_by": any(when.by for when in inside),
        "when_range": any(when.end for when in inside),
        "when_many": len(inside) > 1,
    }
    return replace(clause, signals=clause.signals | {name for name, holds in named.items() if holds})


def readings_of(text: str, now: datetime, zone: ZoneInfo, model: Classifier | None = None) -> list[Reading]:
    """Of what says something: what is mere talk is left out where there is more."""
    known, found = model or classifier("kinds"), list[Reading]()
    for clause in clauses_in(text, now, zone):
        last = found[-1] if found else None
        judged = kind_of(clause, last.kind if last else ActKind.TALK, known)
        _join(found, _reading(clause, judged, last, now, zone), text, now, zone)
    telling = [reading for reading in found if reading.kind is not ActKind.TALK]
    return telling or found[:1] or [_empty(text)]


def _empty(text: str) -> Reading:
    return Reading(Clause(0, text, text.lower(), 0, frozenset()), ActKind.TALK, 1.0, When())


def _reading(clause: Clause, judged: Judged, last: Reading | None, now: datetime, zone: ZoneInfo) -> Reading:
    kind, confidence = judged
    when = when_of(clause, kind, now, zone)
    if last and last.when.start and kind in AT_TIMES:
        when = on_the_day_of(last.when, when, clause.text, now, zone)
    return Reading(clause, kind, confidence, when)


def _join(found: list[Reading], reading: Reading, text: str, now: datetime, zone: ZoneInfo) -> None:
    """Add a reading, or make it one with the last: work beside work is one piece of work, as its parts need each other;
    `put it in my calendar` is about what was said before it."""
    last = found[-1] if found else None
    if last is None:
        found.append(reading)
    elif _is_one_work(last, reading) or last.kind is reading.kind is ActKind.UNDO:
        found[-1] = _whole(last, reading, text)
    elif _leans(reading) and last.kind in LEANT_ON | {reading.kind}:
        whole = _whole(replace(last, kind=reading.kind, about=last.about or last.clause), reading, text)
        found[-1] = replace(whole, when=when_of(whole.clause, reading.kind, now, zone), confidence=reading.confidence)
    elif _leans(last) and last.kind is ActKind.REMINDER and not last.when.spans and reading.kind is not ActKind.TALK:
        whole = _whole(last, reading, text)
        found[-1] = replace(whole, about=reading.clause, when=reading.when)
    else:
        found.append(reading)


def _is_one_work(last: Reading, reading: Reading) -> bool:
    return reading.kind is last.kind is ActKind.WORK and not (reading.when.start and last.when.start)


def _leans(reading: Reading) -> bool:
    """Whether it says what is to be done, and not with what."""
    return (
        reading.kind in LEANING
        and gist_of(reading.about or reading.clause, reading.kind, reading.when.spans).lower() in POINTING
    )


def _whole(first: Reading, second: Reading, text: str) -> Reading:
    begin, end = first.clause.begin, second.clause.end
    mask = first.clause.masked.ljust(second.clause.begin - begin) + second.clause.masked
    return replace(first, clause=replace(first.clause, text=text[begin:end], masked=mask[: end - begin]))


def _draft(reading: Reading, now: datetime, zone: ZoneInfo, known: Known) -> Draft:
    clause, kind, when = reading.clause, reading.kind, reading.when
    gist, place = _placed(gist_of(reading.about or clause, kind, when.spans), kind)
    change = change_in(clause) if kind is ActKind.CHANGE else None
    things = things_meant(clause.masked, gist, known, zone) if kind in (ActKind.CHANGE, ActKind.COMPLETION) else ()
    act = Act(
        kind=kind,
        gist=gist,
        span=(clause.begin, clause.end),
        confidence=round(reading.confidence, 3),
        subject=subject_of(clause)[0] if kind is ActKind.QUESTION else None,
        change=change,
        things=things,
        place=place,
    )
    if change is ChangeKind.MOVE and len(things) == 1 and (at := things[0].at):
        when = moved(when, clause.text, at, now, zone)
    everything = kind is ActKind.CHANGE and is_about_everything(clause.masked)
    sure = lexicon().references["sure"].search(clause.masked) is not None
    return Draft(timed(act, when, clause.text, zone), when, everything, sure)


def _placed(gist: str, kind: ActKind) -> tuple[str, str]:
    """What an event is, and where."""
    found = lexicon().place.search(gist) if kind is ActKind.EVENT else None
    return (gist[: found.start()], found[1]) if found and found.start() else (gist, "")


def timed(act: Act, when: When, text: str, zone: ZoneInfo) -> Act:
    """The act with what a text says of its time."""
    due = due_of(when, act.kind)
    is_day = due is not None and not isinstance(due, datetime)
    return act.model_copy(
        update={
            "due": _local(due, zone),
            "end": _local(when.end, zone) if due == when.start else None,
            "recurrence": when.recurrence,
            "all_day": act.kind is ActKind.EVENT and is_day,
            "zone": when.zone if when.recurrence else "",
            "unread": tuple(text[begin:end] for begin, end in when.unread),
        }
    )


def _local(moment: date | datetime | None, zone: ZoneInfo) -> str | None:
    if isinstance(moment, datetime):
        return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return moment.isoformat() if moment else None


def change_in(clause: Clause) -> ChangeKind:
    """What is to become of what a clause speaks of."""
    for change, pattern in lexicon().changes.items():
        if change is not ChangeKind.MOVE and pattern.match(clause.masked, clause.head):
            return change
    return ChangeKind.MOVE


def _of_answer(answered: Answered, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
    if answered.says:
        return understand(answered.says, now, zone, replace(known, asked=None))
    if answered.is_dropped or answered.is_open:
        talk = Act(kind=ActKind.TALK, span=(0, len(text)), confidence=1.0)
        return Understanding(acts=(talk,), question=known.asked if answered.is_open else None, now=now, zone=zone.key)
    if answered.when is None:
        return Understanding(acts=answered.acts, now=now, zone=zone.key)
    return _with_when(answered.acts, answered.when, text, now, zone)


def _with_when(acts: tuple[Act, ...], when: When, text: str, now: datetime, zone: ZoneInfo) -> Understanding:
    place = place_without_when(acts)
    drafts = [Draft(act, When()) for act in acts]
    drafts[place : place + 1] = [Draft(timed(act, when, text, zone), when) for act in acts[place : place + 1]]
    question = question_about(text, drafts, now, zone)
    return Understanding(acts=tuple(draft.act for draft in drafts), question=question, now=now, zone=zone.key)
