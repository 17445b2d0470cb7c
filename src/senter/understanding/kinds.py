"""What kind of act a clause is: rules decide what is certain, a classifier the rest. Where they differ, it is less sure."""

from __future__ import annotations

from senter.messages.acts import ActKind, Subject
from senter.understanding.classifier import Classifier, classifier
from senter.understanding.clauses import Clause
from senter.understanding.features import features_of
from senter.understanding.lexicon import lexicon

Judged = tuple[ActKind, float]
"""A kind, and how sure it is."""
NOTHING_DONE = (ActKind.TALK, ActKind.QUESTION)
INHERITED = (ActKind.REMINDER, ActKind.EVENT, ActKind.GOAL, ActKind.SCHEDULE, ActKind.NOTE, ActKind.COMPLETION)
"""Kinds that `..., and the dentist on friday` goes on with."""


def kind_of(clause: Clause, before: ActKind | None, model: Classifier) -> Judged:
    """`before` is the kind of the clause before it."""
    shares = model.probabilities(features_of(clause))
    learned = max(shares, key=shares.__getitem__)
    kind, sure = ActKind(learned), shares[learned]
    if clause.continues and before in INHERITED and kind is not before:
        return before, max(0.6, shares.get(before, 0.0))
    rule = next((rule for rule in lexicon().rules if rule.holds(clause.signals)), None)
    if rule is None:
        return kind, sure
    if rule.kind is kind:
        return kind, max(rule.certainty, sure)
    return rule.kind, (rule.certainty + shares.get(rule.kind, 0.0)) / 2


def subject_of(clause: Clause) -> tuple[Subject, float]:
    """Whose affairs a question is about."""
    shares = classifier("subjects").probabilities(features_of(clause))
    best = max(shares, key=shares.__getitem__)
    return Subject(best), shares[best]
