"""Turns the pieces of an answer, as the model worker sends them, into a client's stream."""

from __future__ import annotations

import json

from senter.components.api.channel import EventQueue, StreamEvent
from senter.messages.model import ModelDelta


class AttemptCounter:
    """Numbers attempts so that a client sees each new beginning, whoever began again.

    A worker counts the links of its chain, but a worker or an assistant that was restarted begins at
    attempt 1 again: an offset that goes back, or another sender, also makes a new attempt.
    """

    def __init__(self) -> None:
        self._attempt = 0
        self._last: tuple[str, str | None, int] | None = None
        self._next_offset = 0

    def number(self, delta: ModelDelta) -> int:
        """The attempt a piece of text belongs to, counted from 1."""
        sender = (delta.source, delta.caused_by, delta.attempt)
        if sender != self._last or delta.offset < self._next_offset:
            self._attempt += 1
            self._last = sender
        self._next_offset = delta.offset + len(delta.text)
        return self._attempt


class DeltaForwarder:
    """Puts progress and pieces into a client's channel."""

    def __init__(self, channel: EventQueue) -> None:
        self._channel = channel
        self._attempts = AttemptCounter()

    async def take(self, delta: ModelDelta) -> None:
        if delta.progress:
            self._channel.put(StreamEvent("progress", json.dumps({"text": delta.progress})))
        if delta.text:
            attempt = self._attempts.number(delta)
            piece = {"offset": delta.offset, "text": delta.text, "attempt": attempt}
            self._channel.put(StreamEvent("delta", json.dumps(piece)))
