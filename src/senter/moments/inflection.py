"""How the words of a language are written otherwise than its file lists them: endings, compounds, letters. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

ValueT = TypeVar("ValueT")
ANY_ENDING = "*"
"""At the end of a word in a file: it comes with each of the language's endings."""
TENS = range(20, 100, 10)


@dataclass(frozen=True)
class Inflection:
    """What a file says of it in [writing], [letters] and [compounds]."""

    endings: tuple[str, ...]
    letters: Mapping[int, str]
    """Letters that are also written otherwise, as `str.translate` takes them."""
    possessive: tuple[str, ...]
    """Endings that say whose, left out of words."""
    decimal: str
    """The marks of decimal fractions."""
    half_is_before: bool
    """Whether `halb drei` is half an hour before three."""
    ones_before_tens: str
    """Between both, where numbers are said so: `einundzwanzig`; else empty."""
    ordinal_of_tens: str
    compounds: Mapping[str, str]
    """Tables whose words are written as one with those of another."""
    compound_words: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, tables: Mapping[str, Mapping[str, object]]) -> Inflection:
        """As the file has it."""
        writing = tables["writing"]
        letters = str.maketrans(cast("dict[str, str]", tables["letters"]))
        words = cast("dict[str, str]", tables["compound_words"])
        return cls(
            endings=tuple(cast("list[str]", writing["endings"])),
            letters=letters,
            possessive=tuple(cast("list[str]", writing["possessive"])),
            decimal=str(writing["decimal"]),
            half_is_before=bool(writing["half_is_before"]),
            ones_before_tens=str(writing["ones_before_tens"]),
            ordinal_of_tens=str(writing["ordinal_of_tens"]),
            compounds=cast("dict[str, str]", tables["compounds"]),
            compound_words={one: _halves(both) for one, both in words.items()},
        )

    def plain(self, word: str) -> str:
        """In small letters, those that are also written otherwise as they are then."""
        return word.lower().translate(self.letters) if self.letters else word.lower()

    def bare(self, word: str) -> str:
        """Without an ending that says whose."""
        ending = next((each for each in self.possessive if word.endswith(each)), "")
        return word.removesuffix(ending)

    def spread(self, table: Mapping[str, ValueT]) -> dict[str, ValueT]:
        """With each form of its words."""
        return {form: value for word, value in table.items() for form in self._forms(self.plain(word))}

    def _forms(self, word: str) -> list[str]:
        if not word.endswith(ANY_ENDING):
            return [word]
        return [f"{word.removesuffix(ANY_ENDING)}{ending}" for ending in self.endings]

    def with_tens(self, numbers: dict[str, int]) -> dict[str, int]:
        """With those of ones before tens."""
        if not self.ones_before_tens:
            return numbers
        ones = {name: number for name, number in numbers.items() if 1 <= number <= 9}
        tens = {name: number for name, number in numbers.items() if number in TENS}
        joint = self.ones_before_tens
        made = {f"{one}{joint}{ten}": ones[one] + tens[ten] for one in ones for ten in tens}
        return {**numbers, **made}

    def ordinals_of(self, numbers: Mapping[str, int]) -> dict[str, int]:
        """Those that are numbers from twenty on with an ending."""
        if not self.ordinal_of_tens:
            return {}
        tens = {f"{name}{self.ordinal_of_tens}*": number for name, number in numbers.items() if number >= TENS[0]}
        return self.spread(tens)


def _halves(both: str) -> tuple[str, str]:
    first, _, second = both.partition(" ")
    return first, second
