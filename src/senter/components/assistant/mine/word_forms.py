"""The forms of a word: what it is without its ending, and how texts may write it. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel

from senter.quoting.words import SHORTEST_STEM
from senter.quoting.words import stem as english_stem

SHORT, MIDDLING, LONGEST_ENDING = 4, 5, 6
SHORTEST_HEAD = 4
"""Letters of what a compound goes on with: Gemüsekiste."""
"""Letters: a short word has few endings, a long one may have `ations`."""


_LETTERS = re.compile(r"ss|[aou]e|.", re.DOTALL)
_DOUBLE = {"ss": "ß", "ae": "ä", "oe": "ö", "ue": "ü"}
_MARKED = {"a": "àáâãäå", "c": "ç", "e": "èéêë", "i": "ìíîï", "n": "ñ", "o": "òóôõöø", "u": "ùúûü"}


def bare_of(word: str) -> str:
    """Without marks above its letters."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word.replace("ß", "ss"))
    return unicodedata.normalize("NFC", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _marked(letters: str) -> str:
    """A pattern of what may be written for one or two letters: é for e, ß for ss."""
    if letters in _DOUBLE:
        return f"(?:{''.join(map(_marked, letters))}|{_DOUBLE[letters]})"
    return f"[{letters}{_MARKED[letters]}]" if letters in _MARKED else re.escape(letters)


class WritingWords(BaseModel):
    """How a language writes words; empty where it does as English."""

    endings: str = ""
    """What a word loses to be one with its other forms."""
    formed: str = "(?:e|y|s|es|ies|ed|er|ers|ing|['’]s)?"
    """What may follow a short word."""
    letters: dict[str, str] = {}
    """What stands for a letter, or several, where people write it otherwise: `ue` is also ü."""
    nouns_are_capitalised: bool = False
    """So that a capital tells no name."""
    verb: str = ""
    """What a verb ends with that is said of somebody: kocht."""
    separable: str = ""
    """What verbs begin with that stands apart in other forms: einweichen, eingeweicht."""
    verb_forms: str = ""
    """Its other endings: kochen."""
    compound: str = ""
    """What may stand before a word that a longer one ends with, as in Kaltmiete; empty where none does."""


@dataclass(frozen=True)
class WordForms:
    """Of one language."""

    words: WritingWords

    def stem(self, word: str) -> str:
        """In small letters as it is given."""
        if not self.words.endings:
            return english_stem(word)
        bare = re.sub(rf"(?:{self.words.endings})$", "", self._plain(word), count=1)
        return bare if len(bare) >= SHORTEST_STEM else self._plain(word)

    def formed(self, word: str) -> str:
        """A pattern for the word with whatever ending."""
        root = self.stem(word)
        if of_verb := self._participles(word):
            return rf"(?:{self._written(root)}\w{{0,{SHORT}}}|{of_verb})"
        if verb := self._verb(word):
            return rf"(?:{self._written(root)}\w{{0,{SHORT}}}|{self._written(verb)}{self.words.verb_forms})"
        if len(root) <= SHORT or any(letter.isdigit() for letter in root):
            return f"(?:{self._written(word)}|{self._written(root)}){self.words.formed}"
        return rf"{self._written(root)}\w{{0,{LONGEST_ENDING if len(root) > MIDDLING else SHORT}}}"

    def inflected(self, word: str) -> str:
        """One that stands for another, in the number it may have; a short one is another word with other endings."""
        return rf"{self._written(word)}(?:s|es|en?|n)?" if len(word) <= MIDDLING else self.formed(word)

    def compound(self, word: str) -> str:
        """A pattern for longer words that end or begin with this one; empty where none do."""
        root = self.stem(word)
        is_long = self.words.compound and len(root) >= SHORT
        if not is_long:
            return ""
        ends = f"{self.words.compound}{self._written(root)}{self.words.formed}"
        return rf"{ends}|{self._written(word)}\w{{{SHORTEST_HEAD},}}" if len(word) >= MIDDLING else ends

    def spellings(self, word: str) -> tuple[str, ...]:
        """What to search an index for: the word, and it without its ending and its other letters."""
        if not self.words.endings:
            return (word,)
        verb, participle = self._verb(word), self._participle(word)
        others = (f"{verb}en" if verb else "", participle)
        return tuple(dict.fromkeys(filter(None, (word, self._plain(word), self.stem(word), *others))))

    def _participle(self, word: str) -> str:
        """As texts that are searched for have a verb: eingeweicht; empty for any other word."""
        found = re.fullmatch(rf"({self.words.separable})(\w{{{SHORT},}})en", word) if self.words.separable else None
        return f"{found[1]}ge{found[2]}t" if found else ""

    def _participles(self, word: str) -> str:
        """A pattern for einweichen and eingeweicht, if the word may be one of them; else empty."""
        if not self.words.separable:
            return ""
        found = re.fullmatch(rf"({self.words.separable})?(ge|zu)?(\w{{{SHORT},}}?)(en|e?t)", word)
        if found is None or not (found[2] or (found[1] and found[4] == "en")):
            return ""
        return rf"{found[1] or ''}(?:ge|zu)?{self._written(found[3])}(?:en|e?t(?:en?)?|e|st)"

    def _verb(self, word: str) -> str:
        """What is left of a word that may be a verb without its ending; empty for any other."""
        found = re.fullmatch(rf"(.+?){self.words.verb}", word) if self.words.verb and len(word) > SHORT else None
        return found[1] if found else ""

    def _plain(self, word: str) -> str:
        for written, letter in self.words.letters.items():
            word = word.replace(written, letter)
        return word

    def _written(self, word: str) -> str:
        """With either way to write its letters, and as other forms of it change them: Vertrag, Verträge."""
        if not self.words.letters:
            return "".join(_marked(letter) for letter in _LETTERS.findall(bare_of(word)))
        return "".join(self._ways.get(letter, re.escape(letter)) for letter in self._plain(word))

    @cached_property
    def _ways(self) -> dict[str, str]:
        """A pattern for each letter that is written in several ways."""
        ways = dict[str, str]()
        for written, letter in self.words.letters.items():
            bare = unicodedata.normalize("NFD", letter)[0]
            ways[letter] = f"(?:{letter}|{written}|{bare})"
            ways.setdefault(bare, f"[{bare}{letter}]")
        return ways
