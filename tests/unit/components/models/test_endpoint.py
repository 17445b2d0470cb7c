"""The client of one endpoint, against a real server that misbehaves in every way we know."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from senter.components.models.answer_reading import MAX_ANSWER_CHARACTERS
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import ModelError, ModelRefused, ModelUnavailable, PromptTooLong
from senter.messages.model import ChatMessage
from tests.scripted_model import (
    Behaviour,
    Exchange,
    answering,
    ending_early,
    hanging,
    hanging_midway,
    refusing,
    resetting,
    resetting_midway,
    saying,
    scripted_model,
    writing_for_ever,
)
from tests.waiting import until

QUICK = Timeouts(connect=2, silence=0.3, answer=5)
PATIENT = Timeouts(connect=2, silence=10, answer=20)
KEY = "sk-very-secret"


def call(text: str = "What is Python?") -> ChatRequest:
    return ChatRequest(messages=(ChatMessage(role="user", content=text),), max_tokens=50, temperature=0.7)


@asynccontextmanager
async def endpoint_to(url: str, timeouts: Timeouts = PATIENT) -> AsyncGenerator[Endpoint]:
    endpoint = Endpoint(url, title="The model", timeouts=timeouts, api_key=KEY)
    try:
        yield endpoint
    finally:
        await endpoint.close()


async def complete(endpoint: Endpoint) -> tuple[ChatAnswer, list[str]]:
    pieces: list[str] = []

    async def on_text(text: str) -> None:
        pieces.append(text)

    return await endpoint.complete("scripted", call(), on_text), pieces


async def failure_of(behaviour: Behaviour, timeouts: Timeouts = PATIENT) -> ModelError:
    async with scripted_model(behaviour) as model, endpoint_to(model.url, timeouts) as endpoint:
        with pytest.raises(ModelError) as caught:
            await complete(endpoint)
    assert KEY not in caught.value.message + caught.value.hint
    assert caught.value.message.endswith(".")
    return caught.value


async def test_an_answer_streams_piece_by_piece_and_comes_back_whole() -> None:
    async with scripted_model(answering("Py", "thon", delay_seconds=0.01)) as model, endpoint_to(model.url) as endpoint:
        completion, pieces = await complete(endpoint)
    assert pieces == ["Py", "thon"]
    assert completion == ChatAnswer(text="Python", finish_reason="stop", prompt_tokens=7, completion_tokens=3)
    assert model.asked[0].model == "scripted"
    assert model.asked[0].messages == [{"role": "user", "content": "What is Python?"}]
    assert model.asked[0].max_tokens == 50


async def test_a_unix_socket_serves_as_well(tmp_path: Path) -> None:
    async with (
        scripted_model(answering("Hello"), socket=tmp_path / "model.sock") as model,
        endpoint_to(model.url) as endpoint,
    ):
        for _ in range(3):
            completion, _ = await complete(endpoint)
            assert completion.text == "Hello"


async def test_tokens_are_estimated_where_the_endpoint_does_not_count_them() -> None:
    async with scripted_model(answering("a ", "b ", "c", usage=None)) as model, endpoint_to(model.url) as endpoint:
        completion, _ = await complete(endpoint)
    assert completion.completion_tokens == 3
    assert completion.prompt_tokens == len("What is Python?") // 4


async def test_a_whole_answer_from_a_server_that_does_not_stream_is_taken() -> None:
    body = {
        "choices": [{"message": {"role": "assistant", "content": "All at once."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 3},
    }
    behaviour = saying(json.dumps(body).encode(), kind="application/json")
    async with scripted_model(behaviour) as model, endpoint_to(model.url) as endpoint:
        completion, pieces = await complete(endpoint)
    assert pieces == ["All at once."]
    assert completion.completion_tokens == 3


async def test_the_models_are_listed() -> None:
    async with scripted_model(models=["one", "two"]) as model, endpoint_to(model.url) as endpoint:
        assert [listed.id for listed in await endpoint.models(timeout_seconds=5)] == ["one", "two"]


async def test_a_path_in_the_address_is_kept_and_v1_is_added_where_there_is_none() -> None:
    async with scripted_model() as model:
        for url in (model.url, f"{model.url}/v1", f"{model.url}/"):
            async with endpoint_to(url) as endpoint:
                completion, _ = await complete(endpoint)
                assert completion.text == "Hello there"


async def test_a_character_cut_between_its_bytes_arrives_whole() -> None:
    async def cutting(exchange: Exchange) -> None:
        await exchange.begin_stream()
        event = b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n'
        await exchange.chunk(event % "😀".encode()[:2])
        await exchange.chunk(event % "😀".encode()[2:])
        for half in ("\\ud83d", "\\ude00"):
            await exchange.chunk(event % half.encode())
        await exchange.end_stream()

    async with scripted_model(cutting) as model, endpoint_to(model.url) as endpoint:
        completion, pieces = await complete(endpoint)
    assert completion.text == "😀😀"
    assert pieces == ["😀", "😀"]


async def test_a_request_cut_into_single_bytes_on_the_way_back_is_read() -> None:
    async def dripping(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for byte in 'data: {"choices":[{"delta":{"content":"é"},"finish_reason":"stop"}]}\r\n\r\n'.encode():
            await exchange.chunk(bytes([byte]))
        await exchange.raw(b"0\r\n\r\n")

    async with scripted_model(dripping) as model, endpoint_to(model.url) as endpoint:
        completion, _ = await complete(endpoint)
    assert completion.text == "é"


async def test_cancelling_a_call_hangs_up() -> None:
    async with scripted_model(writing_for_ever) as model, endpoint_to(model.url) as endpoint:
        asking = asyncio.create_task(complete(endpoint))
        await until(lambda: model.open_answers == 1)
        asking.cancel()
        await until(lambda: model.hung_up == 1)
        assert asking.cancelled()


async def test_an_answer_without_end_is_cut_off() -> None:
    async def flooding(exchange: Exchange) -> None:
        await exchange.begin_stream()
        while True:
            await exchange.piece("x" * 50_000)

    async with scripted_model(flooding) as model, endpoint_to(model.url) as endpoint:
        completion, _ = await complete(endpoint)
    assert completion.finish_reason == "length"
    assert MAX_ANSWER_CHARACTERS < len(completion.text) < MAX_ANSWER_CHARACTERS + 200_000


async def test_a_refused_connection_can_be_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with endpoint_to(f"http://127.0.0.1:{taken.getsockname()[1]}") as endpoint:
            with pytest.raises(ModelUnavailable) as caught:
                await complete(endpoint)
    assert caught.value.retryable


async def test_a_missing_socket_is_a_refused_connection(tmp_path: Path) -> None:
    async with endpoint_to(f"unix://{tmp_path}/nothing.sock") as endpoint:
        with pytest.raises(ModelUnavailable) as caught:
            await complete(endpoint)
    assert caught.value.retryable


async def test_an_unknown_host_is_called_unknown() -> None:
    async with endpoint_to("http://no-such-host.invalid") as endpoint:
        with pytest.raises(ModelUnavailable, match="host name is not known") as caught:
            await complete(endpoint)
    assert not caught.value.retryable


@pytest.mark.parametrize("behaviour", [resetting, resetting_midway, ending_early])
async def test_a_broken_connection_can_be_tried_again(behaviour: Behaviour) -> None:
    error = await failure_of(behaviour)
    assert isinstance(error, ModelUnavailable)
    assert error.retryable


@pytest.mark.parametrize("behaviour", [hanging, hanging_midway])
async def test_silence_is_given_up(behaviour: Behaviour) -> None:
    error = await failure_of(behaviour, QUICK)
    assert isinstance(error, ModelUnavailable)
    assert not error.retryable
    assert "in time" in error.message


async def test_an_answer_that_never_ends_is_given_up() -> None:
    error = await failure_of(writing_for_ever, Timeouts(connect=2, silence=5, answer=0.2))
    assert "in time" in error.message


@pytest.mark.parametrize(
    "garbage",
    [
        saying(b"<html>Welcome to nginx</html>", kind="text/html"),
        saying(b"<html>Welcome to nginx</html>", kind="application/json"),
        saying(b"data: not json\n\n"),
        saying(b'data: {"choices": 5}\n\n'),
        saying(b"data: [1, 2]\n\n"),
        saying(b"data: " + b"[" * 100_000 + b"\n\n"),
        saying(b"data: " + b"x" * 2_000_000),
        saying(b"\x00\xff\xfe" * 100),
        saying(b""),
        refusing(200, [1, 2, 3]),
    ],
)
async def test_garbage_is_a_failure_with_a_sentence(garbage: Behaviour) -> None:
    assert isinstance(await failure_of(garbage), ModelUnavailable)


async def test_what_is_not_http_is_a_failure_with_a_sentence() -> None:
    async def babbling(exchange: Exchange) -> None:
        await exchange.raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    assert isinstance(await failure_of(babbling), ModelUnavailable)


async def test_a_compressed_answer_is_refused_unread() -> None:
    async def compressing(exchange: Exchange) -> None:
        await exchange.respond(200, b"\x1f\x8b" * 10, ["content-encoding: gzip"])

    assert isinstance(await failure_of(compressing), ModelUnavailable)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_passing_failure_can_be_tried_again(status: int) -> None:
    error = await failure_of(refusing(status, {"error": {"message": "busy"}}, "retry-after: 3"))
    assert isinstance(error, ModelUnavailable)
    assert error.retryable
    assert error.retry_after_seconds == 3
    assert str(status) in error.message


async def test_a_date_to_come_back_at_is_understood() -> None:
    error = await failure_of(refusing(429, None, "retry-after: Fri, 31 Dec 1999 23:59:59 GMT"))
    assert isinstance(error, ModelUnavailable)
    assert error.retry_after_seconds == 0
    error = await failure_of(refusing(429, None, "retry-after: soon"))
    assert isinstance(error, ModelUnavailable)
    assert error.retry_after_seconds is None


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "does not accept the key"), (403, "does not accept the key"), (404, "'scripted'"), (307, "has moved")],
)
async def test_a_lasting_refusal_says_what_to_change(status: int, words: str) -> None:
    error = await failure_of(refusing(status, {"error": {"message": f"bad {KEY}"}}))
    assert isinstance(error, ModelRefused)
    assert words in error.message
    assert error.hint


async def test_what_a_server_says_is_shown_on_one_line_without_the_key() -> None:
    error = await failure_of(refusing(422, {"error": {"message": f"bad\r\n\x1b[31m {KEY} " + "y" * 1_000}}))
    assert isinstance(error, ModelRefused)
    assert "bad [31m ... yyy" in error.message
    assert len(error.message) < 300


@pytest.mark.parametrize(
    "behaviour",
    [
        refusing(400, {"error": {"type": "exceed_context_size_error", "message": "request (5031 tokens) exceeds"}}),
        refusing(400, {"error": {"code": "context_length_exceeded", "message": "too long"}}),
        refusing(413, None),
        saying(b'data: {"error": {"type": "exceed_context_size_error", "message": "too long"}}\n\n'),
    ],
)
async def test_a_prompt_that_does_not_fit_is_said_to_be_too_long(behaviour: Behaviour) -> None:
    assert isinstance(await failure_of(behaviour), PromptTooLong)


async def test_an_error_in_the_middle_of_a_stream_breaks_it_off() -> None:
    async def failing(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.piece("half an ")
        await exchange.event({"error": {"message": "out of memory"}})
        await exchange.end_stream()

    error = await failure_of(failing)
    assert isinstance(error, ModelUnavailable)
    assert "out of memory" in error.message


async def test_a_wrong_key_is_refused_and_a_right_one_taken() -> None:
    async with scripted_model(key=KEY) as model, endpoint_to(model.url) as endpoint:
        assert (await complete(endpoint))[0].text == "Hello there"
    async with scripted_model(key="another") as model, endpoint_to(model.url) as endpoint:
        with pytest.raises(ModelRefused):
            await complete(endpoint)
