"""Models that are missing, wrong, slow or broken: an answer or a sentence, never silence."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from senter.errors import SenterError
from senter.operations.scratch import wait_until
from tests.scripted_model import (
    Behaviour,
    answering,
    ending_early,
    hanging,
    hanging_midway,
    refusing,
    resetting,
    resetting_midway,
    saying,
)
from tests.support.daemon import (
    NO_MODEL,
    Modelled,
    Section,
    modelled_daemon,
    quick_settings,
    row,
    senter,
    short_home,
    turns,
)
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

PATIENCE: Section = {"first_token_timeout_seconds": 1.0, "breaker_failures": 1_000}
FAULTS: dict[str, Behaviour] = {
    "500": refusing(500, {"error": {"message": "out of order"}}),
    "429": refusing(429, {"error": {"message": "slow down"}}),
    "401": refusing(401, {"error": {"message": "who are you"}}),
    "reset before the answer": resetting,
    "reset in mid-answer": resetting_midway,
    "an end before the end": ending_early,
    "silence": hanging,
    "silence in mid-answer": hanging_midway,
    "garbage": saying(b"\x00\xff<html>not a stream"),
    "garbage in a stream": saying(b"data: {not json\n\n"),
    "an empty answer": saying(b""),
}


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon(models__primary=PATIENCE) as running:
        yield running


@pytest.fixture(scope="module")
def without_model() -> Iterator[ScratchDaemon]:
    """A daemon that was started without any model."""
    with short_home() as home, scratch_daemon(home, quick_settings()) as running:
        yield running


def give(daemon: ScratchDaemon, settings: str) -> None:
    """Change the model of the first worker, and wait until one with it runs."""
    before = daemon.pid("model_primary")
    daemon.paths.settings.write_text(settings)
    daemon.wait_for("model_primary", "running", not_pid=before)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_broken_endpoint_is_said_soon_and_stored_and_the_next_question_is_answered(
    modelled: Modelled, fault: Behaviour
) -> None:
    daemon, model = modelled
    before = daemon.pids()
    model.script[:] = [fault]
    began, query_id = time.monotonic(), uuid4().hex
    with pytest.raises(SenterError) as refused:
        daemon.client.ask("Why is the sky blue?", request_id=query_id)
    assert time.monotonic() - began < 30
    assert refused.value.code == "model_unavailable", refused.value.message
    assert f"The model at {model.url.removeprefix('http://')}" in refused.value.message
    turn = next(turn for turn in turns(daemon) if turn["query_id"] == query_id)
    assert (turn["state"], turn["error"]) == ("failed", refused.value.message)

    model.script[:] = [answering("Well ", "again")]
    assert daemon.client.ask("What is Python?")["response"] == "Well again"
    assert daemon.pids() == before


@pytest.mark.parametrize("fault", [resetting, resetting_midway, FAULTS["500"], FAULTS["429"]])
def test_an_endpoint_that_fails_once_is_asked_again_and_the_answer_has_no_hole(
    modelled: Modelled, fault: Behaviour
) -> None:
    daemon, model = modelled
    model.script[:] = [fault, answering("half an answer", " made whole")]
    shown: list[str] = []
    answer = daemon.client.ask("Why is the sky blue?", on_delta=shown.append)
    assert answer["response"] == "half an answer made whole"
    assert "".join(shown) == "half an answer made whole"


def test_a_slow_endpoint_is_waited_for_with_a_line_of_progress(modelled: Modelled) -> None:
    daemon, model = modelled
    model.script[:] = [answering("slow ", "but ", "sure", delay_seconds=0.4)]
    assert daemon.client.ask("Why is the sky blue?")["response"] == "slow but sure"


def test_no_model_at_all_is_said_with_what_can_be_done(without_model: ScratchDaemon) -> None:
    assert any("No model answers" in line.get("text", "") for line in without_model.lines)
    asked = senter(without_model.paths.home, "ask", "Why is the sky blue?")
    assert asked.code == 1
    assert "No model can answer: no endpoint is set, Ollama does not answer, and the embedded" in asked.err
    assert "senter config set models.primary.embedded true" in asked.err
    assert without_model.component("model_primary")["state"] == "running"


def test_an_endpoint_that_is_down_and_no_other_model_is_said_with_its_address(without_model: ScratchDaemon) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    give(without_model, quick_settings(f"http://{address}/v1"))
    asked = senter(without_model.paths.home, "ask", "--json", "Why is the sky blue?")
    assert asked.code == 1
    assert asked.error["code"] == "model_unavailable"
    assert f"The model at {address}" in asked.error["message"]
    wait_until(lambda: row(without_model, "model_primary")["health"]["status"] != "healthy", "it is not said", 10)


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF" + b"\x00" * 4096, b"not a model at all" * 1000, None])
@pytest.mark.model
def test_a_wrong_model_file_is_said_and_another_model_answers(
    without_model: ScratchDaemon, content: bytes | None
) -> None:
    file = without_model.paths.home / f"wrong-{'missing' if content is None else len(content)}.gguf"
    if content is not None:
        file.write_bytes(content)
    wrong: Section = {**NO_MODEL, "embedded": True, "embedded_model": str(file), "max_tokens": 20}
    give(without_model, quick_settings(models__primary=wrong))
    worker = without_model.pid("model_primary")
    answer = senter(without_model.paths.home, "ask", "--json", "Why is the sky blue?").json
    assert answer["degraded"] is True
    assert file.name in str(answer["degraded_reason"])
    assert without_model.pid("model_primary") == worker


@pytest.mark.model
def test_the_embedded_model_answers_for_an_endpoint_that_is_down_and_says_so() -> None:
    chain: Section = {**NO_MODEL, "url": "http://127.0.0.1:9/v1", "name": "nobody", "embedded": True}
    with short_home() as home, scratch_daemon(home, quick_settings(models__primary={**chain, "max_tokens": 20})):
        answer = senter(home, "ask", "--json", "Say hello.").json
        assert answer["degraded"] is True
        assert "127.0.0.1:9" in str(answer["degraded_reason"])
        assert answer["response"]
