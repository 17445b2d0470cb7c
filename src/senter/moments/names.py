"""Days and months that stand alone, as people type them: `december`, `2026-12`; and what a mistyped one may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches

from senter.moments.shown_words import ENGLISH_WORDS, ShownWords, shown_words
from senter.sentences import phrase

LONGER_THAN_A_MONTH = timedelta(days=32)
_NUMBERS = re.compile(r"(\d{4})-(\d{1,2})")
_FITS = 0.72
"""How much of a word must be right; three letters that are changed round in `tomorrow` are not too many."""


def month_named(words: str, today: date) -> date | None:
    """The first day of the month that is all that is said: this one or the next of that name; of a year, `2026-12`."""
    text = words.strip().casefold()
    if numbers := _NUMBERS.fullmatch(text):
        year, number = int(numbers[1]), int(numbers[2])
        return date(year, number, 1) if 1 <= number <= 12 and year else None
    number = next((place % 12 + 1 for place, name in enumerate(_months()) if text.rstrip(".") == name), 0)
    return date(today.year + (number < today.month), number, 1) if number else None


def first_of_next(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + LONGER_THAN_A_MONTH).replace(day=1)


def day_named(words: str, today: date) -> date | None:
    """The day that is all that is said, as today, tomorrow or yesterday is; none for any other."""
    text = words.strip().casefold()
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}
    days |= {phrase("yesterday"): -1, phrase("today"): 0, phrase("tomorrow"): 1}
    return today + timedelta(days=days[text]) if text in days else None


def day_meant(words: str) -> str:
    """The day or the month that mistyped words come nearest to; empty where none is near."""
    names = {name.casefold(): name for name in _names()}
    near = get_close_matches(words.strip().casefold(), list(names), n=1, cutoff=_FITS)
    return names[near[0]] if near else ""


def cannot_read(words: str, what: str = "time") -> str:
    """The sentence about words that name none, with what may be meant."""
    meant = day_meant(words)
    return f'Cannot read "{words}" as a {what}' + (f"; did you mean {meant}?" if meant else ".")


def _names() -> Iterator[str]:
    yield from ("today", "tomorrow", "yesterday", phrase("today"), phrase("tomorrow"), phrase("yesterday"))
    for words in _spoken():
        yield from (*words.weekdays, *words.months)


def _months() -> Iterator[str]:
    """Twelve after twelve, without a point."""
    for words in _spoken():
        for names in (words.months, words.months_short):
            yield from (name.casefold().rstrip(".") for name in names)


def _spoken() -> list[ShownWords]:
    """English is understood beside the language that is spoken."""
    words = shown_words()
    return [words] if words is ENGLISH_WORDS else [words, ENGLISH_WORDS]
