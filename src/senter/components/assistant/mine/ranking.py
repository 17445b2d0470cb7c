"""Which of many pieces answers a question: by its telling words, the kind of answer, and where it stands. Pure.

A word counts more the fewer pieces have it. A piece answers that has enough of them; what comes near is for showing
where nothing does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from senter.components.assistant.mine.question import MUST_TELL, AnswerKind, Hint, OwnQuestion, Term
from senter.components.assistant.mine.words import own_words
from senter.messages.query import Quoted
from senter.text import one_line

ENOUGH = 0.55
"""The share of a question's telling words, by weight, that a piece and what it stands under must have."""
SURE = 0.85
CLOSE = 0.12
"""How much lower than the best a piece may score and still answer too."""
OWN, OWN_KINDRED, ABOVE, ABOVE_KINDRED, AROUND = 1.0, 0.8, 0.7, 0.5, 0.35
BESIDE = 0.5
"""The share that a sentence has of what the one before it says."""
LETTERHEAD = -0.25
"""Who wrote when and about what seldom answers what was written."""
HEADING = 0.85
"""All that stands under a heading is about it."""
NAME_ABOVE = 0.9
"""All that stands under a name is about it."""
SHARE = 0.4
"""What it counts to lack none of the words."""
IN_TIME = 0.15
TELLS_WANTED, LACKS_WANTED = 0.2, -0.15
COMMON = 0.4
"""What a word counts that all sources have, where one that none has counts 1."""
NEIGHBOURS = 0.08
BEGINS_WITH_IT = 0.06
DENSE, WORDS_A_TERM = 0.08, 6
"""What it counts to say little else: a word of the question among so many of its own."""
FEWEST_NAMED, FEWEST_SAID = 2, 3
LONGEST_QUOTE = 400
LONGEST_GREETING = 60
UNDER = " / "
"""Between what a piece stands under, the nearest last."""
TITLES = 3
"""What stands above a heading: what a document is called, where it is, and its own title."""
HINTED = 0.25
WHOLE = 0.2

_WORD = re.compile(r"\w")
_FIGURE = re.compile(r"\d")
_PERSON = re.compile(r"(?<=[\w,:;(] )[A-ZÀ-Þ][a-zà-þ]+|^[A-ZÀ-Þ][a-zà-þ]+ [A-ZÀ-Þ][a-zà-þ]+")


class WhereFound(StrEnum):
    """Where a piece stands."""

    DOCUMENT = "document"
    DAYS = "days"
    """The calendar, reminders and jobs."""
    GOAL = "goal"
    RESULT = "result"
    NOTE = "note"
    TALK = "talk"


PRIOR: Mapping[WhereFound, float] = {WhereFound.TALK: -0.15, WhereFound.RESULT: -0.05, WhereFound.GOAL: -0.05}
HINTED_PLACES: Mapping[Hint, frozenset[WhereFound]] = {
    Hint.TALK: frozenset({WhereFound.TALK}),
    Hint.RESULTS: frozenset({WhereFound.GOAL, WhereFound.RESULT}),
    Hint.NOTES: frozenset({WhereFound.NOTE}),
    Hint.DAYS: frozenset({WhereFound.DAYS}),
    Hint.MAIL: frozenset(),
}


