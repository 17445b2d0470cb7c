"""What a text means: its clauses, the kind of each, their moments, what they speak of, and what has to be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind
from senter.messages.understanding import Understanding
from senter.moments.when import When
from senter.understanding.answers import Answered, answer_to, place_without_when
from senter.understanding.classifier import Classifier, classifier
from senter.understanding.clauses import Clause, clauses_of
from senter.understanding.gists import gist_of
from senter.understanding.kinds import NOTHING_DONE, kind_of, subject_of
from senter.understanding.known import NOTHING, Known
from senter.understanding.languages import is_understood
from senter.understanding.lexicon import lexicon
from senter.understanding.masking import masked
from senter.understanding.questions import Draft, language_question, question_about
from senter.understanding.references import is_about_everything, things_meant
from senter.moments.finding import find_when, when_in

_TO_HOUR = re.compile(r"\bto (?=\d{1,2}(?:[:.]\d\d)?\b(?! ?(?:%|people|percent)))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause with its kind and its moment."""

    clause: Clause
    kind: ActKind
    confidence: float
    when: When


def understand(text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
    """Pure, and in time linear in the text's length."""
    if known.asked and (answered := answer_to(known.asked, text, now, zone)):
        return _of_answer(answered, text, now, zone, known)
    if not is_understood(text):
        talk = Act(kind=ActKind.TALK, gist="", span=(0, len(text)), confidence=1.0)
        return Understanding(acts=(talk,), question=language_question(), now=now, zone=zone.key)
    drafts = [_draft(reading, now, zone, known) for reading in readings_of(text, now, zone)]
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
    """Of what says something: what is mere talk is left out where there is more, and work in a row is one."""
    known, found = model or classifier("kinds"), list[Reading]()
    for clause in clauses_in(text, now, zone):
        kind, confidence = kind_of(clause, found[-1].kind if found else None, known)
        found.append(_reading(clause, kind, confidence, now, zone))
    telling = [reading for reading in found if reading.kind is not ActKind.TALK]
    return _merged(telling, text) or found[:1] or [_empty(text)]


def _empty(text: str) -> Reading:
    return Reading(Clause(0, text, text.lower(), 0, frozenset()), ActKind.TALK, 1.0, When())


def _reading(clause: Clause, kind: ActKind, confidence: float, now: datetime, zone: ZoneInfo) -> Reading:
    words = _TO_HOUR.sub("at ", clause.text) if kind is ActKind.CHANGE else clause.text
    when = when_in(words, now, zone) if kind is not ActKind.TALK else When()
    if kind is ActKind.WORK and when.recurrence:
        kind = ActKind.SCHEDULE
    return Reading(clause, kind, confidence, when)


def _merged(readings: list[Reading], text: str) -> list[Reading]:
    """Work beside work is one piece of work: its parts need each other."""
    merged: list[Reading] = []
    for reading in readings:
        if merged and reading.kind is merged[-1].kind is ActKind.WORK and not reading.when.start:
            last = merged[-1]
            whole = replace(last.clause, text=text[last.clause.begin : reading.clause.end])
            mask = last.clause.masked.ljust(reading.clause.begin - last.clause.begin) + reading.clause.masked
            clause = replace(whole, masked=mask)
            merged[-1] = replace(last, clause=clause, confidence=min(last.confidence, reading.confidence))
        else:
            merged.append(reading)
    return merged


def _draft(reading: Reading, now: datetime, zone: ZoneInfo, known: Known) -> Draft:
    clause, kind, when = reading.clause, reading.kind, reading.when
    gist = gist_of(clause, kind)
    act = Act(
        kind=kind,
        gist=gist,
        span=(clause.begin, clause.end),
        confidence=round(reading.confidence, 3),
        subject=subject_of(clause)[0] if kind is ActKind.QUESTION else None,
        change=_change(clause) if kind is ActKind.CHANGE else None,
        things=things_meant(clause.masked, gist, known, zone) if kind in (ActKind.CHANGE, ActKind.COMPLETION) else (),
    )
    everything = kind is ActKind.CHANGE and is_about_everything(clause.masked)
    sure = lexicon().references["sure"].search(clause.masked) is not None
    return Draft(timed(act, when, clause.text, zone), when, everything, sure)


def timed(act: Act, when: When, text: str, zone: ZoneInfo) -> Act:
    """The act with what a text says of its time; a time that is past is no due."""
    if act.kind in NOTHING_DONE and act.kind is not ActKind.QUESTION:
        return act
    start = None if when.past and act.kind is not ActKind.QUESTION else when.start
    is_deadline = act.kind in (ActKind.GOAL, ActKind.WORK)
    due = when.due if is_deadline and when.due and not when.recurrence else start
    return act.model_copy(
        update={
            "due": _local(due, zone),
            "end": _local(when.end, zone) if due is start else None,
            "recurrence": when.recurrence,
            "all_day": act.kind is ActKind.EVENT and start is not None and not isinstance(start, datetime),
            "zone": when.zone if when.recurrence else "",
            "unread": tuple(text[begin:end] for begin, end in when.unread),
        }
    )


def _local(moment: date | datetime | None, zone: ZoneInfo) -> str | None:
    if isinstance(moment, datetime):
        return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return moment.isoformat() if moment else None


def _change(clause: Clause) -> ChangeKind:
    for change, pattern in lexicon().changes.items():
        if change is not ChangeKind.MOVE and pattern.match(clause.masked, clause.head):
            return change
    return ChangeKind.MOVE


def _of_answer(answered: Answered, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
    if answered.says:
        return understand(answered.says, now, zone, replace(known, asked=None))
    if answered.is_dropped:
        talk = Act(kind=ActKind.TALK, span=(0, len(text)), confidence=1.0)
        return Understanding(acts=(talk,), now=now, zone=zone.key)
    acts, when = answered.acts, answered.when or When()
    if answered.when and acts:
        place = place_without_when(acts)
        acts = (*acts[:place], timed(acts[place], when, text, zone), *acts[place + 1 :])
    question = question_about("", [Draft(act, When()) for act in acts], now, zone)
    return Understanding(acts=acts, question=question, now=now, zone=zone.key)
