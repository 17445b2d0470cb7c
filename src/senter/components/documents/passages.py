"""Cuts a text into passages: long enough to rank, short enough to show, ending where a paragraph ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

PASSAGE_CHARACTERS = 4_000
PLACE = re.compile(r"^# ((?:Page|Slide) \d+)\b", re.MULTILINE)
"""As readers of PDFs and slides head them."""
ENDS = ("\n\n", "\n", ". ", " ")


def passages(text: str) -> Iterator[tuple[str, str]]:
    """The whole text in order, each with the page or the slide that it begins on; one empty passage for an empty text,
    so that its name is found."""
    start, place = 0, ""
    while len(text) - start > PASSAGE_CHARACTERS:
        end = _end(text, start)
        yield text[start:end], place
        place = _last_place(text[start:end]) or place
        start = end
    yield text[start:], place


def _last_place(text: str) -> str:
    found = PLACE.findall(text)
    return str(found[-1]) if found else ""


def _end(text: str, start: int) -> int:
    """The last good place to cut in the second half of what fits."""
    middle, limit = start + PASSAGE_CHARACTERS // 2, start + PASSAGE_CHARACTERS
    for mark in ENDS:
        found = text.rfind(mark, middle, limit)
        if found >= 0:
            return found + len(mark)
    return limit