@dataclass(frozen=True, slots=True)
class FoundPiece:
    """Something that may answer."""

    place: WhereFound
    source: str
    """What people call where it stands."""
    address: str
    text: str
    above: str = ""
    """What it stands under: headings, a title, a file's name."""
    around: str = ""
    """The text that it was taken from."""
    at: datetime | None = None
    """When it is, of an entry; when it was written or said, of a text of Senter's own."""
    line: str = ""
    """How it is shown, where not as a quotation."""
    shown: str = ""
    """What is quoted, where not the text."""
    where: str = ""
    """What is shown of where a quotation stands."""
    is_whole: bool = False
    """Whether it is a list with all its entries, for whoever asks what is in it."""
    is_heading: bool = False
    is_letterhead: bool = False
    """Whether it says who wrote to whom, when, and about what."""
    is_mail: bool = False
    before: str = ""
    """The sentence before it, which `it` or `her` may mean."""
    is_row: bool = False
    """Whether it is a row of a table, a record like those beside it."""

    @property
    def words(self) -> int:
        return 1 + self.text.count(" ")

    @property
    def quoted(self) -> Quoted:
        """Others' words stand between quotation marks: they are never Senter's own."""
        said = one_line(self.shown or self.text, LONGEST_QUOTE).replace('"', "'")
        return Quoted(source=self.source, address=self.address, quote=self.line or f'"{said}" ({self.where})')


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well a candidate answers."""

    candidate: FoundPiece
    score: float
    share: float
    """Of the question's words, by weight."""
    answers: bool
    is_sure: bool = False
    """Whether it has all that the question says, and tells what it wants."""
    names_all: bool = False
    """Whether it has all that the question is about, be it without what it wants to know of it."""
    names_most: bool = False
    """Whether it lacks no more than one of at least three such words."""
    says_all: bool = False
    """Whether it has all of at least three such words itself."""


def rank(question: OwnQuestion, candidates: Iterable[FoundPiece], now: datetime) -> list[Ranked]:
    """Those that have a telling word, the best first."""
    strengths = Strengths(question.terms)
    wanted = (one for one in candidates if _is_for(question, one))
    found = [(one, had) for one in wanted if max(had := strengths.of(one), default=0.0) > AROUND]
    weights = _weights(question.terms, found)
    ranked = [_ranked(question, one, had, weights, now) for one, had in found]
    return sorted(ranked, key=lambda one: -one.score)


def _is_for(question: OwnQuestion, piece: FoundPiece) -> bool:
    """A whole list is for whoever asks what is in it, a heading for whoever wants what it tells."""
    if piece.is_heading:
        return _tells(question.wanted, piece) > 0
    return question.is_open or not piece.is_whole


def answers_among(question: OwnQuestion, ranked: Sequence[Ranked]) -> list[Ranked]:
    """The best that answers, and those that do so nearly as well; where a question says where, only of there."""
    good = [one for one in ranked if one.answers]
    good = [one for one in good if one.candidate.place in _only(question)] or good
    good = [one for one in good if Hint.MAIL in question.hints and one.candidate.is_mail] or good
    good = [one for one in good if one.candidate.address in question.near] or good
    return [one for one in good if one.score >= good[0].score - CLOSE]


def _only(question: OwnQuestion) -> frozenset[WhereFound]:
    hinted = (HINTED_PLACES[hint] for hint in question.hints if hint is not Hint.DAYS)
    return frozenset[WhereFound]().union(*hinted)


class Strengths:
    """How well pieces have the words of a question. What several stand under or are taken from is looked at once."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._any = re.compile("|".join(term.loose for term in terms) or r"(?!)", re.IGNORECASE)
        self._texts: dict[str, list[float]] = {}

    def of(self, piece: FoundPiece) -> list[float]:
        """For each word."""
        own = self._once(piece.text)
        above, around = self._once(piece.above), self._once(piece.around)
        heading, before = self._once(_heading(piece.above)), self._before(piece)
        strengths = zip(self._terms, own, above, around, heading, before, strict=True)
        return [_strength(*of) for of in strengths]

    def _before(self, piece: FoundPiece) -> list[float]:
        """What the sentence before it has; all of it for one that goes on about it."""
        if not piece.before:
            return self._none
        share = ABOVE if own_words().pronouns.match(piece.text) else BESIDE
        return [share * strength for strength in self._once(piece.before)]

    @property
    def _none(self) -> list[float]:
        return [0.0] * len(self._terms)

    def _once(self, text: str) -> list[float]:
        if text not in self._texts:
            self._texts[text] = self._in(text) if self._any.search(text) else self._none
        return self._texts[text]

    def _in(self, text: str) -> list[float]:
        """OWN where a text has the word itself, OWN_KINDRED where one that stands for it."""
        return [_had(term, text) for term in self._terms]


def _heading(above: str) -> str:
    """The nearest below a text's own title; empty for what stands under the title alone."""
    *before, nearest = above.split(UNDER)
    return nearest if len(before) >= TITLES else ""


