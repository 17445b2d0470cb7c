"""Everything that understands, does and keeps what a person says, in one process, on a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import checking_jobs, run_component
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC as ASSISTANT
from senter.components.documents.spec import SPEC as DOCUMENTS
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC as REPORTER
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC as SCHEDULER
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.spec import SPEC as TASK_ENGINE
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.goals import ListGoals
from senter.messages.message import ComponentName
from senter.messages.query import ConversationId
from senter.messages.schedule import JobView, ListJobs
from senter.messages.turns import AwaitTurn, BeginTurn, TurnReply
from senter.paths import Paths
from tests.support.scripted_worker import ScriptedWorker
from tests.support.what_exists import Existing, entries_of, goals_that_exist, jobs_that_exist, notes_in

PERSON = Manifest(sends=(BeginTurn, AwaitTurn, ListJobs, ListGoals))
SUPERVISOR = Manifest(receives=(GetDaemonStatus,))
ASK_SECONDS = 10.0
TURN_SECONDS = 60.0
FIRED_SECONDS = 10.0
LOOK_SECONDS = 0.02


class MovedClock:
    """Runs as clocks do, and jumps when it is told to; whoever sleeps past the jump wakes."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)
        self._jumped_seconds = 0.0
        self._jumps = asyncio.Event()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        return time.monotonic() + self._jumped_seconds

    async def sleep(self, seconds: float) -> None:
        ends_at = self.monotonic() + seconds
        await asyncio.sleep(0)
        while (left := ends_at - self.monotonic()) > 0:
            jump = self._jumps
            try:
                await asyncio.wait_for(jump.wait(), left)
            except TimeoutError:
                return

    def move_to(self, moment: datetime) -> None:
        """Only forwards; where it is past that already, nothing happens."""
        jump = max(timedelta(), moment - self.now())
        self._ahead += jump
        self._jumped_seconds += jump.total_seconds()
        jumped, self._jumps = self._jumps, asyncio.Event()
        jumped.set()


class WholeSenter:
    """Spoken with by one person, in one conversation."""

    def __init__(self, person: Bus, paths: Paths, clock: MovedClock, zone: ZoneInfo) -> None:
        self._person = person
        self._paths = paths
        self._clock = clock
        self._zone = zone
        self._conversation: ConversationId | None = None

    async def say(self, text: str) -> TurnReply:
        """Say it, and wait until it is answered, or why it is not is known."""
        turn = BeginTurn(text=text, conversation_id=self._conversation)
        begun = await self._person.request(turn, timeout_seconds=ASK_SECONDS)
        self._conversation = begun.conversation_id
        return await self._person.request(AwaitTurn(turn_id=begun.id), timeout_seconds=TURN_SECONDS)

    def begin_anew(self) -> None:
        """What is said next begins another conversation."""
        self._conversation = None

    async def move_to(self, moment: datetime) -> None:
        """Let the time until then pass, and what is due meanwhile begin."""
        self._clock.move_to(moment)
        async with asyncio.timeout(FIRED_SECONDS):
            while any(job.next_run and job.next_run <= moment for job in await self._jobs()):
                await asyncio.sleep(LOOK_SECONDS)

    async def what_exists(self) -> list[Existing]:
        goals = (await self._person.request(ListGoals(), timeout_seconds=ASK_SECONDS)).goals
        return [
            *jobs_that_exist(await self._jobs(), self._zone),
            *goals_that_exist(goals, self._zone),
            *self._files(),
        ]

    async def _jobs(self) -> tuple[JobView, ...]:
        return tuple((await self._person.request(ListJobs(), timeout_seconds=ASK_SECONDS)).jobs)

    def _files(self) -> Iterator[Existing]:
        yield from entries_of(self._paths.data / "calendar.ics", self._zone)
        yield from notes_in(self._paths.data / "notes")


@asynccontextmanager
async def whole_senter(
    home: Path, start: datetime, zone: str, *, reporting: bool = False
) -> AsyncGenerator[WholeSenter]:
    """One life of assistant, task engine, scheduler and documents, with a model that knows little and does nothing; of
    the reporter where `reporting`."""
    clock = MovedClock(start)
    broker = MemoryBroker(clock=clock)
    settings = {"timezone": zone}
    async with AsyncExitStack() as stack:
        person = broker.bus(ComponentName("person"), PERSON)
        stack.push_async_callback(person.close)
        supervisor = broker.bus(ComponentName("supervisor"), SUPERVISOR)
        stack.push_async_callback(supervisor.close)
        await supervisor.serve(GetDaemonStatus, _all_running)
        await stack.enter_async_context(checking_jobs(broker, SCHEDULER, TASK_ENGINE, ASSISTANT, REPORTER))
        for name in ("model_primary", "model_research"):
            worker = ScriptedWorker(broker, name)
            worker.answer = lambda _: "Canberra."
            await worker.open()
            stack.push_async_callback(worker.close)
        for spec, given in (
            (DOCUMENTS, None),
            (SCHEDULER, SchedulerSettings.model_validate({**settings, "research_per_day": 0})),
            (TASK_ENGINE, TaskEngineSettings.model_validate(settings)),
            (ASSISTANT, AssistantSettings.model_validate(settings)),
            *([(REPORTER, ReporterSettings.model_validate({**settings, "desktop": False}))] if reporting else []),
        ):
            await stack.enter_async_context(run_component(spec, home, settings=given, broker=broker, clock=clock))
        yield WholeSenter(person, Paths(home), clock, ZoneInfo(zone))


async def _all_running(_: GetDaemonStatus) -> DaemonStatus:
    names = ("assistant", "task_engine", "scheduler", "documents", "reporter")
    rows = {ComponentName(name): ComponentStatus(state=State.RUNNING, takes_jobs=True) for name in names}
    return DaemonStatus(state=State.RUNNING, pid=1, uptime_seconds=1, health_score=100, components=rows)
