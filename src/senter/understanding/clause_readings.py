"""The clauses of a text as they are read: each with its kind and times; those about one thing are made one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import ActKind, ChangeKind, Thing, ThingKind
from senter.moments.finding import when_in
from senter.moments.when import When
from senter.understanding.classifier import Classifier, classifier_of
from senter.understanding.clauses import SaidClause
from senter.understanding.cuts import pointed_at
from senter.understanding.gists import gist_of, said_beside
from senter.understanding.kinds import Judged, change_in, kind_of
from senter.understanding.known import NOTHING, Known
from senter.understanding.lexicon import lexicon
from senter.understanding.occurrences import is_about_existing
from senter.understanding.references import goals_reported, names_known, notes_titled, thing_before, things_counted
from senter.understanding.statements import thing_said
from senter.understanding.taken_back import before_taken_back
from senter.understanding.timed_clauses import clauses_in
from senter.understanding.timing import AT_TIMES, ahead_of, beside, on_the_day_of, shift_in, when_of
from senter.understanding.yearly_days import is_of_yearly_day, yearly_title

NO_TIME = When()
LEANING = frozenset((ActKind.REMINDER, ActKind.EVENT, ActKind.NOTE))
YEARLY = frozenset((ActKind.REMINDER, ActKind.EVENT))
LEANT_ON = frozenset((ActKind.TALK, ActKind.NOTE, ActKind.GOAL, ActKind.COMPLETION, ActKind.EVENT))
KEPT = (ActKind.GOAL, ActKind.COMPLETION, ActKind.EVENT, ActKind.REMINDER)
"""Kinds that stay what they are where it is said to note them."""
POINTED = 0.95
"""How sure a kind is that a clause after it says."""
ASKED_FOR = frozenset(("to_calendar", "add_event", "block_time", "pencil", "make_event"))
"""Signals of events that are not only told."""
OPEN = frozenset(("question_mark", "asked", "conditional", "if_inside", "negated", "not_inside", "quoted", "said_that"))
"""What makes a report none."""
DUE = frozenset(("when_by", "due_word", "due_thing"))
"""Signals of a deadline."""
OWN_WORDS = (ActKind.CHANGE, ActKind.GOAL, ActKind.EVENT)
"""Kinds whose words are read as theirs where something else is about them."""
KNOWN = 0.8
"""How sure a kind is that what exists decides."""
SHORT = 2
"""Words of a clause that names nothing."""
_ENDS = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class ReadClause:
    """A clause with its kind and its moment."""

    clause: SaidClause
    kind: ActKind
    confidence: float
    when: When
    """When it is."""
    said: When = NO_TIME
    """What its words say of time, whatever it is."""
    about: ReadClause | None = None
    """What says what it is about, if elsewhere."""
    torn: tuple[ActKind, ...] = ()
    """Between which kinds it stands, where that is open."""
    named: str = ""
    """What it points to with a word such as `it`, if that was named before."""

    @property
    def gist(self) -> str:
        """What it is about."""
        said = self.about or self
        kind = said.kind if said.kind in OWN_WORDS else self.kind
        stated = thing_said(said.clause) if kind is ActKind.CHANGE else ""
        gist = stated or gist_of(said.clause, kind, said.when.spans)
        if self.named:
            gist = lexicon().references["it"].sub(lambda _: self.named, gist, count=1)
        return yearly_title(gist) if self.kind in YEARLY else gist


def readings_of(
    text: str, now: datetime, zone: ZoneInfo, model: Classifier | None = None, known: Known = NOTHING
) -> list[ReadClause]:
    """Of what says something: what is mere talk is left out where there is more, and what the end takes back."""
    kinds, kept = model or classifier_of("kinds"), before_taken_back(text)
    if kept and (telling := _telling(_said_in(kept, now, zone, kinds, known))):
        return telling[:-1] or [nothing_said(text)]
    found = _said_in(text, now, zone, kinds, known)
    return _telling(found) or found[:1] or [nothing_said(text)]


def _telling(found: list[ReadClause]) -> list[ReadClause]:
    return [reading for reading in found if reading.kind is not ActKind.TALK]


def _said_in(text: str, now: datetime, zone: ZoneInfo, kinds: Classifier, known: Known) -> list[ReadClause]:
    found = list[ReadClause]()
    for clause in clauses_in(text, now, zone):
        last = found[-1] if found else None
        if last and (pointed := _pointed_at(clause, last)):
            _point(found, reading_of(clause, Judged(pointed, POINTED), last, now, zone, known), text, now, zone)
            continue
        if last and last.kind is ActKind.CHANGE and clause.continues and not clause.signals & _verbs():
            clause = replace(clause, verb=last.clause.verb or last.clause.masked[last.clause.head :])
        judged = kind_of(clause, last.kind if last else ActKind.TALK, kinds)
        judged = _as_known(clause, judged, known, now, zone, is_first=last is None)
        reading = reading_of(clause, judged, last, now, zone, known)
        _join(found, _about_named(last, reading, known) if last else reading, text, now, zone)
    return found


def _about_named(last: ReadClause, reading: ReadClause, known: Known) -> ReadClause:
    """`Forget about the dentist, cancel it`: what was just named goes before what was spoken of earlier."""
    if reading.kind is not ActKind.CHANGE or last.kind is not ActKind.TALK or not _points(reading.gist.lower()):
        return reading
    named = replace(reading, about=last)
    return named if names_known(named.gist, known) else reading


def pointing_words() -> frozenset[str]:
    """Words that only point to what was named before, and no word at all."""
    return frozenset(("", *lexicon().spelled["pointing"].split()))


def _verbs() -> frozenset[str]:
    groups = lexicon().groups
    return groups["verb"] | groups["strong"]


def nothing_said(text: str) -> ReadClause:
    """The reading of a text in which there is no word."""
    return ReadClause(SaidClause(0, text, text.lower(), 0, frozenset()), ActKind.TALK, 1.0, When())


def reading_of(
    clause: SaidClause,
    judged: Judged,
    last: ReadClause | None,
    now: datetime,
    zone: ZoneInfo,
    known: Known = NOTHING,
) -> ReadClause:
    """With its times, which may lean on those of the reading before."""
    kind = _possible(clause, judged.kind)
    when = when_of(clause, kind, now, zone)
    is_shift = kind is ActKind.CHANGE and shift_in(clause.text) is not None  # `forward by half an hour`
    if kind in AT_TIMES and when.offset is not None and not is_shift:
        when = beside(_counted_from(clause, kind, when, last, known), when, clause.text, now, zone)
    if last and kind in AT_TIMES and not (last.kind is ActKind.TALK and "negated" in last.clause.signals):
        when = on_the_day_of(last.said, when, clause.text, now, zone)
    if last and kind is ActKind.REMINDER and last.kind in LEANT_ON:
        when = ahead_of(last.said, when, clause.text, now)
    said = when if when.start else when_in(clause.text, now, zone)
    return ReadClause(clause, kind, judged.sure, when, said, torn=judged.torn)


def _counted_from(
    clause: SaidClause, kind: ActKind, when: When, last: ReadClause | None, known: Known
) -> date | datetime | None:
    if last and last.said.start:
        return last.said.start
    gist = gist_of(clause, kind, when.spans)
    thing = thing_before(clause.masked, gist.partition(lexicon().spelled["to_do_apart"])[0] or gist, known)
    return thing.at if thing else None


def _as_known(
    clause: SaidClause, judged: Judged, known: Known, now: datetime, zone: ZoneInfo, *, is_first: bool
) -> Judged:
    """What a clause is only because of what exists, or was spoken of just before."""
    if is_about_existing(clause, known, now, zone):
        return Judged(ActKind.CHANGE, max(KNOWN, judged.sure if judged.kind is ActKind.CHANGE else 0.0))
    if kind := _known_kind(clause, judged, known, is_first=is_first):
        return Judged(kind, KNOWN)
    return judged


def _known_kind(clause: SaidClause, judged: Judged, known: Known, *, is_first: bool) -> ActKind | None:
    words, said = lexicon().references, clause.masked
    if words["forgotten"].match(said, clause.head) and not clause.signals & OPEN - {"said_that"}:
        return ActKind.CHANGE
    if words["new_to_do"].match(said, clause.head):
        return ActKind.GOAL
    if ActKind.CHANGE in judged.torn and things_counted(said, known):
        return ActKind.CHANGE
    if words["forgets"].match(said, clause.head) and notes_titled(said[clause.head :], known):
        return ActKind.CHANGE
    if words["set_from"].match(clause.text.lower()) and not clause.signals & OPEN - {"asked", "question_mark"}:
        return ActKind.CHANGE
    if clause.signals & OPEN:
        return None
    if is_first and known.latest and (kind := _going_on(clause, known.latest[0])):
        return kind
    return ActKind.COMPLETION if judged.kind is ActKind.TALK and goals_reported(said, known) else None


def _going_on(clause: SaidClause, last: Thing) -> ActKind | None:
    """`Actually 6`, `and the reminder to 12:15`, `and at 15:00 to feed the cat`: after a turn that set something."""
    words, said = lexicon().references, clause.text.lower()
    if words["hour_instead"].fullmatch(said) and last.at:
        return ActKind.CHANGE
    if words["moved_too"].match(clause.masked):
        return ActKind.CHANGE
    is_more = clause.begin > 0 or words["begins_more"].match(said) is not None
    is_reminder = last.kind is ThingKind.REMINDER and is_more and "has_when" in clause.signals
    return ActKind.REMINDER if is_reminder and words["goes_on"].match(clause.masked) else None


def _possible(clause: SaidClause, kind: ActKind) -> ActKind:
    """Nothing is scheduled where no time is named."""
    named = clause.signals & {"has_when", "every", "led_by_when"}
    return ActKind.WORK if kind is ActKind.SCHEDULE and not named else kind


def _join(found: list[ReadClause], reading: ReadClause, text: str, now: datetime, zone: ZoneInfo) -> None:
    """Add a reading, or make it one with the last: work beside work is one piece of work, as its parts need each other;
    `put it in my calendar` is about what was said before it."""
    last = found[-1] if found else None
    if last is None:
        found.append(reading)
    elif _is_one_work(last, reading) or _is_said_again(last, reading):
        named = last if last.kind is ActKind.CHANGE and last.gist.lower() not in pointing_words() else None
        found[-1] = replace(_whole(last, reading, text), about=last.about or named)
    elif _is_due_then(last, reading):
        told = replace(last, kind=reading.kind, confidence=reading.confidence, about=reading, torn=())
        found[-1] = replace(_whole(told, reading, text), when=last.said, named=_subject_of(last))
    elif _is_about_last(last, reading):
        whole = _about_it(last, reading, text, now, zone)
        is_own_time = whole.when == reading.when or _points_back(reading)
        if last.kind is ActKind.GOAL and is_own_time and reading.when.spans and not last.when.says_clock_time:
            found.append(replace(reading, about=_told(last)))  # `I need to finish it by Friday, remind me on Thursday`
        else:
            found[-1] = whole
    elif _leans(last) and last.kind is ActKind.REMINDER and not last.when.spans and reading.kind is not ActKind.TALK:
        whole = replace(_whole(last, reading, text), about=reading, when=reading.when)
        found[-1] = reading if reading.kind is ActKind.QUESTION else whole  # `remind me, what is her number?`
    else:
        if _leans(reading) and reading.when.spans:
            reading = replace(reading, about=_told_beside(last))
        if _leans(last) and reading.clause.continues:
            found[-1] = replace(last, about=reading)
        if _is_led(last, reading, text):
            reading = replace(reading, when=replace(last.when, spans=(), also=()))
        if reading.clause.continues and reading.kind in last.torn:
            found[-1] = replace(
                _of_kind(last, reading, now, zone), about=last.about
            )  # `put rent on the 1st and gym on the 5th in my calendar`
        if _is_reason(last, reading, text):
            found.pop()
        found.append(reading)


def _about_it(last: ReadClause, reading: ReadClause, text: str, now: datetime, zone: ZoneInfo) -> ReadClause:
    """What was said last, at the time that is said of both; at the reading's own where there are two."""
    told = replace(last, kind=reading.kind, about=_told(last), torn=(), confidence=reading.confidence)
    whole = _whole(told, reading, text)
    when = when_of(whole.clause, reading.kind, now, zone)
    if not (when.unread and reading.when.start):
        return replace(whole, when=when)
    return replace(whole, when=reading.when, about=_told_beside(last))