def _had(term: Term, text: str) -> float:
    if term.exact.search(text):
        return OWN
    return OWN_KINDRED if term.kindred and term.kindred.search(text) else 0.0


def _strength(term: Term, own: float, above: float, around: float, heading: float, before: float) -> float:
    """As near as it stands."""
    if own == OWN:
        return own
    if heading == OWN and not term.is_name:
        return HEADING
    if above == OWN:
        return NAME_ABOVE if term.is_name else ABOVE
    if own:
        return own
    return max(ABOVE_KINDRED if above else 0.0, before, AROUND if around else 0.0)


def _weights(terms: Sequence[Term], found: Sequence[tuple[FoundPiece, Sequence[float]]]) -> list[float]:
    """A word that all sources have tells little, but something."""
    count = len({one.address for one, _ in found})
    have = [len({one.address for one, had in found if had[place]}) for place in range(len(terms))]
    return [term.weight * _rarity(number, count) for term, number in zip(terms, have, strict=True)]


def _rarity(number: int, count: int) -> float:
    return max(COMMON, math.log1p(count / (1 + number)) / math.log1p(count)) if count else 1.0


def _ranked(
    question: OwnQuestion, candidate: FoundPiece, had: Sequence[float], weights: Sequence[float], now: datetime
) -> Ranked:
    """An order to a machine neither answers nor comes near, nor does a greeting or a mere name."""
    if own_words().orders.search(candidate.text) or _says_no_more(question, candidate):
        return Ranked(candidate, 0.0, 0.0, answers=False)
    share = _mean([min(1.0, strength / ABOVE_KINDRED) for strength in had], weights)
    tells = _tells(question.wanted, candidate)
    score = (
        _mean(had, weights) + SHARE * share + _fit(question, candidate, had, tells) + _timely(question, candidate, now)
    )
    has_names = all(strength > AROUND for term, strength in zip(question.terms, had, strict=True) if term.is_name)
    in_text = any(strength >= OWN_KINDRED for strength in had) or candidate.place in _only(question)
    in_text = in_text or candidate.is_whole
    answers = share >= ENOUGH and has_names and (in_text or tells > 0)
    answers = answers and (tells > 0 or not question.wanted & MUST_TELL)
    named, telling = _named(question, had)
    names_all = in_text and 0 < telling == named
    names_most = in_text and telling > 0 and named >= min(telling, max(FEWEST_NAMED, telling - 1))
    says_all = telling >= FEWEST_SAID and all(
        strength == OWN for term, strength in zip(question.terms, had, strict=True) if term in question.telling
    )
    is_sure = share >= SURE or (names_all and tells > 0) or _allows(question, candidate, had, weights)
    return Ranked(candidate, score, share, answers, answers and is_sure and tells >= 0, names_all, names_most, says_all)


def _named(question: OwnQuestion, had: Sequence[float]) -> tuple[int, int]:
    """How many of its telling words are there as they are said, and how many it has."""
    asked = question.telling
    telling = [strength for term, strength in zip(question.terms, had, strict=True) if term in asked]
    return sum(strength >= ABOVE and strength != OWN_KINDRED for strength in telling), len(telling)


def _says_no_more(question: OwnQuestion, candidate: FoundPiece) -> bool:
    """Whether it has but words of the question, or greets."""
    text = candidate.text
    if len(text) > LONGEST_GREETING or candidate.is_row or candidate.place is not WhereFound.DOCUMENT:
        return False
    for term in question.terms:
        text = term.exact.sub("", text)
    return not _WORD.search(text) or own_words().greets.search(candidate.text) is not None


