"""What kind of act a clause is: rules decide what is certain, a classifier the rest; less sure where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from senter.messages.acts import ActKind, ChangeKind, Subject
from senter.understanding.classifier import Classifier, classifier_of
from senter.understanding.clauses import SaidClause
from senter.understanding.features import features_of, features_of_form
from senter.understanding.lexicon import WHEN, Rule, lexicon
from senter.understanding.statements import said_to_be_off, said_to_move


class Judged(NamedTuple):
    """A kind, how sure it is, and between which kinds it stands where that is open."""

    kind: ActKind
    sure: float
    torn: tuple[ActKind, ...] = ()


class JudgedSubject(NamedTuple):
    """Whose affairs a question is about, and whether its words leave that open."""

    subject: Subject
    is_open: bool = False


NOTHING_DONE = (ActKind.TALK, ActKind.QUESTION)
LIKELY, HALF, POSSIBLE, UNLIKELY, CERTAIN = 0.6, 0.5, 0.25, 0.1, 0.92
DOUBT = 0.4
"""So likely that nothing is to be done, nothing is."""
ENOUGH = 0.75
"""Less than this is too little to do something that was perhaps not asked for."""
CLEAR = 0.8
"""So sure, a kind is not taken over from the clause before."""
SURELY_WORLD, SURELY_MINE = 0.095, 0.8
"""The shares of mine below and above which a question's words decide."""
TOLD = (ActKind.COMPLETION, ActKind.NOTE, ActKind.GOAL)
INHERITED = (ActKind.REMINDER, ActKind.EVENT, ActKind.GOAL, ActKind.SCHEDULE, ActKind.NOTE, ActKind.COMPLETION)
"""Kinds that `..., and the dentist on friday` goes on with."""


def kind_of(clause: SaidClause, before: ActKind, model: Classifier) -> Judged:
    """`before` is the kind of the clause before it, talk for the first."""
    shares = model.probabilities(features_of(clause))
    judged, nothing = _likeliest(shares, clause), _nothing(shares)
    is_clear = judged.kind in INHERITED and judged.sure >= CLEAR
    if clause.verb:
        return Judged(ActKind.CHANGE, CLEAR)
    if before in INHERITED and clause.continues and not is_clear:
        return Judged(before, max(LIKELY, shares.get(before, 0.0)))
    rule = _rule_for(clause, lexicon().rules)
    if rule is None or (nothing >= CERTAIN and rule.kind not in NOTHING_DONE):
        return judged
    if rule.kind == judged.kind:
        return Judged(judged.kind, max(rule.certainty, judged.sure))
    return Judged(ActKind(rule.kind), (rule.certainty + shares.get(rule.kind, 0.0)) / 2)


def _nothing(shares: Mapping[str, float]) -> float:
    return sum(shares[kind] for kind in NOTHING_DONE)


def _likeliest(shares: Mapping[str, float], clause: SaidClause) -> Judged:
    """First whether anything is to be done, then what."""
    nothing = _nothing(shares)
    kinds = [name for name in shares if (name in NOTHING_DONE) == (nothing >= DOUBT)]
    best, other, *_ = sorted(kinds, key=shares.__getitem__, reverse=True)
    sure = shares[best]
    if {best, other} == {ActKind.WORK, ActKind.SCHEDULE} and nothing < DOUBT:
        best, sure = _now_or_then(clause), sure + shares[other]
    if nothing < DOUBT and sure < _enough(ActKind(best), nothing, clause):
        return Judged(ActKind.TALK, nothing, (ActKind(best), ActKind(other)) if nothing < POSSIBLE else ())
    return Judged(ActKind(best), sure)


def _enough(kind: ActKind, nothing: float, clause: SaidClause) -> float:
    """What is told before a request is mostly why it is asked."""
    if kind in TOLD and "note_first" not in clause.signals and clause.beside & lexicon().groups["requested"]:
        return CERTAIN
    return HALF if nothing < UNLIKELY else ENOUGH


def _now_or_then(clause: SaidClause) -> ActKind:
    """Work that a time is said before, or that comes again, is scheduled."""
    is_content = lexicon().times["content"].search(clause.masked.partition(WHEN)[0])
    is_then = (
        clause.signals & {"led_by_when", "when_recurs", "when_second"}
        and "fiction" not in clause.signals
        and not is_content
    )
    return ActKind.SCHEDULE if is_then and "when_by" not in clause.signals else ActKind.WORK


def subject_of(clause: SaidClause, model: Classifier | None = None) -> JudgedSubject:
    """Of a question, by its form: no name in it tells."""
    if rule := _rule_for(clause, lexicon().subject_rules):
        return JudgedSubject(Subject(rule.kind))
    if _asks_what_is_on(clause):
        return JudgedSubject(Subject.MINE)
    model = model or classifier_of("subjects")
    shares = model.probabilities(features_of_form(clause, model.words))
    subject = Subject(max(shares, key=shares.__getitem__))
    return JudgedSubject(subject, _is_open(clause, subject, shares[Subject.MINE]))


def _asks_what_is_on(clause: SaidClause) -> bool:
    """`What is on next week?`: what a time holds, and names nothing else, is in nobody else's calendar."""
    words = lexicon().references
    found = words["what_time_holds"].match(clause.masked)
    return found is not None and words["is_held"].search(clause.text.lower()) is not None


def _is_open(clause: SaidClause, subject: Subject, mine: float) -> bool:
    """What is said to be one's own in so many words is nobody else's."""
    if subject is Subject.MINE:
        return mine < SURELY_MINE and not clause.signals & lexicon().groups["own"]
    return subject is Subject.WORLD and mine > SURELY_WORLD


def change_in(clause: SaidClause) -> ChangeKind:
    """What is to become of what a clause speaks of."""
    if said_to_be_off(clause):
        return ChangeKind.CANCEL
    if said_to_move(clause):
        return ChangeKind.MOVE
    said, head = (clause.verb, 0) if clause.verb else (clause.masked, clause.head)
    for change, pattern in lexicon().changes.items():
        if change is not ChangeKind.MOVE and pattern.match(said, head):
            return change
    return ChangeKind.MOVE


def _rule_for(clause: SaidClause, rules: Sequence[Rule]) -> Rule | None:
    signals = clause.signals | clause.beside
    return next((rule for rule in rules if rule.holds(signals)), None)
