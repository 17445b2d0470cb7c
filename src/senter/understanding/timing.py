"""When an act is: what its clause says of time, read as its kind reads it, and what it takes over from the act before.

A deadline is a time of work; other times in work are about its content. A timer rings when its length is over. `Wake me
at half six` is a morning. `The dentist on friday at 9, the gym at 6` is one day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.messages.acts import ActKind, ChangeKind
from senter.moments.finding import find_when, when_in
from senter.moments.lengths import seconds_in
from senter.moments.when import Span, When
from senter.understanding.clauses import SaidClause
from senter.understanding.kinds import change_in
from senter.understanding.lexicon import QUOTE, lexicon
from senter.understanding.masking import without_quotes

AT_TIMES = (ActKind.REMINDER, ActKind.EVENT, ActKind.SCHEDULE, ActKind.CHANGE)
WITHOUT = (ActKind.TALK, ActKind.NOTE, ActKind.COMPLETION, ActKind.UNDO)
"""Kinds that are at no time: what they say of one is part of what they say."""
LONG = ("week", "weekend", "month", "year")
SHORT = ("weekend",)
"""What an event is on the last day of; it takes all of what is longer."""
NOON = 12
LAST_MINUTE = time(23, 59)
"""Of what is due on a day, at no time of it."""
EARLY, EARLIEST, EARLIEST_ALARM = 8, 6, 4
"""Hours: what is before the first may be moved to the last, other things to the second."""
SHORTLY = timedelta(hours=6)
LONGEST_TO, LONGEST_HOUR = len(" to the "), len("between 10:30 am ")
LONGEST_SHIFTED = 400
"""In characters: nobody says more of it."""
_BARE_HOUR = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:\s*-\s*\d{1,2}(?:[:.]\d\d)?)?")


def when_of(clause: SaidClause, kind: ActKind, now: datetime, zone: ZoneInfo) -> When:
    """Nothing for kinds that have no time."""
    if kind in WITHOUT:
        return When()
    if kind is ActKind.CHANGE and change_in(clause) is ChangeKind.CANCEL:
        return _of_what_goes(clause, now, zone)
    clause = _outside_quotes(clause, kind, now, zone)
    text = with_target(clause.text, now, zone) if kind is ActKind.CHANGE else clause.text
    text = with_hours(text, kind)
    when = when_in(text, now, zone)
    if text != clause.text and kind is ActKind.CHANGE:
        when = replace(when, spans=_spans(clause.text, when, now, zone))
    if when.unread and kind in (ActKind.GOAL, ActKind.WORK):
        when = _last_deadline(text, when, now, zone)
    if when.unread and kind in AT_TIMES:
        when = _with_bare_hour(text, when, now, zone)
    if kind is ActKind.REMINDER and clause.continues and not when.spans and (hour := _BARE_HOUR.match(text)):
        when = _at_hour(text, hour.end(), when, now, zone)
    if kind is ActKind.CHANGE and not when.spans and (found := _shift(clause.text)):
        return When(spans=(found.span(),)) if shift_in(clause.text) else when
    if kind is ActKind.WORK:
        return when if _is_deadline(clause, when) else When()
    if kind is ActKind.REMINDER:
        return _rung(clause, when, now, zone)
    return when


def _outside_quotes(clause: SaidClause, kind: ActKind, now: datetime, zone: ZoneInfo) -> SaidClause:
    """What stands in quotation marks is a title or somebody's words; only where nothing else says when, it may."""
    plain = without_quotes(clause.text)
    if plain == clause.text or (kind in AT_TIMES and not when_in(plain, now, zone).spans):
        return clause
    return replace(clause, text=plain)


def _spans(text: str, when: When, now: datetime, zone: ZoneInfo) -> tuple[Span, ...]:
    """Of all that is said of time, from when something is moved, too."""
    found = (span for each in find_when(text, now, zone) for span in each.spans)
    return tuple(sorted({*when.spans, *found}))


def _last_deadline(text: str, when: When, now: datetime, zone: ZoneInfo) -> When:
    """`I missed easter, but I will finish it by christmas`: of several times the last that is one of a deadline."""
    found = find_when(text, now, zone)
    last = next((each for each in reversed(found) if each.by and each.start), None)
    is_later = last is not None and last.spans[0] in when.unread
    return replace(last, spans=tuple(sorted((*when.spans, *last.spans)))) if last and is_later else when


def _of_what_goes(clause: SaidClause, now: datetime, zone: ZoneInfo) -> When:
    """When it is says which thing is cancelled, and no time of the act."""
    when = when_in(clause.text, now, zone)
    return When(spans=tuple(sorted((*when.spans, *when.unread))))


