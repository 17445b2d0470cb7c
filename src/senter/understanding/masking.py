"""A text with its times and quotations masked letter by letter, so that places in it are places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from senter.moments.when import Span
from senter.understanding.lexicon import QUOTE, WHEN, lexicon

_QUOTED = re.compile(r'"[^"\n]{1,2000}"|“[^”\n]{1,2000}”|«[^»\n]{1,2000}»|(?<![\w])[\'‘][^\'’‘\n]{2,2000}[\'’](?!\w)')
_CONTENT = ("pasted", "said", "letter")
"""Of [cuts]: what is quoted without quotation marks."""
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "\t": " ", "\r": " ", "\xa0": " "})


def masked(text: str, times: Iterable[Span]) -> str:
    """In lower case and with straight apostrophes, as long as the text."""
    letters = list(_lower(without_quotes(text)).translate(_APOSTROPHES))
    for begin, end in times:
        while begin > 1 and letters[begin - 1] in " ," and WHEN in letters[begin - 2 : begin]:
            begin -= 1
        _fill(letters, (begin, end), WHEN)
    for name in _CONTENT:
        for found in lexicon().cuts[name].finditer("".join(letters)):
            _fill(letters, found.span("text"), QUOTE)
    return "".join(letters)


def without_quotes(text: str) -> str:
    """The text, as long as before, with a mark for each letter of what stands in quotation marks."""
    return _QUOTED.sub(lambda found: QUOTE * len(found[0]), text)


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _fill(letters: list[str], span: Span, mark: str) -> None:
    begin, end = span
    letters[begin:end] = mark * (end - begin)