def _points_back(reading: ReadClause) -> bool:
    """`Remind me at 8 about it`."""
    return lexicon().references["it"].search(reading.clause.masked) is not None


def _told(reading: ReadClause) -> ReadClause:
    """What is told, without its time."""
    told = reading.about or reading
    return replace(told, when=replace(NO_TIME, spans=told.said.spans))


def _told_beside(reading: ReadClause) -> ReadClause:
    """What is told, with its time as far as that is still right when somebody is reminded; of an event without it."""
    told, relative = reading.about or reading, lexicon().times["relative_day"]
    if told.when.spans:
        return told
    passing = tuple(span for span in told.said.spans if relative.search(told.clause.text, *span))
    return replace(told, when=replace(NO_TIME, spans=passing))


def _is_led(last: ReadClause, reading: ReadClause, text: str) -> bool:
    """`Tomorrow at 8, wake me and remind me to take the cake`: a time that leads a sentence is of both."""
    is_like = reading.kind is last.kind is ActKind.REMINDER and not reading.when.spans
    return is_like and "led_by_when" in last.clause.signals and _is_one_sentence(last, reading, text)


def _is_reason(last: ReadClause, reading: ReadClause, text: str) -> bool:
    """`I need to be at the airport at 6, wake me at 4`: what is at a clock time is no goal beside that."""
    is_at_clock = last.kind is ActKind.GOAL and last.when.says_clock_time
    return is_at_clock and _asks_only(reading) and _is_one_sentence(last, reading, text)


