"""One exam of one model: its tasks and probes, asked one after the other within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol, TypeVar

from pydantic import JsonValue

from senter.clock import Clock
from senter.components.models.endpoint import Endpoint
from senter.components.models.exam.features import Features
from senter.components.models.exam.probes import (
    CHARACTERS_PER_TOKEN,
    CONTEXT_STEPS,
    OPTIONAL,
    ContextProbe,
    Said,
    SchemaProbe,
    ToolsProbe,
    said_in,
    streams,
)
from senter.components.models.exam.scoring import Marked, drawn_tasks, level_of
from senter.components.models.exam.task import Draw, ExamTask, Schema
from senter.components.models.retries import BACKGROUND, RetryPolicy
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import ModelRefused, ModelUnavailable, PromptTooLong, UnusableAnswer
from senter.messages.model import Capability, ChatMessage

T = TypeVar("T")

EXAM_SECONDS = 600.0
EXAM_TOKENS = 20_000
THINKING_TOKENS = 2_000
"""What a model that thinks before it answers may take beyond the answer, in tokens."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an exam may take in all: seconds of asking, and tokens read and written."""

    seconds: float = EXAM_SECONDS
    tokens: int = EXAM_TOKENS


class EndedEarly(Exception):
    """The limits were reached before the last task; says which."""


class AskWhen(Protocol):
    """How a question is put: at once, or only while nobody else asks anything."""

    async def __call__(self, ask: Callable[[], Awaitable[T]]) -> T: ...


