"""The answer of /v1/responses as the events its clients read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

from pydantic import BaseModel, JsonValue

from senter.components.api.channel import StreamEvent
from senter.components.api.openai.responses_answers import (
    InputAnswer,
    OutputCall,
    OutputMessage,
    OutputText,
    message_id,
)
from senter.components.api.problems import openai_failure
from senter.errors import SenterError
from senter.messages.model import ModelResponse


class ResponseEvents:
    """Events in their order, numbered. The message begins with its first text: an answer may be calls alone."""

    def __init__(self, begun: InputAnswer) -> None:
        self._begun = begun
        self._message = OutputMessage(id=message_id(begun.id), status="in_progress", content=[])
        self._text = ""
        self._numbers = count()

    def begin(self) -> Iterator[StreamEvent]:
        yield self._state("response.created", self._begun)
        yield self._state("response.in_progress", self._begun)

    def piece(self, text: str) -> Iterator[StreamEvent]:
        if not self._text:
            yield from self._open_message()
        self._text += text
        yield self._in_text("response.output_text.delta", delta=text, logprobs=[])

    def end(self, response: ModelResponse) -> Iterator[StreamEvent]:
        answer = self._begun.ended(response)
        for place, item in enumerate(answer.output):
            yield from self._call(place, item) if isinstance(item, OutputCall) else self._close_message(item)
        yield self._state(f"response.{answer.status}", answer)

    def fail(self, error: SenterError) -> Iterator[StreamEvent]:
        said = openai_failure(error).error
        yield self._state("response.failed", self._begun.failed(said.code, said.message))

    def _open_message(self) -> Iterator[StreamEvent]:
        yield self._event("response.output_item.added", output_index=0, item=_plain(self._message))
        yield self._in_text("response.content_part.added", part=_plain(OutputText(text="")))

    def _close_message(self, whole: OutputMessage) -> Iterator[StreamEvent]:
        if not self._text:
            yield from self._open_message()
        yield self._in_text("response.output_text.done", text=self._text, logprobs=[])
        yield self._in_text("response.content_part.done", part=_plain(whole.content[0]))
        yield self._event("response.output_item.done", output_index=0, item=_plain(whole))

    def _call(self, place: int, call: OutputCall) -> Iterator[StreamEvent]:
        begun = call.model_copy(update={"status": "in_progress", "arguments": ""})
        where: dict[str, JsonValue] = {"output_index": place, "item_id": call.id}
        yield self._event("response.output_item.added", output_index=place, item=_plain(begun))
        yield self._event("response.function_call_arguments.delta", **where, delta=call.arguments)
        yield self._event("response.function_call_arguments.done", **where, name=call.name, arguments=call.arguments)
        yield self._event("response.output_item.done", output_index=place, item=_plain(call))

    def _in_text(self, kind: str, **more: JsonValue) -> StreamEvent:
        return self._event(kind, item_id=self._message.id, output_index=0, content_index=0, **more)

    def _state(self, kind: str, answer: InputAnswer) -> StreamEvent:
        return self._event(kind, response=_plain(answer))

    def _event(self, kind: str, **more: JsonValue) -> StreamEvent:
        event = {"type": kind, "sequence_number": next(self._numbers), **more}
        return StreamEvent(kind, json.dumps(event, ensure_ascii=False))


def _plain(part: BaseModel) -> JsonValue:
    plain: JsonValue = part.model_dump(mode="json")
    return plain
