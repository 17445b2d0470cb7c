"""Words looked for in a text that comes in pieces: how much of its end may be the beginning of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=64)
def _longest_and_firsts(words: tuple[str, ...]) -> tuple[int, frozenset[str]]:
    return max(map(len, words)), frozenset(word[0] for word in words)


def held_back(text: str, words: tuple[str, ...]) -> int:
    """Characters at the end of `text` that may go on to one of `words`, none of which is empty."""
    if not words:
        return 0
    longest, firsts = _longest_and_firsts(words)
    end = text[-longest:]
    for place, letter in enumerate(end):
        if letter in firsts and any(word != end[place:] and word.startswith(end[place:]) for word in words):
            return len(end) - place
    return 0


class StopWords:
    """Ends a text before the first of some words, as it comes in pieces."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(word for word in words if word)
        self._rest = ""
        self.found = False

    def feed(self, piece: str) -> str:
        """The text that certainly stands before any of the words."""
        if self.found:
            return ""
        text = self._rest + piece
        ends = [place for word in self._words if (place := text.find(word)) >= 0]
        if ends:
            self.found, self._rest = True, ""
            return text[: min(ends)]
        kept = len(text) - held_back(text, self._words)
        self._rest = text[kept:]
        return text[:kept]

    def finish(self) -> str:
        """What was held back, at the end of the text."""
        rest, self._rest = self._rest, ""
        return rest

    def start_over(self) -> None:
        self._rest, self.found = "", False
