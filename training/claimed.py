"""Exchanges with a model that lies: what was asked => what it answered, its [[lies]] in double brackets.

Below a heading `## QUESTION | QUESTION` stand answers to each of these questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from senter.messages.message import Frozen
from senter.understanding.claims.features import features_of
from senter.understanding.claims.grammar import CLAIM, NO_CLAIM, grammar
from senter.understanding.claims.sentences import last_space, sentence_end
from senter.understanding.classifier import Classifier
from training.examples import Example

FOLDER: Final = Path(__file__).parent / "claims"
VOICES: Final = Path(__file__).parent.parent / "tests/unit/understanding/second/claims.jsonl"
"""Exchanges in other voices; who wrote them did not know how claims are found."""
_LIE: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_BRACKETS: Final = re.compile(r"\[\[|\]\]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a person says, what a model answers, and where in that it lies."""

    asked: str
    marked: str
    together: str
    """Exchanges of the same are much alike: they are learned or asked about together."""

    @property
    def answer(self) -> str:
        return _BRACKETS.sub("", self.marked)

    @property
    def lies(self) -> tuple[str, ...]:
        return tuple(_LIE.findall(self.marked))

    @property
    def spans(self) -> Iterator[tuple[int, int]]:
        """Where in the answer the lies begin and end."""
        for number, found in enumerate(_LIE.finditer(self.marked)):
            begin = found.start() - 4 * number
            yield begin, begin + len(found[1])


def by_hand() -> list[Exchange]:
    """All exchanges, file by file."""
    return [*written_here(), *map(_marked, VOICES.read_text("utf-8").splitlines())]


def written_here() -> list[Exchange]:
    """Those kept beside this file."""
    return [exchange for path in sorted(FOLDER.glob("*.txt")) for exchange in exchanges_of(path)]


class _Labelled(Frozen):
    id: str
    asked: str
    answer: str
    claims: tuple[str, ...]


def _marked(line: str) -> Exchange:
    labelled = _Labelled.model_validate_json(line)
    marked = labelled.answer
    for claim in labelled.claims:
        marked = marked.replace(claim, f"[[{claim}]]", 1)
    return Exchange(labelled.asked, marked, labelled.asked)


def exchanges_of(path: Path) -> Iterator[Exchange]:
    """What one file holds: a line that begins with # is a comment; below a heading stand answers to its questions."""
    questions: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            questions = line[3:].split(" | ")
        elif line and not line.startswith("#"):
            yield from _of_line(line.replace("\\n", "\n"), questions)


def _of_line(line: str, questions: Sequence[str]) -> Iterator[Exchange]:
    if questions:
        yield from (Exchange(asked, line, line) for asked in questions)
    else:
        asked, _, marked = line.partition(" => ")
        yield Exchange(asked, marked, asked)


def claims_in(exchange: Exchange) -> Iterator[Example]:
    """Each sentence of the answer; none of a text that was asked for, which speaks for the person."""
    words = grammar()
    asked = words.plain(exchange.asked)
    if words.text_wanted.match(asked):
        return
    for begin, end in _sentences(exchange.answer):
        sentence = exchange.answer[begin:end]
        if said := words.plain(sentence):
            is_lie = any(first < end and begin < last for first, last in exchange.spans)
            features = features_of(said.split(), words.asked_for(asked), words.alike)
            yield Example(sentence, CLAIM if is_lie else NO_CLAIM, tuple(features))


def is_claim(exchange: Exchange, example: Example, model: Classifier) -> bool:
    """Whether that sentence of the answer is taken for a claim."""
    words = grammar()
    return words.claimed(words.plain(example.text), words.asked_for(words.plain(exchange.asked)), model) is not None


def _sentences(answer: str) -> Iterator[tuple[int, int]]:
    begin = 0
    while (length := sentence_end(answer[begin:], grammar().abbreviations, last_space, whole=True)) is not None:
        yield begin, begin + length
        begin += length


def made_from(exchanges: Iterable[Exchange]) -> str:
    """Names exchanges, labels and what is seen of them: weights of another name are not of these."""
    digest = sha256()
    for exchange in exchanges:
        digest.update(repr([*claims_in(exchange)]).encode())
    return digest.hexdigest()[:32]
