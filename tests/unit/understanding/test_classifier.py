"""The shipped weights are those of the shipped sentences, and each rule holds on them."""

from __future__ import annotations

from collections import Counter

import pytest

from senter.understanding.classifier import classifier, decoded, encoded
from senter.understanding.features import BUCKETS
from senter.understanding.lexicon import Rule, lexicon
from senter.understanding.timed_clauses import clauses_in
from training.corpus import by_hand
from training.examples import NOW, ZONE, made_from
from training.train import all_sentences


def test_weights_are_read_as_they_were_written() -> None:
    rows = [[0.0] * BUCKETS, [0.0] * BUCKETS]
    rows[0][7], rows[1][9] = 1.0, 2.0
    read = decoded(encoded(["a", "b"], rows, "name"))
    assert (read.classes, read.made_from) == (("a", "b"), "name")
    assert read.probabilities([7])["a"] == pytest.approx(0.731, abs=0.01)
    assert read.probabilities([9])["b"] == pytest.approx(0.881, abs=0.01)


def test_the_weights_are_those_of_the_sentences_and_of_what_is_seen_of_them() -> None:
    """Where this fails, run bin/train."""
    name = made_from(all_sentences())
    assert {classifier(file).made_from for file in ("kinds", "subjects")} == {name}


def test_rules_hold_on_what_is_learned() -> None:
    clauses = [
        (clauses_in(sentence.text, NOW, ZONE), Counter(act.label.kind.value for act in sentence.acts))
        for sentence in by_hand()
    ]
    alone = [(found[0].signals | found[0].beside, kinds) for found, kinds in clauses if len(found) == 1]
    weak = {(rule.kind, *sorted(rule.has)): share for rule in lexicon().rules if (share := _share(rule, alone)) < 0.9}
    assert not weak


def test_rules_about_subjects_hold_on_what_is_learned() -> None:
    questions = [
        (clauses[0].signals | clauses[0].beside, Counter([act.label.subject.value]))
        for sentence in by_hand()
        for act in sentence.acts
        if act.label.subject and len(clauses := clauses_in(sentence.text, NOW, ZONE)) == 1
    ]
    weak = {tuple(rule.has): share for rule in lexicon().subject_rules if (share := _share(rule, questions)) < 0.9}
    assert not weak


def _share(rule: Rule, clauses: list[tuple[frozenset[str], Counter[str]]]) -> float:
    fitting = [kinds for signals, kinds in clauses if rule.holds(signals)]
    wanted = {"talk", "question"} if rule.kind in ("talk", "question") else {rule.kind}
    return sum(bool(wanted & set(kinds)) for kinds in fitting) / (len(fitting) or 1)
