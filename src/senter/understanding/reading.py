"""What a text means: its clauses, the kind of each, their moments, what they speak of, and what has to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, ChangeKind, Thing
from senter.messages.understanding import Understanding
from senter.moments.when import Span, When
from senter.sentences import ENGLISH, speaking, spoken
from senter.understanding.answers import TakenAnswer, answer_to, place_without_when
from senter.understanding.clause_readings import ReadClause, nothing_said, pointing_words, reading_of, readings_of
from senter.understanding.gists import gist_of
from senter.understanding.kinds import Judged, change_in, subject_of
from senter.understanding.known import NOTHING, Known
from senter.understanding.languages import language_of
from senter.understanding.lexicon import lexicon
from senter.understanding.longer_timers import about_longer
from senter.understanding.occurrences import in_its_rhythm, left_out, moved_alone
from senter.understanding.questions import Draft, language_question, question_about
from senter.understanding.references import (
    as_they_are,
    goals_reported,
    is_about_everything,
    may_be_reported,
    thing_before,
    things_counted,
    things_meant,
    things_of_day,
    things_on,
    titled,
)
from senter.understanding.several_times import each_time
from senter.understanding.skipping import about_skipping, rings_again
from senter.understanding.stopping import about_ringing, about_stopping
from senter.understanding.timed_clauses import clauses_in
from senter.understanding.timing import due_of, moved
from senter.understanding.told import about_told, those_waiting

LONGEST = 10_000
"""Characters that are read; what follows in a longer text is what it is about."""
CONDITION = frozenset(("conditional", "if_inside"))
SAID = 0.8
"""How sure a kind is that somebody else said."""


def understand(text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
    """Pure, and in time linear in the text's length."""
    text = text[:LONGEST]
    language = language_of(text, _of_conversation(known))
    with speaking(language or known.language or ENGLISH):
        found = _understood(text, now, zone, as_they_are(known)) if language else _in_no_language(text, now, zone)
        return found.model_copy(update={"language": spoken()})


def _of_conversation(known: Known) -> str:
    """The language of what was asked back last, else that of the conversation."""
    return (language_of(known.asked.question) if known.asked else "") or known.language


def _in_no_language(text: str, now: datetime, zone: ZoneInfo) -> Understanding:
    talk = Act(kind=ActKind.TALK, gist="", span=(0, len(text)), confidence=1.0)
    return Understanding(acts=(talk,), question=language_question(), now=now, zone=zone.key)