def _is_one_sentence(last: ReadClause, reading: ReadClause, text: str) -> bool:
    return not _ENDS.intersection(text[last.clause.end - 1 : reading.clause.begin])


def _pointed_at(clause: SaidClause, last: ReadClause) -> ActKind | None:
    """`remind me an hour before` is another thing than what it is about; `never mind, cancel it` ends something."""
    kind = pointed_at(clause.masked)
    if kind is ActKind.CHANGE and change_in(clause) is not ChangeKind.MOVE:
        return None
    if kind is ActKind.NOTE and last.kind in KEPT:
        return last.kind
    is_another = kind is ActKind.REMINDER and ("has_when" in clause.signals or not last.said.spans)
    return kind if not is_another and (_is_leant_on(last) or last.kind is kind) else None


def _point(found: list[ReadClause], reading: ReadClause, text: str, now: datetime, zone: ZoneInfo) -> None:
    """Make what was said of the kind that it is said to be; `all in the calendar` what is beside it, too."""
    while len(found) > 1 and _is_aside(found[-1]) and _is_leant_on(found[-2]):
        found.pop()
    first = len(found) - 1
    while lexicon().cuts["plural"].search(reading.clause.masked) and first and _is_timed(found[first - 1]):
        first -= 1
    if reading.kind is ActKind.WORK and found[-1].said.spans and pointed_at(reading.clause.masked) is ActKind.SCHEDULE:
        reading = replace(reading, kind=ActKind.SCHEDULE)
    for place in range(first, len(found)):
        found[place] = _of_kind(found[place], reading, now, zone)
    whole = _whole(found[-1], reading, text)
    when = when_of(whole.clause, reading.kind, now, zone)
    if found[-1].when.spans and not reading.said.recurrence and (when.unread or reading.kind is not ActKind.REMINDER):
        when = found[-1].when
    found[-1] = replace(whole, when=when, about=_told(found[-1]))


