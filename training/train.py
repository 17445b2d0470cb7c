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
from collections.abc import Sequence
from math import exp
from pathlib import Path

from senter.understanding.classifier import decoded, encoded
from senter.understanding.features import BUCKETS
from training.examples import Example, Sentence, kinds_in, made_from, read_sentences, subjects_in
from training.grammar import made_sentences

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "senter" / "understanding" / "weights"
SEED = 1
EPOCHS = 8
RATE = 0.2
SLOWER = 0.7
"""What of the rate is left after each epoch."""
SMALLEST = 0.01
"""Errors that are not learned from."""
FADE = 0.00002
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
    return [*read_sentences(HERE / "sentences"), *made_sentences()]


def write() -> None:
    """The weights of all that there is."""
    sentences = all_sentences()
    name = made_from(sentences)
    for file, find in (("kinds", kinds_in), ("subjects", subjects_in)):
        examples = [example for sentence in sentences for example in find(sentence)]
        WEIGHTS.mkdir(exist_ok=True)
        (WEIGHTS / f"{file}.weights").write_bytes(trained(examples, name))
        print(f"{file}: {len(examples)} examples, {dict(Counter(example.label for example in examples))}")  # noqa: T201


def judge(folds: int) -> None:
    """Only sentences written by hand are asked about; those of the grammar are all learned."""
    by_hand, made = read_sentences(HERE / "sentences"), list(made_sentences())
    for what, find in (("kinds", kinds_in), ("subjects", subjects_in)):
        more = [example for sentence in made for example in find(sentence)]
        known = [[*find(sentence)] for sentence in by_hand]
        random.Random(SEED).shuffle(known)  # noqa: S311
        right, wrong = 0, list[str]()
        for fold in range(folds):
            rest = [example for place, some in enumerate(known) if place % folds != fold for example in some]
            model = decoded(trained([*rest, *more], ""))
            for example in (example for some in known[fold::folds] for example in some):
                shares = model.probabilities(example.features)
                best = max(shares, key=shares.__getitem__)
                right += best == example.label
                if best != example.label:
                    wrong.append(f"{example.label:10} read as {best:10} {shares[best]:.2f}  {example.text}")
        print(f"{what}: {right} of {right + len(wrong)} right", *sorted(wrong), sep="\n")  # noqa: T201


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folds", type=int, default=0)
    folds = options.parse_args().folds
    judge(folds) if folds else write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
