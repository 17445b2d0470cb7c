"""The provider chain over real endpoints: who answers, what is tried again, and what counts as degraded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import structlog

from senter.clock import Clock, SystemClock
from senter.components.models import gguf
from senter.components.models.breaker import Breaker, BreakerState
from senter.components.models.chain import Answered, Chain
from senter.components.models.configured_link import ConfiguredLink
from senter.components.models.deltas import DeltaSender
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.embedded_link import EmbeddedLink
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.ollama_link import PROBE_AGAIN_SECONDS, OllamaLink
from senter.components.models.provider_link import LinkKind, ProviderLink
from senter.components.models.retries import RetryPolicy
from senter.components.models.settings import ModelSettings
from senter.components.models.speed import SpeedRecords
from senter.components.models.wire import ChatRequest
from senter.errors import ModelError, ModelUnavailable, ParameterRefused, PromptTooLong
from senter.messages.model import AnswerOptions, ChatMessage, ModelDelta, ModelRequest
from tests.hand_clock import HandClock
from tests.scripted_model import (
    Behaviour,
    answering,
    hanging,
    refusing,
    resetting,
    resetting_midway,
    saying,
    scripted_model,
)

TIMEOUTS = Timeouts(connect=1, silence=0.4, answer=5)
QUICK_RETRIES = RetryPolicy(waits_seconds=(0.01, 0.02), total_seconds=1.0)
NO_RETRIES = RetryPolicy(waits_seconds=(), total_seconds=0)
CALL = ChatRequest(messages=(ChatMessage(role="user", content="Hello?"),), max_tokens=20, temperature=0)
DEAD = "http://127.0.0.1:9"

LinkT = TypeVar("LinkT", bound=ProviderLink)


class Desk:
    """Builds links and chains, closes them, and collects what is said while they work."""

    def __init__(self, stack: AsyncExitStack, clock: Clock) -> None:
        self.clock = clock
        self.said: list[ModelDelta] = []
        self._stack = stack
        self._log = structlog.stdlib.get_logger("test")

    def configured(self, url: str, name: str = "") -> ConfiguredLink:
        settings = ModelSettings(url=url, name=name)
        return self._kept(ConfiguredLink(settings, self._endpoint(url, "The configured model"), self._breaker()))

    def ollama(self, url: str, name: str = "") -> OllamaLink:
        settings = ModelSettings(ollama_url=url, name=name)
        return self._kept(OllamaLink(settings, self._endpoint(url, "Ollama"), self._breaker(), self.clock))

    def embedded(self, file: Path) -> EmbeddedLink:
        settings = ModelSettings(embedded_model=str(file))
        model = EmbeddedModel(settings, file.with_suffix(".sock"), SpeedRecords(file.with_suffix(".json")), self._log)
        return self._kept(EmbeddedLink(settings, model, self._breaker()))

    def chain(self, *links: ProviderLink, policy: RetryPolicy = QUICK_RETRIES) -> Chain:
        return Chain(links, policy, self.clock, self._log)

    async def ask(self, chain: Chain, call: ChatRequest = CALL) -> Answered:
        request = ModelRequest(messages=list(call.messages))
        return await chain.answer(call, DeltaSender(self._collect, self.clock, request))

    @property
    def pieces(self) -> list[tuple[int, int, str]]:
        return [(delta.attempt, delta.offset, delta.text) for delta in self.said if delta.text]

    async def _collect(self, delta: ModelDelta) -> None:
        self.said.append(delta)

    def _endpoint(self, url: str, title: str) -> Endpoint:
        return Endpoint(url, title=title, timeouts=TIMEOUTS)

    def _breaker(self) -> Breaker:
        return Breaker("The model", self.clock, failures=5, wait_seconds=60)

    def _kept(self, link: LinkT) -> LinkT:
        self._stack.push_async_callback(link.close)
        return link


@asynccontextmanager
async def desk(clock: Clock | None = None) -> AsyncGenerator[Desk]:
    async with AsyncExitStack() as stack:
        yield Desk(stack, clock or SystemClock())


async def test_the_configured_endpoint_answers_first() -> None:
    async with desk() as it, scripted_model(answering("best")) as best, scripted_model(answering("next")) as other:
        answered = await it.ask(it.chain(it.configured(best.url), it.ollama(other.url)))
    assert answered.completion.text == "best"
    assert answered.link.kind is LinkKind.SETTINGS
    assert answered.model == "scripted"
    assert not answered.degraded_reason
    assert not other.asked


async def test_who_asks_while_ollama_is_looked_for_waits_for_what_is_found() -> None:
    async with desk() as it, scripted_model(answering("found")) as ollama:
        link = it.ollama(ollama.url)
        gives_up = asyncio.create_task(link.present())
        await asyncio.sleep(0)
        gives_up.cancel()
        assert await asyncio.gather(link.present(), link.present()) == [True, True]


async def test_the_next_link_takes_over_and_says_why() -> None:
    async with desk() as it, scripted_model(answering("next")) as other:
        answered = await it.ask(it.chain(it.configured(DEAD, "big"), it.ollama(other.url)))
    assert answered.completion.text == "next"
    assert answered.degraded_reason
    assert "The configured model accepts no connections" in answered.degraded_reason


@pytest.mark.parametrize(
    "behaviour",
    [resetting, hanging, refusing(500), refusing(429), refusing(401), refusing(404), saying(b"data: garbage\n\n")],
)
async def test_every_kind_of_failure_lets_the_next_link_answer(behaviour: Behaviour) -> None:
    async with desk() as it, scripted_model(behaviour) as broken, scripted_model(answering("next")) as other:
        answered = await it.ask(it.chain(it.configured(broken.url), it.ollama(other.url)))
    assert answered.completion.text == "next"
    assert answered.degraded_reason


async def test_a_passing_failure_is_tried_again_on_the_same_link() -> None:
    async with desk() as it, scripted_model(refusing(503), resetting, answering("third time")) as model:
        chain = it.chain(it.configured(model.url))
        answered = await it.ask(chain)
    assert answered.completion.text == "third time"
    assert not answered.degraded_reason
    assert len(model.asked) == 3
    assert any("trying again" in delta.progress for delta in it.said)
    assert chain.problem(chain.links[0]) == ""


async def test_what_cannot_be_mended_is_not_tried_again() -> None:
    async with desk() as it, scripted_model(refusing(401)) as model:
        with pytest.raises(ModelUnavailable):
            await it.ask(it.chain(it.configured(model.url)))
    assert len(model.asked) == 1


async def test_an_attempt_that_sent_text_is_voided_by_a_higher_one() -> None:
    async with (
        desk() as it,
        scripted_model(resetting_midway, answering("Whole ", "answer", delay_seconds=0.01)) as model,
    ):
        answered = await it.ask(it.chain(it.configured(model.url)))
    assert answered.completion.text == "Whole answer"
    assert it.pieces == [(1, 0, "half an "), (2, 0, "Whole "), (2, 6, "answer")]


async def test_an_attempt_that_sent_nothing_goes_on_under_its_number() -> None:
    async with desk() as it, scripted_model(resetting, answering("Whole answer")) as model:
        await it.ask(it.chain(it.configured(model.url)))
    assert it.pieces == [(1, 0, "Whole answer")]


async def test_a_prompt_that_is_too_long_is_the_askers_to_shorten() -> None:
    too_long = refusing(400, {"error": {"code": "context_length_exceeded", "message": "too long"}})
    async with desk() as it, scripted_model(too_long) as model, scripted_model() as other:
        configured = it.configured(model.url)
        chain = it.chain(configured, it.ollama(other.url))
        for _ in range(6):
            with pytest.raises(PromptTooLong):
                await it.ask(chain)
    assert configured.breaker.state is BreakerState.CLOSED
    assert not other.asked


async def test_an_endpoint_that_keeps_failing_is_left_alone_and_tried_once_later() -> None:
    clock = HandClock()
    async with desk(clock) as it, scripted_model(refusing(401)) as broken, scripted_model(answering("next")) as other:
        chain = it.chain(it.configured(broken.url, "big"), it.ollama(other.url), policy=NO_RETRIES)
        for _ in range(6):
            await it.ask(chain)
        answered = await it.ask(chain)
        assert len(broken.asked) == 5
        assert "left alone for another 60 s" in answered.degraded_reason
        clock.pass_time(60)
        broken.script[:] = [answering("back")]
        assert (await it.ask(chain)).completion.text == "back"
        assert chain.links[0].breaker.state is BreakerState.CLOSED


async def test_a_model_that_says_nothing_lets_the_next_link_answer_and_is_asked_again_next_time() -> None:
    async with desk() as it, scripted_model(answering("")) as silent, scripted_model(answering("next")) as other:
        chain = it.chain(it.configured(silent.url), it.ollama(other.url))
        for _ in range(6):
            answered = await it.ask(chain)
            assert answered.completion.text == "next"
            assert "The configured model gave an empty answer" in answered.degraded_reason
        assert len(silent.asked) == 6
        assert chain.links[0].breaker.closed


async def test_a_parameter_that_is_refused_is_the_askers_to_leave_out() -> None:
    no_seed = refusing(400, {"error": {"message": "seed is not supported", "param": "seed"}})
    async with desk() as it, scripted_model(no_seed) as model, scripted_model() as other:
        chain = it.chain(it.configured(model.url), it.ollama(other.url))
        for _ in range(6):
            with pytest.raises(ParameterRefused):
                await it.ask(chain, replace(CALL, options=AnswerOptions(seed=7)))
        assert chain.links[0].breaker.closed
        assert not other.asked


async def test_thoughts_that_were_shown_are_voided_by_a_higher_attempt() -> None:
    async with desk() as it, scripted_model(answering("Hm.", "</think>Hello", delay_seconds=0.01)) as model:
        answered = await it.ask(it.chain(it.configured(model.url)))
    assert answered.completion.text == "Hello"
    assert it.pieces == [(1, 0, "Hm."), (2, 0, "Hello")]


async def test_retries_stop_when_the_breaker_opens() -> None:
    async with desk() as it, scripted_model(refusing(500)) as model:
        chain = it.chain(it.configured(model.url, "big"))
        for _ in range(4):
            with pytest.raises(ModelError):
                await it.ask(chain)
    assert len(model.asked) == 5


async def test_ollama_that_was_never_there_is_no_loss() -> None:
    async with desk() as it, scripted_model(answering("embedded")) as stand_in:
        last = it.ollama(stand_in.url)
        answered = await it.ask(it.chain(it.ollama(DEAD), last))
    assert answered.completion.text == "embedded"
    assert not answered.degraded_reason


async def test_ollama_that_was_in_use_and_left_is_a_loss() -> None:
    async with desk() as it, scripted_model(answering("next")) as other:
        async with scripted_model(answering("ollama"), models=["llama3.2:latest"]) as ollama:
            chain = it.chain(it.ollama(ollama.url), it.ollama(other.url))
            assert (await it.ask(chain)).model == "llama3.2:latest"
        for _ in range(2):
            answered = await it.ask(chain)
            assert answered.completion.text == "next"
            assert answered.degraded_reason


async def test_ollama_is_looked_for_again_only_now_and_then() -> None:
    clock = HandClock()
    async with desk(clock) as it, scripted_model(models=[]) as ollama:
        link = it.ollama(ollama.url)
        ollama.key = "refuse everyone"
        for _ in range(3):
            assert not await link.present()
        assert ollama.refused == 1
        ollama.key, ollama.models = "", ["llama3.2"]
        assert not await link.present()
        clock.pass_time(PROBE_AGAIN_SECONDS)
        assert await link.present()
        assert await link.present()
        assert ollama.listed == 1


@pytest.mark.parametrize(
    ("listed", "name", "chosen"),
    [
        (["mistral:7b", "llama3.2:latest"], "", "llama3.2:latest"),
        (["mistral:7b", "qwen2.5:14b"], "", "mistral:7b"),
        (["nomic-embed-text:latest", "mistral:7b"], "", "mistral:7b"),
        (["mistral:7b", "qwen2.5:14b"], "qwen2.5", "qwen2.5:14b"),
        (["llama3.2-vision:11b", "phi3"], "llama3.2", ""),
    ],
)
async def test_the_model_on_ollama_is_chosen_by_the_rule(listed: list[str], name: str, chosen: str) -> None:
    async with desk() as it, scripted_model(models=listed) as ollama:
        link = it.ollama(ollama.url, name)
        await link.present()
        assert link.model == chosen


async def test_a_named_model_that_ollama_lacks_is_said_and_the_next_link_answers() -> None:
    async with desk() as it, scripted_model(models=["phi3"]) as ollama, scripted_model(answering("next")) as other:
        answered = await it.ask(it.chain(it.ollama(ollama.url, "llama3.1:70b"), it.ollama(other.url)))
    assert answered.completion.text == "next"
    assert "does not have the model 'llama3.1:70b'" in answered.degraded_reason


async def test_when_nobody_answers_every_reason_is_given() -> None:
    async with desk() as it, scripted_model(refusing(500)) as broken:
        with pytest.raises(ModelUnavailable) as caught:
            await it.ask(it.chain(it.configured(DEAD, "big"), it.ollama(broken.url)))
    assert "accepts no connections" in caught.value.message
    assert "failed (500)" in caught.value.message


async def test_a_chain_without_links_says_what_to_set() -> None:
    async with desk() as it:
        with pytest.raises(ModelUnavailable) as caught:
            await it.ask(it.chain())
    assert caught.value.hint


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No embedded model is left to answer instead."""
    monkeypatch.setattr(gguf, "installed_model", lambda: None)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"", "not a GGUF"), (b"%PDF-1.7 and so on", "not a GGUF")],
)
@pytest.mark.usefixtures("nothing_installed")
async def test_a_wrong_model_file_is_a_sentence(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    async with desk() as it:
        chain = it.chain(it.embedded(file))
        with pytest.raises(ModelUnavailable):
            await it.ask(chain)
        assert words in chain.problem(chain.links[0])
        assert any("Loading the model" in delta.progress for delta in it.said)


@pytest.mark.usefixtures("nothing_installed")
async def test_a_folder_is_not_a_model_file(tmp_path: Path) -> None:
    async with desk() as it:
        with pytest.raises(ModelUnavailable):
            await it.ask(it.chain(it.embedded(tmp_path)))


async def test_a_model_that_was_fetched_anew_on_ollama_is_another_one() -> None:
    async with desk() as it, scripted_model(models=["llama3.2"]) as ollama:
        link = it.ollama(ollama.url)
        ollama.facts["created"] = 1
        await link.identify()
        before = link.identity
        ollama.facts["created"] = 2
        await link.identify()
        assert link.identity != before


async def test_what_a_server_tells_of_the_moment_makes_no_other_model_of_it() -> None:
    async with desk() as it, scripted_model() as server:
        link = it.configured(server.url)
        server.facts.update(created=1, permission=[{"id": "a"}], max_model_len=4_096)
        await link.identify()
        before = link.identity
        server.facts.update(created=2, permission=[{"id": "b"}])
        await link.identify()
        assert (link.identity, link.told_context) == (before, 4_096)
        server.facts["max_model_len"] = 8_192
        await link.identify()
        assert link.identity != before


async def test_a_server_that_is_away_is_asked_who_it_is_once_until_it_fails_again() -> None:
    async with desk() as it:
        link = it.configured(DEAD, "big")
        await link.identify()
        assert (link.asked_who_it_is, link.identified) == (True, False)
        link.failed()
        assert not link.asked_who_it_is


async def test_a_server_that_lists_nothing_tells_nothing_and_can_be_examined() -> None:
    async with desk() as it, scripted_model(key="other") as server:
        link = it.configured(server.url, "big")
        await link.identify()
        assert (link.identified, link.model) == (True, "big")
