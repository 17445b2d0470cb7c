"""Chats of programs while parts of the daemon are killed: who waits gets the whole answer, and nothing of it stays."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest

from senter.operations.scratch import wait_until
from tests.scripted_model import answering, hanging_midway
from tests.support.daemon import Modelled, UnixConnection, modelled_daemon, turns

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon() as running:
        yield running


def begin_chat(modelled: Modelled, model: str) -> tuple[UnixConnection, http.client.HTTPResponse]:
    """A streamed chat whose answer has begun and hangs; the next time it is answered whole."""
    modelled.model.script[:] = [hanging_midway, answering("half an ", "answer")]
    connection = UnixConnection(modelled.daemon.paths)
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "What is Python?"}]}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    assert any(b"half an" in line for line in iter(response.readline, b""))
    return connection, response


@pytest.mark.parametrize(
    ("model", "killed"),
    [("senter", "assistant"), ("senter", "model_primary"), ("model_research", "model_research")],
)
def test_a_chat_is_answered_whole_though_who_answers_is_killed(modelled: Modelled, model: str, killed: str) -> None:
    connection, response = begin_chat(modelled, model)
    modelled.daemon.kill(killed)

    lines = [line.removeprefix(b"data: ") for line in response if line.startswith(b"data: ")]
    connection.close()
    assert lines.pop() == b"[DONE]\n"
    pieces = [choice["delta"].get("content", "") for line in lines for choice in json.loads(line)["choices"]]
    assert "".join(pieces) == "answer"
    assert turns(modelled.daemon) == []


def test_a_program_that_hangs_up_withdraws_its_chat(modelled: Modelled) -> None:
    connection, response = begin_chat(modelled, "senter")
    response.close()
    connection.close()

    wait_until(lambda: modelled.model.open_answers == 0, "the model goes on", 10)
