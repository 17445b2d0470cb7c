"""Who waits for the default model, for how long, and what is said meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from senter.components.models.arrival import COMING, BrainArrival
from senter.components.models.deltas import DeltaSender
from senter.errors import NoResponder
from senter.messages.message import ComponentName
from senter.messages.model import ChatMessage, ModelDelta, ModelRequest
from senter.messages.weights import BrainOutlook
from tests.hand_clock import HandClock
from tests.waiting import until

SIZE = 1_000_000_000
REQUEST = ModelRequest(messages=[ChatMessage(role="user", content="Hello?")])


class Scene:
    """A fetch that a test moves on by hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.outlook = BrainOutlook(state="coming", size_bytes=SIZE)
        self.asked = 0
        self.said: list[str] = []
        self.arrival = BrainArrival(self._ask, self.clock)

    def wait(self, most_seconds: float = 1_000.0) -> asyncio.Task[None]:
        deltas = DeltaSender(self.hear, self.clock, REQUEST)
        return asyncio.create_task(self.arrival.wait(deltas, most_seconds))

    async def seconds(self, count: int, bytes_each: int = 0) -> None:
        """Time passes, and the fetch goes on."""
        for _ in range(count):
            asked = self.asked
            done = self.outlook.done_bytes + bytes_each
            self.outlook = self.outlook.model_copy(update={"done_bytes": done})
            self.clock.pass_time(1.0)
            await until(lambda before=asked: self.asked > before)

    async def _ask(self) -> BrainOutlook:
        self.asked += 1
        return self.outlook

    async def hear(self, delta: ModelDelta) -> None:
        self.said.append(delta.progress)


async def begun(change: Callable[[Scene], None] = lambda _: None) -> tuple[Scene, asyncio.Task[None]]:
    scene = Scene()
    await scene.arrival.look()
    change(scene)
    waiting = scene.wait()
    await until(lambda: scene.asked >= 2)
    return scene, waiting


async def test_a_question_waits_until_the_model_is_loaded_and_says_how_far_it_is() -> None:
    scene, waiting = await begun()
    await scene.seconds(8, bytes_each=50_000_000)
    assert any(line.startswith("Fetching a better model: [") for line in scene.said)
    scene.outlook = BrainOutlook(state="here", done_bytes=SIZE, size_bytes=SIZE)
    await scene.seconds(1)
    assert not waiting.done()
    scene.arrival.taken_up()
    await waiting
    assert not scene.arrival.wanted
    assert scene.arrival.lesser == ""


async def test_a_question_does_not_wait_for_what_takes_more_than_two_minutes() -> None:
    scene, waiting = await begun()
    await scene.seconds(1, bytes_each=1_000_000)
    for _ in range(16):
        if not waiting.done():
            scene.outlook = scene.outlook.model_copy(update={"done_bytes": scene.outlook.done_bytes + 1_000_000})
            scene.clock.pass_time(1.0)
            await asyncio.sleep(0.01)
    await waiting
    assert scene.arrival.lesser == COMING


async def test_a_question_does_not_wait_for_what_cannot_be_fetched_and_the_answer_says_why() -> None:
    scene, waiting = await begun()
    scene.outlook = BrainOutlook(state="coming", size_bytes=SIZE, why_not="host: Name or service not known")
    await scene.seconds(1)
    await waiting
    assert "Name or service not known" in scene.arrival.lesser


@pytest.mark.parametrize("state", ["absent", "here"])
async def test_nothing_is_waited_for_where_nothing_comes(state: str) -> None:
    scene = Scene()
    scene.outlook = BrainOutlook.model_validate({"state": state, "why_not": "the setting models.fetch is never"})
    await scene.arrival.look()
    assert not scene.arrival.wanted
    assert scene.arrival.lesser == ""


async def test_where_nobody_keeps_model_files_nothing_is_waited_for() -> None:
    async def nobody() -> BrainOutlook:
        raise NoResponder(ComponentName("weights"))

    scene = Scene()
    arrival = BrainArrival(nobody, scene.clock)
    assert not arrival.unknown
    await arrival.look()
    assert arrival.unknown
    await arrival.wait(DeltaSender(scene.hear, scene.clock, REQUEST))
    assert arrival.lesser == ""


async def test_a_question_waits_no_longer_than_whoever_asked() -> None:
    scene = Scene()
    await scene.arrival.look()
    waiting = scene.wait(most_seconds=3)
    await until(lambda: scene.asked >= 2)
    await scene.seconds(3, bytes_each=50_000_000)
    await waiting
    assert scene.arrival.lesser == COMING


async def test_a_speed_is_measured_anew_once_what_was_wrong_is_over() -> None:
    scene = Scene()
    scene.outlook = BrainOutlook(state="coming", size_bytes=SIZE, why_not="host: Name or service not known")
    await scene.arrival.look()
    scene.clock.pass_time(3_600)
    await scene.arrival.look()
    scene.outlook = BrainOutlook(state="coming", size_bytes=SIZE)
    waiting = scene.wait()
    await until(lambda: scene.asked >= 3)
    await scene.seconds(12, bytes_each=20_000_000)
    assert not waiting.done()
    waiting.cancel()
