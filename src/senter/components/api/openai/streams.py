"""Answers as they are made, without holes though the model's pieces may have some. A format says what is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, Protocol, TypeAlias

from senter.client.continuation import Continuation
from senter.components.api.channel import EventQueue, EventStream, StreamEvent, stream_of
from senter.components.api.in_flight import InFlight
from senter.components.api.openai.chat_caller import OnPiece
from senter.components.api.settings import ApiSettings
from senter.errors import SenterError
from senter.messages.model import ModelDelta, ModelResponse
from senter.messages.query import AnswerDelta

# Asks the model, and has what comes of it meanwhile handed on.
Work: TypeAlias = Callable[[OnPiece | None], Coroutine[Any, Any, ModelResponse]]

DONE: Final = StreamEvent("", "[DONE]")
MOST_EVENTS: Final = 4
"""Of one piece, or of the beginning: so many find room together, or none is sent."""


class StreamFormat(Protocol):
    """What one kind of client wants to read of an answer while it is made."""

    def begin(self) -> Iterable[StreamEvent]: ...

    def piece(self, text: str) -> Iterable[StreamEvent]:
        """More of the text; at most `MOST_EVENTS` of them."""
        ...

    def end(self, response: ModelResponse) -> Iterable[StreamEvent]:
        """All of the text was sent; here is the rest."""
        ...

    def fail(self, error: SenterError) -> Iterable[StreamEvent]: ...


def answer_stream(form: StreamFormat, work: Work, settings: ApiSettings, in_flight: InFlight) -> EventStream:
    """Begin the work and answer with what comes of it. A client that goes away cancels it."""
    channel = EventQueue(max(settings.event_queue_length, MOST_EVENTS))
    continuation = Continuation()

    async def take(delta: ModelDelta | AnswerDelta) -> None:
        if channel.room < MOST_EVENTS:
            return  # what a slow client misses comes at the end
        if text := continuation.add(delta.offset, delta.text, delta.attempt):
            channel.put(*form.piece(text))

    asked = in_flight.start(work(take))
    channel.put(*form.begin())
    return stream_of(channel, asked, lambda: _last_events(form, asked, continuation), settings.stream_comment_seconds)


def _last_events(
    form: StreamFormat, asked: asyncio.Task[ModelResponse], continuation: Continuation
) -> Iterable[StreamEvent]:
    try:
        response = asked.result()
    except SenterError as error:
        yield from form.fail(error)
        return
    if rest := continuation.finish(response.text):
        yield from form.piece(rest)
    yield from form.end(response.model_copy(update={"text": continuation.shown}))
