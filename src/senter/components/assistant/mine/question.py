"""What a question about one's own affairs asks: its telling words, what kind of answer, where it may stand. Pure."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from senter.components.assistant.mine.translations import german_words
from senter.components.assistant.mine.words import own_words
from senter.moments.shown_words import shown_words
from senter.quoting.unbroken import is_unbroken, runs_of
from senter.text import one_line

LIGHT, USUAL, NAME = 0.35, 1.0, 2.0
MOST_TERMS = 24
LONGEST_ABOUT = 100
SHORTEST_PART = 5
"""Letters of the last part of a compound."""
A_YEAR = 364
"""Days from its first to its last."""
FOCUS = 1.4
"""How much more a word says that is asked for than what it is of: the deposit for the trip."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


class AnswerKind(StrEnum):
    """What kind of thing an answer has to name."""

    WHEN = "when"
    HOW_MUCH = "how_much"
    PRICE = "price"
    HOW_LONG = "how_long"
    HOW_OFTEN = "how_often"
    HOW_HOT = "how_hot"
    HOW_BIG = "how_big"
    HOW_OLD = "how_old"
    AGREED = "agreed"
    WHO = "who"
    WHERE = "where"
    ALLOWED = "allowed"


TELLING_MORE = frozenset(
    {AnswerKind.PRICE, AnswerKind.HOW_OFTEN, AnswerKind.HOW_HOT, AnswerKind.HOW_BIG, AnswerKind.HOW_OLD}
)
"""What says more than that a figure is wanted."""
MUST_TELL = frozenset({AnswerKind.HOW_BIG, AnswerKind.HOW_OLD, AnswerKind.AGREED})
"""What nothing answers that lacks it."""


class Hint(StrEnum):
    """Where a question says that its answer stands."""

    TALK = "talk"
    RESULTS = "results"
    NOTES = "notes"
    DAYS = "days"
    MAIL = "mail"


class Debts(StrEnum):
    """Which way the money goes that is asked about: what the user owes and spends, or what others owe them."""

    OWN = "own"
    OF_OTHERS = "of others"


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word, or a name of several words, and how it is recognised."""

    said: str
    exact: re.Pattern[str]
    kindred: re.Pattern[str] | None
    weight: float
    is_name: bool = False
    is_light: bool = False
    """Whether an answer may well use another word."""
    words: tuple[str, ...] = ()
    """What to search an index for."""

    @property
    def loose(self) -> str:
        """A pattern, in any case of letters, of all that may be it: a name by each of its parts."""
        if self.is_name:
            return "|".join(map(re.escape, self.words))
        return f"{self.exact.pattern}|{self.kindred.pattern}" if self.kindred else self.exact.pattern


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question, read."""

    terms: tuple[Term, ...]
    wanted: frozenset[AnswerKind]
    hints: frozenset[Hint]
    is_past: bool
    is_open: bool
    """Whether it asks what there is to say, rather than for one thing."""
    is_list: bool
    """Whether several things may answer it."""
    when: re.Pattern[str] | None
    """The day or month that it is about, as texts write it."""
    pairs: tuple[re.Pattern[str], ...]
    """Neighbouring words, such as `to Lisbon`."""
    debts: Debts | None
    """Of rows, those whose money goes this way."""
    about: str
    """From its first telling word to its last, for people."""
    near: frozenset[str] = frozenset()
    """Addresses of what it goes on about."""
    lists_mails: bool = False
    """Whether it asks for mails, rather than for what one says."""
    is_settled: bool = False
    """Whether it asks for what is paid, not for what is still to be."""
    telling: tuple[Term, ...] = field(init=False)
    """What an answer says in these words, as far as it can. Every candidate is held against it."""

    def __post_init__(self) -> None:
        words = own_words()
        telling = (term for term in self.terms if not (term.is_light or words.is_of_figures(term.said)))
        object.__setattr__(self, "telling", tuple(telling))

    @property
    def said(self) -> str:
        """Its telling words."""
        return " ".join(term.said for term in self.terms)

    @property
    def searched(self) -> tuple[str, ...]:
        """Its telling words, those that may stand for them, and what else a text may say that answers."""
        words = [word for term in self.terms for word in term.words]
        return tuple(dict.fromkeys((*words, *(other for word in words for other in own_words().sought.get(word, ())))))


