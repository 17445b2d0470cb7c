"""How components ask models: choosing a worker, sitting out its restarts, and giving up with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS, ModelClient
from senter.errors import BusFull, Cancelled, DeadlineExceeded, ModelRefused, ModelUnavailable, Unavailable
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.envelope import continuing, current
from senter.messages.message import ComponentName, Done
from senter.messages.model import (
    CancelModelRequest,
    ChatMessage,
    ModelDelta,
    ModelLoad,
    ModelRequest,
    ModelResponse,
)
from tests.waiting import until

ASKER = Manifest(sends=MODEL_CLIENT_SENDS, receives=MODEL_CLIENT_RECEIVES)
WORKER = Manifest(sends=(ModelDelta, ModelLoad), receives=(ModelRequest, CancelModelRequest))
SUPERVISOR = Manifest(is_supervisor=True)
PRIMARY = ComponentName("model_primary")

Handler = Callable[[ModelRequest], Awaitable[ModelResponse]]


def request() -> ModelRequest:
    return ModelRequest(messages=[ChatMessage(role="user", content="What is Python?")])


def response(text: str = "an answer") -> ModelResponse:
    return ModelResponse(
        text=text, model="m", endpoint="embedded", prompt_tokens=1, completion_tokens=1, finish_reason="stop"
    )


async def answer(asked: ModelRequest) -> ModelResponse:
    return response()


async def never(asked: ModelRequest) -> ModelResponse:
    await asyncio.Event().wait()
    return response()


class Stage:
    """A client, and workers and a supervisor that come and go."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.broker = MemoryBroker()
        self.bus = self._connect("asker", ASKER)
        self.client = ModelClient(self.bus, SystemClock())
        self.asked: list[tuple[str, ModelRequest]] = []
        self.correlations: list[str] = []
        self.cancelled: list[str] = []

    async def worker(self, handler: Handler = answer, name: str = PRIMARY) -> Bus:
        bus = self._connect(name, WORKER)

        async def take(asked: ModelRequest) -> ModelResponse:
            self.asked.append((name, asked))
            self.correlations.append(current().correlation)
            return await handler(asked)

        async def cancel(command: CancelModelRequest) -> Done:
            self.cancelled.append(command.request_id)
            return Done()

        await bus.serve(ModelRequest, take)
        await bus.serve(CancelModelRequest, cancel)
        return bus

    async def supervisor(self, state: State, reason: str = "") -> Bus:
        bus = self._connect("supervisor", SUPERVISOR)
        row = ComponentStatus(state=state, reason=reason)

        async def status(asked: GetDaemonStatus) -> DaemonStatus:
            return DaemonStatus(
                state=State.RUNNING, pid=1, uptime_seconds=1, health_score=50, components={PRIMARY: row}
            )

        await bus.serve(GetDaemonStatus, status)
        return bus

    def dies(self, worker: Bus) -> None:
        self.broker.kill(worker.name)

    async def ask(self, group: str = PRIMARY, timeout_seconds: float = 10.0) -> ModelResponse:
        return await self.client.ask(request(), group, timeout_seconds=timeout_seconds)

    def _connect(self, name: str, manifest: Manifest) -> Bus:
        bus = self.broker.bus(ComponentName(name), manifest)
        self._stack.push_async_callback(bus.close)
        return bus


@asynccontextmanager
async def stage() -> AsyncGenerator[Stage]:
    async with AsyncExitStack() as stack:
        it = Stage(stack)
        await stack.enter_async_context(it.client)
        yield it


async def test_a_worker_answers_and_its_deltas_are_handed_on() -> None:
    async with stage() as it:
        heard: list[str] = []

        async def on_delta(delta: ModelDelta) -> None:
            heard.append(delta.text)

        async def stream(asked: ModelRequest) -> ModelResponse:
            correlation = current().correlation
            for key, text in ((correlation, "an "), (None, "else"), (correlation, "answer")):
                with continuing(key):
                    await worker.send(ModelDelta(offset=len(heard), text=text))
            await until(lambda: len(heard) == 2)
            return response()

        worker = await it.worker(stream)
        assert (await it.client.ask(request(), on_delta=on_delta)).text == "an answer"
        assert heard == ["an ", "answer"]


async def test_the_least_busy_worker_of_the_group_is_asked() -> None:
    async with stage() as it:
        names = ["model_research", "model_research_2", "model_research_3", "model_primary"]
        workers = [await it.worker(name=name) for name in names]
        await it.ask("model_research")
        for worker, active in zip(workers, (3, 1, 2, 0), strict=True):
            await worker.send(ModelLoad(active=active, waiting=0))
        await until(lambda: len(it.client.known("model_research")) == 3)
        await it.ask("model_research")
        assert [name for name, _ in it.asked] == ["model_research", "model_research_2"]


async def test_own_requests_count_before_a_worker_announces_them() -> None:
    async with stage() as it:
        workers = [await it.worker(never, name=name) for name in ("model_research", "model_research_2")]
        async with it.client:
            for worker in workers:
                await worker.send(ModelLoad(active=0, waiting=0))
            await until(lambda: len(it.client.known("model_research")) == 2)
            tasks = [asyncio.create_task(it.ask("model_research")) for _ in range(4)]
            await until(lambda: len(it.asked) == 4)
            assert sorted(name for name, _ in it.asked) == 2 * ["model_research"] + 2 * ["model_research_2"]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_full_worker_is_passed_over_for_another_and_named_when_there_is_none() -> None:
    async def full(asked: ModelRequest) -> ModelResponse:
        raise BusFull("model_research")

    async with stage() as it:
        await it.worker(full, name="model_research")
        with pytest.raises(BusFull):
            await it.ask("model_research")
        second = await it.worker(name="model_research_2")
        await second.send(ModelLoad(active=50, waiting=0))
        await until(lambda: len(it.client.known("model_research")) == 2)
        assert (await it.ask("model_research")).text == "an answer"


