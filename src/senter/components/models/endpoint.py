"""The client of one OpenAI-compatible endpoint, over TCP or a Unix socket.

It streams chat completions and lists models, and asks again without what a server refuses. Every other failure is
`ModelUnavailable` or `ModelRefused`, with a sentence that names the endpoint and never holds the key. Choosing
is the chain's business. Cancelling a call closes its connection, which ends the generation.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import httpx2
from pydantic import JsonValue

from senter.components.models.adapting import Adapted, adapted, in_form
from senter.components.models.answer_reading import AnswerReading
from senter.components.models.chunks import BROKEN_OFF, STOP
from senter.components.models.connections import client_for, root_of
from senter.components.models.faults import error_of, nothing_said, unreachable
from senter.components.models.json_values import Garbage
from senter.components.models.quirk_finding import QuirkFound, quirk_in, quirk_of
from senter.components.models.quirks import NO_QUIRKS, ONLY_THERE, THINKS_ALOUD, Quirks
from senter.components.models.refused import Refusal, check_faults, check_status
from senter.components.models.responses import chunks_of, read_whole
from senter.components.models.sse import EventTooLong
from senter.components.models.thinking import Hold, likely_thinks_aloud
from senter.components.models.wire import ChatAnswer, ChatRequest, ListedModel, parse_models
from senter.errors import ModelError, ModelRefused, ModelUnavailable, ParameterRefused
from senter.messages.model import LENGTH
from senter.text import one_line

MAX_LIST_BYTES = 4 * 1024 * 1024
# What may come after an answer, such as how many tokens it took.
MAX_TAIL_SECONDS = 5.0
MOST_TRIES = 10

OnText = Callable[[str], Awaitable[None]]
OnVoid = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an endpoint may take, in seconds."""

    connect: float
    silence: float
    answer: float
    advice: str = (
        "It may be loading or overloaded; first_token_timeout_seconds and answer_timeout_seconds give it more."
    )