def terms_of(text: str) -> tuple[Term, ...]:
    """Its telling words, all that there are."""
    return tuple(_terms(_rewritten(text)))


def is_past(text: str) -> bool:
    """Whether it asks about what was."""
    return own_words().past.search(text) is not None and not own_words().coming.search(text)


def read_question(
    text: str, rest: str, first: date | None = None, last: date | None = None, *, is_part: bool = False
) -> OwnQuestion:
    """`rest` is the text without its words of time, which say from the first to the last day. A part of a question may
    begin with a name."""
    words = own_words()
    rest = _rewritten(rest)
    wanted = frozenset(AnswerKind(name) for name, pattern in words.wants.items() if pattern.search(text.strip()))
    if wanted & TELLING_MORE:
        wanted -= {AnswerKind.HOW_MUCH}
    return OwnQuestion(
        terms=_focused(tuple(_terms(rest, is_part=is_part))[:MOST_TERMS], rest),
        wanted=wanted,
        hints=frozenset(Hint(name) for name, pattern in words.hints.items() if pattern.search(text)),
        is_past=is_past(text),
        is_open=not wanted and words.opens.search(text.strip()) is not None,
        is_list=words.lists.search(text) is not None or words.mails.asks.search(text) is not None,
        when=_written(first, last) if first and last else None,
        pairs=tuple(_pairs(rest)),
        debts=_debts(text),
        about=one_line(_about(rest), LONGEST_ABOUT),
        lists_mails=words.mails.asks.search(text) is not None,
        is_settled=words.asks_settled.search(text) is not None,
    )


def _focused(terms: tuple[Term, ...], text: str) -> tuple[Term, ...]:
    """What is asked for weighs more than what it is of or for."""
    found = own_words().focus.search(text)
    asked = found["focus"].casefold() if found else ""
    return tuple(
        replace(term, weight=term.weight * FOCUS)
        if not term.is_name and term.said.casefold() in asked.split()
        else term
        for term in terms
    )


def _debts(text: str) -> Debts | None:
    if own_words().asks_own_debts.search(text):
        return Debts.OWN
    return Debts.OF_OTHERS if own_words().asks_debts_of_others.search(text) else None


def _rewritten(text: str) -> str:
    for pattern, said in own_words().rewrites:
        text = pattern.sub(said, text)
    return text


def _written(first: date, last: date) -> re.Pattern[str] | None:
    """A day, days of one month, or a whole year; other times are too wide to tell anything."""
    if first == last:
        ways = f"{first:%Y}[-. ]{first:%m}[-. ]{first:%d}|0?{first.day}\\. ?0?{first.month}\\. ?{first.year}"
        months = _months(first.month)
        return re.compile(rf"\b(?:{ways}|{first.day}\.? {months}|{months} {first.day})\b", re.IGNORECASE)
    if (last - first).days >= A_YEAR and first.year == last.year:
        return re.compile(rf"(?<!\d){first.year}(?!\d)")
    if (first.year, first.month) == (last.year, last.month):
        written = rf"{first:%Y}[-. ]{first:%m}|{first:%m}\.{first:%Y}|{_months(first.month)}"
        return re.compile(rf"\b(?:{written})\b", re.IGNORECASE)
    return None


def _months(month: int) -> str:
    """How texts may name it in full, in English and in the language that is spoken."""
    names = dict.fromkeys((month_name[month], shown_words().months[month - 1]))
    return f"(?:{'|'.join(names)})"


def _about(text: str) -> str:
    telling = [found for found in _WORD.finditer(text) if found.group().casefold() not in own_words().plain]
    return text[telling[0].start() : telling[-1].end()] if telling else ""


def _terms(text: str, *, is_part: bool = False) -> Iterator[Term]:
    seen = set[str]()
    for group in _groups(text, is_part=is_part):
        key = " ".join(group).casefold()
        if key not in seen:
            seen.add(key)
            yield _name(group) if _is_name(group[0]) else _word(group[0])


