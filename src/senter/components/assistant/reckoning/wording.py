"""The words that simple facts go by, of `words_LANGUAGE.toml`: those of the language that is spoken."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel

from senter.components.assistant.words import spelled
from senter.moments.zones_of_places import zone_of_place
from senter.sentences import ENGLISH, spoken

PACKAGE = "senter.components.assistant.reckoning"
LONGEST = 200
"""Characters; whoever says more wants more than a fact."""


class SumsFile(BaseModel):
    """How sums are said: forms and words, each with what it stands for, and what money is called."""

    forms: list[tuple[str, str]]
    words: list[tuple[str, str]]
    of: str
    """As it is shown between a share and what it is of."""
    money: str


class ConversionFile(BaseModel):
    """How one unit is wanted in another."""

    forms: list[str]
    one: list[str]
    beside: str


class DaysFile(BaseModel):
    """How days are asked about: patterns with what is asked of as named groups."""

    by: str
    day: list[str]
    weekday: list[str]
    until: list[str]
    since: list[str]
    between: list[str]
    week: list[str]
    age: list[str]
    clock: list[str]
    leap: list[str]
    weekdays: list[str]


class FactsFile(BaseModel):
    """What stands in such a file."""

    around: dict[str, str]
    numbers: dict[str, str]
    sums: SumsFile
    conversion: ConversionFile
    money: dict[str, str]
    units: dict[str, list[str]]
    singular: dict[str, str]
    places: dict[str, str]
    days: DaysFile
    says: dict[str, str]


@dataclass(frozen=True, slots=True)
class FactWords:
    """Of one language, ready to be looked for."""

    file: FactsFile
    days: Mapping[str, tuple[re.Pattern[str], ...]]
    conversions: tuple[re.Pattern[str], ...]
    sum_forms: tuple[tuple[re.Pattern[str], str], ...]
    sum_words: tuple[tuple[re.Pattern[str], str], ...]
    unit_names: Mapping[str, str]
    """The unit of each name, in small letters."""
    _around: re.Pattern[str]
    _asks: re.Pattern[str]

    def bare(self, text: str) -> str:
        """In small letters, without what may stand around it."""
        straight = spelled(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
        plain = " ".join(straight.split()).rstrip(" ?!.=")
        found = self._around.fullmatch(plain)
        return found["rest"].strip(" ,:") if found else plain

    def without_asking(self, bare: str) -> tuple[str, bool]:
        """Without the words that ask for a sum, and whether there were some."""
        found = self._asks.match(bare)
        return (bare[found.end() :].strip(), True) if found else (bare, False)

    def say(self, name: str, **values: object) -> str:
        return self.file.says[name].format(**values)


def fact_words() -> FactWords:
    """Of the language that is spoken; of English where there are none of it."""
    return _words(spoken())


@cache
def _words(language: str) -> FactWords:
    path = files(PACKAGE).joinpath(f"words_{language}.toml")
    if not path.is_file():
        return _words(ENGLISH)
    file = FactsFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    before, after = file.around["before"], file.around["after"]
    days = {
        name: _patterns(getattr(file.days, name)) for name in DaysFile.model_fields if name not in ("by", "weekdays")
    }
    return FactWords(
        file=file,
        days=days,
        conversions=_patterns(file.conversion.forms),
        sum_forms=tuple((re.compile(form), sum_) for form, sum_ in file.sums.forms),
        sum_words=tuple((_alone(word), sign) for word, sign in file.sums.words),
        unit_names={name.casefold(): unit for unit, names in file.units.items() for name in names},
        _around=re.compile(f"{before}(?P<rest>.+?){after}"),
        _asks=re.compile(file.around["asks"]),
    )


def _alone(word: str) -> re.Pattern[str]:
    """As a word of its own, or right beside a digit."""
    return re.compile(rf"(?:(?<=\W)|^|(?<=\d))(?:{word})(?=\W|$|\d)")


def zone_at(place: str) -> str | None:
    """The zone of a place as it is called in the language that is spoken; none of one that is not known."""
    return fact_words().file.places.get(place.casefold()) or zone_of_place(place)


def _patterns(sources: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source in sources)
