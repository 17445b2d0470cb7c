"""Cuts a text into passages: long enough to rank, short enough to show, ending where a paragraph ends."""

from __future__ import annotations

from collections.abc import Iterator

PASSAGE_CHARACTERS = 4_000
ENDS = ("\n\n", "\n", ". ", " ")


def passages(text: str) -> Iterator[str]:
    """The whole text in order; one empty passage for an empty text, so that its name is found."""
    start = 0
    while len(text) - start > PASSAGE_CHARACTERS:
        end = _end(text, start)
        yield text[start:end]
        start = end
    yield text[start:]


def _end(text: str, start: int) -> int:
    """The last good place to cut in the second half of what fits."""
    middle, limit = start + PASSAGE_CHARACTERS // 2, start + PASSAGE_CHARACTERS
    for mark in ENDS:
        found = text.rfind(mark, middle, limit)
        if found >= 0:
            return found + len(mark)
    return limit
