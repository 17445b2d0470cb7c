"""A model worker on the bus, over a scripted endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import Clock
from senter.component.component import Component
from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.component.testing import FakeClock, run_component
from senter.components.models import component, gguf
from senter.components.models.arrival import COMING
from senter.components.models.gguf import installed_model
from senter.components.models.settings import ModelSettings, PrimarySettings, ResearchSettings
from senter.components.models.spec import PRIMARY, RESEARCH
from senter.errors import BusFull, Cancelled, ModelUnavailable, NoResponder, ParameterRefused, PromptTooLong
from senter.messages.envelope import Envelope, continuing, current
from senter.messages.health import ComponentDied, HealthStatus
from senter.messages.message import ComponentName
from senter.messages.model import (
    AnswerOptions,
    CancelModelRequest,
    Capability,
    ChatMessage,
    GetModelStatus,
    ModelDelta,
    ModelLoad,
    ModelRequest,
    ModelResponse,
    ModelStatus,
    ModelToolCall,
    OfferedTool,
    Priority,
)
from senter.messages.person import PersonBegins
from senter.messages.weights import BrainOutlook, WantBrain
from senter.weights.cache import WeightsCache, sum_of
from senter.weights.catalogue import BRAIN, find_weights
from tests.scripted_model import (
    Behaviour,
    Exchange,
    ScriptedModel,
    answering,
    hanging,
    refusing,
    resetting_midway,
    saying,
    scripted_model,
    writing_for_ever,
)
from tests.waiting import until

ASKER = Manifest(
    sends=(*MODEL_CLIENT_SENDS, GetModelStatus, ModelLoad, ComponentDied, PersonBegins),
    receives=MODEL_CLIENT_RECEIVES,
)
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
        return await self.bus.request(request or ask(), timeout_seconds=60, to=self.name)

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
    clock: Clock | None = None,
    **chosen: object,
) -> AsyncGenerator[Scene]:
    broker = MemoryBroker()
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(scripted_model(*script))
        usual = {"url": model.url, "use_ollama": False, "embedded": False, "system_prompt": "Help."}
        wanted = settings.model_validate({**usual, **chosen})
        bus = broker.bus(ComponentName("asker"), ASKER)
        stack.push_async_callback(bus.close)
        worker = await stack.enter_async_context(run_component(spec, home, settings=wanted, broker=broker, clock=clock))
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
    clock = FakeClock(datetime(2026, 11, 30, 12, tzinfo=UTC))
    today = "Today is Monday, 30 November 2026 (time zone Asia/Tokyo)."
    async with scene(tmp_path, clock=clock, system_prompt="Be kind.", timezone="Asia/Tokyo") as it:
        await it.ask()
        await it.ask(ask(use_system_prompt=False))
        await it.ask(ask(messages=[ChatMessage(role="system", content="Answer in French."), QUESTION]))
        question = {"role": "user", "content": "What is Python?"}
        assert [asked.messages for asked in it.model.asked] == [
            [{"role": "system", "content": f"Be kind.\n\n{today}"}, question],
            [question],
            [{"role": "system", "content": f"Be kind.\n\nAnswer in French.\n\n{today}"}, question],
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


async def test_a_wrong_model_file_is_a_sentence_in_the_health(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf, "installed_model", lambda: None)
    file = tmp_path / "notes.gguf"
    file.write_text("not a model")
    async with scene(tmp_path, url="", embedded=True, embedded_model=str(file)) as it:
        await until(lambda: "is not a GGUF model file" in it.worker.health().detail)
        assert it.worker.health().status is HealthStatus.UNHEALTHY
        with pytest.raises(ModelUnavailable):
            await it.ask()
        assert "is not a GGUF model file" in (await it.status()).endpoints[0].last_error


@pytest.mark.model
async def test_where_the_chosen_file_is_gone_another_model_answers_and_both_answer_and_health_say_so(
    tmp_path: Path,
) -> None:
    file = tmp_path / "gone.gguf"
    async with scene(tmp_path, url="", embedded=True, embedded_model=str(file)) as it:
        response = await it.ask(ask(max_tokens=4))
        assert response.model.startswith("SmolLM2")
        assert response.degraded
        assert f"{file} cannot be loaded" in response.degraded_reason
        assert it.worker.health().status is HealthStatus.DEGRADED
        assert str(file) in it.worker.health().detail


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


class Fetcher:
    """Who is asked for the default model: absent at first, then it is on its way until a test brings it."""

    def __init__(self, installed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        size = installed.stat().st_size
        self.weights = replace(find_weights(BRAIN), sha256=sum_of(installed), size_bytes=size)
        self.cache = WeightsCache(folder)
        self.asked = 0
        self.outlook = BrainOutlook(state="coming", done_bytes=1, size_bytes=size)
        self._installed = installed
        monkeypatch.setattr(gguf, "find_weights", {BRAIN: self.weights}.__getitem__)
        monkeypatch.setattr(gguf, "catalogue", lambda: {BRAIN: self.weights})

    async def answer(self, _: WantBrain) -> BrainOutlook:
        self.asked += 1
        return self.outlook

    async def serve(self, broker: MemoryBroker) -> Bus:
        bus = broker.bus(ComponentName("weights"), Manifest(receives=(WantBrain,)))
        await bus.serve(WantBrain, self.answer)
        return bus

    def bring(self) -> None:
        self.cache.folder.mkdir()
        self.cache.partial(self.weights).write_bytes(self._installed.read_bytes())
        self.cache.keep(self.weights)
        self.outlook = self.outlook.model_copy(update={"state": "here"})


@pytest.fixture
def fetcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetcher:
    installed = installed_model()
    assert installed is not None
    monkeypatch.setattr(component, "WANT_SECONDS", 0.05)
    return Fetcher(installed, tmp_path / "cache", monkeypatch)


@pytest.mark.model
async def test_the_first_question_waits_for_the_default_model_although_its_fetcher_came_late(
    tmp_path: Path, fetcher: Fetcher
) -> None:
    async with scene(tmp_path, url="", embedded=True, folder=str(fetcher.cache.folder)) as it:
        bus = await fetcher.serve(it.broker)
        await until(lambda: fetcher.asked > 0)
        asking = asyncio.create_task(it.ask(ask(max_tokens=8)))
        await until(lambda: any("Fetching a better model" in said for said in it.progress))
        assert (await it.status()).lesser
        fetcher.bring()
        response = await asking
        assert (response.model, response.degraded) == (BRAIN, False)
        assert (await it.status()).lesser == ""
        await bus.close()


@pytest.mark.model
async def test_who_waits_for_an_answer_waits_half_as_long_for_the_default_model(
    tmp_path: Path, fetcher: Fetcher
) -> None:
    async with scene(tmp_path, url="", embedded=True, folder=str(fetcher.cache.folder)) as it:
        bus = await fetcher.serve(it.broker)
        await until(lambda: fetcher.asked > 0)
        response = await it.bus.request(ask(max_tokens=8), timeout_seconds=6, to=it.name)
        assert response.degraded
        assert response.degraded_reason == COMING
        await bus.close()


async def test_where_an_endpoint_is_named_nobody_is_asked_for_the_default_model(
    tmp_path: Path, fetcher: Fetcher
) -> None:
    async with scene(tmp_path, embedded=True, folder=str(fetcher.cache.folder)) as it:
        bus = await fetcher.serve(it.broker)
        assert (await it.ask()).model == "scripted"
        assert fetcher.asked == 0
        await bus.close()


@pytest.mark.model
async def test_the_embedded_model_steps_in_for_a_broken_endpoint(tmp_path: Path) -> None:
    async with scene(tmp_path, refusing(401), embedded=True) as it:
        assert not (await it.status()).endpoints[1].last_error
        response = await it.ask(ask(max_tokens=8))
        assert (response.endpoint, response.degraded) == ("embedded", True)
        assert "does not accept the key" in response.degraded_reason
        assert it.worker.health().status is HealthStatus.DEGRADED


async def test_a_schema_of_the_answer_reaches_the_server(tmp_path: Path) -> None:
    async with scene(tmp_path, answering("Hello"), answering("{}")) as it:
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


async def test_a_tool_call_and_what_was_left_out_reach_the_asker(tmp_path: Path) -> None:
    async def calling(exchange: Exchange) -> None:
        body = exchange.asked.body
        if "temperature" in body:
            await refusing(400, {"error": {"message": "temperature is not supported"}})(exchange)
            return
        assert '"clock"' in json.dumps(body["tools"])
        message: JsonValue = {"tool_calls": [{"id": "t1", "function": {"name": "clock", "arguments": "{}"}}]}
        answer: JsonValue = {"choices": [{"message": message, "finish_reason": "stop"}]}
        await saying(json.dumps(answer).encode(), kind="application/json")(exchange)

    async with scene(tmp_path, calling) as it:
        wanted = AnswerOptions(tools=(OfferedTool(name="clock"),))
        response = await it.ask(ask(options=wanted, temperature=0.5))
        assert response.tool_calls == (ModelToolCall(id="t1", name="clock", arguments="{}"),)
        assert (response.text, response.finish_reason, response.left_out) == ("", "tool_calls", ("temperature",))
        assert (await it.ask(ask(options=wanted))).left_out == ()


@pytest.mark.parametrize(("fields", "budgets"), [({}, [500, 4_500]), ({"max_tokens": 90}, [90])])
async def test_a_model_that_thinks_gets_more_tokens_unless_the_asker_says_how_many(
    tmp_path: Path, fields: dict[str, object], budgets: list[int]
) -> None:
    async def thinking(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.piece("<think>Hm.")
        await exchange.end_stream("length")

    async with scene(tmp_path, thinking) as it:
        with pytest.raises(ModelUnavailable, match="on thinking"):
            await it.ask(ask(**fields))
        assert [asked.max_tokens for asked in it.model.asked] == budgets


async def test_a_parameter_that_is_refused_reaches_the_asker_by_its_name(tmp_path: Path) -> None:
    async with scene(tmp_path, refusing(400, {"error": {"message": "No.", "param": "top_p"}})) as it:
        with pytest.raises(ParameterRefused) as caught:
            await it.ask(ask(options=AnswerOptions(top_p=0.5)))
        assert caught.value.parameter == "top_p"


@pytest.mark.model
async def test_the_embedded_model_calls_a_tool_where_it_must(tmp_path: Path) -> None:
    colours: JsonValue = {"enum": ["red", "blue"]}
    paint = OfferedTool(
        name="paint",
        description="Paints the wall.",
        parameters={"type": "object", "properties": {"colour": colours}, "required": ["colour"]},
    )
    async with scene(tmp_path, url="", embedded=True) as it:
        wanted = AnswerOptions(tools=(paint,), tool_choice="required", seed=1, top_p=0.9, top_logprobs=1)
        response = await it.ask(ask(options=wanted, max_tokens=60, temperature=0))
        (call,) = response.tool_calls
        assert call.name == "paint"
        assert json.loads(call.arguments)["colour"] in ("red", "blue")
        assert response.logprobs


@pytest.mark.model
async def test_a_model_that_is_not_loaded_is_loaded_when_a_person_begins(tmp_path: Path) -> None:
    async with scene(tmp_path, url="", embedded=True, load_at_start=False, folder=str(tmp_path)) as it:
        assert not it.worker.health().facts["model_loaded"]
        await it.bus.send(PersonBegins())
        await until(lambda: it.worker.health().facts["model_loaded"] is True, seconds=30)
        chosen = (await it.status()).embedded
        assert chosen
        assert (chosen.loaded, chosen.measured) == (True, False)
        assert chosen.memory_mib > 50


@pytest.mark.model
async def test_what_the_embedded_model_writes_in_the_background_is_ended_for_a_person_and_written_anew(
    tmp_path: Path,
) -> None:
    folder = str(tmp_path)
    async with scene(tmp_path, spec=RESEARCH, settings=ResearchSettings, url="", embedded=True, folder=folder) as it:
        primary = it.broker.bus(ComponentName("model_primary"), Manifest(sends=(ModelLoad,)))
        asked = asyncio.create_task(it.ask(ask(max_tokens=60)))
        await until(lambda: any(delta.text for delta in it.deltas), seconds=30)
        await primary.send(ModelLoad(active=1, waiting=0))
        await until(lambda: "Letting people's requests go first ..." in it.progress)
        await primary.send(ModelLoad(active=0, waiting=0))
        assert (await asked).text
        assert {delta.attempt for delta in it.deltas if delta.text} == {1, 2}
        await primary.close()
