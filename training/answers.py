"""Short answers to a question back, and what each means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a short answer does to the question that was asked."""

    YES = "yes"
    """Consents."""
    NO = "no"
    """Refuses what was proposed."""
    CHOICE = "choice"
    """Takes one of the alternatives."""
    ALL = "all"
    """Takes every alternative."""
    NONE = "none"
    """Takes none of the alternatives, and gives no other."""
    WHEN = "when"
    """Gives the moment that was missing."""
    WHAT = "what"
    """Gives what was missing, or says which of the things was meant."""
    CANCEL = "cancel"
    """Lets go of the matter."""
    UNSURE = "unsure"
    """Does not answer."""
    OTHER = "other"
    """Is a sentence of its own, and no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, what it means, and which alternative it takes: from 1, or from the end with -1."""

    text: str
    means: Meaning
    choice: int | None = None


def read_answers(text: str) -> Iterator[Answer]:
    """The answers of a file of sections: `## yes`, `## choice 2`."""
    means, choice = Meaning.OTHER, None
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("## "):
            word, _, number = line[3:].partition(" ")
            means, choice = Meaning(word), int(number) if number else None
        else:
            yield Answer(line, means, choice)


def as_json(answer: Answer) -> dict[str, object]:
    """An answer as one object of a file of JSON lines."""
    written: dict[str, object] = {"text": answer.text, "means": answer.means.value}
    return written if answer.choice is None else written | {"choice": answer.choice}
