"""One reader's stream of one answer: the text as far as it has come, and how far the reader is in it.

What is written is always the next characters of the text, so that a reader who is slow, or comes back, gets larger
pieces and no holes, and nothing waits in a queue for it. The text it was given since the last `restart` is, at the
end, the answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from senter.client.continuation import Continuation
from senter.components.api.channel import KEEP_ALIVE, StreamEvent
from senter.components.api.place import BEGINNING, Place
from senter.messages.query import MAX_ANSWER_CHARACTERS, AnswerDelta, QueryAnswer
from senter.messages.turns import TurnReply

BEGUN_AGAIN: Final = "The answer was begun again."
UNKNOWN_PLACE: Final = "The Last-Event-ID is not one of this stream, so the answer follows from its beginning."


class AnswerFeed:
    """What one reader is told. `place` is how far it says it is; None where it said something else."""

    def __init__(self, place: Place | None = BEGINNING) -> None:
        self._place = place or BEGINNING
        self._is_in_text = False
        self._restart = "" if place else UNKNOWN_PLACE
        self._pieces = Continuation()
        self._progress = ""
        self._changed = asyncio.Event()
        self._ended = False
        self.joined = asyncio.Event()
        """That what was there before the pieces is known, or that nothing will come."""

    def join(self, attempt: int, text: str) -> None:
        """Take in what there is already; before that, no piece is taken."""
        before = self._pieces.attempt
        self._pieces.know(attempt, text)
        self.joined.set()
        self._notice(before)

    async def take(self, delta: AnswerDelta) -> None:
        """Take in a piece, or a line about why it takes long."""
        await self.joined.wait()
        before = self._pieces.attempt
        self._progress = delta.progress or self._progress
        if delta.offset + len(delta.text) <= MAX_ANSWER_CHARACTERS:
            self._pieces.take(delta.offset, delta.text, delta.attempt)
        self._notice(before)

    def end(self, asked: asyncio.Task[QueryAnswer] | asyncio.Task[TurnReply]) -> None:
        """No more will come. What is stored of the answer is the text, where that is known."""
        if not asked.cancelled() and asked.exception() is None:
            self._pieces.text = asked.result().response
        self._is_in_text = False
        self._ended = True
        self.joined.set()
        self._changed.set()

    async def encoded(
        self, comment_seconds: float, last_events: Callable[[], Iterable[StreamEvent]]
    ) -> AsyncIterator[bytes]:
        """The events, a comment when it is quiet for long, and `last_events` at the end, with the last place."""
        while True:
            self._changed.clear()
            ended = self._ended
            for event in tuple(self._news()):  # what comes while one is sent is of the next round
                yield event.encode()
            if ended:
                break
            try:
                async with asyncio.timeout(comment_seconds):
                    await self._changed.wait()
            except TimeoutError:
                yield KEEP_ALIVE
        for event in last_events():
            yield replace(event, id=str(self._place)).encode()

    def _notice(self, before: int) -> None:
        self._is_in_text &= self._pieces.attempt == before
        self._changed.set()

    def _news(self) -> Iterator[StreamEvent]:
        if self._progress:
            yield StreamEvent("progress", json.dumps({"text": self._progress}))
            self._progress = ""
        if not self._is_in_text and not self._find_place():
            return
        if self._restart:
            yield StreamEvent("restart", json.dumps({"reason": self._restart}), str(self._place))
            self._restart = ""
        place, pieces = self._place, self._pieces
        if piece := pieces.text[place.characters :]:
            self._place = place.after(piece)
            shown = {"offset": place.characters, "text": piece, "attempt": pieces.attempt}
            yield StreamEvent("delta", json.dumps(shown), str(self._place))

    def _find_place(self) -> bool:
        """Find the reader's place in the text; false while the text has not come so far yet."""
        place, pieces = self._place, self._pieces
        if len(pieces.text) < place.characters and place.attempt >= pieces.attempt and not self._ended:
            return False
        if not place.is_in(pieces.text):
            place, self._restart = BEGINNING, self._restart or BEGUN_AGAIN
        self._place = replace(place, attempt=pieces.attempt)
        self._is_in_text = True
        return True
