"""The client of one OpenAI-compatible endpoint, over TCP or a Unix socket.

It streams chat completions and lists models. Every failure becomes `ModelUnavailable` or `ModelRefused`
with a sentence that names the endpoint and never holds the key. It neither retries nor chooses: that
is the chain's business. Cancelling a call closes its connection, which ends the generation.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
from pydantic import JsonValue

from senter.components.models.faults import refusal, unreachable
from senter.components.models.settings import is_loopback
from senter.components.models.sse import EventParser, EventTooLong, TextJoiner
from senter.components.models.wire import (
    AnswerChunk,
    AnswerUsage,
    ChatAnswer,
    ChatRequest,
    Garbage,
    ListedModel,
    parse_chunk,
    parse_fault,
    parse_models,
)
from senter.errors import ModelError, ModelUnavailable, PromptTooLong
from senter.text import one_line

MAX_FAULT_BYTES = 64 * 1024
MAX_LIST_BYTES = 4 * 1024 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_ANSWER_CHARACTERS = 400_000
MAX_DRAIN_SECONDS = 0.2
CHARACTERS_PER_TOKEN = 4
DONE = b"[DONE]"

OnText = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an endpoint may take, in seconds."""

    connect: float
    silence: float
    answer: float


class Endpoint:
    """One server and the connections to it."""

    def __init__(self, url: str, *, title: str, timeouts: Timeouts, api_key: str = "") -> None:
        self.url = url
        self.title = title
        self._timeouts = timeouts
        self._key = api_key
        self._root = _root(url)
        self._client = _client(url, api_key, timeouts.connect)

    async def close(self) -> None:
        await self._client.aclose()

    async def models(self, *, timeout_seconds: float) -> list[ListedModel]:
        """The models it lists. Raises `ModelError`."""
        async with (
            self._named_failures(),
            self._deadline(timeout_seconds),
            self._client.stream("GET", f"{self._root}/models") as response,
        ):
            if response.status_code != HTTPStatus.OK:
                raise await self._refusal(response, "")
            return parse_models(await _read(response, MAX_LIST_BYTES))

    async def complete(self, model: str, call: ChatRequest, on_text: OnText) -> ChatAnswer:
        """Ask for an answer; `on_text` gets its pieces as they come. Raises `ModelError`."""
        reading = _Reading(call)
        async with (
            self._named_failures(),
            self._deadline(self._timeouts.silence) as silence,
            self._client.stream("POST", f"{self._root}/chat/completions", json=call.body(model)) as response,
        ):
            if response.status_code != HTTPStatus.OK:
                raise await self._refusal(response, model)
            ends_at = asyncio.get_running_loop().time() + self._timeouts.answer
            async with aclosing(_chunks(response)) as arrivals:
                async for chunks in arrivals:
                    silence.reschedule(min(ends_at, asyncio.get_running_loop().time() + self._timeouts.silence))
                    if text := self._take(reading, chunks):
                        await on_text(text)
                    if reading.overflows:
                        break
        return await self._finish(reading, on_text)

    async def call(self, body: Mapping[str, JsonValue], *, timeout_seconds: float) -> bytes:
        """What it answers to a chat completion of this very body, in one piece. Raises `ModelError`."""
        async with (
            self._named_failures(),
            self._deadline(timeout_seconds),
            self._client.stream("POST", f"{self._root}/chat/completions", json=body) as response,
        ):
            if response.status_code != HTTPStatus.OK:
                raise await self._refusal(response, str(body.get("model", "")))
            return await _read(response, MAX_BODY_BYTES)

    def _take(self, reading: _Reading, chunks: list[AnswerChunk]) -> str:
        for chunk in chunks:
            if fault := chunk.fault:
                if fault.prompt_too_long:
                    raise PromptTooLong(self.title)
                raise ModelUnavailable(f"{self.title} broke off: {self._safe(fault.message)}.", retryable=True)
        return reading.take(chunks)

    async def _finish(self, reading: _Reading, on_text: OnText) -> ChatAnswer:
        if not reading.finish_reason:
            raise ModelUnavailable(f"{self.title} ended its answer before it was complete.", retryable=True)
        if rest := reading.rest():
            await on_text(rest)
        return reading.completion()

    async def _refusal(self, response: httpx2.Response, model: str) -> ModelError:
        fault = parse_fault(await _read(response, MAX_FAULT_BYTES))
        return refusal(
            self.title,
            status=response.status_code,
            said=self._safe(fault.message),
            model=model,
            prompt_too_long=fault.prompt_too_long,
            retry_after=response.headers.get("retry-after", ""),
        )

    def _safe(self, said: str) -> str:
        """What a server said, fit to be shown: one short line, without the key."""
        hidden = said.replace(self._key, "...") if self._key else said
        return one_line(hidden, 200).rstrip(".") or "without saying why"

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
    async def _deadline(self, seconds: float) -> AsyncGenerator[asyncio.Timeout]:
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds) as limit:
                yield limit
        except TimeoutError as error:
            waited = time.monotonic() - began
            raise ModelUnavailable(
                f"{self.title} did not answer in time (given up after {waited:.3g} s).",
                "It may be loading or overloaded; first_token_timeout_seconds and answer_timeout_seconds give it more.",
            ) from error


