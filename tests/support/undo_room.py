"""A real task engine with the real tools and a real scheduler on the in-memory bus; goals give their plan."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import JsonValue

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import Clock, SystemClock
from senter.component.spec import ComponentSpec
from senter.component.testing import checking_jobs, run_component
from senter.components.scheduler import spec as scheduler
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.specs import SPECS
from senter.components.task_engine import spec as task_engine
from senter.components.task_engine.component import TaskEngine
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.settings import TaskEngineSettings
from senter.messages.goals import ENDED, CreateGoal, GetGoal, GoalReply, Status, Widening
from senter.messages.message import Command, ComponentName, ReplyT
from senter.messages.schedule import AddJob, ChangeJob, JobsReply, JobView, ListJobs, RemoveJob
from senter.messages.undo import ActionView, ListActions, Undo
from senter.operations.proof.counting import given_plan, nothing_but_work
from tests.support.goals import plan

SECONDS = 20.0
ZONE = "Europe/Berlin"


class PlannedEngine(TaskEngine):
    """The engine as it is, with plans that are given."""

    async def services(self, stack: AsyncExitStack) -> EngineServices:
        return replace(await super().services(stack), understand=nothing_but_work, plan=given_plan)


ENGINE = replace(task_engine.SPEC, entry="tests.support.undo_room:PlannedEngine", migrations=task_engine.SPEC.package)
CLIENT = Manifest(sends=(*task_engine.SPEC.receives, AddJob, ListJobs, ChangeJob, RemoveJob))


@dataclass
class UndoRoom:
    """A person in front of both."""

    home: Path
    folder: Path
    bus: Bus

    async def ask(self, command: Command[ReplyT]) -> ReplyT:
        return await self.bus.request(command, timeout_seconds=SECONDS)

    async def do(self, tool: str, params: Mapping[str, JsonValue], *, may_write: Sequence[Path] = ()) -> GoalReply:
        """A goal that calls one tool, until it has ended."""
        planned = plan({"description": "do it", "tool": tool, "tool_params": dict(params)})
        grant = Widening(write_roots=tuple(map(str, may_write)), read_roots=(str(self.folder),))
        made = await self.ask(CreateGoal(text=f"plan: {json.dumps(planned)}", grant=grant))
        return await self.until_ended(made.goal.id)

    async def undo(self, number: int | None = None) -> GoalReply:
        """Take something back, and wait until that has ended."""
        begun = await self.ask(Undo(number=number))
        return await self.until_ended(begun.goal.id)

    async def undone(self, number: int | None = None) -> str:
        """Take something back; what was done."""
        reply = await self.undo(number)
        assert reply.goal.status is Status.COMPLETED, (reply.goal.error, reply.tasks)
        return "; ".join(receipt.done for receipt in reply.goal.receipts)

    async def actions(self) -> tuple[ActionView, ...]:
        return (await self.ask(ListActions())).actions

    async def jobs(self) -> list[JobView]:
        """Those that are not Senter's own."""
        reply: JobsReply = await self.ask(ListJobs())
        return [job for job in reply.jobs if not job.built_in]

    async def told(self, text: str) -> None:
        """Wait until a reminder was told."""
        async with asyncio.timeout(SECONDS):
            while not any(job.told_at for job in await self.jobs() if job.payload["reminder"] == text):
                await asyncio.sleep(0.005)

    async def noted(self, count: int) -> None:
        """Wait until so many actions are on record."""
        await self.noted_is(lambda actions: len(actions) >= count)

    async def noted_is(self, condition: Callable[[Sequence[ActionView]], bool]) -> None:
        """Wait until what is on record is like that."""
        async with asyncio.timeout(SECONDS):
            while not condition(await self.actions()):
                await asyncio.sleep(0.005)

    async def until_ended(self, goal_id: int) -> GoalReply:
        async with asyncio.timeout(SECONDS):
            command = GetGoal.model_validate({"goal_id": goal_id})
            while (reply := await self.ask(command)).goal.status not in ENDED:
                assert reply.goal.status is not Status.WAITING, reply.goal.error
                await asyncio.sleep(0.005)
        return reply


@asynccontextmanager
async def undo_room(
    place: Path,
    settings: TaskEngineSettings | None = None,
    clock: Clock | None = None,
    engine: ComponentSpec = ENGINE,
) -> AsyncGenerator[UndoRoom]:
    """`place` gets the home and a folder of the user's."""
    home, folder, broker = place / "home", place / "mine", MemoryBroker()
    folder.mkdir(exist_ok=True)
    times = clock or SystemClock()
    usual = settings or TaskEngineSettings(timezone=ZONE, first_wait_seconds=0)
    async with (
        checking_jobs(broker, *SPECS),
        run_component(scheduler.SPEC, home, settings=SchedulerSettings(timezone=ZONE), broker=broker, clock=times),
        run_component(engine, home, settings=usual, broker=broker, clock=times),
    ):
        bus = broker.bus(ComponentName("api"), CLIENT)
        yield UndoRoom(home, folder, bus)
        await bus.close()