def _understood(text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
    if act := about_ringing(text, now, known):
        return Understanding(acts=(act,), now=now, zone=zone.key)
    if known.asked and (answered := answer_to(known.asked, text, now, zone)):
        return _of_answer(answered, text, now, zone, known)
    if act := about_told(text, now, zone, known):
        return Understanding(acts=(act,), now=now, zone=zone.key)
    if acts := _about_things(text, now, zone, known):
        question = question_about(text, [Draft(act, When()) for act in acts], now, zone)
        return Understanding(acts=acts, question=question, now=now, zone=zone.key)
    return _of_readings(readings_of(text, now, zone, known=known), text, now, zone, known)


def _about_things(text: str, now: datetime, zone: ZoneInfo, known: Known) -> tuple[Act, ...]:
    """Of a whole text that is about what exists, and would mean nothing without it."""
    longer = about_longer(text, now, zone, known)
    stopped = about_stopping(text, known)
    return (longer,) if longer else about_skipping(text, now, zone, known) or ((stopped,) if stopped else ())


def as_read(
    kinds: Sequence[tuple[ActKind, Span]], text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING
) -> Understanding:
    """What a text means where somebody else said the kinds of its pieces. Moments are computed as always."""
    with speaking(language_of(text, _of_conversation(known)) or ENGLISH):
        found = _of_readings(_read_as(kinds, text, now, zone), text, now, zone, known)
        return found.model_copy(update={"language": spoken()})


def _read_as(kinds: Sequence[tuple[ActKind, Span]], text: str, now: datetime, zone: ZoneInfo) -> list[ReadClause]:
    readings: list[ReadClause] = []
    for kind, (begin, end) in kinds:
        clause = next(iter(clauses_in(text[begin:end], now, zone)), nothing_said(text).clause)
        whole = replace(
            clause, begin=begin, text=text[begin:end], masked=clause.masked.ljust(end - begin)[: end - begin]
        )
        readings.append(reading_of(whole, Judged(kind, SAID), readings[-1] if readings else None, now, zone))
    return readings


def _of_readings(
    readings: Sequence[ReadClause], text: str, now: datetime, zone: ZoneInfo, known: Known
) -> Understanding:
    several = (replace(each, when=when) for each in readings for when in each_time(each.when, each.kind))
    drafts = [draft for reading in several for draft in _drafts(reading, now, zone, known)]
    if lexicon().references["sure"].search(text.lower()):
        drafts = [replace(draft, is_sure=True) for draft in drafts]
    question = question_about(text, drafts, now, zone)
    return Understanding(acts=tuple(draft.act for draft in drafts), question=question, now=now, zone=zone.key)


def _drafts(reading: ReadClause, now: datetime, zone: ZoneInfo, known: Known) -> Iterator[Draft]:
    """Of several things that are moved one each, as each has a day and a time of its own."""
    is_counted = reading.kind in (ActKind.CHANGE, ActKind.COMPLETION)
    counted = things_counted(reading.clause.masked, known, reading.gist) if is_counted else ()
    moves = reading.kind is ActKind.CHANGE and change_in(reading.clause) is ChangeKind.MOVE
    for things in [(thing,) for thing in counted] if moves and counted else [counted]:
        yield from _each_left_out(_draft(reading, now, zone, known, things), zone)


def _each_left_out(draft: Draft, zone: ZoneInfo) -> Iterator[Draft]:
    """`No pills this week`: one for each time of it."""
    act = draft.act
    is_one = act.change is ChangeKind.CANCEL and len(act.things) == 1 and act.things[0].repeats
    days = left_out(act.things[0], draft.when, zone) if is_one and act.due else ()
    yield replace(draft, act=act.model_copy(update={"due": days[0].isoformat(), "end": None})) if days else draft
    for day in days[1:]:
        yield replace(draft, act=act.model_copy(update={"due": day.isoformat(), "end": None}))


def _draft(reading: ReadClause, now: datetime, zone: ZoneInfo, known: Known, counted: tuple[Thing, ...]) -> Draft:
    clause, kind, when = reading.clause, reading.kind, reading.when
    gist, place = _placed(_named(reading, known), kind)
    change = change_in(clause) if kind is ActKind.CHANGE else None
    about, gist = _renamed(gist) if change is ChangeKind.RENAME else (gist, gist)
    things = counted or _things(reading, about, known, zone, is_moved=change is ChangeKind.MOVE)
    subject, is_open = subject_of(clause) if kind is ActKind.QUESTION else (None, False)
    act = Act(
        kind=kind,
        gist=gist,
        span=(clause.begin, clause.end),
        confidence=round(reading.confidence, 3),
        subject=subject,
        subject_is_open=is_open,
        change=change,
        things=things,
        place=place,
    )
    if change is ChangeKind.CANCEL and any(thing.repeats for thing in things):
        when = reading.said  # which of its times
        if when.start and not when.recurrence and any(map(rings_again, things)):
            act = act.model_copy(update={"change": ChangeKind.SKIP})
    if change is ChangeKind.MOVE and len(things) == 1 and (at := things[0].at):
        if alone := moved_alone(things[0], when, clause.text, now, zone):
            things, when = (alone[0],), alone[1]
            act = act.model_copy(update={"things": things, "one_alone": True})
        else:
            when = moved(in_its_rhythm(things[0], when), clause.text, at, now, zone)
    if kind is ActKind.CHANGE and len(things) == 1 and things[0].shares_id:
        act = act.model_copy(update={"one_alone": True})
    everything = bool(counted) or (kind is ActKind.CHANGE and is_about_everything(clause.masked))
    torn = tuple(act.model_copy(update={"kind": kind, "gist": gist_of(clause, kind, ())}) for kind in reading.torn)
    is_conditional = kind is ActKind.TALK and bool(clause.signals & CONDITION) and "quoted" not in clause.signals
    return Draft(
        timed(act, when, clause.text, zone), when, everything, bool(counted), torn=torn, is_conditional=is_conditional
    )


def _named(reading: ReadClause, known: Known) -> str:
    """What it is about; of `remind me an hour before it` what that is."""
    gist = reading.gist
    if reading.kind is ActKind.REMINDER and (found := lexicon().references["goes_on"].match(reading.clause.masked)):
        return gist_of(replace(reading.clause, head=found.end(), signals=frozenset()), ActKind.TALK, reading.when.spans)
    if reading.kind is ActKind.REMINDER and reading.when.offset is not None:
        thing, to, what = gist.partition(lexicon().spelled["to_do_apart"])
        is_named = lexicon().references["a_thing"].match(thing) or thing_before("", thing, replace(known, latest=()))
        gist = what if to and is_named else gist
    if reading.kind is ActKind.REMINDER and reading.when.offset is not None and gist.lower() in pointing_words():
        thing = thing_before("it", "", known)
        return thing.title if thing else gist
    return gist.removeprefix(lexicon().spelled["to_do"]) if reading.kind is ActKind.REMINDER else gist


def _renamed(gist: str) -> tuple[str, str]:
    """What is to be called otherwise, and how: `it to bathroom and hall`."""
    found = lexicon().references["renamed"].fullmatch(gist.lower())
    begin = max(found.span("pronoun")[0], found.span("name")[0]) if found else 0
    old = gist[:begin].removesuffix(" ")
    return old.rpartition(" ")[0] or old, gist[begin:].strip(" \"'")


def _things(reading: ReadClause, gist: str, known: Known, zone: ZoneInfo, *, is_moved: bool) -> tuple[Thing, ...]:
    """What it speaks of; of several those of the day that it names, unless that is where it is moved to."""
    text, start = reading.clause.text.lower(), reading.said.start
    if reading.kind is ActKind.COMPLETION and (told := titled(gist, those_waiting(known.things))):
        return told
    if reading.kind is ActKind.COMPLETION and may_be_reported(reading.clause.masked):
        return goals_reported(reading.clause.masked, known)
    if reading.kind not in (ActKind.CHANGE, ActKind.COMPLETION):
        return ()
    if lexicon().references["hour_instead"].fullmatch(text):
        return known.latest[:1]
    if start is None or is_moved:
        return things_meant(text, gist, known, zone)
    if lexicon().references["one_on"].fullmatch(gist.lower()):
        return things_on(start, known.latest, zone) or things_on(start, known.things, zone)
    return things_of_day(text, gist, start, known, zone)


def _placed(gist: str, kind: ActKind) -> tuple[str, str]:
    """What an event is, and where."""
    found = lexicon().place.search(gist) if kind is ActKind.EVENT else None
    return (gist[: found.start()], found[1]) if found and found.start() else (gist, "")


def timed(act: Act, when: When, text: str, zone: ZoneInfo) -> Act:
    """The act with what a text says of its time."""
    due = when.start if act.change is ChangeKind.SKIP else due_of(when, act.kind)
    is_day = due is not None and not isinstance(due, datetime)
    return act.model_copy(
        update={
            "due": _local(due, zone, to_the_second=when.elapsed and act.kind is ActKind.REMINDER),
            "end": _local(when.end, zone) if due == when.start else None,
            "recurrence": when.recurrence,
            "all_day": act.kind is ActKind.EVENT and is_day,
            "zone": when.zone if when.recurrence else "",
            "unread": tuple(text[begin:end] for begin, end in when.unread),
        }
    )


def _local(moment: date | datetime | None, zone: ZoneInfo, *, to_the_second: bool = False) -> str | None:
    """A timer is to the second; else it is as exact as people speak."""
    if isinstance(moment, datetime):
        local = moment.astimezone(zone)
        return f"{local:%Y-%m-%dT%H:%M:%S}" if to_the_second and local.second else f"{local:%Y-%m-%dT%H:%M}"
    return moment.isoformat() if moment else None


def _of_answer(answered: TakenAnswer, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
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
    drafts[place : place + 1] = [
        Draft(timed(act, each, text, zone), each)
        for act in acts[place : place + 1]
        for each in each_time(when, act.kind)
    ]
    question = question_about("", drafts, now, zone)
    if question:  # its choices would be the answer with more words, not the sentence
        question = question.model_copy(update={"alternatives": ()})
    return Understanding(acts=tuple(draft.act for draft in drafts), question=question, now=now, zone=zone.key)