class _Reading:
    """What has come of one answer."""

    def __init__(self, call: ChatRequest) -> None:
        self._call = call
        self._joiner = TextJoiner()
        self._pieces: list[str] = []
        self._characters = 0
        self._deltas = 0
        self._usage: AnswerUsage | None = None
        self.finish_reason = ""

    @property
    def overflows(self) -> bool:
        return self._characters > MAX_ANSWER_CHARACTERS

    def take(self, chunks: list[AnswerChunk]) -> str:
        """Add what came; returns the text that became complete with it."""
        found = ""
        for chunk in chunks:
            self._usage = chunk.usage or self._usage
            for choice in chunk.choices[:1]:
                self._deltas += bool(choice.text)
                found += choice.text
                self.finish_reason = choice.finish_reason or self.finish_reason
        text = self._keep(self._joiner.feed(found))
        if self.overflows:
            self.finish_reason = "length"
        return text

    def rest(self) -> str:
        return self._keep(self._joiner.finish())

    def completion(self) -> ChatAnswer:
        """The answer, with tokens as the endpoint counted them, else estimated."""
        prompt_characters = sum(len(message.content) for message in self._call.messages)
        return ChatAnswer(
            text="".join(self._pieces),
            finish_reason=self.finish_reason,
            prompt_tokens=self._usage.prompt_tokens if self._usage else prompt_characters // CHARACTERS_PER_TOKEN,
            completion_tokens=self._usage.completion_tokens if self._usage else self._deltas,
            pieces=self._deltas,
        )

    def _keep(self, text: str) -> str:
        self._pieces.append(text)
        self._characters += len(text)
        return text


async def _chunks(response: httpx2.Response) -> AsyncGenerator[list[AnswerChunk]]:
    """The events of a streamed answer, those that came together as one list."""
    _check_plain(response)
    if response.headers.get("content-type", "").startswith("application/json"):
        yield [parse_chunk(await _read(response, MAX_BODY_BYTES))]
        return
    parser, received = EventParser(), 0
    async with aclosing(response.aiter_raw()) as pieces:
        async for piece in pieces:
            received += len(piece)
            if received > MAX_BODY_BYTES:
                raise Garbage
            data = parser.feed(piece)
            if chunks := [parse_chunk(event) for event in data if event and event != DONE]:
                yield chunks
            if DONE in data:
                await _drain(pieces)
                return


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the end, which is due now, so that the connection can be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_DRAIN_SECONDS):
            async for _ in pieces:
                pass


async def _read(response: httpx2.Response, limit_bytes: int) -> bytes:
    _check_plain(response)
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > limit_bytes:
            raise Garbage
    return bytes(body)


def _check_plain(response: httpx2.Response) -> None:
    """Compressed answers are not asked for, and unpacking one could fill the memory."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Garbage


def _root(url: str) -> str:
    if url.startswith("unix://"):
        return "http://localhost/v1"
    path = urlsplit(url).path.rstrip("/")
    return url.rstrip("/") if path else f"{url.rstrip('/')}/v1"


def _client(url: str, api_key: str, connect_seconds: float) -> httpx2.AsyncClient:
    headers = {"accept-encoding": "identity"}
    if api_key:
        headers["authorization"] = f"Bearer {api_key}"
    timeout = httpx2.Timeout(None, connect=connect_seconds)
    if url.startswith("unix://"):
        # The embedded server closes connections after a while without saying so; a new one costs 0.1 ms here.
        transport = httpx2.AsyncHTTPTransport(
            uds=url.removeprefix("unix://"), verify=False, limits=httpx2.Limits(max_keepalive_connections=0)
        )
        return httpx2.AsyncClient(transport=transport, headers=headers, timeout=timeout, trust_env=False)
    parts = urlsplit(url)
    return httpx2.AsyncClient(
        verify=parts.scheme == "https",
        trust_env=not is_loopback(parts.hostname or ""),
        headers=headers,
        timeout=timeout,
    )