def _is_aside(reading: ReadClause) -> bool:
    """`the tax is done, hallelujah, cross it off`."""
    return reading.kind is ActKind.TALK and not reading.said.spans and len(reading.clause.text.split()) <= SHORT


def _is_timed(reading: ReadClause) -> bool:
    return _is_leant_on(reading) and bool(reading.said.spans)


def _is_leant_on(reading: ReadClause) -> bool:
    """Whether a clause behind it can say what it is; of reminders bare errands: `ring the bank at 4, put it in`."""
    is_bare = reading.kind is ActKind.REMINDER and not reading.clause.signals & lexicon().groups["reminding"]
    return is_bare or reading.kind in LEANT_ON


def _of_kind(reading: ReadClause, pointing: ReadClause, now: datetime, zone: ZoneInfo) -> ReadClause:
    if reading.kind is pointing.kind:
        return reading
    kind = pointing.kind
    return replace(
        reading,
        kind=kind,
        confidence=pointing.confidence,
        when=when_of(reading.clause, kind, now, zone),
        torn=(),
        about=reading.about or replace(reading, kind=reading.kind if reading.kind in OWN_WORDS else kind),
    )


def _is_one_work(last: ReadClause, reading: ReadClause) -> bool:
    return reading.kind is last.kind is ActKind.WORK and not (reading.when.start and last.when.start)


