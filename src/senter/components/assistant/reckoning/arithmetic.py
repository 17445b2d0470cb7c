"""Sums as people say them, worked out exactly and with bounds. Nothing of a text is ever run.

`17% of 2400`, `split 84.60 by 3`, `2400 minus 19 percent`. What is not a sum as a whole is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from senter.components.assistant.reckoning.figures import number_in, shown
from senter.components.assistant.reckoning.wording import FactWords, fact_words
from senter.moments.words import words_of
from senter.sentences import spoken

MOST_TOKENS = 60
LARGEST = Fraction(10**30)
MOST_BITS = 200
ROOT_PLACES = 12
MONEY_PLACES = 2
ORDERS = 5
"""So many of the forms say what is to be done with the numbers; the first two share something out."""
_TOKEN = re.compile(r"\s*(?:(?P<number>\d[\d.,]*\d|\d)|(?P<sign>[-+*/^()%~?√×÷·−:]))")
_SIGNS = {"×": "*", "·": "*", "÷": "/", ":": "/", "−": "-"}
_DATE_LIKE = re.compile(r"[\d.,:/\-\s+()]*")
_SHOWN = {"*": "×"}


class NoSum(Exception):
    """The text is no sum."""


class CannotBe(Exception):
    """It is a sum that has no answer here; named as in the words file."""


@dataclass(slots=True)
class _Sum:
    """A value, and whether it is a share that nothing is taken of yet."""

    value: Fraction
    is_percent: bool = False
    is_exact: bool = True


def sum_told(bare: str) -> str:
    """The answer to a text that is a sum as a whole, as a sentence; empty where it is none."""
    known = fact_words()
    said, is_asked = known.without_asking(bare)
    for whole in dict.fromkeys((bare, said)):
        try:
            return _told(known, whole, is_asked=is_asked)
        except NoSum:
            continue
        except CannotBe as reason:
            return known.say(str(reason))
    return ""


def _told(known: FactWords, said: str, *, is_asked: bool) -> str:
    if not _has_number(said):
        raise NoSum
    is_ordered = any(form.match(said) for form, _ in known.sum_forms[:ORDERS])
    text, money = _without_money(known, said)
    parts = _parts(_in_signs(known, text))
    if not any(part in "+-*/^%~?√" for part in parts) or not any(part[0].isdigit() for part in parts):
        raise NoSum
    if not is_asked and not is_ordered and _may_be_else(said, parts):
        raise NoSum
    found = _Reader(parts).read()
    places = MONEY_PLACES if money or is_ordered else 10
    result, is_exact = shown(found.value, places)
    is_exact = is_exact and found.is_exact
    if "?" in parts:
        cut = parts.index("?")
        names = {"a": _written(parts[:cut]), "b": _written(parts[cut + 1 :])}
        return known.say("share" if is_exact else "share_about", result=result, **names)
    name = ("of" if is_exact else "of_about") if "~" in parts else ("equals" if is_exact else "about")
    return known.say(name, sum=_written(parts), result=f"{result} {money}".strip())


def _has_number(said: str) -> bool:
    return any(letter.isdigit() for letter in said) or not words_of(spoken()).numbers.keys().isdisjoint(said.split())


def _without_money(known: FactWords, said: str) -> tuple[str, str]:
    """Without the names of one currency, and that name."""
    names = {found[0] for found in re.finditer(known.file.sums.money, said)}
    if len(names) != 1:
        return said, ""
    return " ".join(re.sub(known.file.sums.money, " ", said).split()), names.pop()


def _in_signs(known: FactWords, text: str) -> str:
    for form, sum_ in known.sum_forms:
        text = form.sub(sum_, text)
    text = re.sub(r"[^\W\d_]+(?:-[^\W\d_]+)?", _as_digits, text)
    for word, sign in known.sum_words:
        text = word.sub(f" {sign} ", text)
    return text


def _as_digits(found: re.Match[str]) -> str:
    """`twelve`, `twenty-five`; another word stays."""
    numbers = words_of(spoken()).numbers
    tens, _, units = found[0].partition("-")
    if units:
        both = numbers.get(tens, 0), numbers.get(units, 0)
        return str(sum(both)) if both[0] >= 20 and 0 < both[1] < 10 else found[0]
    return str(numbers[tens]) if tens in numbers else found[0]


def _parts(text: str) -> list[str]:
    parts, at, end = list[str](), 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found or len(parts) >= MOST_TOKENS:
            raise NoSum
        part = found["number"] or found["sign"]
        parts.append(_SIGNS.get(part, part))
        at = found.end()
    return parts


def _may_be_else(said: str, parts: list[str]) -> bool:
    """`24/7`, `9-5`, `2026-12-14`, `12:30 - 13:30`: what nobody asks to have worked out may be something else."""
    if not _DATE_LIKE.fullmatch(said):
        return False
    signs = {part for part in parts if not part[0].isdigit()}
    is_division = signs == {"/"} and len(parts) == 3 and " / " in said
    return "+" not in signs and not is_division


def _written(parts: list[str]) -> str:
    """The sum as it is shown, with the words of the language for `of`."""
    of, text, parts = fact_words().file.sums.of, "", _without_needless(parts)
    for number, part in enumerate(parts):
        value = number_in(part) if part[0].isdigit() else None
        is_signed = part == "-" and (number == 0 or parts[number - 1] in "+-*/^(~√")
        if value is not None:
            text += shown(value)[0]
        elif part in "^()√" or is_signed:
            text += part
        else:
            text += " %" if part == "%" else f" {_SHOWN.get(part, of if part == '~' else part)} "
    return " ".join(text.replace("( ", "(").split())


def _without_needless(parts: list[str]) -> list[str]:
    """Without parentheses around one number."""
    text = re.sub(r"(?<![^ ])\( ([\d.,]+) \)(?![^ ])", r"\1", " ".join(parts))
    return text.split()


@dataclass(slots=True)
class _Reader:
    """Reads parts by precedence; each step is bounded."""

    parts: list[str]
    at: int = 0
    is_exact: bool = field(default=True)

    def read(self) -> _Sum:
        """Raises `NoSum` and `CannotBe`."""
        found = self._share()
        if self.at < len(self.parts):
            raise NoSum
        return _Sum(found.value, is_exact=self.is_exact)

    def _next(self, *signs: str) -> str:
        here = self.parts[self.at] if self.at < len(self.parts) else ""
        if here not in signs:
            return ""
        self.at += 1
        return here

    def _share(self) -> _Sum:
        first = self._added()
        if self._next("?"):
            return _Sum(_bounded(_over(first.value, self._added().value) * 100))
        return first

    def _added(self) -> _Sum:
        found = self._multiplied()
        while sign := self._next("+", "-"):
            other = self._multiplied()
            amount = found.value * other.value if other.is_percent and not found.is_percent else other.value
            found = _Sum(_bounded(found.value + (amount if sign == "+" else -amount)), found.is_percent)
        return found

    def _multiplied(self) -> _Sum:
        found = self._signed()
        while sign := self._next("*", "/", "~"):
            other = self._signed()
            value = _over(found.value, other.value) if sign == "/" else found.value * other.value
            found = _Sum(_bounded(value))
        return found

    def _signed(self) -> _Sum:
        if self._next("-"):
            found = self._signed()
            return _Sum(-found.value, found.is_percent)
        if self._next("√"):
            return _Sum(self._root(self._signed().value))
        return self._powered()

    def _powered(self) -> _Sum:
        found = self._single()
        if self._next("^"):
            found = _Sum(_power(found.value, self._signed().value))
        while self._next("%"):
            found = _Sum(found.value / 100, is_percent=True)
        return found

    def _single(self) -> _Sum:
        if self._next("("):
            found = self._share()
            if not self._next(")"):
                raise NoSum
            return found
        value = number_in(self.parts[self.at]) if self.at < len(self.parts) else None
        if value is None:
            raise NoSum
        self.at += 1
        return _Sum(_bounded(value))

    def _root(self, value: Fraction) -> Fraction:
        if value < 0:
            raise CannotBe("no_root")
        scaled = value * 10 ** (2 * ROOT_PLACES)
        root = isqrt(scaled.numerator // scaled.denominator)
        self.is_exact = self.is_exact and Fraction(root * root) == scaled
        return Fraction(root, 10**ROOT_PLACES)


def _over(value: Fraction, by: Fraction) -> Fraction:
    if by == 0:
        raise CannotBe("by_nothing")
    return value / by


def _power(value: Fraction, exponent: Fraction) -> Fraction:
    """Of whole exponents, as long as what comes out is not too large."""
    if exponent.denominator != 1 or value == 0 > exponent:
        raise CannotBe("too_large" if value else "by_nothing")
    bits = max(abs(value.numerator).bit_length(), value.denominator.bit_length())
    if bits * abs(exponent.numerator) > MOST_BITS and value not in (0, 1):
        raise CannotBe("too_large")
    return value**exponent.numerator


def _bounded(value: Fraction) -> Fraction:
    if abs(value) > LARGEST or value.denominator > LARGEST:
        raise CannotBe("too_large")
    return value
