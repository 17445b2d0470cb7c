"""A linear classifier with its weights in a small file: what kind a clause is of, and how sure that is.

The file holds a line of JSON, then for each class a row of one signed byte for each bucket. It is written by
`training/train.py`; the line says what it was trained on.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from senter.sentences import ENGLISH, spoken
from senter.understanding.features import BUCKETS


@dataclass(frozen=True, slots=True)
class Classifier:
    """Gives each of its classes a probability."""

    classes: tuple[str, ...]
    scales: tuple[float, ...]
    """What one step of a class's bytes is worth."""
    rows: tuple[array[int], ...]
    made_from: str
    """Names the sentences and features it was trained on."""
    words: frozenset[str] = frozenset()
    """Those it knows, where it is one of forms."""

    def probabilities(self, features: Iterable[int]) -> dict[str, float]:
        """Of all classes; their sum is 1."""
        seen = [*features]
        scores = [scale * sum(map(row.__getitem__, seen)) for scale, row in zip(self.scales, self.rows, strict=True)]
        highest = max(scores)
        weights = [exp(score - highest) for score in scores]
        total = sum(weights)
        return {name: weight / total for name, weight in zip(self.classes, weights, strict=True)}


def classifier_of(name: str) -> Classifier:
    """The shipped one of that name, of the language which is read just now."""
    return _read(weights_file(name))


def classifier(name: str) -> Classifier:
    """The shipped English one of that name."""
    return _read(f"{name}.weights")


def weights_file(name: str) -> str:
    """Of the language which is read just now."""
    language = spoken()
    return f"{name}.weights" if language == ENGLISH else f"{name}_{language}.weights"


@cache
def _read(file: str) -> Classifier:
    return decoded((files("senter.understanding") / "weights" / file).read_bytes())


def decoded(content: bytes) -> Classifier:
    """What `encoded` wrote."""
    line, _, weights = content.partition(b"\n")
    head = json.loads(line)
    rows = [array("b", weights[begin : begin + BUCKETS]) for begin in range(0, len(weights), BUCKETS)]
    known = frozenset(head.get("words", ()))
    return Classifier(tuple(head["classes"]), tuple(head["scales"]), tuple(rows), head["made_from"], known)


def encoded(
    classes: Sequence[str], rows: Sequence[Sequence[float]], made_from: str, words: Collection[str] = ()
) -> bytes:
    """The file of a classifier; weights are rounded to 255 steps."""
    scales = [max(map(abs, row)) / 127 or 1.0 for row in rows]
    known = {"words": sorted(words)} if words else {}
    head = {"classes": [*classes], "scales": scales, "made_from": made_from, **known}
    steps = (array("b", [round(weight / scale) for weight in row]) for row, scale in zip(rows, scales, strict=True))
    return json.dumps(head).encode() + b"\n" + b"".join(row.tobytes() for row in steps)