def beside(before: date | datetime | None, when: When, text: str, now: datetime, zone: ZoneInfo) -> When:
    """`an hour before`, `the day before at 18:00`: from the moment that was spoken of just before."""
    if before is None or when.offset is None:
        return when
    if isinstance(before, datetime) and (there := before.astimezone(zone)).time() == LAST_MINUTE:
        before = there.date()
    if when.offset % timedelta(days=1):
        is_moment = isinstance(before, datetime) and not when.start
        return replace(when, start=before + when.offset) if is_moment else when
    if when_in(text, now, zone).start:
        return when  # `3 days before christmas`
    local = before.astimezone(zone) if isinstance(before, datetime) else before
    day = f"{local:%Y-%m-%d} "
    there = when_in(f"{day}{text}", now, zone)
    if there.says_clock_time:
        spans = {(begin - len(day), end - len(day)) for begin, end in there.spans if begin >= len(day)}
        return replace(
            when, start=there.start, due=there.due, past=there.past, spans=tuple(sorted({*when.spans, *spans}))
        )
    return replace(when, start=local + when.offset, due=local + when.offset, past=False)


def on_the_day_of(before: When, when: When, text: str, now: datetime, zone: ZoneInfo) -> When:
    """A time of day, of the day that was spoken of just before."""
    day = before.start.date() if isinstance(before.start, datetime) else before.start
    if day is None or before.recurrence or when.elapsed or not when.says_clock_time or not _names_no_day(text, when):
        return when
    if day <= now.astimezone(zone).date():
        return when
    there = when_in(f"{day.isoformat()} {text}", now, zone)
    if not there.says_clock_time:
        return when
    also = tuple(replace(each, spans=said.spans) for each, said in zip(there.also, when.also, strict=False))
    return replace(when, start=there.start, end=there.end, due=there.due, also=also)


def ahead_of(told: When, when: When, text: str, now: datetime) -> When:
    """`dinner is at 7, remind me at 6:30`: a bare hour in the half of the day that is shortly before what is told."""
    start = when.start
    if not isinstance(told.start, datetime) or not isinstance(start, datetime) or when.elapsed or when.recurrence:
        return when
    said = " ".join(text[begin:end] for begin, end in when.spans).lower()
    if when.part or start.hour in (0, NOON) or lexicon().times["names_half"].search(said):
        return when
    half = start.replace(year=told.start.year, month=told.start.month, day=told.start.day)
    halves = (half, half.replace(hour=(half.hour + NOON) % 24))
    before = [each for each in halves if max(now, told.start - SHORTLY) < each < told.start]
    is_that_day = not lexicon().times["clock_only"].fullmatch(said) and start.date() != told.start.date()
    return when if is_that_day or not before else replace(when, start=before[0], due=before[0])


def moved(when: When, text: str, from_: datetime, now: datetime, zone: ZoneInfo) -> When:
    """To when something that is at a moment is moved: a clock time is on its day, a day has its clock time."""
    text = with_hours(with_target(text, now, zone), ActKind.CHANGE)
    local = from_.astimezone(zone)
    if (shift := shift_in(text)) and not when.start:
        return replace(when, start=local + shift)
    if when.start and not when.says_clock_time and not when.period:
        return replace(when, start=local.replace(year=when.start.year, month=when.start.month, day=when.start.day))
    return _in_its_half(on_the_day_of(When(start=local), when, text, now, zone), text, local, now)


def _in_its_half(when: When, text: str, local: datetime, now: datetime) -> When:
    """A bare hour in the half of the day that is nearer to the time it was, of the hours that people are awake."""
    start = when.start
    if not isinstance(start, datetime) or when.elapsed or start.hour in (0, NOON):
        return when
    if lexicon().times["names_half"].search(text.lower()):
        return when
    halves = (start, start.replace(hour=(start.hour + NOON) % 24))
    first = EARLIEST_ALARM if local.hour < EARLY else EARLIEST
    awake = [half for half in halves if half.hour >= first and half > now]
    nearest = min(awake, key=lambda half: abs(half.hour - local.hour), default=start)
    return when if nearest == start else replace(when, start=nearest, due=nearest, end=None)


def due_of(when: When, kind: ActKind) -> date | datetime | None:
    """The moment that counts: of a deadline its last day; of what is past none."""
    if when.past and kind is not ActKind.QUESTION:
        return None
    if when.part and kind in (ActKind.GOAL, ActKind.WORK) and isinstance(when.start, datetime) and not when.recurrence:
        return when.start.date()  # `by sunday night`: nobody is told then
    is_last = kind in (ActKind.GOAL, ActKind.WORK) or when.period in (SHORT if kind is ActKind.EVENT else LONG)
    return when.due if is_last and when.due and not when.recurrence else when.start


def shift_in(text: str) -> timedelta | None:
    """How much later, or earlier, something is to be: `by an hour`, `ten minutes earlier`."""
    found = _shift(text)
    seconds = seconds_in(found["length"]) if found else None
    if found is None or seconds is None:
        return None
    return timedelta(seconds=-seconds if found["back"] or found["forward"] else seconds)


def _shift(text: str) -> re.Match[str] | None:
    return lexicon().times["shift"].search(text[:LONGEST_SHIFTED].lower())


