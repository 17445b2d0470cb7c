"""Answers questions about the user's own affairs from what is theirs: what stands there, and what comes nearest."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from senter.components.assistant.acted_turns import same_sentence
from senter.components.assistant.entries import Span, asked_time, in_order, shown_span
from senter.components.assistant.inventory import CALENDAR, DOCUMENTS, NOTES
from senter.components.assistant.mine.absent import said_absent
from senter.components.assistant.mine.companions import accompanied
from senter.components.assistant.mine.mails import mails_asked
from senter.components.assistant.mine.papers import rows_of, told_looked
from senter.components.assistant.mine.prices import compare_prices, prices_over_times
from senter.components.assistant.mine.question import AnswerKind, Hint, OwnQuestion, is_past, read_question
from senter.components.assistant.mine.ranking import FEWEST_NAMED, Ranked, WhereFound, answers_among, rank
from senter.components.assistant.mine.seasons import season_asked
from senter.components.assistant.mine.sources import Gathered, Sources
from senter.components.assistant.mine.tables.asked import NamedTable, figures_asked
from senter.components.assistant.mine.tables.cells import figure_in, told_amount
from senter.components.assistant.mine.tables.over_times import figures_of_times
from senter.components.assistant.mine.tables.wanted import EXTREMES, FigureKind, FigureWanted, figure_wanted, measure_in
from senter.components.assistant.mine.talk import tells
from senter.components.assistant.mine.times import days_of, passed, time_of, times_compared
from senter.components.assistant.mine.versions import newest_first
from senter.components.assistant.mine.words import own_words
from senter.components.assistant.words import spelled, words
from senter.messages.acts import Act, Subject
from senter.messages.query import Quoted
from senter.quoting.source_text import SourceText
from senter.sentences import phrase

MOST_ANSWERS = 10
MOST_OF_A_TEXT = 5
"""Sentences of one text, where it is asked what it says."""
MOST_NEAREST = 3
FEWEST_SUMMED = 2
MOST_PASSAGES = 8
NEAR = 0.15
TOGETHER = "Together: {amount}, over {count}."
NO_MAIL = "None of {when} is in your papers."
EMPTY_CALENDAR = "Nothing is in your calendar on {when}."


@dataclass(frozen=True, slots=True)
class FoundThings:
    """What answers a question; where nothing does, what comes nearest."""

    answers: tuple[Quoted, ...] = ()
    more: int = 0
    """How many answers there are beyond these."""
    nearest: tuple[Quoted, ...] = ()
    nothing: str = ""
    """The answer where that there is nothing is the answer: `Nothing is in your calendar on Wed 2 Dec 2026.`"""
    about: str = ""
    """What was looked for."""
    has_folders: bool = True
    """Whether there are documents to look into."""
    unknown: tuple[str, ...] = ()
    """What could not be looked at, for people."""
    is_sure: bool = False
    """Whether the first answer has all that the question says."""
    names_all: bool = False
    """Whether the question names several things, or a paper, and the first answer has them in the same words."""
    names_most: bool = False
    """Whether the first answer has all of them, or all but one of at least three."""
    says_all: bool = False
    """Whether the first answer has at least three things that the question names, and all of them itself."""
    total: str = ""
    """What the amounts of the answers come to, where each has one and they were asked for together."""
    is_figure: bool = False
    """Whether the answers are sums or counts over what the question names."""
    looked: str = ""
    """How far papers were looked into, for people."""
    passages: tuple[SourceText, ...] = ()
    """What a capable model may read to answer."""


class OwnThings(Protocol):
    """Where what is the user's is looked up."""

    async def find(
        self, question: str, act: Act, now: datetime, zone: ZoneInfo, near: frozenset[str] = frozenset()
    ) -> FoundThings:
        """Takes milliseconds; whoever is away has nothing. `act` is how the question was understood, `near` the
        addresses of what was spoken of just before."""
        ...


