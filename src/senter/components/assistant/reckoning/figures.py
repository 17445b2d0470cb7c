"""Numbers as people write them in the language that is spoken, exact."""

from __future__ import annotations

import re
from fractions import Fraction

from senter.components.assistant.reckoning.wording import fact_words

MOST_DIGITS = 30
MOST_PLACES = 10
"""Decimals that are still shown as they are; a number with more is rounded."""
SIGNIFICANT = 6


def number_in(text: str) -> Fraction | None:
    """`2,400.50`, or `2.400,50` in German. None for what is no number, or has too many digits."""
    numbers = fact_words().file.numbers
    decimal, thousands = numbers["decimal"], numbers["thousands"]
    if not re.fullmatch(r"\d[\d.,]*", text) or len(text) > MOST_DIGITS:
        return None
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimal)}\d+)?", text):
        text = text.replace(thousands, "")
    text = text.replace(",", ".")
    return Fraction(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


def shown(number: Fraction, places: int = MOST_PLACES) -> tuple[str, bool]:
    """As it is written, and whether that is exact; else rounded to so many places, or to six digits."""
    exact = _places(number)
    if exact is not None and exact <= places:
        return _written(number, exact), True
    return _written(number, places if places < MOST_PLACES else _rounding(number)), False


def _places(number: Fraction) -> int | None:
    """How many decimals it has; none where they do not end."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _rounding(number: Fraction) -> int:
    """The places that leave six digits that tell something."""
    places = SIGNIFICANT - 1
    size = abs(number)
    while size and size < 1 and places < SIGNIFICANT * 3:
        size, places = size * 10, places + 1
    while size >= 10 and places:
        size, places = size / 10, places - 1
    return places


def _written(number: Fraction, places: int) -> str:
    numbers = fact_words().file.numbers
    scaled = round(abs(number) * 10**places)
    whole, part = divmod(scaled, 10**places)
    text = f"{whole:,}".replace(",", numbers["thousands"])
    decimals = f"{part:0{places}d}".rstrip("0") if places else ""
    sign = "-" if number < 0 and scaled else ""
    return f"{sign}{text}{numbers['decimal']}{decimals}" if decimals else f"{sign}{text}"
