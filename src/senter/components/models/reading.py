"""What the embedded model has read already, and which part of a prompt to leave out where the rest would take long.

A prompt that goes on from an earlier one is read from where they part; so what counts is what is new in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from senter.component.tokens import estimate_tokens
from senter.messages.model import ChatMessage

Messages = tuple[ChatMessage, ...]
TOKENS_PER_ESTIMATED = 0.65
"""Estimates are rather too high: 1.6 times what English takes."""
TOKENS_PER_MESSAGE = 5


class ReadPrompts:
    """The newest prompts with their answers, as many as the model's cache holds."""

    def __init__(self, kept: int) -> None:
        self._read: deque[Messages] = deque(maxlen=kept)

    def remember(self, messages: Messages, answer: str) -> None:
        self._read.append((*messages, ChatMessage(role="assistant", content=answer)))

    def unread_tokens(self, messages: Messages) -> int:
        """About how many tokens of the prompt are new."""
        known = max((_in_common(messages, read) for read in self._read), default=0)
        return tokens_of(messages[known:])

    def shortened(self, messages: Messages, most_tokens: int) -> Messages:
        """The prompt without its oldest exchanges, as few as possible; system prompt and question stay."""
        shorter = messages
        for shorter in _ever_shorter(messages):
            if self.unread_tokens(shorter) <= most_tokens:
                break
        return shorter


def tokens_of(messages: Iterable[ChatMessage]) -> int:
    """About how many tokens the messages are."""
    return sum(
        TOKENS_PER_MESSAGE + round(estimate_tokens(message.content) * TOKENS_PER_ESTIMATED) for message in messages
    )


def _in_common(messages: Messages, read: Messages) -> int:
    """How many messages both begin with."""
    pairs = enumerate(zip(messages, read, strict=False))
    return next((count for count, (one, other) in pairs if one != other), min(len(messages), len(read)))


def _ever_shorter(messages: Messages) -> Iterator[Messages]:
    """The messages, then without the first exchange, without the first two, and so on to the newest question."""
    begin = 1 if messages[0].role == "system" else 0
    starts = [index for index in range(begin, len(messages)) if messages[index].role == "user"] or [begin]
    yield messages
    for start in starts[1:] if starts[0] == begin else starts:
        yield (*messages[:begin], *messages[start:])