def with_hours(text: str, kind: ActKind) -> str:
    """The text, as long as before, with the word by which the grammar of moments knows an hour."""

    def at(found: re.Match[str]) -> str:
        return lexicon().spelled["at"].ljust(len(found[0]))

    text = lexicon().times["it_is"].sub(at, text) if kind is ActKind.REMINDER else text
    if kind is not ActKind.CHANGE:
        return text
    if found := lexicon().references["hour_instead"].fullmatch(text.lower()):
        begin = found.start("hour")
        text = f"{lexicon().spelled['at'].ljust(begin)}{text[begin:]}"

    instead = lexicon().times["instead_of"].sub(lambda found: " " * len(found[0]), text)

    def at_hour(found: re.Match[str]) -> str:
        before = instead[max(0, found.start() - LONGEST_HOUR) : found.start()]
        return found[0] if lexicon().times["after_hour"].search(before) else at(found)

    return lexicon().times["to_hour"].sub(at_hour, instead)


def with_target(text: str, now: datetime, zone: ZoneInfo) -> str:
    """The text, as long as before, without the times from which something is moved: `from friday to monday at 3`. To a
    clock time alone it is moved on the day that is named."""
    spans = sorted(span for when in find_when(text, now, zone) for span in (*when.spans, *when.unread))
    to, inside_to = (lexicon().times[name] for name in ("to_target", "to_inside"))
    target = max((begin for begin, _ in spans if to.search(text[max(0, begin - LONGEST_TO) : begin])), default=0)
    if not target:
        inside = [found.end() for begin, end in spans for found in inside_to.finditer(text, begin, end)]
        target = max(inside, default=0)
    clocks = [_is_clock(text[max(begin, target) : end]) for begin, end in spans if end > target]
    letters = list(text)
    for begin, end in spans:
        if begin < target and _is_clock(text[begin:end]) in clocks:
            letters[begin : min(end, target)] = " " * (min(end, target) - begin)
    return "".join(letters)


def _is_clock(said: str) -> bool:
    return lexicon().times["clock_only"].fullmatch(said) is not None


def _with_bare_hour(text: str, when: When, now: datetime, zone: ZoneInfo) -> When:
    """`thursday 12`."""
    begin, end = when.unread[0]
    if len(when.unread) > 1 or not _BARE_HOUR.fullmatch(text, begin, end):
        return when
    there = when_in(f"{text[:begin]}{lexicon().spelled['at']} {text[begin:]}", now, zone)
    if there.unread or not there.says_clock_time:
        return when
    return replace(there, spans=tuple(sorted((*when.spans, (begin, end)))))


def _at_hour(text: str, end: int, when: When, now: datetime, zone: ZoneInfo) -> When:
    """`remind me at 9 and 12 to drink`: a number at the beginning, as an hour."""
    words = lexicon()
    is_hour = words.times["behind_hour"].match(text, end)
    there = when_in(f"{words.spelled['at']} {text[:end]}", now, zone) if is_hour else when
    return replace(there, spans=((0, end),)) if there.says_clock_time and not there.unread else when


def _is_deadline(clause: SaidClause, when: When) -> bool:
    """Said at the end or the beginning, with a word such as `by`."""
    if not when.by or "fiction" in clause.signals or not when.spans:
        return False
    if QUOTE in clause.masked[when.spans[0][0] : when.spans[-1][1]]:
        return False  # `proofread this: I am back by Friday`
    if lexicon().times["content"].search(clause.text, 0, when.spans[0][0]):
        return False  # `a reminder for the team to be there by Friday`
    before, behind = clause.text[: when.spans[0][0]], clause.text[when.spans[-1][1] :]
    is_outside = not behind.strip(" .,!?)") or not before.strip()
    return is_outside or lexicon().times["before_deadline"].fullmatch(before) is not None


def _rung(clause: SaidClause, when: When, now: datetime, zone: ZoneInfo) -> When:
    named = lexicon().times["timer_called"].search(clause.masked.lower())
    is_timer = clause.continues or named or lexicon().times["timer"].search(clause.masked)
    if when.length and not when.start and is_timer:
        return replace(when, start=(now + when.length).astimezone(zone), elapsed=True)
    if named and named["length"] and not when.start:
        length = timedelta(seconds=seconds_in(named["length"].replace("-", " ")) or 0)
        start = (now + length).astimezone(zone) if length else None
        return replace(when, start=start, length=length or None, elapsed=True, spans=(named.span("length"),))
    said = " ".join(clause.text[begin:end] for begin, end in when.spans)
    is_open = not (when.part or when.elapsed or when.recurrence or lexicon().times["names_half"].search(said))
    if (
        isinstance(when.start, datetime)
        and when.start.hour >= NOON
        and is_open
        and lexicon().times["wakes"].search(clause.masked)
    ):
        return replace(when, start=_in_the_morning(when.start, now))
    return when


def _in_the_morning(moment: datetime, now: datetime) -> datetime:
    earlier = moment - timedelta(hours=NOON)
    return earlier if earlier > now else earlier + timedelta(days=1)


def _names_no_day(text: str, when: When) -> bool:
    return all(_is_clock(text[begin:end]) for begin, end in when.spans)
