"""Tokens with what the words of a language say of each: what the rules of the grammar ask."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from senter.moments.pieces import Length
from senter.moments.tokens import Shape, Token
from senter.moments.words import Words

MOST_LENGTHS = 4
BEYOND = 64
"""More tokens than a rule looks ahead."""
NOTHING = frozenset[str]()
YEARS = range(1_900, 2_200)
FRACTIONS = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
Lead = Set[str]
"""The roles of the words before a place."""


@dataclass(frozen=True, slots=True)
class TimeReading:
    """One text. Beyond its ends there are empty words."""

    tokens: list[Token]
    words: Words
    is_whole: bool
    """Whether the text is meant to be one moment and nothing else: `may` is the month."""
    _keys: list[str]
    _roles: list[frozenset[str]]
    _digits: list[int | None]

    @classmethod
    def of(cls, tokens: list[Token], words: Words, *, is_whole: bool = False) -> TimeReading:
        """Keys and roles have empty ones behind them, where rules look beyond either end."""
        keys = [token.key for token in tokens] + [""] * BEYOND
        digits = [int(token.text) if token.shape is Shape.NUMBER else None for token in tokens]
        roles = [words.roles.get(key, NOTHING) for key in keys]
        return cls(tokens, words, is_whole, keys, roles, [*digits, *[None] * BEYOND])

    def token(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def key(self, at: int) -> str:
        return self._keys[at]

    def shape(self, at: int) -> Shape | None:
        return self.tokens[at].shape if 0 <= at < len(self.tokens) else None

    def is_glued(self, at: int) -> bool:
        return self.tokens[at].glued if 0 <= at < len(self.tokens) else False

    def roles(self, at: int) -> frozenset[str]:
        return self._roles[at]

    def has(self, at: int, role: str) -> bool:
        return role in self._roles[at]

    def is_said(self, at: int, kind: str) -> bool:
        """Whether the word is in that list of the language."""
        return self.key(at) in self.words.said[kind]

    def is_word(self, at: int) -> bool:
        return self.shape(at) is Shape.WORD

    def digits(self, at: int) -> int | None:
        return self._digits[at]

    def number(self, at: int) -> int | None:
        """In digits or as one word."""
        found = self.digits(at)
        return found if found is not None else self.words.numbers.get(self.key(at))

    def unit(self, at: int) -> str:
        """Which unit the word names one of, such as `week`; empty for none."""
        return self.words.one.get(self._keys[at], "")

    def year(self, at: int) -> int | None:
        """Four digits that are one."""
        token, found = self.token(at), self.digits(at)
        is_part = self.is_word(at + 1) and self.is_glued(at + 1)
        return found if found in YEARS and token is not None and len(token.text) == 4 and not is_part else None

    def direction(self, at: int) -> tuple[int, int]:
        """1 for next, 2 for that after it, -1 for last, 0 for this or neither; with the token after."""
        if self.has(at, "after_next"):
            return 2, at + 1
        if self.has(at, "next"):
            return 1, at + 1
        if self.has(at, "last"):
            return -1, at + 1
        return 0, at + self.has(at, "this")

    def is_end(self, at: int) -> bool:
        """Whether no further word belongs to what stands before."""
        return not self.is_word(at) or bool(self.roles(at) & {"at", "on", "by", "from"})

    def skip(self, at: int, *roles: str) -> int:
        """Beyond one word for each of the roles, where they come in this order; each may be missing."""
        for role in roles:
            at += self.has(at, role)
        return at

    def whole_number(self, at: int) -> tuple[int, int] | None:
        """`25`, `twelve`, `twenty five`, with the token after it."""
        first = self.number(at)
        if first is None:
            return None
        if self.shape(at) is Shape.WORD and first >= 20 and first % 10 == 0:
            second = at + 1 + (self.key(at + 1) == "-")
            ones = self.words.numbers.get(self.key(second))
            if ones is not None and 1 <= ones <= 9:
                return first + ones, second + 1
        return first, at + 1

    def ordinal(self, at: int) -> tuple[int, int] | None:
        """`5th`, `fifth`, `twenty-first`, with the token after it."""
        digits = self.digits(at)
        if digits is not None:
            is_one = self.is_glued(at + 1) and self.has(at + 1, "ordinal_ending") and not self._ends_here(at + 1)
            return (digits, at + 2) if is_one else None
        if (found := self.words.ordinals.get(self.key(at))) is not None:
            return found, at + 1
        tens = self.words.numbers.get(self.key(at))
        if tens in (20, 30):
            second = at + 1 + (self.key(at + 1) == "-")
            ones = self.words.ordinals.get(self.key(second))
            if ones is not None and ones <= 9:
                return tens + ones, second + 1
        return None

    def _ends_here(self, at: int) -> bool:
        """Whether a dot ends the text and makes no ordinal number: `bis 9.`, but `am 9.`"""
        return self.key(at) == "." and self.token(at + 1) is None and not self.has(at - 2, "the")

    def length(self, at: int) -> tuple[Length, int] | None:
        """`2 hours and 5 minutes`, `an hour and a half`, `1h30m`, with the token after it."""
        found = self._one_length(at)
        if found is None:
            return None
        total, at = found
        if (minutes := self._minutes_after_hours(at)) is not None:
            return total + Length(seconds=60 * minutes), at + 1
        if minutes_said := self._minutes_alone(total, at):
            return total + Length(seconds=60 * minutes_said[0]), minutes_said[1]
        for _ in range(MOST_LENGTHS):
            further = self._one_length(self._joined(at))
            if further is None:
                break
            total, at = total + further[0], further[1]
        return total, at

    def _minutes_after_hours(self, at: int) -> int | None:
        """Of `1h45`."""
        minutes = self.digits(at) if self.has(at - 1, "hour_letter") and self.is_glued(at) else None
        return minutes if minutes is not None and minutes < 60 and not self.words.is_unit(self.key(at + 1)) else None

    def _minutes_alone(self, total: Length, at: int) -> tuple[int, int] | None:
        """Of `an hour and 15`."""
        found = self.whole_number(at + 1) if self.has(at, "and") else None
        if found is None or not 5 <= found[0] < 60 or total.seconds % 3_600 or not total.seconds:
            return None
        is_over = self.is_end(found[1]) or self.has(found[1], "to_do") or self.has(found[1], "from_now")
        return found if is_over else None

    def _joined(self, at: int) -> int:
        return self.skip(at + (self.key(at) == ","), "and")

    def _one_length(self, at: int) -> tuple[Length, int] | None:
        counted = self._count(at)
        if counted is None:
            return None
        count, unit = counted
        key = self.key(unit)
        if self.has(unit, "more") or self.key(unit) == "-":
            unit, key = unit + 1, self.key(unit + 1)
        if not self.words.is_unit(key) or (len(key) == 1 and not (self.is_glued(unit) or self.is_whole)):
            return None
        if (
            self.is_said(unit, "ambiguous_units")
            and count != 1
            and not (self.is_whole or self.is_said(unit + 1, "timers"))
        ):
            return None
        after = unit + 1
        if part := self._and_a_part(after):
            count, after = count + part, after + 3
        return length_of(count, key, self.words), after

    def _count(self, at: int) -> tuple[float, int] | None:
        """How many of a unit; `a`, `half an`, `one and a half`, `1.5`."""
        if self.has(at, "half"):
            return 0.5, self.skip(at + 1, "a")
        token = self.token(at)
        if (fraction := self.words.fractions.get(self.key(at))) is not None:
            return fraction, at + 1
        if token and token.shape is Shape.PAIR and token.parts[2] in self.words.inflection.decimal:
            return float(f"{token.parts[0]}.{token.parts[1]}"), at + 1
        if token and token.text in FRACTIONS:
            return FRACTIONS[token.text], self.skip(at + 1, "of", "a")
        if self.has(at, "quarter") and self.has(at + 1, "of") and self.has(at + 2, "a"):
            return 0.25, at + 3
        if self.has(at, "quarter") and self.unit(at + 1) == "hour":
            return 0.25, at + 1
        if self.has(at, "a"):
            return self._after_article(at + 1)
        found = self.whole_number(at)
        if found is None:
            return None
        count, after = found
        if part := self._and_a_part(after):
            return count + part, after + 3
        return self._quarters(count, after) or (count, after)

    def _and_a_part(self, at: int) -> float:
        """Of `an hour and a half`, `two and a quarter hours`; nothing where there is none."""
        if not (self.has(at, "and") and self.has(at + 1, "a")):
            return 0.0
        return 0.5 if self.has(at + 2, "half") else 0.25 if self.has(at + 2, "quarter") else 0.0

    def _after_article(self, at: int) -> tuple[float, int]:
        if self.has(at, "half"):
            return 0.5, at + 1
        if self.has(at, "quarter") and self.has(at + 1, "of") and self.has(at + 2, "a"):
            return 0.25, at + 3
        if self.is_said(at, "collective"):
            return float(self.words.numbers[self.key(at)]), at + 1
        return 1.0, at

    def _quarters(self, count: int, after: int) -> tuple[float, int] | None:
        if self.has(after, "quarters") and self.has(after + 1, "of") and self.has(after + 2, "a"):
            return count / 4, after + 3
        return None


def length_of(count: float, unit: str, words: Words) -> Length:
    """So many of a unit; what is left of a day is counted in seconds."""
    if unit in words.seconds:
        return Length(seconds=count * words.seconds[unit])
    sizes: Mapping[str, int] = words.days_long
    if unit in sizes:
        whole = int(count * sizes[unit] + (0.5 if sizes[unit] > 1 else 0))
        return Length(days=whole, seconds=max(0.0, count * sizes[unit] - whole) * 86_400)
    months = count * words.months_long[unit]
    return Length(months=int(months), days=round((months - int(months)) * 30))
