"""One unit in another, by their definitions: `5 miles in km`, `3 ft 4 in in cm`. Money has no fixed rate: declined."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from senter.components.assistant.reckoning.figures import number_in, shown
from senter.components.assistant.reckoning.wording import PACKAGE, FactWords, fact_words

_PART = re.compile(r"(?P<number>-?\d[\d.,]*\d|-?\d)?\s*(?P<unit>[^\d\s,][^\d,]*?)\s*(?=-?\d|,|$)")
_AND = re.compile(r"^(?:,|and|und)\s+")
PLACES = 4


@dataclass(frozen=True, slots=True)
class MeasuredUnit:
    """What it measures, how many of the first unit of that kind it is, and where it counts from."""

    name: str
    measures: str
    factor: Fraction
    begins: Fraction


@cache
def units() -> dict[str, MeasuredUnit]:
    """By their names in the words files."""
    table = tomllib.loads(files(PACKAGE).joinpath("units.toml").read_text("utf-8"))
    return {name: _unit(name, kind, str(text)) for kind, each in table.items() for name, text in each.items()}


def conversion_told(bare: str) -> str:
    """The answer to a text that is a conversion as a whole, as a sentence; empty where it is none."""
    known = fact_words()
    if re.match(known.file.money["asks"], bare):
        return known.say("no_rates")
    if not any(letter.isdigit() for letter in bare) and set(known.file.conversion.one).isdisjoint(bare.split()):
        return ""
    for said in dict.fromkeys((bare, known.without_asking(bare)[0])):
        for form in known.conversions:
            if (found := form.fullmatch(said)) and (told := _told(known, found["amount"], found["unit"])):
                return told
    return ""


def _told(known: FactWords, amount: str, wanted: str) -> str:
    if _is_money(known, amount, wanted):
        return known.say("no_rates")
    unit, parts = _unit_of(known, wanted), _parts(known, amount)
    if not unit or not parts:
        return ""
    if any(part.measures != unit.measures for _, part in parts):
        return known.say("of_others", one=_name(known, parts[0][1]), other=_name(known, unit))
    total = sum((number * part.factor for number, part in parts), Fraction())
    if len(parts) == 1:
        total += parts[0][1].begins
    result, is_exact = shown((total - unit.begins) / unit.factor, PLACES)
    if result.strip("0.,-") == "":
        result, is_exact = shown((total - unit.begins) / unit.factor)
    given = " ".join(f"{shown(number)[0]} {_name(known, part, number)}" for number, part in parts)
    name = _name(known, unit, Fraction(result == "1"))
    return known.say("equals" if is_exact else "about", sum=given, result=f"{result} {name}")


def _is_money(known: FactWords, amount: str, wanted: str) -> bool:
    names, sure = known.file.money["names"], known.file.money["sure"]
    is_amount = re.fullmatch(rf"(?:{names})?\s*[\d.,]*\s*(?:{names})?", amount.strip()) is not None
    is_wanted = re.fullmatch(names, wanted.strip()) is not None
    return is_amount and is_wanted and re.search(rf"(?<!\w)(?:{sure})(?!\w)", f"{amount} {wanted}") is not None


def _parts(known: FactWords, amount: str) -> list[tuple[Fraction, MeasuredUnit]]:
    """`3 ft 4 in`; a day is one of them. Empty where any of it is something else."""
    parts, rest = list[tuple[Fraction, MeasuredUnit]](), amount.strip()
    words = rest.split(" ", 1)
    if words[0] in known.file.conversion.one and len(words) > 1:
        rest = f"1 {words[1]}"
    while rest:
        found = _PART.match(rest)
        unit = _unit_of(known, found["unit"]) if found else None
        if not found or not unit:
            return []
        digits = found["number"] or ("" if parts or unit.measures == "temperature" else "1")
        value = number_in(digits.lstrip("-"))
        if value is None:
            return []
        parts.append((-value if digits.startswith("-") else value, unit))
        rest = _AND.sub("", rest[found.end() :].lstrip(" "))
    return parts


def _unit_of(known: FactWords, name: str) -> MeasuredUnit | None:
    plain = " ".join(re.sub(rf"(?<!\w)(?:{known.file.conversion.beside})\s*", " ", name).split())
    plain = re.sub(r"\s*(?:,|\band\b|\bund\b)$", "", plain).removeprefix("a ").removeprefix("an ").strip()
    found = known.unit_names.get(plain)
    return units()[found] if found else None


def _name(known: FactWords, unit: MeasuredUnit, count: Fraction = Fraction()) -> str:
    several = known.file.units[unit.name][0]
    return known.file.singular.get(unit.name, several) if count == 1 else several


def _unit(name: str, measures: str, text: str) -> MeasuredUnit:
    factor, _, begins = text.partition(" ")
    return MeasuredUnit(name, measures, Fraction(factor), Fraction(begins or "0"))
