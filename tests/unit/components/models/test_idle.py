"""What is done with the embedded model while nobody asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from senter.components.models import idle
from senter.components.models.deltas import DeltaSender
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.idle import TRIAL_AFTER_SECONDS, TRIAL_ANYWAY_AFTER_SECONDS, IdleModel
from senter.components.models.queue import Queue
from senter.components.models.settings import PrimarySettings
from senter.components.models.speed import Chosen, ModelSpeed, SpeedRecords
from senter.messages.message import ComponentName
from senter.messages.model import ChatMessage, ModelDelta, ModelRequest
from tests.hand_clock import HandClock
from tests.waiting import until

pytestmark = pytest.mark.model

SETTINGS = PrimarySettings(
    system_prompt="Help.", prompt_tokens=100, max_tokens=50, context_tokens=256, slots=1, unload_minutes=10
)
# It cannot be as it is assumed to be, so the model is loaded anew.
FAST = ModelSpeed(read=90_000, write=9_000, reading_threads=1, writing_threads=1)


class Bench:
    """A worker's queue and model, on a clock of its own."""

    def __init__(self, home: Path, settings: PrimarySettings) -> None:
        self.clock = HandClock()
        log = structlog.stdlib.get_logger("test")
        self.records = SpeedRecords(home / "speed.json")
        self.model = EmbeddedModel(settings, home / "m.sock", self.records, log)
        self.queue = Queue(ComponentName("worker"), 1, 10, self._look)
        self.idle = IdleModel(self.model, self.queue, settings, self.clock, log)

    def _look(self) -> None:
        self.idle.look()

    def after(self, seconds: float) -> None:
        self.clock.pass_time(seconds)
        self.idle.look()

    @asynccontextmanager
    async def answering(self) -> AsyncGenerator[None]:
        request = ModelRequest(messages=[ChatMessage(role="user", content="Hi")])
        async with self.queue.turn(DeltaSender(_unheard, self.clock, request)):
            yield

    async def answer_once(self) -> None:
        async with self.answering():
            await self.model.endpoint()


@asynccontextmanager
async def bench(home: Path, settings: PrimarySettings = SETTINGS) -> AsyncGenerator[Bench]:
    made = Bench(home, settings)
    try:
        yield made
    finally:
        await made.idle.close()
        await made.model.close()


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial waits for a quiet machine, which one that runs tests is not."""
    monkeypatch.setattr(idle, "QUIET_LOAD", 1_000)


async def _unheard(delta: ModelDelta) -> None:
    """Nobody listens."""


async def test_a_model_that_nobody_asks_is_unloaded_and_loaded_by_the_next_question(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        await it.answer_once()
        it.records.keep(Chosen(_file_of(it), 0, it.model.spares_memory), FAST)
        it.after(599)
        await asyncio.sleep(0)
        assert it.model.loaded
        it.after(1)
        await until(lambda: not it.model.loaded)
        await it.answer_once()
        assert it.model.loaded


async def test_it_is_not_unloaded_while_somebody_is_answered_or_where_it_is_to_stay(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        await it.model.endpoint()
        async with it.answering():
            it.after(6_000)
            await asyncio.sleep(0)
            assert it.model.loaded
        it.after(599)
        await asyncio.sleep(0)
        assert it.model.loaded
        it.idle.disturb()
        it.after(599)
        await asyncio.sleep(0)
        assert it.model.loaded
    async with bench(tmp_path, SETTINGS.model_copy(update={"unload_minutes": 0})) as it:
        await it.model.endpoint()
        it.after(10**6)
        await asyncio.sleep(0)
        assert it.model.loaded


async def test_it_is_measured_after_an_answer_unless_somebody_asks_and_loaded_as_measured(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as it:
        await it.model.endpoint()
        it.after(TRIAL_ANYWAY_AFTER_SECONDS - 1)
        assert not it.idle.measuring
        await it.answer_once()
        it.after(TRIAL_AFTER_SECONDS)
        assert it.idle.measuring
        await it.answer_once()
        await until(lambda: not it.idle.measuring)
        assert not it.model.measured
        it.after(TRIAL_AFTER_SECONDS)
        assert it.idle.measuring
        await until(lambda: it.model.measured, seconds=60)
        await until(lambda: it.model.loaded and not it.model.outdated, seconds=60)


def _file_of(it: Bench) -> Path:
    file = it.model.file
    assert file is not None
    return file
