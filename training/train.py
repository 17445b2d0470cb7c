"""Trains the classifiers of `senter.understanding` on the labelled sentences, and writes their weights.

    bin/train              write the weights anew; takes a few minutes
    bin/train --claims     only those that find claims; takes seconds
    bin/train --language de   only those of one language
    bin/train --folds 5    write nothing: train on four fifths, say how the rest is read, and show what is read wrong;
                           with --claims only claims, in half a minute

Plain Python, the same result each time.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from math import exp
from pathlib import Path

from senter.messages.acts import ActKind
from senter.sentences import ENGLISH, LANGUAGES, speaking
from senter.understanding.claims.grammar import CLAIM
from senter.understanding.classifier import Classifier, decoded, encoded, weights_file
from senter.understanding.clause_readings import ReadClause, readings_of
from senter.understanding.features import BUCKETS
from senter.understanding.kinds import NOTHING_DONE
from training import claimed
from training.claimed import Exchange, claims_in
from training.corpus import by_grammar, by_hand
from training.examples import NOW, ZONE, Example, kinds_in, made_from, subjects_in, words_known
from training.marked import Sentence

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "senter" / "understanding" / "weights"
SEED = 1
EPOCHS = 8
CLAIM_EPOCHS = 12
RATE = 0.5
SLOWER = 0.75
"""What of the rate is left after each epoch."""
SMALLEST = 0.01
"""Errors that are not learned from."""
FADE = 0.0001
"""What of a weight is lost each time it is learned."""


def trained(examples: Sequence[Example], name: str, words: Set[str] = frozenset(), epochs: int = EPOCHS) -> bytes:
    """The weights that tell the labels apart; `words` are those that the examples know."""
    classes = sorted({example.label for example in examples})
    weights = [[0.0] * len(classes) for _ in range(BUCKETS)]
    order, chance, rate = list(examples), random.Random(SEED), RATE  # noqa: S311
    for _ in range(epochs):
        chance.shuffle(order)
        for example in order:
            _learn(weights, example, classes.index(example.label), rate)
        rate *= SLOWER
    return encoded(classes, [*zip(*weights, strict=True)], name, words)


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


def all_sentences(language: str = ENGLISH) -> list[Sentence]:
    """By hand, then by the grammar."""
    return [*by_hand(language), *by_grammar(language)]


def kinds_model(sentences: Sequence[Sentence], name: str = "") -> bytes:
    """Trained on the sentences whose clauses are certain, then on all, with the clauses that it finds likely."""
    certain = decoded(trained([example for sentence in sentences for example in kinds_in(sentence)], name))
    return trained([example for sentence in sentences for example in kinds_in(sentence, certain)], name)


def subjects_model(sentences: Sequence[Sentence], name: str = "") -> bytes:
    """Trained on the forms of questions."""
    known = words_known(sentences)
    return trained([example for sentence in sentences for example in subjects_in(sentence, known)], name, known)


def claims_model(exchanges: Sequence[Exchange], name: str = "") -> bytes:
    """Trained on the sentences of answers."""
    return trained([example for exchange in exchanges for example in claims_in(exchange)], name, epochs=CLAIM_EPOCHS)


def write_claims() -> None:
    """The weights that find claims; takes seconds."""
    exchanges = claimed.by_hand()
    (WEIGHTS / "claims.weights").write_bytes(claims_model(exchanges, claimed.made_from(exchanges)))


def write() -> None:
    """The weights of all that there is."""
    write_claims()
    for language in LANGUAGES:
        write_language(language)


def write_language(language: str) -> None:
    """Those of one language."""
    sentences = all_sentences(language)
    with speaking(language):
        name = made_from(sentences)
        for file, model in (("kinds", kinds_model), ("subjects", subjects_model)):
            (WEIGHTS / weights_file(file)).write_bytes(model(sentences, name))


@dataclass
class Tally:
    """How sentences are read that were not learned."""

    found: int = 0
    said: int = 0
    right: int = 0
    asked: int = 0
    answered: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def add(self, sentence: Sentence, kinds: Classifier, subjects: Classifier) -> None:
        """Its acts, and whose affairs its questions are about."""
        self._add_acts(sentence, readings_of(sentence.text, NOW, ZONE, kinds))
        for example in subjects_in(sentence, subjects.words):
            shares = subjects.probabilities(example.features)
            self._add_subject(sentence, example.label, max(shares, key=shares.__getitem__))

    def _add_acts(self, sentence: Sentence, readings: Sequence[ReadClause]) -> None:
        labels = _counted(act.label.kind for act in sentence.acts)
        acts = _counted(reading.kind for reading in readings)
        self.found, self.said = self.found + acts.total(), self.said + labels.total()
        self.right += (acts & labels).total()
        if acts != labels:
            sure = " ".join(f"{reading.confidence:.2f}" for reading in readings)
            self.wrong.append(
                f"{_kinds(labels):20} read as {_kinds(acts):20} {sure:5} {sentence.trap:10} {sentence.text}"
            )

    def _add_subject(self, sentence: Sentence, label: str, read: str) -> None:
        self.asked, self.answered = self.asked + 1, self.answered + (label == read)
        if label != read:
            self.wrong.append(f"{label:20} read as {read:20} {'':16} {sentence.text}")

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.said)
        subjects = f"subjects {self.answered} of {self.asked}"
        return f"precision {precision:.3f}, recall {recall:.3f} of {self.said} acts; {subjects}"


def judge(folds: int, language: str) -> Tally:
    """Only sentences written by hand are asked about; those of the grammar are all learned."""
    with speaking(language):
        return _judged(folds, language)


def _judged(folds: int, language: str) -> Tally:
    made, known, tally = by_grammar(language), by_hand(language), Tally()
    random.Random(SEED).shuffle(known)  # noqa: S311
    for fold in range(folds):
        learned = [*(sentence for place, sentence in enumerate(known) if place % folds != fold), *made]
        kinds, subjects = decoded(kinds_model(learned)), decoded(subjects_model(learned))
        for sentence in known[fold::folds]:
            tally.add(sentence, kinds, subjects)
    return tally


def judge_claims(folds: int) -> list[str]:
    """The sentences that are read wrong; exchanges about one question are learned or asked about together."""
    exchanges, wrong, read = claimed.by_hand(), list[str](), 0
    together = sorted({exchange.together for exchange in exchanges})
    for fold in range(folds):
        held = set(together[fold::folds])
        model = decoded(claims_model([exchange for exchange in exchanges if exchange.together not in held]))
        for exchange in exchanges:
            examples = [*claims_in(exchange)] if exchange.together in held else []
            read += len(examples)
            wrong += [
                f"{example.label:6} {exchange.asked} | {example.text.strip()}"
                for example in examples
                if claimed.is_claim(exchange, example, model) != (example.label == CLAIM)
            ]
    missed = sum(line.startswith(CLAIM) for line in wrong)
    return [*sorted(wrong), f"claims: {len(wrong)} of {read} sentences read wrong, {missed} of them claims"]


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
    options.add_argument("--claims", action="store_true", help="only those that find claims")
    options.add_argument("--language", choices=LANGUAGES, default="", help="only those of that language")
    chosen = options.parse_args()
    folds: int = chosen.folds
    if folds:
        if not chosen.language:
            print(*judge_claims(folds), sep="\n")
        if not chosen.claims:
            tally = judge(folds, chosen.language or ENGLISH)
            print(*sorted(tally.wrong), tally, sep="\n")
    elif chosen.claims:
        write_claims()
    elif chosen.language:
        write_language(chosen.language)
    else:
        write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