@dataclass
class Spent:
    """What an exam has taken so far."""

    seconds: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an exam showed."""

    level: Capability
    features: Features
    marked: tuple[Marked, ...]


@dataclass
class Sitting:
    """Asks through one endpoint. `progress` is told how many questions of how many were put."""

    endpoint: Endpoint
    model: str
    clock: Clock
    asking: AskWhen
    progress: Callable[[int, int], None]
    told_context: int | None = None
    """The context as the server tells it, in tokens; tried where `tries_context`, unless it talks only."""
    tries_context: bool = True
    limits: Limits = field(default_factory=Limits)
    random: Random = field(default_factory=Random)
    retries: RetryPolicy = BACKGROUND
    spent: Spent = field(default_factory=Spent)
    _shapes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    async def outcome(self) -> Outcome:
        """The whole exam. Raises `EndedEarly`, and `ModelError` where the endpoint fails."""
        draw = Draw(self.random)
        held = await self._holds_schema(draw)
        marked = await self._marks(held)
        tools = await self._has_tools(draw)
        level = level_of(marked)
        tries = self.tries_context and level is not Capability.BASIC
        context = await self._context(draw) if tries else self.told_context
        found = Features(native_tools=tools, json_schema=held, streaming=streams(self._shapes), context_tokens=context)
        return Outcome(level, found, tuple(marked))

    async def _marks(self, held: bool) -> list[Marked]:
        """The tasks of a level are asked where the level below was reached: no other could count."""
        tasks, marked = drawn_tasks(self.random), list[Marked]()
        for number, task in enumerate(tasks):
            if task.level is Capability.CAPABLE and level_of(marked) is Capability.BASIC:
                break
            self.progress(number, len(tasks))
            marked.append(Marked(task, await self._passes(task, held=held)))
        return marked

    async def _passes(self, task: ExamTask, *, held: bool) -> bool:
        """A schema that is refused, as some servers do with all but the plainest, is left out."""
        schema = task.schema if held else None
        try:
            answer = await self._ask(task.messages, task.max_tokens, schema)
        except PromptTooLong:
            return False
        except ModelRefused:
            if schema is None:
                raise
            return await self._passes(task, held=False)
        return task.passes(answer)

    async def _holds_schema(self, draw: Draw) -> bool:
        probe = SchemaProbe.drawn(draw)
        try:
            return probe.holds((await self._told(probe.body(self.model))).content or "")
        except ModelRefused:
            return False

    async def _has_tools(self, draw: Draw) -> bool:
        probe = ToolsProbe.drawn(draw)
        try:
            for number, body in enumerate(probe.bodies(self.model)):
                if not probe.right(number, await self._told(body)):
                    return False
        except ModelRefused:
            return False
        return True

    async def _told(self, body: dict[str, JsonValue]) -> Said:
        """What is answered to this very body, without anything that is done on our side for servers that lack it.

        One that refuses is asked again without what some take no more, and raises `ModelRefused` where that is no help.
        """
        try:
            return await self._call(body)
        except ModelRefused:
            return await self._call({name: value for name, value in body.items() if name not in OPTIONAL})

    async def _call(self, body: dict[str, JsonValue]) -> Said:
        answer = await self._timed(lambda: self.endpoint.call(body, timeout_seconds=self._left()))
        self._spend((len(str(body)) + len(answer) // 2) // CHARACTERS_PER_TOKEN)
        return said_in(answer)

    async def _context(self, draw: Draw) -> int | None:
        """What is told, where the longest prompt that is tried holds; else the longest that does."""
        told = self.told_context
        for tokens in (step for step in CONTEXT_STEPS if not told or step < told):
            if not self._affords(tokens):
                continue
            probe = ContextProbe.drawn(draw, tokens)
            try:
                answer = await self._ask(probe.messages, 20, None)
            except (PromptTooLong, ModelRefused):
                continue
            if probe.read_whole(answer):
                return told if told and tokens == CONTEXT_STEPS[0] else tokens
        return None

    def _affords(self, tokens: int) -> bool:
        """Whether a prompt of that length is likely to stay within the limits, by the speed so far."""
        each = self.spent.seconds / max(self.spent.tokens, 1)
        return self.spent.tokens + tokens * 1.3 < self.limits.tokens and tokens * 1.3 * each < self._left()

    async def _ask(self, messages: tuple[ChatMessage, ...], max_tokens: int, schema: Schema | None) -> str:
        """The answer; empty where it is none."""
        try:
            return (await self._complete(messages, max_tokens, schema)).text.strip()
        except UnusableAnswer:
            return ""

    async def _complete(self, messages: tuple[ChatMessage, ...], max_tokens: int, schema: Schema | None) -> ChatAnswer:
        asked = sum(len(message.content) for message in messages) // CHARACTERS_PER_TOKEN
        room = min(max_tokens, self.limits.tokens - self.spent.tokens - asked)
        call = ChatRequest(
            messages=messages,
            max_tokens=max(room, 1),
            temperature=0,
            schema=schema,
            thinking_tokens=min(THINKING_TOKENS, max(self.limits.tokens - self.spent.tokens - asked - room, 0)),
        )

        async def ask() -> ChatAnswer:
            """What is asked counts also where it is broken off; so does each piece as it comes, whatever is told."""
            self._spend(asked)
            before, characters = self.spent.tokens, 0

            async def count(text: str) -> None:
                nonlocal characters
                characters += len(text)
                self.spent.tokens = before
                self._spend(characters // CHARACTERS_PER_TOKEN)

            answer = await self.endpoint.complete(self.model, call, count)
            counted = answer.prompt_tokens + answer.completion_tokens
            self.spent.tokens = max(self.spent.tokens, before - asked + counted)
            return answer

        answer = await self._timed(ask)
        self._shapes.append((answer.pieces, len(answer.text)))
        return answer

    def _spend(self, tokens: int) -> None:
        self.spent.tokens += tokens
        if self.spent.tokens > self.limits.tokens:
            raise EndedEarly(f"it took more than {self.limits.tokens:,} tokens")

    async def _timed(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Put a question within what is left, and count the time it took, also where it was broken off."""

        async def timed() -> T:
            began = self.clock.monotonic()
            try:
                async with asyncio.timeout(self._left()):
                    return await ask()
            except TimeoutError as error:
                raise EndedEarly(self._too_slow()) from error
            finally:
                self.spent.seconds += self.clock.monotonic() - began

        failures, waited_seconds = 0, 0.0
        while self._left() > 0:
            try:
                return await self.asking(timed)
            except ModelUnavailable as error:
                failures += 1
                wait_seconds = self._wait(error, failures, waited_seconds)
                if wait_seconds is None:
                    raise
            await self.clock.sleep(wait_seconds)
            waited_seconds += wait_seconds
        raise EndedEarly(self._too_slow())

    def _wait(self, error: ModelUnavailable, failures: int, waited_seconds: float) -> float | None:
        """How long an endpoint that failed, or has too much to do, is left alone; None where it is given up."""
        if not error.retryable:
            return None
        asked_seconds = error.retry_after_seconds
        return self.retries.wait_after(failures, waited_seconds=waited_seconds, asked_seconds=asked_seconds, chance=0.5)

    def _left(self) -> float:
        return self.limits.seconds - self.spent.seconds

    def _too_slow(self) -> str:
        return f"it took longer than {self.limits.seconds / 60:.3g} minutes"


async def at_once(ask: Callable[[], Awaitable[T]]) -> T:
    """Puts a question when it comes up."""
    return await ask()
