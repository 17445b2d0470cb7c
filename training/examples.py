"""What a classifier is trained on: the clauses that `understand` makes of labelled sentences, each with its label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from senter.understanding.classifier import Classifier
from senter.understanding.clauses import SaidClause
from senter.understanding.features import features_of, features_of_form
from senter.understanding.forms import WORD, names_in, plain
from senter.understanding.timed_clauses import clauses_in
from training.marked import LabelledAct, Sentence

NOW = datetime(2026, 3, 11, 10, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
TALK, LEFT_OUT = "talk", ""
UNLIKELY = 0.25
"""Less than this is no sign that a clause says an act, too."""
AGAIN = 5
"""Questions that say a word before it is one to tell them by."""
NAMED = 0.3
"""The share of capitals that makes a word a name."""
SAMPLED = 50
"""Every so many sentences one is looked at in full for `made_from`."""


@dataclass(frozen=True, slots=True)
class Example:
    """A clause as a classifier sees it."""

    text: str
    label: str
    features: tuple[int, ...]


def kinds_in(sentence: Sentence, model: Classifier | None = None) -> Iterator[Example]:
    """Each clause that is one act, or none of any. Which clause of several an act is said by, `model` decides; without
    one they are left out."""
    clauses = clauses_in(sentence.text, NOW, ZONE)
    labels = dict.fromkeys(range(len(clauses)), TALK)
    for act in sentence.acts:
        kind, places = act.label.kind.value, [place for place, clause in enumerate(clauses) if _shared(act, clause)]
        shares = {place: _share(clauses[place], kind, model) for place in places}
        for place in places:
            labels[place] = _label(kind, shares[place], [*shares.values()], model is not None)
    for place, label in labels.items():
        if label != LEFT_OUT:
            yield Example(clauses[place].text, label, tuple(features_of(clauses[place])))


def _label(kind: str, share: float, shares: list[float], is_known: bool) -> str:
    if len(shares) == 1 or (is_known and share == max(shares)):
        return kind
    return TALK if share < UNLIKELY else LEFT_OUT


def _share(clause: SaidClause, kind: str, model: Classifier | None) -> float:
    return model.probabilities(features_of(clause))[kind] if model else 0.5


def subjects_in(sentence: Sentence, known: Set[str]) -> Iterator[Example]:
    """Each question whose subject is labelled; `known` are the words that a form is made of."""
    clauses = clauses_in(sentence.text, NOW, ZONE)
    for act in sentence.acts:
        if act.label.subject and clauses:
            clause = clauses[_owner(act, clauses)]
            yield Example(clause.text, act.label.subject.value, tuple(features_of_form(clause, known)))


def words_known(sentences: Iterable[Sentence]) -> frozenset[str]:
    """Words that questions ask with again and again; names are none of them, however often they were used."""
    said, capitals = Counter[str](), Counter[str]()
    for sentence in sentences:
        for begin, end in (act.span for act in sentence.acts if act.label.subject):
            text = sentence.text[begin:end]
            said.update({plain(word) for word in WORD.findall(text)})
            capitals.update({plain(found[0]) for found in names_in(text)})
    return frozenset(word for word, times in said.items() if times >= AGAIN and capitals[word] < NAMED * times)


def made_from(sentences: Iterable[Sentence]) -> str:
    """Names sentences, labels and what is seen of them: weights of another name are not of these."""
    digest, sentences = sha256(), [*sentences]
    known = words_known(sentences)
    for number, sentence in enumerate(sentences):
        digest.update(repr(sentence).encode())
        if number % SAMPLED == 0:
            digest.update(repr([*kinds_in(sentence), *subjects_in(sentence, known)]).encode())
    return digest.hexdigest()[:32]


def _owner(act: LabelledAct, clauses: tuple[SaidClause, ...]) -> int:
    """The clause that says most of it; of two that say as much the first."""
    return max(range(len(clauses)), key=lambda place: _shared(act, clauses[place]), default=0)


def _shared(act: LabelledAct, clause: SaidClause) -> int:
    return max(0, min(act.span[1], clause.end) - max(act.span[0], clause.begin))
