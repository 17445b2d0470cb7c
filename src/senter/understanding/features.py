"""What a classifier sees of a clause: its words, pieces of words, and signals, each hashed to a number.

Times, quotations, names and numbers are each one word here: what is learned of one is learned of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

from senter.understanding.clauses import Clause
from senter.understanding.lexicon import QUOTE, WHEN, lexicon

BUCKETS = 1 << 15
LONGEST = 40
"""Words of a clause that are looked at: its first ones, and its last few."""
TAIL = 8
_TOKEN = re.compile(rf"{WHEN}+|{QUOTE}+|\d[\d.,:]*|[^\W\d_]+(?:'[^\W\d_]+)?|[?!]")
_PIECE = (3, 4)


def features_of(clause: Clause) -> list[int]:
    """Each once, in no order that matters."""
    return sorted({crc32(name.encode()) % BUCKETS for name in _names(clause)})


def _names(clause: Clause) -> Iterator[str]:
    words = [_shape(token) for token in _TOKEN.findall(clause.masked)]
    head = [_shape(token) for token in _TOKEN.findall(clause.masked, clause.head)][:3]
    kept = words if len(words) <= LONGEST else [*words[: LONGEST - TAIL], *words[-TAIL:]]
    yield "bias"
    yield from (f"signal {name}" for name in clause.signals)
    yield from (f"beside {name}" for name in clause.beside)
    yield from (f"beside {name} {first}" for name in clause.beside for first in head[:1])
    yield from _grams(["^", *kept, "$"])
    yield from _pieces(kept)
    yield from (f"head{place} {word}" for place, word in enumerate(head))
    yield f"heads {' '.join(head[:2])}"
    yield f"last {words[-1] if words else ''}"
    yield f"length {min(len(words), 30) // 3}"
    yield f"continues {clause.continues}"
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
