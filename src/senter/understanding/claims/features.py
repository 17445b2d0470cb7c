"""What the classifier of claims sees of a sentence: words, their classes and pieces, each hashed to a number. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from zlib import crc32

from senter.understanding.features import BUCKETS

LONGEST = 36
"""Words of a sentence that are looked at."""
_PIECES = (3, 4)
_BEGINNING = 4
"""Words at the beginning whose place is told."""

_TELLING_WORDS = frozenset(
    {"i", "we", "he", "she", "they", "you", "your", "it", "that", "this", "the", "a", "an", "to", "for", "by", "now"}
    | {"am", "is", "are", "was", "will", "has", "have", "been", ",", ":"}
)
"""Small words that tell much where they stand beside others."""


class AskedFor(StrEnum):
    """What an answer answers."""

    DEED = "deed"
    """Something was to be done, or is asked whether it was."""
    TELLING = "telling"
    """Something was told, or is to be written or thought about."""
    KNOWLEDGE = "knowledge"
    """A question about the world, and the like."""


def features_of(words: Sequence[str], asked_for: AskedFor, classes: Mapping[str, str]) -> list[int]:
    """Each once. `words` are plain, `classes` says of what class a word is."""
    return sorted({crc32(name.encode()) % BUCKETS for name in _names(words[:LONGEST], asked_for, classes)})


def _names(words: Sequence[str], asked_for: AskedFor, classes: Mapping[str, str]) -> Iterator[str]:
    shapes = ["^", *(_shape(word) for word in words), "$"]
    kinds = ["^", *(classes.get(word) or _shape(word) for word in words), "$"]
    yield f"asked {asked_for}"
    yield f"asked {asked_for} last {shapes[-2]}"
    yield f"length {asked_for} {min(len(words), 24) // 3}"
    yield from (f"at{place} {kind}" for place, kind in enumerate(kinds[1 : _BEGINNING + 1]))
    yield f"begins {asked_for} {' '.join(kinds[1:3])}"
    yield from _grams("w", shapes)
    yield from _grams("k", kinds)
    yield from (f"{asked_for} {kind}" for kind in kinds)
    yield from _together(kinds)
    for word in shapes:
        around = f"_{word}_"
        if word[0] != "<":
            yield from (
                f"c {around[begin : begin + size]}" for size in _PIECES for begin in range(len(around) - size + 1)
            )


def _together(kinds: Sequence[str]) -> Iterator[str]:
    """What stands in one sentence, wherever: who, with what is done, to whom and when."""
    telling = sorted({kind for kind in kinds if kind[0] == "<" or kind in _TELLING_WORDS})
    yield from (f"p {one} {other}" for one, other in combinations(telling, 2))
    yield from (f"p1 {kinds[1]} {other}" for other in telling)


def _shape(word: str) -> str:
    return "<number>" if word[0].isdigit() else word


def _grams(name: str, words: Sequence[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        yield f"{name} {word}"
        if place + 1 < len(words):
            yield f"{name} {word} {words[place + 1]}"
        if place + 2 < len(words):
            yield f"{name} {word} {words[place + 1]} {words[place + 2]}"
            yield f"{name} {word} . {words[place + 2]}"