class OwnThingsRanked:
    """All sources side by side, and one ranking over what they have."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def find(
        self, question: str, act: Act, now: datetime, zone: ZoneInfo, near: frozenset[str] = frozenset()
    ) -> FoundThings:
        question = spelled(question)
        span, rest = asked_time(question, now, zone)
        if span is None:
            span, rest = season_asked(question, now, zone)
        if span and is_past(question):
            span = passed(span, now, has_year=re.search(r"\b\d{4}\b", question) is not None)
        days = days_of(span, zone) if span else None
        asked = read_question(question, rest, *(days.first, days.last) if days else ())
        if words().asks_on.match(question):
            asked = replace(asked, is_open=not asked.wanted, near=near)
        gathered = await self._sources.gather(asked, span, now, zone)
        if span and not words().telling(rest):
            entries = in_order(entry for entry in gathered.entries if entry.is_in(span))
            unknown = tuple(each for each in gathered.unknown if each not in (DOCUMENTS, NOTES))
            is_unknown = any(CALENDAR in each for each in unknown)
            nothing = "" if is_unknown else phrase(EMPTY_CALENDAR, when=shown_span(span, zone))
            is_sure = act.subject is Subject.MINE and not act.subject_is_open
            return FoundThings(
                tuple(entry.quoted for entry in entries), nothing=nothing, unknown=unknown, is_sure=is_sure
            )
        if span and words().asks_whether(question) and (no := said_absent(rest, gathered.series, span, now, zone)):
            return FoundThings(nothing=no, unknown=gathered.unknown)
        found = await asyncio.to_thread(_found, question, rest, asked, gathered, span, now, zone)
        unknown = () if found.answers else gathered.unknown
        return replace(
            found,
            about=asked.about,
            has_folders=gathered.has_folders,
            unknown=unknown,
            looked=told_looked(gathered.papers.looked, asked),
        )


def _found(
    text: str, rest: str, asked: OwnQuestion, gathered: Gathered, span: Span | None, now: datetime, zone: ZoneInfo
) -> FoundThings:
    if compared := _of_times(text, gathered, now, zone):
        return compared
    if asked.lists_mails and (mails := _mails(asked, gathered, span, zone)):
        return mails
    wanted = figure_wanted(rest)
    about = read_question(text, wanted.rest) if wanted else asked
    figures = _figures(about, wanted, gathered.papers.tables, span, now, zone) if wanted else ()
    if wanted and wanted.per and wanted.kind in EXTREMES and not figures:
        wanted = wanted.of_all
        figures = _figures(read_question(text, wanted.rest), wanted, gathered.papers.tables, span, now, zone)
    if figures:
        return FoundThings(
            figures, is_sure=bool(asked.terms), is_figure=bool(asked.terms), passages=tuple(map(_cited, figures))
        )
    candidates = (*gathered.candidates, *rows_of(gathered.papers, asked))
    told = (one for one in candidates if not same_sentence(one.text, text))  # a goal that asks this answers nothing
    in_time = [one for one in told if one.place is not WhereFound.DAYS or not span or _is_in(one.at, span)]
    if wanted and (both := compare_prices(wanted.compared, about, in_time, now) if wanted.compared else None):
        return FoundThings(both.quotes, is_sure=True, total=both.verdict, passages=tuple(map(_cited, both.quotes)))
    ranked = accompanied(asked, rank(asked, in_time, now), in_time)
    ranked = ranked if asked.is_list else newest_first(ranked, in_time, text, now, asked.when)
    ranked = [one for one in ranked if one.share < NEAR or _tells(one, asked, now, zone)]
    answers = _one_each(answers_among(asked, ranked), asked)
    return FoundThings(
        answers=tuple(one.candidate.quoted for one in answers[:MOST_ANSWERS]),
        more=max(0, len(answers) - MOST_ANSWERS),
        total=_total(text, asked, answers),
        is_sure=any(one.is_sure for one in answers[:1]),
        names_all=any(one.names_all and _is_called_for(asked, one) for one in answers[:1]),
        names_most=any(one.names_most and _is_called_for(asked, one) for one in answers[:1]),
        says_all=any(one.says_all for one in answers[:1]),
        nearest=() if answers else _nearest(ranked),
        passages=tuple(_cited(one.candidate.quoted) for one in ranked[:MOST_PASSAGES] if one.share >= NEAR),
    )


def _of_times(text: str, gathered: Gathered, now: datetime, zone: ZoneInfo) -> FoundThings | None:
    """What is set against itself at two times: figures of tables, else what papers of these times say it costs."""
    compared = times_compared(text)
    if compared is None:
        return None
    about = read_question(compared.about, compared.about)
    times = [(said, time_of(said, now, zone)) for said in (compared.first, compared.second)]
    (first, first_days), (second, second_days) = times
    if first_days and second_days:
        wanted = FigureWanted(FigureKind.SUM, compared.about, measure_in(compared.about))
        ways = ((first, first_days), (second, second_days))
        if told := figures_of_times(wanted, about, gathered.papers.tables, ways):
            return FoundThings((told,), is_sure=True, is_figure=True, passages=(_cited(told),))
    both = prices_over_times(about, times, gathered.candidates, now)
    if both is None:
        return None
    return FoundThings(both.quotes, is_sure=True, total=both.verdict, passages=tuple(map(_cited, both.quotes)))


def _mails(asked: OwnQuestion, gathered: Gathered, span: Span | None, zone: ZoneInfo) -> FoundThings | None:
    """Where none is of the time that is asked about, that is said above the others."""
    found = mails_asked(asked, gathered.candidates, days_of(span, zone) if span else None)
    if found is None:
        return None
    answers, nearest = found.quotes[:MOST_ANSWERS], found.others[:MOST_NEAREST]
    nothing = phrase(NO_MAIL, when=shown_span(span, zone)) if span and not answers else ""
    more = len(found.quotes) - len(answers)
    passages = tuple(map(_cited, answers or nearest))
    return FoundThings(answers, more, nearest, nothing, is_sure=True, names_all=True, passages=passages)


def _is_called_for(asked: OwnQuestion, one: Ranked) -> bool:
    """Whether the question names several things, or what the paper is called by."""
    by_title = any(term.exact.search(one.candidate.above) for term in asked.telling)
    return len(asked.telling) >= FEWEST_NAMED or by_title


def _tells(one: Ranked, asked: OwnQuestion, now: datetime, zone: ZoneInfo) -> bool:
    """What the user once asked or ordered tells nothing, unless it is asked what they said; nor does what a job is to
    do, unless it is asked when."""
    if one.candidate.address.startswith("job "):
        return Hint.DAYS in asked.hints or AnswerKind.WHEN in asked.wanted
    is_asked_for = one.candidate.place is not WhereFound.TALK or Hint.TALK in asked.hints
    return is_asked_for or tells(one.candidate.text, asked, now, zone)


def _figures(
    asked: OwnQuestion,
    wanted: FigureWanted,
    tables: Sequence[NamedTable],
    span: Span | None,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Quoted, ...]:
    """Of the tables that know all of the question, those that know most; tables tell of what was, whatever tense the
    question has."""
    for time in dict.fromkeys((span, passed(span, now, has_year=False) if span else None)):
        days, when = (days_of(time, zone), shown_span(time, zone)) if time else (None, "")
        if (time or not span) and (found := figures_asked(wanted, asked, tables, days, when)):
            return found
    return ()


def _total(text: str, asked: OwnQuestion, answers: Sequence[Ranked]) -> str:
    """Of invoices in records of their own, say; nothing where one of the answers has no amount."""
    if len(answers) < FEWEST_SUMMED or not (asked.is_list or own_words().asks_for_sum.search(text)):
        return ""
    found = [own_words().figure.search(one.candidate.text) for one in answers]
    figures = [figure_in(each["figure"]) for each in found if each]
    if len(figures) < len(answers) or None in figures:
        return ""
    currencies = {each["currency"] or "" for each in found if each}
    if len(currencies) != 1:
        return ""
    total = sum((figure for figure in figures if figure is not None), Decimal())
    return phrase(TOGETHER, amount=told_amount(total, currencies.pop()), count=len(answers))


def _one_each(answers: Sequence[Ranked], asked: OwnQuestion) -> list[Ranked]:
    """One line a source, and each sentence once; several where it is asked what a text says or found out, and of a
    table where a list is."""
    most = MOST_OF_A_TEXT if asked.is_open else 1
    taken = Counter[str]()
    kept: list[Ranked] = []
    said = set[str]()
    for one in answers:
        address, words = one.candidate.address, one.candidate.text.casefold()
        if words in said:
            continue
        taken[address] += most if one.candidate.is_whole else 1
        if taken[address] <= most or (asked.is_list and one.candidate.is_row):
            kept.append(one)
            said.add(words)
    return kept


def _nearest(ranked: Sequence[Ranked]) -> tuple[Quoted, ...]:
    near = {one.candidate.address: one.candidate for one in reversed(ranked) if one.share >= NEAR}
    return tuple(one.quoted for one in list(reversed(near.values()))[:MOST_NEAREST])


def _cited(quoted: Quoted) -> SourceText:
    return SourceText(title=quoted.source, address=quoted.address, text=quoted.quote)


def _is_in(at: datetime | None, span: Span) -> bool:
    return at is not None and span.start <= at < span.end
