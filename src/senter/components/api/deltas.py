"""Turns the pieces of an answer, as the model worker sends them, into a client's stream."""

from __future__ import annotations

import json

from senter.components.api.channel import EventQueue, StreamEvent
from senter.messages.model import ModelDelta


class DeltaForwarder:
    """Puts progress and pieces into a client's channel."""

    def __init__(self, channel: EventQueue) -> None:
        self._channel = channel

    async def take(self, delta: ModelDelta) -> None:
        if delta.progress:
            self._channel.put(StreamEvent("progress", json.dumps({"text": delta.progress})))
        if delta.text:
            piece = {"offset": delta.offset, "text": delta.text, "attempt": delta.attempt}
            self._channel.put(StreamEvent("delta", json.dumps(piece)))
