"""Words looked for in a text that comes in pieces: how much of its end may be the beginning of one."""

from __future__ import annotations

from collections.abc import Sequence


def held_back(text: str, words: Sequence[str]) -> int:
    """Characters at the end of `text` that may go on to one of `words`."""
    longest = max(map(len, words), default=0) - 1
    for length in range(min(len(text), longest), 0, -1):
        if any(word.startswith(text[-length:]) for word in words):
            return length
    return 0


class StopWords:
    """Ends a text before the first of some words, as it comes in pieces."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [word for word in words if word]
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