class Endpoint:
    """One server and the connections to it."""

    def __init__(self, url: str, *, title: str, timeouts: Timeouts, api_key: str = "") -> None:
        self.url = url
        self.title = title
        self._timeouts = timeouts
        self._key = api_key
        self._root = root_of(url)
        self._client = client_for(url, api_key, timeouts.connect)
        self._found: dict[str, Quirks] = {}
        """What was found out about each model."""
        self._aloud: dict[str, bool] = {}
        """Whether a model's last answer began with thoughts without an opening tag."""

    async def close(self) -> None:
        await self._client.aclose()

    async def models(self, *, timeout_seconds: float) -> list[ListedModel]:
        """The models it lists. Raises `ModelError`."""
        try:
            async with (
                self._named_failures(),
                self._deadline(timeout_seconds, self._timeouts.advice),
                self._client.stream("GET", f"{self._root}/models") as response,
            ):
                await check_status(response)
                return parse_models(await read_whole(response, MAX_LIST_BYTES))
        except Refusal as refusal:
            raise self._error(refusal, "") from refusal

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
        """Ask for an answer; `on_text` gets its pieces as they come, `on_void` is told when they are void.

        What the server refuses or does not heed is renamed, left out or done on our side, and it is asked again at
        once; that is remembered. `quirks` is what is known beforehand. Raises `ModelError`.
        """
        known, limits = quirks | self._found.get(model, NO_QUIRKS), timeouts or self._timeouts
        for _ in range(MOST_TRIES):
            asked = adapted(call, known, model, self.title)
            try:
                answer = await self._ask(model, asked, known, limits, on_text, on_void)
                found = quirk_of(answer, asked, call)
                if found is None:
                    return await self._usable(answer, asked, call, on_text)
            except Refusal as refusal:
                found = quirk_in(refusal.fault, refusal.status, asked)
                if found is None or found.quirk in known:
                    raise self._error(refusal, model) from refusal
                if found.quirk in ONLY_THERE:
                    self._learn(model, found)
                    raise ParameterRefused(self.title, found.quirk, self._safe(refusal.fault.message)) from refusal
            self._learn(model, found)
            known |= {found.quirk}
            on_void()
        raise ModelRefused(f"{self.title} refuses one parameter after the other.")

    async def call(self, body: Mapping[str, JsonValue], *, timeout_seconds: float) -> bytes:
        """What it answers to a chat completion of this very body, in one piece. Raises `ModelError`."""
        try:
            async with (
                self._named_failures(),
                self._deadline(timeout_seconds, self._timeouts.advice),
                self._client.stream("POST", f"{self._root}/chat/completions", json=dict(body)) as response,
            ):
                await check_status(response)
                return await read_whole(response)
        except Refusal as refusal:
            raise self._error(refusal, str(body.get("model", ""))) from refusal

    def _learn(self, model: str, found: QuirkFound) -> None:
        if found.lasting:
            self._found[model] = self._found.get(model, NO_QUIRKS) | {found.quirk}

    async def _ask(
        self, model: str, asked: Adapted, known: Quirks, limits: Timeouts, on_text: OnText, on_void: OnVoid
    ) -> ChatAnswer:
        """One exchange, until the answer is complete or as much of it came as is wanted."""
        certain = THINKS_ALOUD in known or self._aloud.get(model, False)
        hold: Hold = "all" if certain else self._hold(model)
        reading = AnswerReading(asked.call, tokens=asked.tokens, hold=hold, thinks_aloud=certain)

        async def show(text: str) -> None:
            if reading.void():
                on_void()
            if text and not asked.whole:
                await on_text(text)

        try:
            await self._read_answer(self._sent(asked.body), reading, limits, show)
        except ModelUnavailable:
            if not reading.complete:  # what failed later took nothing from the answer
                raise
        if not (reading.complete or reading.enough):
            raise ModelUnavailable(f"{self.title} ended its answer before it was complete.", retryable=True)
        if reading.finish_reason in BROKEN_OFF:
            raise ModelUnavailable(f"{self.title} broke off: {reading.finish_reason}.", retryable=True)
        await show(reading.finish())
        if reading.thought_aloud or reading.finish_reason != LENGTH:
            self._aloud[model] = reading.thought_aloud
        return reading.answer()

    def _sent(self, body: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """The body as this kind of server gets it."""
        return body

    def _hold(self, model: str) -> Hold:
        """How much is held back of the answer of a model that is not known to think aloud."""
        if model in self._aloud:
            return "nothing"
        return "all" if likely_thinks_aloud(model) else "musings"

    async def _read_answer(self, body: JsonValue, reading: AnswerReading, limits: Timeouts, show: OnText) -> None:
        now = asyncio.get_running_loop().time
        async with (
            self._named_failures(),
            self._deadline(limits.silence, limits.advice) as silence,
            self._client.stream("POST", f"{self._root}/chat/completions", json=body) as response,
        ):
            await check_status(response)
            ends_at = now() + limits.answer
            async with aclosing(chunks_of(response)) as arrivals:
                async for chunks in arrivals:
                    check_faults(chunks)
                    await show(reading.take(chunks))
                    if reading.enough:
                        break
                    patience = limits.silence
                    if reading.complete:
                        patience = min(patience, MAX_TAIL_SECONDS)
                    silence.reschedule(min(ends_at, now() + patience))

    async def _usable(self, answer: ChatAnswer, asked: Adapted, call: ChatRequest, on_text: OnText) -> ChatAnswer:
        """The answer in the form it was asked for. Raises `UnusableAnswer`."""
        answer = in_form(answer, asked, call, self.title)
        if not answer.calls and not answer.text.strip() and not _as_wanted(answer, call):
            raise nothing_said(self.title, answer, asked.call)
        if asked.whole and answer.text:
            await on_text(answer.text)
        return answer

    def _error(self, refusal: Refusal, model: str) -> ModelError:
        fault, status = refusal.fault, refusal.status
        said = self._safe(fault.message)
        if not 400 <= status < 500 and refusal.in_answer and not fault.prompt_too_long:
            return ModelUnavailable(f"{self.title} broke off: {said or 'without saying why'}.", retryable=True)
        return error_of(
            self.title,
            status=status,
            said=said,
            model=model,
            prompt_too_long=fault.prompt_too_long,
            retry_after=refusal.retry_after,
        )

    def _safe(self, said: str) -> str:
        """What a server said, fit to be shown: one short line, without the key."""
        hidden = said.replace(self._key, "...") if self._key else said
        return one_line(hidden, 200).rstrip(".")

    @asynccontextmanager
    async def _named_failures(self) -> AsyncGenerator[None]:
        try:
            yield
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            raise unreachable(self.title, error, connect_seconds=self._timeouts.connect) from error
        except (Garbage, EventTooLong) as error:
            raise ModelUnavailable(
                f"{self.title} answers with something that is not a chat completion.",
                "Check that its address is that of an OpenAI-compatible API (it often ends in /v1).",
            ) from error

    @asynccontextmanager
    async def _deadline(self, seconds: float, advice: str) -> AsyncGenerator[asyncio.Timeout]:
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds) as limit:
                yield limit
        except TimeoutError as error:
            waited = time.monotonic() - began
            raise ModelUnavailable(
                f"{self.title} did not answer in time (given up after {waited:.3g} s).",
                advice,
            ) from error


def _as_wanted(answer: ChatAnswer, call: ChatRequest) -> bool:
    """Whether an empty answer is what the asker's own stop words or length make of it."""
    stopped = bool(call.options.stop) and answer.finish_reason == STOP
    return stopped or (answer.finish_reason == LENGTH and not answer.thought and not call.thinking_tokens)
