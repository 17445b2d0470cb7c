"""The whole scheduler on the in-memory bus and a clock that moves by hand, and everyone else as one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.job_check import check_job
from senter.component.testing import FakeClock, run_component
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC
from senter.components.specs import all_specs
from senter.messages.activity import ActivityLogged
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.control import CheckJob, ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.envelope import continuing, current
from senter.messages.goals import GoalsReply, JobTriggered, ListGoals
from senter.messages.health import Health
from senter.messages.message import ComponentName, Done, Event
from senter.messages.reports import DigestRequested, DigestTimeSet
from senter.messages.schedule import (
    AddJob,
    ChangeJob,
    FiringView,
    GetJob,
    HistoryReply,
    JobHistory,
    JobView,
    ListJobs,
    RemoveJob,
    RunJob,
)
from tests.support.schedule import payload_for

OTHERS = ComponentName("others")
SCHEDULER = ComponentName("scheduler")
MANIFEST = Manifest(
    receives=(GetDaemonStatus, CheckJob, ListGoals, JobTriggered, DigestRequested),
    sends=(AddJob, ListJobs, GetJob, ChangeJob, RunJob, RemoveJob, JobHistory, ActivityLogged, DigestTimeSet),
    observes=(),
)
UTC_SETTINGS = SchedulerSettings(timezone="UTC")
LONGEST_WAIT_SECONDS = 60.0


@dataclass
class World:
    """Everyone else on the bus, as one."""

    broker: MemoryBroker
    bus: Bus
    engine: Bus
    clock: FakeClock
    states: dict[str, State] = field(default_factory=lambda: dict.fromkeys(("task_engine", "reporter"), State.RUNNING))
    told: list[Event] = field(default_factory=list[Event])
    told_ids: list[str] = field(default_factory=list[str])
    when_asked: Callable[[], None] = field(default=lambda: None)
    """What happens while the scheduler asks for the state of the components."""
    gone: tuple[str, ...] = ()
    """Components that took every job when it was added, and are not there any more."""
    ends_goals: bool = False
    """Whether each goal is over as soon as it is begun."""
    _health: Callable[[], Health] = Health

    @asynccontextmanager
    async def scheduler(self, home: Path, settings: SchedulerSettings = UTC_SETTINGS) -> AsyncGenerator[None]:
        """One life of the scheduler."""
        async with run_component(SPEC, home, settings=settings, broker=self.broker, clock=self.clock) as component:
            self._health = component.health
            await self.settle()
            yield

    async def settle(self) -> None:
        """Let everyone do what is to be done at this moment."""
        for _ in range(10):
            await self.clock.advance(0)

    async def decided(self) -> None:
        """Wait until all that is due is decided."""
        due: object = None
        for _ in range(1_000):
            await self.clock.advance(0)
            due = self._health().facts["next_due"]
            if due is None or datetime.fromisoformat(str(due)) > self.clock.now():
                break
        else:
            raise AssertionError(f"at {self.clock.now()} it is not decided what was due at {due}")
        for _ in range(4):
            await self.clock.advance(0)  # it goes to sleep again

    async def pass_until(self, moment: datetime) -> None:
        """Let the time until then pass at once."""
        self.clock.elapse(max(0.0, (moment - self.clock.now()).total_seconds()))
        await self.settle()

    async def set_wall_time(self, moment: datetime) -> None:
        """Set the clock, and let the minute pass in which that is noticed."""
        self.clock.set_wall_time(moment)
        await self.clock.advance(LONGEST_WAIT_SECONDS)
        await self.settle()

    async def add(self, name: str = "tea", **asked: object) -> JobView:
        return (await self.bus.request(asked_for(name, **asked), timeout_seconds=5)).job

    async def history(self, job: str = "", limit: int = 1_000) -> HistoryReply:
        return await self.bus.request(JobHistory(job=job, limit=limit), timeout_seconds=5, to=SCHEDULER)

    async def firings(self, job: str) -> list[FiringView]:
        """The oldest first."""
        return list((await self.history(job)).firings)[::-1]

    def due_times(self, job: JobView | None = None) -> list[datetime]:
        """When what was told was due, in the order in which it was told."""
        triggered = [event for event in self.told if isinstance(event, JobTriggered)]
        return [event.due_at for event in triggered if job is None or event.job_id == str(job.id)]

    async def status(self, _: GetDaemonStatus) -> DaemonStatus:
        self.when_asked()
        rows = {
            ComponentName(name): ComponentStatus(state=state, takes_jobs=name == "task_engine")
            for name, state in self.states.items()
        }
        return DaemonStatus(state=State.RUNNING, pid=1, uptime_seconds=1, health_score=100, components=rows)

    async def check(self, job: CheckJob) -> Done:
        if job.component not in self.gone:
            check_job(all_specs(), job)
        return Done()

    async def goals(self, _: ListGoals) -> GoalsReply:
        return GoalsReply(goals=(), total=0)

    async def take_in(self, event: Event, _: bool) -> Consumed:
        self.told.append(event)
        self.told_ids.append(current().id)
        if self.ends_goals and isinstance(event, JobTriggered):
            await self.end_goal(self.told_ids[-1])
        return Consumed(ConsumerOutcome.DONE)

    async def end_goal(self, begun_by: str) -> None:
        ended = ActivityLogged(kind="goal_completed", summary="s", details={"status": "completed"})
        with continuing(begun_by):
            await self.bus.publish(ended)


def asked_for(name: str, **asked: object) -> AddJob:
    """What adds a job whose goal is tea, where nothing else is asked."""
    return AddJob.model_validate(
        {"request_id": f"add {name}", "name": name, "payload": payload_for(asked, "Make tea"), **asked}
    )


@asynccontextmanager
async def schedule_world(start: datetime | None = None) -> AsyncGenerator[World]:
    """Everyone but the scheduler."""
    broker, clock = MemoryBroker(), FakeClock(start) if start else FakeClock()
    # The supervisor and the task engine answer under their own names.
    supervisor = broker.bus(ComponentName("supervisor"), MANIFEST)
    engine = broker.bus(ComponentName("task_engine"), MANIFEST)
    world = World(broker, broker.bus(OTHERS, MANIFEST), engine, clock)
    await supervisor.serve(GetDaemonStatus, world.status)
    await supervisor.serve(CheckJob, world.check)
    await engine.serve(ListGoals, world.goals)
    await world.bus.consume((JobTriggered, DigestRequested), world.take_in)
    yield world
    for bus in (world.bus, supervisor, engine):
        await bus.close()


@asynccontextmanager
async def scheduler(
    home: Path, settings: SchedulerSettings = UTC_SETTINGS, start: datetime | None = None
) -> AsyncGenerator[World]:
    """Everyone, the scheduler in its one life."""
    async with schedule_world(start) as world, world.scheduler(home, settings):
        yield world
