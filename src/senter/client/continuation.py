"""Puts a streamed answer together without a hole, though any of its pieces may be missing or begun again.

Pieces are volatile, and an answer may be begun again by another model; the assistant numbers these attempts. What was
shown cannot be taken back, so pieces are shown only while they continue it; the whole answer at the end fills in the
rest. Standard library only: `senter.client` uses it.
"""

from __future__ import annotations

SEPARATOR = "\n\n"


class Continuation:
    """What of one answer has come, and what of it has been shown."""

    def __init__(self) -> None:
        self.text = ""
        """The unbroken beginning of the newest attempt."""
        self.shown = ""
        self.attempt = 0

    def know(self, attempt: int, text: str) -> None:
        """Take in what came before the pieces, unless more of it is known already."""
        if (attempt, len(text)) > (self.attempt, len(self.text)):
            self.attempt, self.text = attempt, text

    def take(self, offset: int, text: str, attempt: int) -> bool:
        """Take a piece; says whether it continues the text. A higher attempt begins anew, a lower one is too late."""
        if attempt > self.attempt:
            self.attempt, self.text = attempt, ""
        continues = bool(text) and attempt == self.attempt and offset == len(self.text)
        if continues:
            self.text += text
        return continues

    def add(self, offset: int, text: str, attempt: int) -> str:
        """Take a piece; returns what may be shown now, often nothing."""
        if not self.take(offset, text, attempt) or not self.text.startswith(self.shown):
            return ""
        return self._show(self.text[len(self.shown) :])

    def finish(self, response: str) -> str:
        """The whole answer is there; returns what is left to show.

        When another model began again with other words, its answer is shown whole below the first.
        """
        agrees = response.startswith(self.shown)
        return self._show(response[len(self.shown) :] if agrees else SEPARATOR + response)

    def _show(self, text: str) -> str:
        self.shown += text
        return text
