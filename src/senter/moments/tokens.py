"""A text as words, numbers and marks, phrases of time in one piece. Takes a time in proportion to the text.

A number that is part of something longer (`v1.2`, `A4`, `$10`, `1.2.3.4`, `10%`) is no number here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, auto

from senter.moments.words import Words

_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc"
_PATTERN = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d(?:[Tt ]\d\d:?\d\d(?::?\d\d(?:\.\d{1,9})?)?(?: ?(?:[Zz]\b|[+-]\d\d:?\d\d(?!\d)))?"
    r"(?:\[[\w/+-]{1,40}\])?)?(?!\w))"
    r"|(?P<dashed>\d{1,2}-\d{1,2}-\d{4}(?![\w-]))"
    r"|(?P<run>\d+(?:[.:/,]\d+)*)"
    r"|(?P<offset>(?:\+|(?<=\s)-)\d\d:\d\d(?![\d:]))"
    rf"|(?P<area>(?:{_AREAS})/[A-Z][A-Za-z_]{{1,30}}(?:/[A-Z][A-Za-z_]{{1,30}})?)"
    r"|(?P<word>[aApP]\.\s?[mM]\b\.?|[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\s\w]|_)"
)
_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([./])(\d{1,2})\2(\d{1,2})")
_PAIR = re.compile(r"(\d{1,2})([./,])(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_UNIT_BEFORE = re.compile(r"\d[hmd]$", re.IGNORECASE)
LONGEST_CHAIN = 16
"""What goes on for more pieces without a space says no time."""
_BEFORE_NO_NUMBER = frozenset("$€£#+./\\_")
_AFTER_NO_NUMBER = frozenset("%€$£°_\\#@")


class Shape(StrEnum):
    """What a token looks like."""

    WORD = auto()
    NUMBER = auto()
    CLOCK = auto()
    DATE = auto()
    PAIR = auto()
    ISO = auto()
    OFFSET = auto()
    AREA = auto()
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark, or a phrase."""

    start: int
    end: int
    shape: Shape
    text: str
    key: str
    """In small letters, without `'s`."""
    glued: bool
    """Whether nothing stands between it and the one before."""
    parts: tuple[str, ...] = ()
    """The digits of a date, pair, clock time."""


def tokens_of(text: str, words: Words) -> list[Token]:
    """In order; phrases of the language in one piece."""
    return _with_phrases(_simple(text, words), text, words)


def _simple(text: str, words: Words) -> list[Token]:
    found: list[Token] = []
    end, chain = -1, 0
    for match in _PATTERN.finditer(text):
        said, glued = match[0], match.start() == end
        chain = chain + 1 if glued else 0
        shape, parts = _shape(match, text, words) if chain <= LONGEST_CHAIN else (Shape.MARK, ())
        token = Token(match.start(), match.end(), shape, said, _key(said, words), glued, parts)
        found.extend(_apart(token, words) if token.key in words.compounds else [token])
        end = match.end()
    return found


def _shape(match: re.Match[str], text: str, words: Words) -> tuple[Shape, tuple[str, ...]]:
    kind, said = match.lastgroup, match[0]
    if kind in ("iso", "run", "dashed") and _is_part_of_more(match, text):
        return Shape.MARK, ()
    if kind == "run" or kind == "dashed":
        return _run(said, words)
    return Shape(kind or Shape.MARK), ()


def _is_part_of_more(match: re.Match[str], text: str) -> bool:
    before = text[match.start() - 1] if match.start() else " "
    after = text[match.end()] if match.end() < len(text) else " "
    further = text[match.end() + 1] if match.end() + 1 < len(text) else " "
    return (
        before in _BEFORE_NO_NUMBER
        or (before.isalpha() and not _UNIT_BEFORE.search(text, max(0, match.start() - 3), match.start()))
        or after in _AFTER_NO_NUMBER
        or (after in "./" and further.isalpha())
    )


def _run(said: str, words: Words) -> tuple[Shape, tuple[str, ...]]:
    if said.isdigit() and len(said) <= 9:
        return Shape.NUMBER, (said,)
    if found := _CLOCK.fullmatch(said):
        return Shape.CLOCK, (found[1], found[2], found[3] or "0")
    if found := _DATE.fullmatch(said):
        return Shape.DATE, (found[1], found[3], found[4])
    if found := _YEAR_FIRST.fullmatch(said):
        return Shape.DATE, (found[4], found[3], found[1])
    if (found := _PAIR.fullmatch(said)) and (found[2] != "," or found[2] in words.inflection.decimal):
        return Shape.PAIR, (found[1], found[3], found[2])
    return Shape.MARK, ()


def _key(said: str, words: Words) -> str:
    return words.inflection.plain(words.inflection.bare(said.lower()))


def _apart(token: Token, words: Words) -> list[Token]:
    """Both words of one that is written as one."""
    first, second = words.compounds[token.key]
    plain, text = words.inflection.plain, token.text
    at = next(place for place in range(len(text) + 1) if plain(text[:place]) == first)
    middle = token.start + at
    return [
        Token(token.start, middle, Shape.WORD, text[:at], first, token.glued),
        Token(middle, token.end, Shape.WORD, text[at:], second, glued=False),
    ]


def _with_phrases(simple: list[Token], text: str, words: Words) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(simple):
        length = _phrase_length(simple, at, words)
        found.append(simple[at] if length == 1 else _joined(simple[at : at + length], text))
        at += length
    return found


def _phrase_length(simple: list[Token], at: int, words: Words) -> int:
    for phrase in words.phrases.get(simple[at].key, ()):
        if tuple(token.key for token in simple[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 1


def _joined(several: list[Token], text: str) -> Token:
    first, last = several[0], several[-1]
    key = " ".join(token.key for token in several)
    return Token(first.start, last.end, Shape.WORD, text[first.start : last.end], key, first.glued)
