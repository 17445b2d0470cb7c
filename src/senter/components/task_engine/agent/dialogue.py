"""What is said between a model and the engine over one task, as it is sent with each turn.

A server finds in its cache whatever begins as the last prompt did, so what is new is appended. Where the whole no
longer fits, the oldest exchanges go, many at once: the cache is of use again until the next time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from senter.component.tokens import estimate_tokens
from senter.messages.model import ChatMessage

MESSAGE_TOKENS = 8
KEPT_SHARE = 0.5
"""How much of the room is filled after exchanges have gone."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a model said, and what it was told then."""

    messages: tuple[ChatMessage, ...]

    @property
    def tokens(self) -> int:
        return sum(map(_tokens, self.messages))


class Dialogue:
    """A beginning that stays, and the exchanges that fit."""

    def __init__(self, system: str, task: str, tokens: int) -> None:
        """`tokens` is how many the whole may have, as they are estimated; the newest exchange is always kept."""
        self._system = ChatMessage(role="system", content=system)
        self._task = ChatMessage(role="user", content=task)
        self._tokens = tokens
        self._kept: list[Exchange] = []
        self._left_out = ""

    def add(self, said: ChatMessage, heard: Sequence[ChatMessage], left_out: str) -> None:
        """Append an exchange; `left_out` is what the model is told of earlier ones if they have to go now."""
        self._kept.append(Exchange((said, *heard)))
        room = self._tokens - _tokens(self._system) - _tokens(self._task)
        if self._filled() > room:
            self._left_out = left_out
            while len(self._kept) > 1 and self._filled() > room * KEPT_SHARE:
                del self._kept[0]

    def prompt(self, closing: str = "") -> list[ChatMessage]:
        """All that is sent; `closing` is put under its last message, because some templates take no two in a row."""
        task = _with(self._task, self._left_out)
        messages = [self._system, task, *(message for exchange in self._kept for message in exchange.messages)]
        return [*messages[:-1], _with(messages[-1], closing)]

    def _filled(self) -> int:
        return sum(exchange.tokens for exchange in self._kept)


def _with(message: ChatMessage, more: str) -> ChatMessage:
    return message.model_copy(update={"content": f"{message.content}\n\n{more}"}) if more else message


def _tokens(message: ChatMessage) -> int:
    written = (message.content, *(call.arguments for call in message.tool_calls))
    return MESSAGE_TOKENS + sum(map(estimate_tokens, written))
