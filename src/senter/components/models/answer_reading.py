"""What has come of one answer: its text, without thoughts and up to the first stop word, and its tool calls."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from pydantic import JsonValue

from senter.components.models.chunks import STOP, TOOL_CALLS, AnswerChunk, CallPiece
from senter.components.models.held import StopWords
from senter.components.models.sse import TextJoiner
from senter.components.models.thinking import Hold, ThoughtFilter
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.messages.model import LENGTH, ModelToolCall

MAX_ANSWER_CHARACTERS = 400_000
CHARACTERS_PER_TOKEN = 4
MOST_CALLS = 100


@dataclass(slots=True)
class _Call:
    """A tool call as far as it has come."""

    place: int | None
    id: str
    name: str = ""
    arguments: list[str] = field(default_factory=list[str])

    def goes_on_with(self, piece: CallPiece) -> bool:
        """Servers count the calls, name each piece, or do neither and only begin a new one with a new name."""
        if piece.id and self.id and piece.id != self.id:
            return False
        if piece.place is not None and self.place is not None:
            return piece.place == self.place
        return bool(piece.id) or not piece.name

    def take(self, piece: CallPiece) -> None:
        self.id = self.id or piece.id
        self.name = self.name or piece.name
        self.arguments.append(piece.arguments)

    def whole(self) -> ModelToolCall:
        return ModelToolCall(
            id=_clean(self.id) or f"call_{uuid4().hex}",
            name=_clean(self.name),
            arguments=_clean("".join(self.arguments)) or "{}",
        )


class AnswerReading:
    """Puts an answer together from its chunks.

    `tokens` is the most that is read where the server was not told how long the answer may be; `hold` and
    `thinks_aloud` are those of `ThoughtFilter`.
    """

    def __init__(
        self, call: ChatRequest, *, tokens: int | None = None, hold: Hold = "nothing", thinks_aloud: bool = False
    ) -> None:
        self._call = call
        self._tokens = tokens
        self._joiner = TextJoiner()
        self._thoughts = ThoughtFilter(hold=hold, thinks_aloud=thinks_aloud)
        self._stops = StopWords(call.options.stop)
        self._pieces: list[str] = []
        self._characters = 0
        self._deltas = 0
        self._certain_pieces = 0
        self._calls: list[_Call] = []
        self._logprobs: list[JsonValue] = []
        self._prompt_tokens: int | None = None
        self._completion_tokens: int | None = None
        self._thought_apart = False
        self._whole = False
        self.finish_reason = ""

    @property
    def complete(self) -> bool:
        """Whether the answer needs nothing more."""
        return bool(self.finish_reason) or self._whole

    @property
    def enough(self) -> bool:
        """Whether the rest of the answer is not wanted."""
        return self._stops.found or self._overflows

    @property
    def thought(self) -> bool:
        return self._thought_apart or self._thoughts.thought

    @property
    def thought_aloud(self) -> bool:
        """Whether thoughts came without an opening tag."""
        return self._thoughts.ended_alone

    @property
    def _overflows(self) -> bool:
        too_many = self._tokens is not None and self._certain_pieces > self._tokens
        return self._characters > MAX_ANSWER_CHARACTERS or too_many

    def take(self, chunks: Iterable[AnswerChunk]) -> str:
        """Add what came; returns the text that became certain with it. See `void`."""
        for chunk in chunks:
            self._take_facts(chunk)
        found = "".join(chunk.text for chunk in chunks)
        if self._thought_apart and not found:
            text = self._thoughts.release()
        else:
            text = self._thoughts.feed(self._joiner.feed(found))
        return self._keep(text)

    def void(self) -> bool:
        """Whether the text handed on before what was returned last is void: it was thought."""
        voided, self._thoughts.voided = self._thoughts.voided, False
        return voided

    def finish(self) -> str:
        """What is left, at the end of the answer."""
        rest = self._thoughts.feed(self._joiner.finish()) + self._thoughts.finish(cut=self.finish_reason == LENGTH)
        kept = self._keep(rest)
        if not self._stops.found:
            kept += self._add(self._stops.finish())
        return kept

    def answer(self) -> ChatAnswer:
        """The answer, with tokens as the endpoint counted them, else estimated."""
        prompt_characters = sum(len(message.content) for message in self._call.messages)
        calls = tuple(call.whole() for call in self._calls)
        return ChatAnswer(
            text="".join(self._pieces),
            finish_reason=self._reason(),
            prompt_tokens=_either(self._prompt_tokens, prompt_characters // CHARACTERS_PER_TOKEN),
            completion_tokens=_either(self._completion_tokens, self._deltas),
            calls=tuple(call for call in calls if call.name),
            logprobs=_logprobs(self._logprobs),
            thought=self.thought,
            pieces=self._deltas,
        )

    def _reason(self) -> str:
        if self._overflows and not self._stops.found:
            return LENGTH
        if self._calls and self.finish_reason in ("", STOP):
            return TOOL_CALLS
        return STOP if self._stops.found else self.finish_reason or STOP

    def _take_facts(self, chunk: AnswerChunk) -> None:
        self._deltas += bool(chunk.text or chunk.thought)
        self._thought_apart = self._thought_apart or chunk.thought
        self._whole = self._whole or chunk.whole
        self.finish_reason = chunk.finish_reason or self.finish_reason
        self._logprobs.extend(chunk.logprobs)
        self._prompt_tokens = _either(chunk.prompt_tokens, self._prompt_tokens)
        self._completion_tokens = _either(chunk.completion_tokens, self._completion_tokens)
        for piece in chunk.calls:
            self._take_call(piece)

    def _take_call(self, piece: CallPiece) -> None:
        self._characters += len(piece.arguments)
        going_on = next((call for call in reversed(self._calls) if call.goes_on_with(piece)), None)
        if going_on is None and len(self._calls) < MOST_CALLS:
            going_on = _Call(piece.place, piece.id)
            self._calls.append(going_on)
        if going_on:
            going_on.take(piece)

    def _keep(self, text: str) -> str:
        if self._thoughts.voided:
            self._pieces.clear()
            self._stops.start_over()
        return self._add(self._stops.feed(text))

    def _add(self, text: str) -> str:
        self._pieces.append(text)
        self._characters += len(text)
        self._certain_pieces += bool(text)
        return text


OtherT = TypeVar("OtherT", int, "int | None")


def _either(told: int | None, otherwise: OtherT) -> int | OtherT:
    return otherwise if told is None else told


def _clean(text: str) -> str:
    """Without what is no character: halves of one that was cut in two."""
    joiner = TextJoiner()
    return joiner.feed(text) + joiner.finish()


def _logprobs(content: list[JsonValue]) -> JsonValue:
    return {"content": json.loads(_clean(json.dumps(content, ensure_ascii=False)))} if content else None
