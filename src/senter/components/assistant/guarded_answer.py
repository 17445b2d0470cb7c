"""An answer as it may be shown: what a model writes goes in, and comes out without claims of what did not happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from senter.client.continuation import Continuation
from senter.messages.acts import Receipt
from senter.messages.model import LENGTH, ModelDelta, ModelResponse
from senter.messages.query import MAX_ANSWER_CHARACTERS, AnswerDelta
from senter.understanding.claims.guard import ClaimGuard

Show = Callable[[AnswerDelta], Awaitable[None]]
"""Has whoever listens see it."""

READ_AT_ONCE: Final = 1000
"""Characters; they take some 10 ms."""


class Unguarded:
    """Lets everything through at once."""

    def take(self, piece: str) -> str:
        return piece

    def end(self) -> str:
        return ""


class GuardedAnswer:
    """One answer to what was `asked`, over all attempts at it. One that is not `guarded` comes out as it went in."""

    def __init__(self, asked: str, receipts: Sequence[Receipt] = (), *, guarded: bool = True) -> None:
        self._asked = asked
        self._receipts = receipts
        self._guarded = guarded
        self._written = Continuation()
        self._guard = self._new_guard()
        self.text = ""
        """What of the newest attempt may be shown."""

    @property
    def attempt(self) -> int:
        return self._written.attempt

    def take(self, delta: ModelDelta) -> AnswerDelta | None:
        """Take a piece, or a line about why it takes long; returns what may be shown of it."""
        before = self.attempt
        piece = delta.text[: max(0, MAX_ANSWER_CHARACTERS - delta.offset)]
        continues = self._written.take(delta.offset, piece, delta.attempt)
        if self.attempt != before:
            self._guard, self.text = self._new_guard(), ""
        shown = self._show(self._guard.take(piece)) if continues else ""
        if not shown and not delta.progress:
            return None
        offset = len(self.text) - len(shown)
        return AnswerDelta(offset=offset, text=shown, attempt=delta.attempt, progress=delta.progress)

    async def finish(self, response: ModelResponse) -> ModelResponse:
        """The whole answer, as it may be shown. Others have their turn while a long one is read."""
        written = response.text[:MAX_ANSWER_CHARACTERS]
        if not written.startswith(self._written.text):
            self._guard, self.text, self._written.text = self._new_guard(), "", ""
        rest = written[len(self._written.text) :]
        for begin in range(0, len(rest), READ_AT_ONCE):
            self._show(self._guard.take(rest[begin : begin + READ_AT_ONCE]))
            await asyncio.sleep(0)
        self._show(self._guard.end())
        cut = {"finish_reason": LENGTH} if len(response.text) > MAX_ANSWER_CHARACTERS else {}
        changed = {"text": self.text, "logprobs": None} if self.text != response.text else {}
        return response.model_copy(update=cut | changed)

    def _show(self, text: str) -> str:
        shown = text[: MAX_ANSWER_CHARACTERS - len(self.text)]
        self.text += shown
        return shown

    def _new_guard(self) -> ClaimGuard | Unguarded:
        return ClaimGuard(self._asked, self._receipts) if self._guarded else Unguarded()
