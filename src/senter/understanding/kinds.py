"""What kind of act a clause is: rules decide what is certain, a classifier the rest; less sure where they differ."""

from __future__ import annotations

from senter.messages.acts import ActKind, Subject
from senter.understanding.classifier import Classifier, classifier
from senter.understanding.clauses import Clause
from senter.understanding.features import features_of
from senter.understanding.lexicon import lexicon

Judged = tuple[ActKind, float]
"""A kind, and how sure it is."""
NOTHING_DONE = (ActKind.TALK, ActKind.QUESTION)
LIKELY, HALF = 0.6, 0.5
CLEAR = 0.8
"""So sure, a kind is not taken over from the clause before."""
INHERITED = (ActKind.REMINDER, ActKind.EVENT, ActKind.GOAL, ActKind.SCHEDULE, ActKind.NOTE, ActKind.COMPLETION)
"""Kinds that `..., and the dentist on friday` goes on with."""


def kind_of(clause: Clause, before: ActKind, model: Classifier) -> Judged:
    """`before` is the kind of the clause before it, talk for the first."""
    shares = model.probabilities(features_of(clause))
    kind, sure = _likeliest(shares)
    if before in INHERITED and clause.continues and (kind not in INHERITED or sure < CLEAR):
        return before, max(LIKELY, shares.get(before, 0.0))
    rule = next((rule for rule in lexicon().rules if rule.holds(clause.signals | clause.beside)), None)
    if rule is None:
        return kind, sure
    if rule.kind is kind:
        return kind, max(rule.certainty, sure)
    return rule.kind, (rule.certainty + shares.get(rule.kind, 0.0)) / 2


def _likeliest(shares: dict[str, float]) -> Judged:
    """First whether anything is to be done, then what."""
    nothing = sum(shares[kind] for kind in NOTHING_DONE)
    kinds = [name for name in shares if (name in NOTHING_DONE) == (nothing >= HALF)]
    best = max(kinds, key=shares.__getitem__)
    return ActKind(best), shares[best]


def subject_of(clause: Clause) -> tuple[Subject, float]:
    """Whose affairs a question is about."""
    shares = classifier("subjects").probabilities(features_of(clause))
    best = max(shares, key=shares.__getitem__)
    return Subject(best), shares[best]
