"""Chats and completions in the chunks OpenAI clients read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from senter.components.api.channel import StreamEvent
from senter.components.api.openai.answers import (
    ChatChunk,
    ChatChunkChoice,
    ChatPiece,
    FunctionPiece,
    TextChoice,
    TextCompletion,
    TokenUsage,
    ToolCallPiece,
    finish_reason_of,
    warnings_of,
)
from senter.components.api.openai.streams import DONE
from senter.components.api.problems import openai_failure
from senter.errors import SenterError
from senter.messages.model import ModelResponse, ModelToolCall


@dataclass(frozen=True, slots=True)
class Chunks:
    """What the chunks of one answer share."""

    id: str
    created: int
    model: str
    usage: bool
    """Whether a last one carries the usage."""

    def fail(self, error: SenterError) -> Iterable[StreamEvent]:
        return [StreamEvent("", openai_failure(error).model_dump_json())]


class ChatChunks(Chunks):
    """The answer of a chat."""

    def begin(self) -> Iterable[StreamEvent]:
        return [self._chunk(ChatChunkChoice(delta=ChatPiece(role="assistant", content="")))]

    def piece(self, text: str) -> Iterable[StreamEvent]:
        return [self._chunk(ChatChunkChoice(delta=ChatPiece(content=text)))]

    def end(self, response: ModelResponse) -> Iterator[StreamEvent]:
        for number, call in enumerate(response.tool_calls):
            for piece in pieces_of(number, call):
                yield self._chunk(ChatChunkChoice(delta=ChatPiece(tool_calls=[piece])))
        reason = finish_reason_of(response)
        last = ChatChunkChoice(delta=ChatPiece(), logprobs=response.logprobs, finish_reason=reason)
        yield self._chunk(last, warnings=warnings_of(response))
        if self.usage:
            yield self._chunk(usage=TokenUsage.of(response))
        yield DONE

    def _chunk(
        self, *choices: ChatChunkChoice, usage: TokenUsage | None = None, warnings: Sequence[str] = ()
    ) -> StreamEvent:
        chunk = ChatChunk(
            id=self.id,
            created=self.created,
            model=self.model,
            choices=[*choices],
            usage=usage,
            warnings=[*warnings],
        )
        return StreamEvent("", chunk.model_dump_json(exclude_none=True))


def pieces_of(number: int, call: ModelToolCall) -> tuple[ToolCallPiece, ToolCallPiece]:
    """First what is called, then with what: clients put the arguments together."""
    begun = ToolCallPiece(
        index=number, id=call.id, type="function", function=FunctionPiece(name=call.name, arguments="")
    )
    return begun, ToolCallPiece(index=number, function=FunctionPiece(arguments=call.arguments))


class TextChunks(Chunks):
    """The answer to a prompt."""

    def begin(self) -> Iterable[StreamEvent]:
        return []

    def piece(self, text: str) -> Iterable[StreamEvent]:
        return [self._chunk(TextChoice(text=text))]

    def end(self, response: ModelResponse) -> Iterator[StreamEvent]:
        last = TextChoice(text="", finish_reason=finish_reason_of(response))
        yield self._chunk(last, warnings=warnings_of(response))
        if self.usage:
            yield self._chunk(usage=TokenUsage.of(response))
        yield DONE

    def _chunk(
        self, *choices: TextChoice, usage: TokenUsage | None = None, warnings: Sequence[str] = ()
    ) -> StreamEvent:
        chunk = TextCompletion(
            id=self.id,
            created=self.created,
            model=self.model,
            choices=[*choices],
            usage=usage,
            warnings=[*warnings],
        )
        return StreamEvent("", chunk.model_dump_json())
