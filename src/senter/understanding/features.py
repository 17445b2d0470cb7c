"""What a classifier sees of a clause: its words, pieces of words, and signals, each hashed to a number.

Times, quotations, names and numbers are each one word here: what is learned of one is learned of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from zlib import crc32

from senter.understanding.clauses import SaidClause
from senter.understanding.forms import form_of
from senter.understanding.lexicon import QUOTE, WHEN, lexicon

BUCKETS = 1 << 15
LONGEST = 40
"""Words of a clause that are looked at: its first ones, and its last few."""
TAIL = 8
_TOKEN = re.compile(rf"{WHEN}+|{QUOTE}+|\d[\d.,:]*|[^\W\d_]+(?:'[^\W\d_]+)?|[?!]")
_CAPITAL = re.compile(r"(?<=\w )(?!I\b)[A-Z]")
"""Of a name, where words do not begin a sentence."""
_PIECE = (3, 4)


def features_of(clause: SaidClause) -> list[int]:
    """Each once, in no order that matters."""
    words = _kept([_shape(token) for token in _TOKEN.findall(clause.masked)])
    head = [_shape(token) for token in _TOKEN.findall(clause.masked, clause.head)]
    return _hashed(chain(_names(clause, words, head[:3]), _pieces(words)))


def features_of_form(clause: SaidClause, known: Set[str]) -> list[int]:
    """Those of a question's form: the same whatever the names in it, and whatever words that are not known."""
    words = _kept(form_of(clause.masked, clause.text, known))
    return _hashed(_names(clause, words, form_of(clause.masked, clause.text, known, clause.head)[:3]))


def _hashed(names: Iterable[str]) -> list[int]:
    return sorted({crc32(name.encode()) % BUCKETS for name in names})


def _kept(words: list[str]) -> list[str]:
    return words if len(words) <= LONGEST else [*words[: LONGEST - TAIL], *words[-TAIL:]]


def _names(clause: SaidClause, words: list[str], head: list[str]) -> Iterator[str]:
    yield "bias"
    yield from (f"signal {name}" for name in clause.signals)
    yield from (f"beside {name}" for name in clause.beside)
    yield from (f"beside {name} {first}" for name in clause.beside for first in head[:1])
    yield from _grams(["^", *words, "$"])
    yield from (f"head{place} {word}" for place, word in enumerate(head))
    yield f"heads {' '.join(head[:2])}"
    yield f"last {words[-1] if words else ''}"
    yield f"length {min(len(words), 30) // 3}"
    yield f"continues {clause.continues}"
    yield f"capitals {min(3, len(_CAPITAL.findall(clause.text)))}"
    if "asked" in clause.signals:
        yield f"asked {head[0] if head else ''}"
    yield from _pairs(clause.signals)


def _pairs(signals: frozenset[str]) -> Iterator[str]:
    """What a clause begins like means something else in a question, under a condition, in the past, of others."""
    turns = lexicon().groups["turning"]
    turning = sorted(signals & turns)
    for name in signals - turns:
        yield f"plain {name} {not turning}"
        yield from (f"both {name} {turn}" for turn in turning)
    yield f"turning {' '.join(turning)}"


def _shape(token: str) -> str:
    if token[0] == WHEN:
        return "<when>"
    if token[0] == QUOTE:
        return "<quote>"
    return "<number>" if token[0].isdigit() else token.replace("'", "")


def _grams(words: list[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        yield f"1 {word}"
        if place + 1 < len(words):
            yield f"2 {word} {words[place + 1]}"
        if place + 2 < len(words):
            yield f"3 {word} {words[place + 1]} {words[place + 2]}"
        if place + 2 < len(words):
            yield f"skip {word} {words[place + 2]}"


def _pieces(words: list[str]) -> Iterator[str]:
    for word in words:
        if word[0] != "<":
            around = f"_{word}_"
            for size in _PIECE:
                yield from (f"c {around[begin : begin + size]}" for begin in range(len(around) - size + 1))
