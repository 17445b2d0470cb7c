"""Puts together what has come of an answer so far, from deltas that may be lost."""

from __future__ import annotations

from senter.messages.model import ModelDelta


class PartialAnswer:
    """The beginning of an answer, without gaps."""

    def __init__(self) -> None:
        self.text = ""
        self._attempt = 0

    def take(self, delta: ModelDelta) -> bool:
        """Add a delta if it continues the text; says whether it did. A higher attempt starts over."""
        if delta.attempt > self._attempt:
            self._attempt = delta.attempt
            self.text = ""
        continues = bool(delta.text) and delta.attempt == self._attempt and delta.offset == len(self.text)
        if continues:
            self.text += delta.text
        return continues
