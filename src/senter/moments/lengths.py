"""Lengths of time in words: `1h30m`, `90 s`, `half an hour`, `two weeks`. One grammar, for whatever reads them.

Its patterns are for texts on one line, whatever the case; spaces are single.
"""

from __future__ import annotations

import re

HOUR = 3_600
WEEK = 604_800

_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TENS: dict[str, float] = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_PARTS = {"half an": 0.5, "half a": 0.5, "an": 1, "a": 1}
_NUMBERS = {word: number for number, word in enumerate(_COUNTS, 1)} | _TENS | _PARTS
_EXACT = {1: "s sec second", 60: "m min minute", HOUR: "h hr hour", 86_400: "d day", WEEK: "w week"}
_NAMES = _EXACT | {2 * WEEK: "fortnight", 0: "month y year decade"}
"""By the seconds of the unit; 0 is no fixed length."""
_SECONDS = {name: seconds for seconds, names in _NAMES.items() for name in names.split()}

_COUNT = rf"\d{{1,9}}(?:\.\d{{1,9}})?|(?:{'|'.join(_NUMBERS)})(?= )"
_EACH = re.compile(rf"({_COUNT}) ?({'|'.join(_SECONDS)})s?(?![^\W\d_])", re.IGNORECASE)
LENGTH = rf"(?:{_COUNT}) ?(?:{'|'.join(_SECONDS)})s?(?![^\W\d_])"
LENGTHS = rf"{LENGTH}(?:,? ?(?:and )?{LENGTH}){{0,4}}"
"""Bounded: a place in a long text is not looked at from all places before it."""
_ALL = re.compile(LENGTHS, re.IGNORECASE)


def seconds_in(text: str, longest_unit: int = WEEK) -> float | None:
    """How many seconds, of a length in units of at most that many each; none for any other text."""
    words = " ".join(text.lower().split())
    found = [(count, _SECONDS[unit]) for count, unit in _EACH.findall(words)] if _ALL.fullmatch(words) else []
    if not found or not all(0 < unit <= longest_unit for _, unit in found):
        return None
    return sum((_NUMBERS.get(count) or float(count)) * unit for count, unit in found)
