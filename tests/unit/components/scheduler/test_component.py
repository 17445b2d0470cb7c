"""The scheduler on the in-memory bus: asked, told, set off by its clock and by events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from senter.bus.bus import Consumed, Outcome
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker, MemoryBus
from senter.component.testing import FakeClock, run_component
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC
from senter.errors import Forbidden, InvalidInput, NotFound
from senter.messages.activity import ActivityLogged
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.goals import GoalsReply, Grant, JobTriggered, ListGoals
from senter.messages.message import ComponentName, Event
from senter.messages.reports import DigestHourSet, DigestRequested
from senter.messages.schedule import (
    AddJob,
    ChangeJob,
    GetJob,
    HistoryReply,
    JobHistory,
    JobType,
    ListJobs,
    RemoveJob,
    RunJob,
)

OTHERS = ComponentName("others")
MANIFEST = Manifest(
    receives=(GetDaemonStatus, ListGoals, JobTriggered, DigestRequested),
    sends=(AddJob, ListJobs, GetJob, ChangeJob, RunJob, RemoveJob, JobHistory, ActivityLogged, DigestHourSet),
    observes=(),
)


@dataclass
class World:
    """Everyone else on the bus, as one."""

    bus: MemoryBus
    engine: MemoryBus
    clock: FakeClock
    states: dict[str, State] = field(default_factory=lambda: dict.fromkeys(("task_engine", "reporter"), State.RUNNING))
    told: list[Event] = field(default_factory=list[Event])

    async def settle(self) -> None:
        """Let everyone do what is to be done at this moment."""
        for _ in range(10):
            await self.clock.advance(0)

    async def history(self, job: str = "") -> HistoryReply:
        return await self.bus.request(JobHistory(job=job), timeout_seconds=5, to=ComponentName("scheduler"))

    async def status(self, _: GetDaemonStatus) -> DaemonStatus:
        rows = {ComponentName(name): ComponentStatus(state=state) for name, state in self.states.items()}
        return DaemonStatus(state=State.RUNNING, pid=1, uptime_seconds=1, health_score=100, components=rows)

    async def goals(self, _: ListGoals) -> GoalsReply:
        return GoalsReply(goals=(), total=0)

    async def take_in(self, event: Event, _: bool) -> Consumed:
        self.told.append(event)
        return Consumed(Outcome.DONE)


@asynccontextmanager
async def scheduler(home: Path, settings: SchedulerSettings | None = None) -> AsyncGenerator[World]:
    broker, clock = MemoryBroker(), FakeClock()
    # The supervisor and the task engine answer under their own names.
    supervisor = broker.bus(ComponentName("supervisor"), MANIFEST)
    engine = broker.bus(ComponentName("task_engine"), MANIFEST)
    world = World(broker.bus(OTHERS, MANIFEST), engine, clock)
    await supervisor.serve(GetDaemonStatus, world.status)
    await engine.serve(ListGoals, world.goals)
    await world.bus.consume((JobTriggered, DigestRequested), world.take_in)
    settings = settings or SchedulerSettings(timezone="UTC")
    async with run_component(SPEC, home, settings=settings, broker=broker, clock=clock):
        await clock.advance(0)
        yield world
    for bus in (world.bus, supervisor, engine):
        await bus.close()


def asking(**asked: object) -> AddJob:
    return AddJob.model_validate({"request_id": "r", "name": "tea", "payload": {"goal": "Make tea"}, **asked})


async def test_a_job_is_added_set_off_at_its_time_and_over_when_its_goal_is(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        added = await world.bus.request(asking(in_seconds=5), timeout_seconds=5)
        assert added.job.next_run == world.clock.now() + timedelta(seconds=5)
        await world.clock.advance(5)
        await world.settle()
        triggered = world.told[0]
        assert isinstance(triggered, JobTriggered)
        assert (triggered.goal, triggered.due_at) == ("Make tea", added.job.next_run)
        assert (await world.bus.request(GetJob(job="tea"), timeout_seconds=5)).job.running
        ended = ActivityLogged(kind="goal_completed", summary="s", details={"status": "completed"})
        await world.bus.publish(ended.model_copy(update={"correlation_id": triggered.id}))
        await world.settle()
        firing = (await world.history("tea")).firings[0]
        assert (firing.outcome, firing.status, firing.ended_at) == ("fired", "completed", world.clock.now())
        assert not (await world.bus.request(GetJob(job="tea"), timeout_seconds=5)).job.running


async def test_a_standing_grant_goes_with_every_goal_of_its_job(tmp_path: Path) -> None:
    grant = Grant(write_roots=("/srv/papers",))
    async with scheduler(tmp_path) as world:
        added = await world.bus.request(asking(in_seconds=5, grant=grant), timeout_seconds=5)
        assert added.job.grant == grant
        await world.clock.advance(5)
        await world.settle()
        triggered = world.told[0]
        assert isinstance(triggered, JobTriggered)
        assert triggered.grant == grant


async def test_only_a_person_gives_a_standing_grant_and_only_for_goals(tmp_path: Path) -> None:
    grant = Grant(write_roots=("/srv/papers",))
    async with scheduler(tmp_path) as world:
        with pytest.raises(Forbidden, match="cannot widen"):
            await world.engine.request(asking(in_seconds=5, grant=grant), timeout_seconds=5)
        with pytest.raises(InvalidInput, match="for goals and research"):
            await world.bus.request(asking(in_seconds=5, grant=grant, job_type="digest"), timeout_seconds=5)
        assert not [job for job in (await world.bus.request(ListJobs(), timeout_seconds=5)).jobs if not job.built_in]


async def test_its_own_jobs_say_why_they_do_nothing(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.clock.advance(2 * 3_600)
        await world.settle()
        assert [(firing.job, firing.reason) for firing in (await world.history()).firings] == [
            ("profile_update", "there is no component learning"),
            ("background_research", "no interests"),
            ("background_research", "no interests"),
        ]


async def test_a_disabled_component_is_named(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        world.states["reporter"] = State.DISABLED
        await world.bus.request(RunJob(job="daily_digest", request_id="r"), timeout_seconds=5)
        await world.settle()
        assert (await world.history()).firings[0].reason == "reporter is disabled"


async def test_the_reporters_hour_moves_the_daily_digest(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.bus.publish(DigestHourSet(hour=7))
        await world.clock.advance(7 * 3_600)
        await world.settle()
        digests = [event for event in world.told if isinstance(event, DigestRequested)]
        assert [(event.job, event.due_at.hour, event.by_hand) for event in digests] == [("daily_digest", 7, False)]


async def test_interests_are_researched_while_idle(tmp_path: Path) -> None:
    async with scheduler(tmp_path, SchedulerSettings(timezone="UTC", interests=("bread",))) as world:
        await world.clock.advance(3_600)
        await world.settle()
        assert [event.goal for event in world.told if isinstance(event, JobTriggered)] == ["Research bread"]


async def test_what_is_paused_removed_or_wrong_is_said(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        ask = world.bus.request
        await ask(asking(every_seconds=60), timeout_seconds=5)
        paused = await ask(ChangeJob(job="tea", action="pause"), timeout_seconds=5)
        assert (paused.job.enabled, paused.job.next_run) == (False, None)
        assert (await ask(ListJobs(), timeout_seconds=5)).total == 4
        await ask(RemoveJob(job="tea"), timeout_seconds=5)
        with pytest.raises(NotFound):
            await ask(GetJob(job="tea"), timeout_seconds=5)
        with pytest.raises(InvalidInput, match="Did you mean task_complete"):
            await ask(asking(event="task_complte"), timeout_seconds=5)
        with pytest.raises(InvalidInput, match='task_complete has no field "colour"'):
            await ask(asking(event="task_complete", where={"colour": "red"}), timeout_seconds=5)
        with pytest.raises(InvalidInput, match="needs a component"):
            await ask(asking(job_type=JobType.MAINTENANCE, payload={}), timeout_seconds=5)


async def test_a_wall_clock_set_forward_while_it_sleeps_is_noticed_within_a_minute(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.bus.request(asking(at="2026-01-01 20:00"), timeout_seconds=5)
        world.clock.set_wall_time(world.clock.now() + timedelta(hours=20))
        await world.clock.advance(61)
        await world.settle()
        assert [event.goal for event in world.told if isinstance(event, JobTriggered)] == ["Make tea"]