def _allows(question: OwnQuestion, candidate: FoundPiece, had: Sequence[float], weights: Sequence[float]) -> bool:
    """Whether it says if what is asked about is allowed, in whatever light words."""
    if AnswerKind.ALLOWED not in question.wanted or not _has(AnswerKind.ALLOWED, candidate):
        return False
    told = [
        (min(1.0, strength / ABOVE_KINDRED), weight)
        for term, strength, weight in zip(question.terms, had, weights, strict=True)
        if not (term.is_light or own_words().has[AnswerKind.ALLOWED].search(term.said))
    ]
    return bool(told) and _mean([share for share, _ in told], [weight for _, weight in told]) >= SURE


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


def _fit(question: OwnQuestion, candidate: FoundPiece, had: Sequence[float], tells: int) -> float:
    """What speaks for a piece beside the words that it has."""
    fit = PRIOR.get(candidate.place, 0.0) + _hinted(question, candidate)
    fit += TELLS_WANTED * tells if tells >= 0 else LACKS_WANTED
    fit += WHOLE * candidate.is_whole + LETTERHEAD * (candidate.is_letterhead and AnswerKind.WHO not in question.wanted)
    fit += NEIGHBOURS * sum(pair.search(candidate.text) is not None for pair in question.pairs)
    fit += IN_TIME * bool(question.when and question.when.search(f"{candidate.text} {candidate.above}"))
    fit += BEGINS_WITH_IT * any(term.exact.match(candidate.text) for term in question.terms)
    return fit + DENSE * _density(had, candidate)


def _density(had: Sequence[float], candidate: FoundPiece) -> float:
    """Up to 1: of the question's words how many it has itself, and how little else it says."""
    own = sum(strength >= OWN_KINDRED for strength in had)
    return own / len(had) * min(1.0, WORDS_A_TERM * own / candidate.words)


def tells(question: OwnQuestion, candidate: FoundPiece) -> int:
    """1 where it has what is wanted, -1 where it lacks it, 0 where nothing in particular is."""
    return _tells(question.wanted, candidate)


def _tells(wanted: frozenset[AnswerKind], candidate: FoundPiece) -> int:
    """1 where it has what is wanted, -1 where it lacks it, 0 where nothing in particular is, or it may: `two`."""
    if not wanted:
        return 0
    if any(_has(each, candidate) for each in wanted):
        return 1
    return 0 if AnswerKind.HOW_MUCH in wanted and own_words().has[AnswerKind.HOW_MUCH].search(candidate.text) else -1


def _has(wanted: AnswerKind, candidate: FoundPiece) -> bool:
    text = candidate.text
    match wanted:
        case AnswerKind.WHEN:
            return candidate.place is WhereFound.DAYS or own_words().has[wanted].search(text) is not None
        case AnswerKind.HOW_MUCH:
            return _FIGURE.search(own_words().has[AnswerKind.WHEN].sub("", text)) is not None
        case AnswerKind.WHO:
            return _PERSON.search(text) is not None
        case _:
            return own_words().has[wanted].search(text) is not None


def _hinted(question: OwnQuestion, candidate: FoundPiece) -> float:
    is_there = any(candidate.place in HINTED_PLACES[hint] for hint in question.hints)
    return HINTED if is_there or (candidate.is_mail and Hint.MAIL in question.hints) else 0.0


def _timely(question: OwnQuestion, candidate: FoundPiece, now: datetime) -> float:
    """Of entries, those that are past or to come, as is asked; the nearest first."""
    if candidate.at is None or candidate.place is not WhereFound.DAYS:
        return 0.0
    days = (candidate.at - now).total_seconds() / 86_400
    fits = days < 0 if question.is_past else days >= -1
    return (0.1 if fits else -0.3) - min(0.09, abs(days) / 4_000)
