"""The embedded model as an endpoint: its time-outs follow from its speed, and it neither reads nor writes too long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydantic import JsonValue

from senter.components.models.endpoint import Endpoint, OnText, OnVoid, Timeouts
from senter.components.models.length import EnoughSaid, SentenceEnd, tokens_that_fit
from senter.components.models.quirks import NO_QUIRKS, Quirks
from senter.components.models.reading import ReadPrompts, tokens_of
from senter.components.models.speed import LONGEST_READ_SECONDS, ModelSpeed
from senter.components.models.wire import ChatAnswer, ChatRequest

TITLE = "The embedded model"
SHARE_BEFORE_THE_LAST_SENTENCE = 0.8
CONNECT_SECONDS = 3.0


class EmbeddedEndpoint(Endpoint):
    """One loaded model on its socket."""

    def __init__(self, socket: Path, key: str, speed: ModelSpeed, slots: int) -> None:
        standing = Timeouts(connect=CONNECT_SECONDS, silence=0, answer=0)
        super().__init__(f"unix://{socket}", title=TITLE, timeouts=standing, api_key=key)
        self._speed = speed
        self._read = ReadPrompts(kept=slots)

    async def complete(
        self,
        model: str,
        call: ChatRequest,
        on_text: OnText,
        *,
        quirks: Quirks = NO_QUIRKS,
        on_void: OnVoid = lambda: None,
        timeouts: Timeouts | None = None,
    ) -> ChatAnswer:
        """Ask, after leaving out what would take too long to read. Raises `ModelError`."""
        messages = self._read.shortened(call.messages, self._speed.longest_prompt_tokens)
        shorter = replace(call, messages=messages)
        unread = self._read.unread_tokens(messages)
        limits = timeouts or self._speed.timeouts(CONNECT_SECONDS, unread, call.max_tokens)
        ask = partial(super().complete, model, shorter, quirks=quirks, on_void=on_void, timeouts=limits)
        answer = await self._answer(shorter, on_text, ask)
        self._read.remember(messages, answer.text)
        return replace(answer, shortened=_why(len(call.messages) - len(messages)))

    def _sent(self, body: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """What keeps a small model from repeating itself would change dates and names that it copies."""
        return {**body, "repeat_penalty": 1.0, "dry_multiplier": 0.0} if "response_format" in body else body

    async def _answer(
        self, call: ChatRequest, on_text: OnText, ask: Callable[[OnText], Awaitable[ChatAnswer]]
    ) -> ChatAnswer:
        if not call.may_end_early:
            return await ask(on_text)
        ending = SentenceEnd(on_text, _enough(call))
        try:
            return await ask(ending.take)
        except EnoughSaid:
            return ChatAnswer(
                text=ending.text,
                finish_reason="stop",
                prompt_tokens=tokens_of(call.messages),
                completion_tokens=ending.pieces,
            )


def _enough(call: ChatRequest) -> int:
    fits = tokens_that_fit(call.messages[-1].content)
    return min(fits, int(call.max_tokens * SHARE_BEFORE_THE_LAST_SENTENCE))


def _why(left_out: int) -> str:
    if not left_out:
        return ""
    return (
        f"The {left_out} oldest messages of the conversation were left out: "
        f"to read them would have taken this model more than {LONGEST_READ_SECONDS:.0f} s."
    )
