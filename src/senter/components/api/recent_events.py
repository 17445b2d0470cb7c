"""The last events of a stream, for readers who come back: bounded in number and in size."""

from __future__ import annotations

import json
from collections import deque
from typing import Final

from senter.components.api.channel import StreamEvent

MOST_CHARACTERS: Final = 4 * 1024 * 1024
MISSED: Final = "What came right after this Last-Event-ID is not kept any more, or the id is not one of this stream."


class RecentEvents:
    """At most `limit` events, the oldest first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._events: deque[StreamEvent] = deque()
        self._characters = 0

    def add(self, event: StreamEvent) -> None:
        self._events.append(event)
        self._characters += len(event.data)
        while len(self._events) > self._limit or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._events.popleft().data)

    def after(self, event_id: str) -> list[StreamEvent]:
        """What came after that event; where it is not here any more, `missed` and all there is."""
        events = list(self._events)
        for number, event in enumerate(events, start=1):
            if event.id == event_id:
                return events[number:]
        return [StreamEvent("missed", json.dumps({"reason": MISSED})), *events]
