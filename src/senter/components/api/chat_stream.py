"""A chat's answer in the chunks OpenAI clients read, without holes though the model's deltas may have some."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from senter.client.continuation import Continuation
from senter.component.models import OnDelta
from senter.components.api.channel import EventQueue, EventStream, StreamEvent, stream_of
from senter.components.api.in_flight import InFlight
from senter.components.api.openai_bodies import ChatChunk, ChatChunkChoice, ChatPiece, TokenUsage
from senter.components.api.problems import openai_error_of
from senter.components.api.settings import ApiSettings
from senter.errors import SenterError
from senter.messages.model import ModelDelta, ModelResponse

# Asks the model, and has what comes of it meanwhile handed on.
Work = Callable[[OnDelta], Coroutine[Any, Any, ModelResponse]]

DONE: Final = StreamEvent("", "[DONE]")


class ChatStream:
    """One streamed chat."""

    def __init__(self, completion_id: str, created: int, model: str, *, usage: bool) -> None:
        self._id = completion_id
        self._created = created
        self._model = model
        self._usage = usage
        self._continuation = Continuation()

    def respond(self, settings: ApiSettings, in_flight: InFlight, work: Work) -> EventStream:
        """Begin the work and answer with what comes of it."""
        channel = EventQueue(settings.event_queue_length)
        channel.put(self._chunk(ChatPiece(role="assistant", content="")))

        async def take(delta: ModelDelta) -> None:
            if channel.is_full:
                return  # what a slow client misses comes at the end
            if text := self._continuation.add(delta.offset, delta.text, delta.attempt):
                channel.put(self._chunk(ChatPiece(content=text)))

        asked = in_flight.start(work(take))
        return stream_of(channel, asked, lambda: self._last_events(asked), settings.stream_comment_seconds)

    def _last_events(self, asked: asyncio.Task[ModelResponse]) -> list[StreamEvent]:
        try:
            response = asked.result()
        except SenterError as error:
            return [StreamEvent("", json.dumps(openai_error_of(error)))]
        rest = self._continuation.finish(response.text)
        events = [self._chunk(ChatPiece(content=rest))] if rest else []
        events.append(self._chunk(ChatPiece(), finish_reason=response.finish_reason))
        if self._usage:
            events.append(self._encode([], TokenUsage.of(response)))
        return [*events, DONE]

    def _chunk(self, piece: ChatPiece, finish_reason: str | None = None) -> StreamEvent:
        return self._encode([ChatChunkChoice(delta=piece, finish_reason=finish_reason)], None)

    def _encode(self, choices: list[ChatChunkChoice], usage: TokenUsage | None) -> StreamEvent:
        chunk = ChatChunk(id=self._id, created=self._created, model=self._model, choices=choices, usage=usage)
        return StreamEvent("", chunk.model_dump_json(exclude_none=True))
