"""A model worker on the bus, over a scripted endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.component.testing import run_component
from senter.components.models.settings import ModelSettings, PrimarySettings, ResearchSettings
from senter.components.models.spec import PRIMARY, RESEARCH
from senter.errors import BusFull, Cancelled, ModelUnavailable, NoResponder, PromptTooLong
from senter.messages.envelope import Envelope, continuing, current
from senter.messages.health import ComponentDied, HealthStatus
from senter.messages.message import ComponentName
from senter.messages.model import (
    CancelModelRequest,
    Capability,
    ChatMessage,
    GetModelStatus,
    ModelDelta,
    ModelLoad,
    ModelRequest,
    ModelResponse,
    ModelStatus,
    Priority,
)
from tests.scripted_model import (
    Behaviour,
    ScriptedModel,
    answering,
    hanging,
    refusing,
    resetting_midway,
    scripted_model,
    writing_for_ever,
)
from tests.waiting import until

ASKER = Manifest(sends=(*MODEL_CLIENT_SENDS, GetModelStatus, ModelLoad, ComponentDied), receives=MODEL_CLIENT_RECEIVES)
QUESTION = ChatMessage(role="user", content="What is Python?")


@dataclass
class Scene:
    """A worker, the endpoint behind it, and an asker who hears every delta."""

    worker: Component[ComponentSettings]
    model: ScriptedModel
    bus: Bus
    broker: MemoryBroker
    deltas: list[ModelDelta] = field(default_factory=list[ModelDelta])
    envelopes: list[Envelope] = field(default_factory=list[Envelope])
    loads: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    async def ask(self, request: ModelRequest | None = None) -> ModelResponse:
        return await self.bus.request(request or ask(), timeout_seconds=20, to=self.name)

    async def cancel(self, request: ModelRequest) -> None:
        await self.bus.request(CancelModelRequest(request_id=request.request_id), timeout_seconds=5, to=self.name)

    async def status(self) -> ModelStatus:
        return await self.bus.request(GetModelStatus(), timeout_seconds=5, to=self.name)

    @property
    def name(self) -> ComponentName:
        return self.worker.context.name

    @property
    def progress(self) -> list[str]:
        return [delta.progress for delta in self.deltas if delta.progress]


def ask(**fields: object) -> ModelRequest:
    return ModelRequest.model_validate({"messages": [QUESTION], **fields})


@asynccontextmanager
async def scene(
    home: Path,
    *script: Behaviour,
    spec: ComponentSpec = PRIMARY,
    settings: type[ModelSettings] = PrimarySettings,
    **chosen: object,
) -> AsyncGenerator[Scene]:
    broker = MemoryBroker()
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(scripted_model(*script))
        wanted = settings.model_validate({"url": model.url, "use_ollama": False, "embedded": False, **chosen})
        bus = broker.bus(ComponentName("asker"), ASKER)
        stack.push_async_callback(bus.close)
        worker = await stack.enter_async_context(run_component(spec, home, settings=wanted, broker=broker))
        found = Scene(worker, model, bus, broker)

        async def hear(delta: ModelDelta) -> None:
            found.deltas.append(delta)
            found.envelopes.append(current())

        async def hear_load(load: ModelLoad) -> None:
            found.loads.append((load.active, load.waiting))

        await bus.listen(ModelDelta, hear)
        await bus.listen(ModelLoad, hear_load)
        yield found


async def test_a_request_is_answered_and_streamed(tmp_path: Path) -> None:
    async with scene(tmp_path, answering("Py", "thon", delay_seconds=0.01)) as it:
        with continuing("query-1"):
            response = await it.ask()
        assert (response.text, response.model, response.endpoint) == ("Python", "scripted", "settings")
        assert (response.prompt_tokens, response.completion_tokens, response.finish_reason) == (7, 3, "stop")
        assert not response.degraded
        await until(lambda: len(it.deltas) == 2)
        assert [(delta.offset, delta.text, delta.attempt) for delta in it.deltas] == [(0, "Py", 1), (2, "thon", 1)]
        assert {delta.correlation_id for delta in it.envelopes} == {"query-1"}
        assert len({delta.caused_by for delta in it.envelopes}) == 1


async def test_who_wants_no_deltas_gets_none(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        assert (await it.ask(ask(stream=False))).text == "Hello there"
        with continuing("after"):
            await it.ask()
        await until(lambda: len(it.deltas) > 0)
        assert {delta.correlation_id for delta in it.envelopes} == {"after"}


async def test_the_workers_prompt_goes_first_and_joins_the_askers(tmp_path: Path) -> None:
    async with scene(tmp_path, system_prompt="Be kind.") as it:
        await it.ask()
        await it.ask(ask(use_system_prompt=False))
        await it.ask(ask(messages=[ChatMessage(role="system", content="Today is Monday."), QUESTION]))
        question = {"role": "user", "content": "What is Python?"}
        assert [asked.messages for asked in it.model.asked] == [
            [{"role": "system", "content": "Be kind."}, question],
            [question],
            [{"role": "system", "content": "Be kind.\n\nToday is Monday."}, question],
        ]


@pytest.mark.parametrize(
    ("fields", "budget"),
    [({}, 500), ({"priority": Priority.BALANCED}, 800), ({"max_tokens": 20}, 20), ({"max_tokens": 9_000}, 800)],
)
async def test_the_answer_budget_is_the_requests_cut_to_the_workers(
    tmp_path: Path, fields: dict[str, object], budget: int
) -> None:
    async with scene(tmp_path, max_tokens=800, prompt_tokens=1_000) as it:
        await it.ask(ask(**fields))
        assert it.model.asked[0].max_tokens == budget


async def test_the_temperature_is_the_requests_or_the_workers(tmp_path: Path) -> None:
    async with scene(tmp_path, temperature=0.3) as it:
        await it.ask()
        await it.ask(ask(temperature=0))
        assert [asked.temperature for asked in it.model.asked] == [0.3, 0]


async def test_statistics_count_answers_and_failures(tmp_path: Path) -> None:
    async with scene(tmp_path, answering("Yes"), refusing(401)) as it:
        assert (await it.status()).latency_p50_seconds is None
        await it.ask()
        with pytest.raises(ModelUnavailable):
            await it.ask()
        status = await it.status()
    assert (status.requests, status.errors, status.prompt_tokens, status.completion_tokens) == (2, 1, 7, 3)
    assert status.latency_p50_seconds is not None
    assert (status.worker, status.model, status.active, status.waiting) == ("model_primary", "scripted", 0, 0)
    assert [endpoint.kind for endpoint in status.endpoints] == ["settings"]
    assert "does not accept the key" in status.endpoints[0].last_error
    assert status.endpoints[0].breaker == "closed"
    assert status.endpoints[0].capability == "structured"


async def test_a_third_request_waits_for_one_of_two_slots_and_is_told(tmp_path: Path) -> None:
    async with scene(tmp_path, hanging, hanging, answering("third")) as it:
        first, second = ask(), ask()
        blocked = [asyncio.create_task(it.ask(request)) for request in (first, second)]
        await until(lambda: it.model.open_answers == 2)
        third = asyncio.create_task(it.ask())
        await until(lambda: "Waiting for 2 earlier requests ..." in it.progress)
        status = await it.status()
        assert (status.active, status.waiting) == (2, 1)
        await it.cancel(first)
        assert (await third).text == "third"
        await it.cancel(second)
        for outcome in await asyncio.gather(*blocked, return_exceptions=True):
            assert isinstance(outcome, Cancelled)


async def test_one_request_too_many_is_refused_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path, hanging, slots=1, queue_limit=1) as it:
        requests = [ask(), ask()]
        waiting = [asyncio.create_task(it.ask(request)) for request in requests]
        await until(lambda: (1, 1) in it.loads)
        with pytest.raises(BusFull):
            await it.ask()
        for request in requests:
            await it.cancel(request)
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_withdrawn_request_ends_its_generation_and_frees_its_slot(tmp_path: Path) -> None:
    async with scene(tmp_path, writing_for_ever, answering("next"), slots=1) as it:
        request = ask()
        asking = asyncio.create_task(it.ask(request))
        await until(lambda: len(it.deltas) > 2)
        await it.cancel(request)
        with pytest.raises(Cancelled):
            await asking
        await until(lambda: it.model.hung_up == 1)
        assert (await it.ask()).text == "next"


async def test_a_request_withdrawn_in_the_line_is_never_executed(tmp_path: Path) -> None:
    async with scene(tmp_path, hanging, answering("never"), slots=1) as it:
        first, second = ask(), ask()
        tasks = [asyncio.create_task(it.ask(request)) for request in (first, second)]
        await until(lambda: (1, 1) in it.loads)
        await it.cancel(second)
        with pytest.raises(Cancelled):
            await tasks[1]
        await it.cancel(first)
        with pytest.raises(Cancelled):
            await tasks[0]
        assert len(it.model.asked) == 1


async def test_a_cancel_that_overtakes_its_request_still_counts(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        request = ask()
        await it.cancel(request)
        with pytest.raises(Cancelled):
            await it.ask(request)
        assert not it.model.asked


async def test_the_requests_of_a_dead_asker_are_dropped(tmp_path: Path) -> None:
    async with scene(tmp_path, hanging) as it:
        asking = asyncio.create_task(it.ask())
        await until(lambda: it.model.open_answers == 1)
        await it.bus.send(ComponentDied(component=ComponentName("stranger"), pid=1, reason="killed"))
        await it.bus.send(ComponentDied(component=ComponentName("asker"), pid=1, reason="killed"))
        with pytest.raises(Cancelled):
            await asking
        await until(lambda: it.model.hung_up == 1)


async def test_text_of_a_broken_attempt_is_voided(tmp_path: Path) -> None:
    async with scene(tmp_path, resetting_midway, answering("whole")) as it:
        response = await it.ask(ask(first_attempt=100))
        assert response.text == "whole"
        await until(lambda: any(delta.text == "whole" for delta in it.deltas))
        texts = [(delta.attempt, delta.offset, delta.text) for delta in it.deltas if delta.text]
        assert texts == [(100, 0, "half an "), (101, 0, "whole")]


async def test_a_prompt_that_is_too_long_reaches_the_asker_as_such(tmp_path: Path) -> None:
    async with scene(tmp_path, refusing(413)) as it:
        with pytest.raises(PromptTooLong):
            await it.ask()


async def test_the_load_is_announced_when_it_changes(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        await it.ask()
        await until(lambda: len(it.loads) >= 2 and it.loads[-1] == (0, 0))
        assert (1, 0) in it.loads


async def test_background_work_lets_people_go_first(tmp_path: Path) -> None:
    async with scene(tmp_path, spec=RESEARCH, settings=ResearchSettings) as it:
        primary = it.broker.bus(ComponentName("model_primary"), Manifest(sends=(ModelLoad,)))
        await primary.send(ModelLoad(active=1, waiting=0))
        await until(lambda: (1, 0) in it.loads)
        asking = asyncio.create_task(it.ask())
        await until(lambda: "Letting people's requests go first ..." in it.progress)
        assert not it.model.asked
        await primary.send(ModelLoad(active=0, waiting=0))
        assert (await asking).text == "Hello there"
        await primary.close()


async def test_stopping_lets_answers_in_flight_end_and_takes_no_new_ones(tmp_path: Path) -> None:
    async with scene(tmp_path, answering("slow ", "answer", delay_seconds=0.05)) as it:
        asking = asyncio.create_task(it.ask())
        await until(lambda: it.model.open_answers == 1)
        stopping = asyncio.create_task(it.worker.finish(10))
        await asyncio.sleep(0)
        with pytest.raises(NoResponder):
            await it.ask()
        await stopping
        assert (await asking).text == "slow answer"


async def test_an_answer_that_takes_longer_than_the_grace_is_given_back(tmp_path: Path) -> None:
    async with scene(tmp_path, hanging) as it:
        asking = asyncio.create_task(it.ask())
        await until(lambda: it.model.open_answers == 1)
        await it.worker.finish(0.01)
        with pytest.raises(NoResponder):
            await asking


async def test_health_names_the_model_and_what_is_wrong(tmp_path: Path) -> None:
    async with scene(tmp_path, refusing(401)) as it:
        await until(lambda: it.worker.health().facts["model"] == "scripted")
        healthy = it.worker.health()
        assert healthy.status is HealthStatus.HEALTHY
        assert healthy.facts["model_loaded"] is True
        assert healthy.facts["breaker"] == "closed"
        with pytest.raises(ModelUnavailable):
            await it.ask()
        assert it.worker.health().status is not HealthStatus.HEALTHY
        assert "does not accept the key" in it.worker.health().detail


async def test_a_worker_without_any_model_is_unhealthy_and_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path, url="") as it:
        assert it.worker.health().status is HealthStatus.UNHEALTHY
        with pytest.raises(ModelUnavailable):
            await it.ask()


async def test_a_wrong_model_file_is_a_sentence_in_the_health(tmp_path: Path) -> None:
    file = tmp_path / "notes.gguf"
    file.write_text("not a model")
    async with scene(tmp_path, url="", embedded=True, embedded_model=str(file)) as it:
        await until(lambda: "is not a GGUF model file" in it.worker.health().detail)
        assert it.worker.health().status is HealthStatus.UNHEALTHY
        with pytest.raises(ModelUnavailable):
            await it.ask()
        assert "is not a GGUF model file" in (await it.status()).endpoints[0].last_error


@pytest.mark.model
async def test_the_embedded_model_answers_when_nothing_else_is_there(tmp_path: Path) -> None:
    async with scene(tmp_path, url="", embedded=True) as it:
        response = await it.ask(ask(max_tokens=8))
        assert response.endpoint == "embedded"
        assert response.text
        assert not response.degraded
        assert "Loading the model ..." in it.progress
        status = await it.status()
        assert status.model_loaded
        assert status.model.startswith("SmolLM2-135M")


@pytest.mark.model
async def test_the_embedded_model_steps_in_for_a_broken_endpoint(tmp_path: Path) -> None:
    async with scene(tmp_path, refusing(401), embedded=True) as it:
        assert not (await it.status()).endpoints[1].last_error
        response = await it.ask(ask(max_tokens=8))
        assert (response.endpoint, response.degraded) == ("embedded", True)
        assert "does not accept the key" in response.degraded_reason
        assert it.worker.health().status is HealthStatus.DEGRADED


async def test_a_schema_of_the_answer_reaches_the_server(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        await it.ask()
        await it.ask(ask(response_schema={"type": "object"}))
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
        assert [asked.response_format for asked in it.model.asked] == [None, wanted]


async def test_a_response_tells_whether_its_model_is_capable(tmp_path: Path) -> None:
    async with scene(tmp_path, name="qwen2.5:14b") as it:
        assert (await it.ask()).capability == "capable"
        assert (await it.ask(ask(least=Capability.CAPABLE))).text == "Hello there"


async def test_what_only_a_capable_model_may_answer_is_declined_without_asking_a_basic_one(tmp_path: Path) -> None:
    async with scene(tmp_path, name="qwen2.5:0.5b") as it:
        response = await it.ask(ask(least=Capability.CAPABLE))
        assert (response.text, response.finish_reason, response.degraded) == ("", "declined", False)
        assert it.model.asked == []
        assert (await it.status()).errors == 0


async def test_a_capable_model_that_fails_is_named_when_a_request_is_declined(tmp_path: Path) -> None:
    async with scene(tmp_path, refusing(401), name="qwen2.5:14b") as it:
        response = await it.ask(ask(least=Capability.CAPABLE))
        assert response.finish_reason == "declined"
        assert "127.0.0.1" in response.degraded_reason
