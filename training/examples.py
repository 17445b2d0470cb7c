"""What a classifier is trained on: the clauses that `understand` makes of labelled sentences, each with its label."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from senter.understanding.clauses import Clause
from senter.understanding.features import features_of
from senter.understanding.reading import clauses_in

NOW = datetime(2026, 3, 11, 10, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
TALK = "talk"
SAMPLED = 50
"""Every so many sentences one is looked at in full for `made_from`."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An act as somebody labelled it."""

    kind: str
    gist: str
    span: tuple[int, int]
    subject: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its acts."""

    text: str
    acts: tuple[Labelled, ...]
    trap: str


@dataclass(frozen=True, slots=True)
class Example:
    """A clause as a classifier sees it."""

    text: str
    label: str
    features: tuple[int, ...]


def read_sentences(folder: Path) -> list[Sentence]:
    """Of all files there, in the order of their names."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    rows = [json.loads(line) for line in lines if line.strip()]
    return [sentence_of(row) for row in rows if "acts" in row]


def sentence_of(row: dict[str, object]) -> Sentence:
    """From a line of a file."""
    acts = row["acts"]
    assert isinstance(acts, list)
    text = str(row["text"])
    return Sentence(text, tuple(_act(text, act) for act in acts), str(row.get("trap", "")))


def _act(text: str, act: dict[str, object]) -> Labelled:
    begin, end = act.get("span") or (0, len(text))  # type: ignore[misc]
    return Labelled(str(act["kind"]), str(act.get("gist", "")), (int(begin), int(end)), str(act.get("subject", "")))


def kinds_in(sentence: Sentence) -> Iterator[Example]:
    """Each clause that is one act, or none of any."""
    clauses = clauses_in(sentence.text, NOW, ZONE)
    owners = {_owner(act, clauses): act.kind for act in sentence.acts}
    for place, clause in enumerate(clauses):
        label = owners.get(place) or ("" if any(_shared(act, clause) for act in sentence.acts) else TALK)
        if label:
            yield Example(clause.text, label, tuple(features_of(clause)))


def subjects_in(sentence: Sentence) -> Iterator[Example]:
    """Each question whose subject is labelled."""
    clauses = clauses_in(sentence.text, NOW, ZONE)
    for act in sentence.acts:
        if act.subject and clauses:
            clause = clauses[_owner(act, clauses)]
            yield Example(clause.text, act.subject, tuple(features_of(clause)))


def made_from(sentences: Iterable[Sentence]) -> str:
    """Names sentences, labels and what is seen of them: weights of another name are not of these."""
    digest = sha256()
    for number, sentence in enumerate(sentences):
        digest.update(repr(sentence).encode())
        if number % SAMPLED == 0:
            digest.update(repr([*kinds_in(sentence), *subjects_in(sentence)]).encode())
    return digest.hexdigest()[:32]


def _owner(act: Labelled, clauses: tuple[Clause, ...]) -> int:
    """The clause that says most of it; of two that say as much the first."""
    return max(range(len(clauses)), key=lambda place: _shared(act, clauses[place]), default=0)


def _shared(act: Labelled, clause: Clause) -> int:
    return max(0, min(act.span[1], clause.end) - max(act.span[0], clause.begin))
