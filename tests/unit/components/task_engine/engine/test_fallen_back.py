"""After tasks.db fell back, what is told again is known as the same, and nothing new is taken for what was."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.task_engine.settings import TaskEngineSettings
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import ListApprovals
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.envelope import current
from senter.messages.goals import CreateGoal, GetGoal, GoalReply, TaskFinished
from senter.messages.message import ComponentName, Event
from senter.operations.proof.spec import SPEC
from senter.paths import Paths
from tests.support.falling_back import take_snapshot, wreck
from tests.support.goals import GoalHouse, plan, task
from tests.waiting import until

LISTENER = Manifest(sends=(CreateGoal, GetGoal, ListApprovals), receives=(TaskFinished, ActivityLogged))
SECONDS = 10.0


class Listener:
    """Creates goals and hears what is told of them. The broker outlives the engine, and does not know doubles."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.heard: list[Event] = []
        self.ids: list[str] = []

    @asynccontextmanager
    async def engine(self) -> AsyncGenerator[None]:
        broker = MemoryBroker()
        self.bus = broker.bus(ComponentName("listener"), LISTENER)
        settings = TaskEngineSettings(first_wait_seconds=0)
        await self.bus.consume((TaskFinished, ActivityLogged), self._hear)
        async with run_component(SPEC, self.home, settings=settings, broker=broker):
            yield
        await self.bus.close()

    async def create(self, *tasks: str) -> GoalReply:
        number = len(self.heard)
        text = "plan: " + str(plan(*(task(one) for one in tasks))).replace("'", '"')
        command = CreateGoal(request_id=f"{number}", text=text)
        return await self.bus.request(command, timeout_seconds=SECONDS)

    async def ended(self, goal: GoalReply) -> GoalReply:
        async def look() -> GoalReply:
            return await self.bus.request(GetGoal(goal_id=goal.goal.id), timeout_seconds=SECONDS)

        while not (reply := await look()).goal.finished_at:
            pass
        return reply

    async def _hear(self, event: Event, _: bool) -> Consumed:
        self.heard.append(event)
        self.ids.append(current().id)
        return Consumed(ConsumerOutcome.DONE)


async def test_a_goal_that_ends_again_is_the_same_news(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path)
    before = house.add(plan(task("pure"), task("idempotent")), request_id="one")
    take_snapshot(house.paths, "tasks")
    await house.until_ended(before)
    told = list(house.event_ids)
    assert len(set(told)) == len(told) == 6
    await house.close()
    wreck(house.paths, "tasks")
    house.open()
    await house.until_ended(before)
    assert house.event_ids == [*told, *told]
    await house.close()


async def test_a_goal_that_a_person_has_tried_again_ends_anew(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path)
    house.settings = house.settings.model_copy(update={"attempts": 1})
    goal_id = house.add(plan(task("fails")), request_id="one")
    await house.until_ended(goal_id)
    house.journal.goals.retry(goal_id, None)
    await house.until_ended(goal_id)
    assert len(set(house.event_ids)) == len(house.event_ids)
    await house.close()


async def test_no_number_is_given_again_after_a_fall_back(tmp_path: Path) -> None:
    someone = Listener(tmp_path / "home")
    async with someone.engine():
        await someone.ended(await someone.create("pure"))
        take_snapshot(Paths(someone.home), "tasks")
        lost = await someone.ended(await someone.create("pure", "pure"))
        await until(lambda: len(someone.heard) == 10)
    wreck(Paths(someone.home), "tasks")
    known = set(someone.ids)
    async with someone.engine():
        new = await someone.ended(await someone.create("idempotent"))
        assert new.goal.id > lost.goal.id
        assert new.tasks[0].id > lost.tasks[-1].id
        await until(lambda: len(set(someone.ids) - known) == 4)