async def test_a_worker_that_is_not_there_yet_is_waited_for() -> None:
    async with stage() as it:
        await it.supervisor(State.BACKING_OFF)
        asking = asyncio.create_task(it.ask())
        await asyncio.sleep(0)
        await it.worker()
        assert (await asking).text == "an answer"


async def test_a_request_survives_the_death_of_its_worker() -> None:
    async with stage() as it:
        await it.supervisor(State.STARTING)
        first = await it.worker(never)
        asking = asyncio.create_task(it.ask())
        await until(lambda: len(it.asked) == 1)
        it.dies(first)
        await it.worker()
        assert (await asking).text == "an answer"
        before, after = (asked for _, asked in it.asked)
        assert len(set(it.correlations)) == 1
        assert before.request_id != after.request_id
        assert (before.first_attempt, after.first_attempt) == (1, 2)


async def test_an_answer_asked_for_again_has_an_attempt_above_all_that_were_heard_of() -> None:
    async with stage() as it:
        await it.supervisor(State.STARTING)
        heard: list[int] = []

        async def on_delta(delta: ModelDelta) -> None:
            heard.append(delta.attempt)

        async def begins_again(asked: ModelRequest) -> ModelResponse:
            for attempt in (1, 2, 3):
                await first.send(ModelDelta(offset=0, text="a", attempt=attempt))
            return await never(asked)

        first = await it.worker(begins_again)
        asking = asyncio.create_task(it.client.ask(request(), on_delta=on_delta))
        await until(lambda: heard == [1, 2, 3])
        it.dies(first)
        await it.worker()
        await asking
        assert it.asked[-1][1].first_attempt == 4


async def test_a_request_survives_the_orderly_restart_of_its_worker() -> None:
    async with stage() as it:
        await it.supervisor(State.RUNNING)
        first = await it.worker(never)
        asking = asyncio.create_task(it.ask())
        await until(lambda: len(it.asked) == 1)
        await first.close()
        await it.worker()
        assert (await asking).text == "an answer"


async def test_a_request_that_kills_every_worker_is_given_up() -> None:
    async with stage() as it:
        asking = asyncio.create_task(it.ask())
        for deaths in range(1, 4):
            worker = await it.worker(never)
            await until(lambda deaths=deaths: len(it.asked) == deaths)
            it.dies(worker)
        with pytest.raises(ModelUnavailable, match="died 3 times"):
            await asking


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.DISABLED, "model_primary is disabled in the settings: why not"),
        (State.STOPPED, "model_primary is stopped: why not"),
        (State.STOPPED_BY_SETTINGS_ERROR, "model_primary cannot start with its settings: why not"),
        (State.STOPPED_BY_REPEATED_FAILURE, "model_primary failed too often and was given up: why not"),
    ],
)
async def test_a_worker_that_will_not_come_back_is_said_at_once(state: State, words: str) -> None:
    async with stage() as it:
        await it.supervisor(state, "why not.")
        with pytest.raises(Unavailable) as caught:
            await it.ask()
    assert caught.value.message == f"{words}."
    assert caught.value.hint


@pytest.mark.parametrize("state", [State.STARTING, State.BACKING_OFF, State.RUNNING])
async def test_a_worker_that_does_not_come_back_in_time_is_a_timeout(state: State) -> None:
    async with stage() as it:
        await it.supervisor(state)
        with pytest.raises(DeadlineExceeded, match=r"model_primary timed out after 0\.2 s"):
            await it.ask(timeout_seconds=0.2)


async def test_without_a_supervisor_to_ask_the_deadline_holds() -> None:
    async with stage() as it:
        with pytest.raises(DeadlineExceeded):
            await it.ask(timeout_seconds=0.2)


async def test_what_the_worker_says_comes_back_as_itself() -> None:
    async def refuse(asked: ModelRequest) -> ModelResponse:
        raise ModelRefused("The model does not like this.", "Ask for something else.")

    async with stage() as it:
        await it.worker(refuse)
        with pytest.raises(ModelRefused, match="does not like this") as caught:
            await it.ask()
    assert caught.value.hint == "Ask for something else."
    assert len(it.asked) == 1


async def test_when_the_asker_goes_away_its_request_is_withdrawn() -> None:
    async with stage() as it:
        await it.worker(never)
        asking = asyncio.create_task(it.ask())
        await until(lambda: len(it.asked) == 1)
        asking.cancel()
        await until(lambda: it.cancelled == [it.asked[0][1].request_id])
        assert asking.cancelled()


async def test_when_the_time_is_over_the_request_is_withdrawn() -> None:
    async with stage() as it:
        await it.worker(never)
        with pytest.raises(DeadlineExceeded):
            await it.ask(timeout_seconds=0.1)
        await until(lambda: it.cancelled == [it.asked[0][1].request_id])


async def test_a_request_withdrawn_by_someone_else_is_not_asked_again() -> None:
    async def withdrawn(asked: ModelRequest) -> ModelResponse:
        raise Cancelled("The request was withdrawn.")

    async with stage() as it:
        await it.worker(withdrawn)
        with pytest.raises(Cancelled):
            await it.ask()
    assert len(it.asked) == 1
