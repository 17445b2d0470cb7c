"""Shows a streamed answer without a hole, though any of its pieces may be missing or begun again.

Deltas are volatile and an answer may be started over by another model. What was shown cannot be taken
back, so pieces are shown only while they continue it; the whole answer at the end fills in the rest.
Standard library only, like all of the client.
"""

from __future__ import annotations

SEPARATOR = "\n\n"


class Continuation:
    """What of one answer has been shown."""

    def __init__(self) -> None:
        self.shown = ""
        self._attempt = 0
        self._so_far = ""
        self._whole = True

    def add(self, offset: int, text: str, attempt: int) -> str:
        """Take a piece; returns what may be shown now, often nothing."""
        if attempt != self._attempt:
            self._attempt, self._so_far, self._whole = attempt, "", True
        if not self._whole or offset != len(self._so_far):
            self._whole = False
            return ""
        self._so_far += text
        return self._show(self._so_far)

    def finish(self, response: str) -> str:
        """The whole answer is there; returns what is left to show.

        When another model began again with other words, its answer is shown whole below the first.
        """
        if response.startswith(self.shown):
            return self._show(response)
        rest = SEPARATOR + response
        self.shown += rest
        return rest

    def _show(self, text: str) -> str:
        if len(text) <= len(self.shown) or not text.startswith(self.shown):
            return ""
        rest = text[len(self.shown) :]
        self.shown = text
        return rest
