"""An answer as it may be shown: what a model writes goes in, and comes out without claims of what did not happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from senter.client.continuation import Continuation
from senter.component.tool_talk.model_turn import turn_of
from senter.component.tool_talk.written_json import is_begun
from senter.components.assistant.ask_model import WHOLE, PutQuestion
from senter.messages.model import LENGTH, ModelDelta, ModelResponse
from senter.messages.query import MAX_ANSWER_CHARACTERS, AnswerDelta
from senter.understanding.claims.guard import ClaimGuards, guards_of

Show = Callable[[AnswerDelta], Awaitable[None]]
"""Has whoever listens see it."""

READ_AT_ONCE: Final = 1000
"""Characters; they take some 10 ms."""
_CALLS_BEGIN: Final = ("{", "```")


def next_attempt(before: GuardedAnswer, first: int) -> int:
    """The number of an answer that takes the place of one before it: what was shown of that is void."""
    return max(first, before.attempt + bool(before.text))


class Unguarded:
    """Lets everything through at once, as it is."""

    def take(self, piece: str) -> str:
        return piece

    def end(self) -> str:
        return ""

    def renumbered(self, text: str) -> str:
        return text


class GuardedAnswer:
    """One answer to what was `asked`, over all attempts at it. One that is not `guarded` comes out as it went in. It is
    held against its grounds, too; in a round with tools calls that a model writes as text are not shown."""

    def __init__(self, asked: str, put: PutQuestion = WHOLE, *, guarded: bool = True) -> None:
        self._asked = asked
        self._receipts = put.receipts
        self._guarded = guarded
        self._grounds = put.grounds if put.grounds and put.grounds.has_read else None
        self._round = put.tool_round
        self._written = Continuation()
        self._begin()

    @property
    def attempt(self) -> int:
        return self._written.attempt

    def take(self, delta: ModelDelta) -> AnswerDelta | None:
        """Take a piece, or a line about why it takes long; returns what may be shown of it."""
        before = self.attempt
        piece = delta.text[: max(0, MAX_ANSWER_CHARACTERS - delta.offset)]
        self._written.take(delta.offset, piece, delta.attempt)
        if self.attempt != before:
            self._begin()
        shown = "" if self._may_be_call() else self._read(self._written.text)
        if not shown and not delta.progress:
            return None
        offset = len(self.text) - len(shown)
        return AnswerDelta(offset=offset, text=shown, attempt=delta.attempt, progress=delta.progress)

    async def finish(self, response: ModelResponse) -> ModelResponse:
        """The whole answer, as it may be shown; calls are left as they are. Others have their turn while a long one is
        read."""
        said = self._answer_in(response)
        if said is None:
            return response
        written = said[:MAX_ANSWER_CHARACTERS]
        if not written.startswith(self._written.text[: self._taken]):
            self._begin()
        for end in range(self._taken, len(written), READ_AT_ONCE):
            self._read(written[: end + READ_AT_ONCE])
            await asyncio.sleep(0)
        self._show(self._gate.renumbered(self._guard.take(self._gate.end()) + self._guard.end()))
        cut = {"finish_reason": LENGTH} if len(response.text) > MAX_ANSWER_CHARACTERS else {}
        changed = {"text": self.text, "logprobs": None} if self.text != response.text else {}
        return response.model_copy(update=cut | changed)

    def _answer_in(self, response: ModelResponse) -> str | None:
        """The text to be shown; none where it is a call, or nothing."""
        if self._round is None:
            return response.text
        turn = turn_of(response, self._round.names)
        if not turn.answer:
            return None
        return turn.answer if is_begun(response.text) else response.text

    def _may_be_call(self) -> bool:
        """Whether it begins like a call that is written as text, which is known when it is whole."""
        return self._round is not None and self._written.text.lstrip().startswith(_CALLS_BEGIN)

    def _read(self, written: str) -> str:
        """Go on to the end of what is written; returns what may be shown."""
        piece, self._taken = written[self._taken :], max(self._taken, len(written))
        return self._show(self._gate.renumbered(self._guard.take(self._gate.take(piece))))

    def _begin(self) -> None:
        """Nothing of this attempt is read so far."""
        self._guard = self._new_guard()
        self._gate = self._grounds.hold() if self._grounds else Unguarded()
        self._taken = 0
        self.text = ""
        """What of the newest attempt may be shown."""

    def _show(self, text: str) -> str:
        shown = text[: MAX_ANSWER_CHARACTERS - len(self.text)]
        self.text += shown
        return shown

    def _new_guard(self) -> ClaimGuards | Unguarded:
        if not self._guarded:
            return Unguarded()
        if self._grounds is None:
            return guards_of(self._asked, self._receipts)
        return guards_of(self._asked, self._receipts, self._grounds.repeats)
