"""Sentences made by a grammar: templates and lists of words, filled by a seeded hand, then typed as people type."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from senter.moments.words import words_of
from senter.sentences import ENGLISH
from training.marked import Sentence, read_label, read_line
from training.verbs import FORMS

FOLDER = Path(__file__).parent
SEED = 11
TRIES = 20
"""For one sentence that was not made before."""

SLOT = re.compile(r"\$(?:\{(\w+)\}|([a-z_]+))((?::[a-z]+)*)")
CHOICE = re.compile(r"\(([^()]*)\)")
LONG_WORD = re.compile(r"[a-z]{5,}(?![a-z:]*\|)")

Lists = dict[str, list[str]]
Habits = tuple[tuple[float, Callable[[str, Random], str]], ...]
"""What people do while they type, and how often of one."""


@dataclass(frozen=True, slots=True)
class Templates:
    """Templates that make sentences of one label."""

    label: str
    count: int
    lines: tuple[str, ...]
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What sentences are made of."""

    sections: tuple[Templates, ...]
    words: Lists
    habits: Habits

    def sentences(self) -> Iterator[Sentence]:
        """All of them, no text twice, the same each time."""
        hand = Random(SEED)  # noqa: S311 - repeatable, not secret
        made = set[str]()
        for section in self.sections:
            for _ in range(section.count):
                yield from self._new(section, hand, made)

    def _new(self, section: Templates, hand: Random, made: set[str]) -> Iterator[Sentence]:
        for _ in range(TRIES):
            line = as_typed(self.expanded(hand.choice(section.lines), hand), hand, self.habits)
            sentence = read_line(line, read_label(section.label), section.trap)
            if sentence.text.lower() not in made:
                made.add(sentence.text.lower())
                yield sentence
                return

    def expanded(self, template: str, hand: Random) -> str:
        """A template with its choices made and its slots filled."""
        line = CHOICE.sub(lambda choice: hand.choice(choice[1].split("|")), template)
        return " ".join(self._filled(line, hand).split())

    def _filled(self, text: str, hand: Random) -> str:
        return SLOT.sub(lambda slot: self._entry(slot, hand), text)

    def _entry(self, slot: re.Match[str], hand: Random) -> str:
        entry = self._filled(hand.choice(self.words[slot[1] or slot[2]]), hand)
        for form in filter(None, slot[3].split(":")):
            entry = FORMS[form](entry)
        return entry


def read_grammar(language: str = ENGLISH) -> Grammar:
    """The grammar as it stands in `grammar.toml` and `words.toml`, or in those of another language."""
    ending = "" if language == ENGLISH else f"_{language}"
    written = tomllib.loads((FOLDER / f"grammar{ending}.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((FOLDER / f"words{ending}.toml").read_text(encoding="utf-8"))
    sections = (Templates(**section | {"lines": tuple(section["lines"])}) for section in written["section"])
    return Grammar(tuple(sections), words, habits_of(language))


def as_typed(line: str, hand: Random, habits: Habits) -> str:
    """A marked line as somebody in a hurry, or on a phone, types it."""
    for share, habit in habits:
        if hand.random() < share:
            line = habit(line, hand)
    return line


def _capital(line: str, _: Random) -> str:
    return re.sub(r"[A-Za-z](?![a-z:]*\|)", lambda letter: letter[0].upper(), line, count=1)


def _no_capitals(line: str, _: Random) -> str:
    return line.lower()


def _no_apostrophes(line: str, _: Random) -> str:
    return line.replace("'", "")


def _full_stop(line: str, _: Random) -> str:
    return line if line.rstrip("}]>").endswith(("?", "!", ".")) else f"{line}."


def _slip(line: str, hand: Random) -> str:
    """Two letters in the wrong order."""
    words = list(LONG_WORD.finditer(line))
    if not words:
        return line
    at = hand.choice(words).start() + hand.randrange(1, 3)
    return line[:at] + line[at + 1] + line[at] + line[at + 2 :]


def habits_of(language: str) -> Habits:
    """Those of all, and that of who has no umlauts on the keyboard."""
    letters = words_of(language).inflection.letters
    return (*HABITS, (WITHOUT_LETTERS, lambda line, _: line.translate(letters))) if letters else HABITS


WITHOUT_LETTERS = 0.15
HABITS: Habits = (
    (0.3, _capital),
    (0.4, _no_capitals),
    (0.2, _no_apostrophes),
    (0.2, _full_stop),
    (0.07, _slip),
)