def _groups(text: str, *, is_part: bool) -> Iterator[list[str]]:
    """Telling words, those of a name together."""
    group: list[str] = []
    end = -1
    for number, found in enumerate(_WORD.finditer(text)):
        word = _POSSESSIVE.sub("", found.group())
        if is_unbroken(word):
            yield from ([run] for run in runs_of(word))
            continue
        if not word or (word.casefold() in own_words().plain):
            continue
        named = (is_part or number > 0) and _is_name(word)
        if group and named and found.start() - end == 1:
            group.append(word)
        else:
            if group:
                yield group
            group = [word if named or own_words().forms.words.nouns_are_capitalised else word.casefold()]
        end = found.end()
        if not named or found.group() != word:
            yield group
            group = []
    if group:
        yield group


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not own_words().forms.words.nouns_are_capitalised


def _name(parts: list[str]) -> Term:
    whole = r"[\s,]+(?:\w\.\s+)?".join(map(re.escape, parts))
    ways = _translated(parts[0].casefold()) if len(parts) == 1 else ()
    pattern = re.compile(rf"\b(?:{'|'.join((whole, *ways))})(?:['’]?s)?\b", re.IGNORECASE)
    part = re.compile(_first_name(parts)) if len(parts) > 1 else _kindred_of(parts[0])
    others = own_words().others(parts[0].casefold()) if len(parts) == 1 else frozenset[str]()
    return Term(" ".join(parts), pattern, part, NAME, is_name=True, words=(*map(str.casefold, parts), *sorted(others)))


def _first_name(parts: list[str]) -> str:
    """A part of the name where no other name goes on with it."""
    first, last = re.escape(parts[0]), re.escape(parts[-1])
    return rf"\b{first}\b(?!\s+[A-ZÀ-Þ])|(?<![A-ZÀ-Þ])\b(?:{'|'.join(own_words().titles)})\.? {last}\b"


def _word(said: str) -> Term:
    word, known = said.casefold(), own_words()
    if is_unbroken(said):
        return Term(said, re.compile(re.escape(said)), None, USUAL, words=(said,))
    forms = known.forms_of(word)
    weight = LIGHT if known.forms.stem(word) in known.light else USUAL
    words = (*forms.spellings(word), *sorted(known.others(word)))
    exact = re.compile(rf"\b(?:{'|'.join((forms.formed(word), *_translated(word)))})\b", re.IGNORECASE)
    return Term(said, exact, _kindred_of(word), weight, is_light=weight == LIGHT, words=words)


def _translated(word: str) -> Iterator[str]:
    """Patterns of those that say the same in the other language."""
    known = own_words()
    others = known.translated.get(known.forms_of(word).stem(word), frozenset[str]())
    return (known.forms_of(other).inflected(other) for other in sorted(others))


def _kindred_of(word: str) -> re.Pattern[str] | None:
    """Others that stand for it, and words that end with it."""
    known, word = own_words(), word.casefold()
    others = sorted(known.others(word))
    ways = [known.forms_of(other).inflected(other) for other in others]
    compounds = (known.forms_of(each).compound(each) for each in (word, *others))
    ways += filter(None, compounds)
    ways += map(re.escape, _heads(word))
    return re.compile(rf"\b(?:{'|'.join(ways)})\b", re.IGNORECASE) if ways else None


def _heads(word: str) -> Iterator[str]:
    """What stands before a known word that a German compound ends with: tetanus in Tetanusimpfung."""
    for last in german_words():
        head = word.removesuffix(last)
        if len(last) >= SHORTEST_PART and SHORTEST_PART - 1 <= len(head) < len(word):
            yield head.removesuffix("s")


def _pairs(text: str) -> Iterator[re.Pattern[str]]:
    words = [found.group() for found in _WORD.finditer(text)]
    for first, second in pairwise(words):
        if second.casefold() not in own_words().plain and first.casefold() not in own_words().articles:
            yield re.compile(rf"\b{re.escape(first)} {re.escape(second)}", re.IGNORECASE)
