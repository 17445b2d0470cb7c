"""The words of time of one language, read from its file in `languages/`. Another language is another file.

Keys are in small letters; a key of several words is a phrase. What a language writes otherwise than by words alone is
data, too: endings, words written as one, letters that are also written otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import cast

from senter.moments.inflection import Inflection
from senter.moments.shown_words import ENGLISH_WORDS, ShownWords

OPENERS = frozenset({"by", "on", "the", "this", "at", "in", "until", "before"})
OPENING = frozenset(
    {
        "every",
        "a",
        "half",
        "quarter",
        "end",
        "start",
        "mid",
        "eod",
        "next",
        "after_next",
        "last",
        "this",
        "now",
        "this_time",
    }
)
Tables = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Words:
    """What the words of a language say of time."""

    weekdays: Mapping[str, int]
    each_weekday: Mapping[str, tuple[int, ...]]
    """Said of all of them: `mondays`."""
    one_of_weekdays: Mapping[str, tuple[int, ...]]
    """Said after `every`: `weekday`."""
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    fractions: Mapping[str, float]
    """Numbers that are not whole, as one word."""
    ordinals: Mapping[str, int]
    seconds: Mapping[str, int]
    days_long: Mapping[str, int]
    months_long: Mapping[str, int]
    one: Mapping[str, str]
    """Names of one of the units."""
    days: Mapping[str, int]
    """From today."""
    parts: Mapping[str, str]
    each_part: Mapping[str, str]
    """Said of all of them: `mornings`."""
    adverbs: Mapping[str, str]
    times: Mapping[str, int]
    holidays: Mapping[str, str]
    zones: Mapping[str, str]
    places: Mapping[str, str]
    roles: Mapping[str, frozenset[str]]
    """By the word."""
    said: Mapping[str, frozenset[str]]
    near: Mapping[str, str]
    """The part of the day that a word lets expect."""
    inflection: Inflection
    problems: Mapping[str, str]
    """Why a time cannot be, for people."""
    shown: ShownWords

    @cached_property
    def phrases(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """By the first word, the longest first."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for name in self._names():
            first, *more = name.split()
            if more:
                found.setdefault(first, []).append((first, *more))
        return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in found.items()}

    @cached_property
    def compounds(self) -> Mapping[str, tuple[str, str]]:
        """Words written as one, with both: `freitagabend`."""
        tables = cast("Mapping[str, Mapping[str, object]]", vars(self))
        pairs = ((tables[first], tables[second]) for first, second in self.inflection.compounds.items())
        made = {f"{first}{second}": (first, second) for one, other in pairs for first in one for second in other}
        return {**made, **self.inflection.compound_words}

    @cached_property
    def starters(self) -> frozenset[str]:
        """What an expression can begin with, beside numbers and the words before them."""
        said = (
            self.weekdays,
            self.each_weekday,
            self.one_of_weekdays,
            self.months,
            self.numbers,
            self.fractions,
            self.ordinals,
            self.days,
            self.parts,
            self.each_part,
        )
        more = (self.adverbs, self.times, self.holidays, self.zones, self.places, self.one)
        opening = (word for word, roles in self.roles.items() if roles & OPENING)
        return frozenset({*(word for table in (*said, *more) for word in table), *opening})

    def _names(self) -> Iterable[str]:
        for table in vars(self).values():
            if isinstance(table, dict) and table is not self.problems:
                yield from cast("Mapping[str, object]", table)

    def opens(self, word: str) -> bool:
        """Whether it may stand before an expression and say nothing of itself."""
        return bool(self.roles.get(word, frozenset()) & OPENERS)

    def is_unit(self, word: str) -> bool:
        """Whether it measures time."""
        return word in self.seconds or word in self.days_long or word in self.months_long


@cache
def words_of(language: str) -> Words:
    """Read once."""
    import tomllib  # few of those who show a moment read one

    text = files("senter.moments").joinpath("languages", f"{language}.toml").read_text("utf-8")
    tables = cast("dict[str, Tables]", tomllib.loads(text))
    grammar = Inflection.of(tables)
    units = cast("Mapping[str, Mapping[str, int]]", tables["units"])
    numbers = grammar.with_tens(_whole(tables["numbers"], grammar))
    return Words(
        weekdays=_whole(tables["weekdays"], grammar),
        each_weekday=_several(tables["each_weekday"], grammar),
        one_of_weekdays=_several(tables["one_of_weekdays"], grammar),
        months=_whole(tables["months"], grammar),
        numbers=numbers,
        fractions=grammar.spread(cast("dict[str, float]", tables["fractions"])),
        ordinals={**_whole(tables["ordinals"], grammar), **grammar.ordinals_of(numbers)},
        seconds=grammar.spread(units["seconds"]),
        days_long=grammar.spread(units["days"]),
        months_long=grammar.spread(units["months"]),
        one=_named(units["one"], grammar),
        days=_whole(tables["days"], grammar),
        parts=_named(tables["parts"], grammar),
        each_part=_named(tables["each_part"], grammar),
        adverbs=_named(tables["adverbs"], grammar),
        times=_whole(tables["times"], grammar),
        holidays=_named(tables["holidays"], grammar),
        zones=_named(tables["zones"], grammar),
        places=_named(tables["places"], grammar),
        roles=_by_word(tables["roles"], grammar),
        said={name: frozenset(map(grammar.plain, words)) for name, words in _lists(tables["said"]).items()},
        near={grammar.plain(word): part for part, words in _lists(tables["near"]).items() for word in words},
        inflection=grammar,
        problems=cast("dict[str, str]", tables["problems"]),
        shown=ShownWords.of(tables["shown"]) if "shown" in tables else ENGLISH_WORDS,
    )


def _whole(table: object, grammar: Inflection) -> dict[str, int]:
    return grammar.spread(cast("dict[str, int]", table))


def _named(table: object, grammar: Inflection) -> dict[str, str]:
    return grammar.spread(cast("dict[str, str]", table))


def _several(table: object, grammar: Inflection) -> dict[str, tuple[int, ...]]:
    return grammar.spread({name: tuple(values) for name, values in cast("dict[str, list[int]]", table).items()})


def _lists(table: object) -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", table)


def _by_word(table: object, grammar: Inflection) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for role, words in _lists(table).items():
        for word in grammar.spread(dict.fromkeys(words)):
            found.setdefault(word, set()).add(role)
    return {word: frozenset(roles) for word, roles in found.items()}