def _is_said_again(last: ReadClause, reading: ReadClause) -> bool:
    """`That was a mistake, undo it`, `called the bank, all sorted`, `forget about the dentist, cancel it`."""
    if last.kind is not reading.kind:
        return False
    if reading.kind is ActKind.COMPLETION:
        is_pointing = {last.gist.lower(), reading.gist.lower()} & pointing_words()
        return bool(is_pointing) or len(reading.clause.text.split()) <= SHORT
    is_same_change = reading.kind is ActKind.CHANGE and not reading.when.spans and _points(reading.gist.lower())
    return reading.kind is ActKind.UNDO or (is_same_change and change_in(last.clause) is change_in(reading.clause))


def _is_due_then(last: ReadClause, reading: ReadClause) -> bool:
    """`The forms are due on the 4th, I have to send them`: a duty about what was told, by the time that was told."""
    if reading.kind is not ActKind.GOAL or reading.said.spans or last.kind not in (ActKind.GOAL, ActKind.TALK):
        return False
    is_told = last.said.due is not None and not last.said.past and bool(DUE & last.clause.signals)
    return is_told and lexicon().references["it"].search(reading.gist.lower()) is not None


def _subject_of(reading: ReadClause) -> str:
    """`My thesis` of `My thesis is due`; empty where that is not plain."""
    found = lexicon().references["due_subject"].match(reading.clause.masked)
    name = reading.clause.text[slice(*found.span("what"))] if found else ""
    first, _, rest = name.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in lexicon().small else name


def _is_about_last(last: ReadClause, reading: ReadClause) -> bool:
    """Whether it says what is to be done with what was said last, at the time that was said there."""
    is_another = lexicon().references["another"].match(reading.clause.masked) and reading.when.spans
    if last.kind not in LEANT_ON | {reading.kind} or _is_asked_for(last) or is_another:
        return False
    is_at_its_time = bool(last.said.start) and not reading.when.spans and _asks_only(reading)
    return ((is_at_its_time or _leans(reading)) and reading.when.offset is None) or _is_of_day_before(last, reading)


def _asks_only(reading: ReadClause) -> bool:
    """`remind me`, `set an alarm for 7`: a reminder that does not say of what."""
    said = said_beside(reading.clause, reading.kind, reading.when.spans)
    return reading.kind is ActKind.REMINDER and said.lower() in pointing_words()


def _is_of_day_before(last: ReadClause, reading: ReadClause) -> bool:
    """`Ben was born on 2 February. Remind me of his birthday each year.`"""
    named = lexicon().times["yearly_day"].search(last.clause.text) and last.said.start
    return bool(named) and reading.kind in YEARLY and is_of_yearly_day(reading.gist)


def _is_asked_for(reading: ReadClause) -> bool:
    """An event that was to be put into a calendar already: to be reminded of it is another thing."""
    return reading.kind is ActKind.EVENT and bool(reading.clause.signals & ASKED_FOR)


def _points(gist: str) -> bool:
    """`it`, `that note`."""
    noun = lexicon().times["article"].sub("", gist, count=1)
    return gist in pointing_words() or any(pattern.fullmatch(noun) for pattern in lexicon().things.values())


def _leans(reading: ReadClause) -> bool:
    """Whether it says what is to be done, and not with what."""
    return reading.kind in LEANING and reading.gist.lower() in pointing_words()


def _whole(first: ReadClause, second: ReadClause, text: str) -> ReadClause:
    begin, end = first.clause.begin, second.clause.end
    mask = first.clause.masked.ljust(second.clause.begin - begin) + second.clause.masked
    return replace(first, clause=replace(first.clause, text=text[begin:end], masked=mask[: end - begin]))
