"""Trains the classifiers of `senter.understanding` on the labelled sentences, and writes their weights.

    bin/train              write the weights anew; takes a few minutes
    bin/train --folds 5    write nothing: train on four fifths, say how the rest is read, and show what is read wrong

Plain Python, the same result each time.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import exp
from pathlib import Path

from senter.messages.acts import ActKind
from senter.understanding.classifier import decoded, encoded
from senter.understanding.features import BUCKETS
from senter.understanding.kinds import NOTHING_DONE
from senter.understanding.reading import readings_of
from training.corpus import by_grammar, by_hand
from training.examples import NOW, ZONE, Example, kinds_in, made_from, subjects_in
from training.marked import Sentence

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "senter" / "understanding" / "weights"
SEED = 1
EPOCHS = 8
RATE = 0.5
SLOWER = 0.75
"""What of the rate is left after each epoch."""
SMALLEST = 0.01
"""Errors that are not learned from."""
FADE = 0.0001
"""What of a weight is lost each time it is learned."""


def trained(examples: Sequence[Example], name: str) -> bytes:
    """The weights that tell the labels apart."""
    classes = sorted({example.label for example in examples})
    weights = [[0.0] * len(classes) for _ in range(BUCKETS)]
    order, chance, rate = list(examples), random.Random(SEED), RATE  # noqa: S311
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for example in order:
            _learn(weights, example, classes.index(example.label), rate)
        rate *= SLOWER
    return encoded(classes, [*zip(*weights, strict=True)], name)


def _learn(weights: list[list[float]], example: Example, right: int, rate: float) -> None:
    rows = [weights[bucket] for bucket in example.features]
    scores = [*map(sum, zip(*rows, strict=True))]
    highest = max(scores)
    shares = [exp(score - highest) for score in scores]
    total, step = sum(shares), rate / len(rows) ** 0.5
    for place, share in enumerate(shares):
        error = share / total - (place == right)
        if abs(error) > SMALLEST:
            for row in rows:
                row[place] -= step * error + FADE * row[place]


def all_sentences() -> list[Sentence]:
    """By hand, then by the grammar."""
    return [*by_hand(), *by_grammar()]


def kinds_model(sentences: Sequence[Sentence], name: str = "") -> bytes:
    """Trained on the sentences whose clauses are certain, then on all, with the clauses that it finds likely."""
    certain = decoded(trained([example for sentence in sentences for example in kinds_in(sentence)], name))
    return trained([example for sentence in sentences for example in kinds_in(sentence, certain)], name)


def subjects_model(sentences: Sequence[Sentence], name: str = "") -> bytes:
    """Trained on the questions."""
    return trained([example for sentence in sentences for example in subjects_in(sentence)], name)


def write() -> None:
    """The weights of all that there is."""
    sentences = all_sentences()
    name = made_from(sentences)
    WEIGHTS.mkdir(exist_ok=True)
    for file, model in (("kinds", kinds_model), ("subjects", subjects_model)):
        (WEIGHTS / f"{file}.weights").write_bytes(model(sentences, name))


def judge(folds: int) -> None:
    """Only sentences written by hand are asked about; those of the grammar are all learned."""
    made, known = by_grammar(), by_hand()
    random.Random(SEED).shuffle(known)  # noqa: S311
    found, said, right, asked, answered = 0, 0, 0, 0, 0
    wrong = list[str]()
    for fold in range(folds):
        rest = [sentence for place, sentence in enumerate(known) if place % folds != fold]
        kinds, subjects = decoded(kinds_model([*rest, *made])), decoded(subjects_model([*rest, *made]))
        for sentence in known[fold::folds]:
            labels = _counted(act.label.kind for act in sentence.acts)
            readings = readings_of(sentence.text, NOW, ZONE, kinds)
            acts = _counted(reading.kind for reading in readings)
            found, said, right = found + acts.total(), said + labels.total(), right + (acts & labels).total()
            if acts != labels:
                sure = " ".join(f"{reading.confidence:.2f}" for reading in readings)
                wrong.append(
                    f"{_kinds(labels):20} read as {_kinds(acts):20} {sure:5} {sentence.trap:10} {sentence.text}"
                )
            for example in subjects_in(sentence):
                shares = subjects.probabilities(example.features)
                best = max(shares, key=shares.__getitem__)
                asked, answered = asked + 1, answered + (best == example.label)
                if best != example.label:
                    wrong.append(f"{example.label:20} read as {best:20} {'':10} {sentence.text}")
    print(*sorted(wrong), sep="\n")
    print(f"precision {right / found:.3f} recall {right / said:.3f} of {said} acts; subjects {answered} of {asked}")


def _counted(kinds: Iterable[ActKind]) -> Counter[ActKind]:
    """Work in a row is one piece of work."""
    return Counter(
        kind for kind, row in groupby(kinds) if kind not in NOTHING_DONE for _ in ([0] if kind is ActKind.WORK else row)
    )


def _kinds(kinds: Counter[ActKind]) -> str:
    return ",".join(sorted(kinds.elements())) or "-"


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folds", type=int, default=0)
    folds = options.parse_args().folds
    judge(folds) if folds else write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
