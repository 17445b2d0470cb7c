"""The scheduler on the in-memory bus: asked, told, set off by its clock and by events."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from senter.components.scheduler.settings import SchedulerSettings
from senter.errors import Conflict, Forbidden, InvalidInput, NotFound
from senter.messages.control import State
from senter.messages.goals import JobTriggered, Widening
from senter.messages.reports import DigestRequested, DigestTimeSet
from senter.messages.schedule import ChangeJob, FiringOutcome, GetJob, JobType, ListJobs, RemoveJob, RunJob
from tests.support.schedule_world import asked_for, scheduler


async def test_a_job_is_added_set_off_at_its_time_and_over_when_its_goal_is(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        added = await world.add(in_seconds=5)
        assert added.next_run == world.clock.now() + timedelta(seconds=5)
        await world.clock.advance(5)
        await world.settle()
        triggered = world.told[0]
        assert isinstance(triggered, JobTriggered)
        assert (triggered.goal, triggered.due_at) == ("Make tea", added.next_run)
        assert (await world.bus.request(GetJob(job="tea"), timeout_seconds=5)).job.running
        await world.end_goal(world.told_ids[0])
        await world.settle()
        firing = (await world.history("tea")).firings[0]
        assert (firing.outcome, firing.status, firing.ended_at) == ("fired", "completed", world.clock.now())
        assert not (await world.bus.request(GetJob(job="tea"), timeout_seconds=5)).job.running


async def test_a_preapproved_grant_goes_with_every_goal_of_its_job(tmp_path: Path) -> None:
    grant = Widening(write_roots=("/srv/papers",))
    async with scheduler(tmp_path) as world:
        added = await world.add(in_seconds=5, grant=grant)
        assert added.grant == grant.to_grant()
        await world.clock.advance(5)
        await world.settle()
        triggered = world.told[0]
        assert isinstance(triggered, JobTriggered)
        assert triggered.grant == grant.to_grant()


async def test_only_a_person_gives_a_preapproved_grant_and_only_for_goals(tmp_path: Path) -> None:
    grant = Widening(write_roots=("/srv/papers",))
    async with scheduler(tmp_path) as world:
        with pytest.raises(Forbidden):
            await world.engine.request(asked_for("tea", in_seconds=5, grant=grant), timeout_seconds=5)
        with pytest.raises(InvalidInput):
            await world.add(in_seconds=5, grant=grant, job_type="digest")
        assert not [job for job in (await world.bus.request(ListJobs(), timeout_seconds=5)).jobs if not job.built_in]


@pytest.mark.parametrize("grant", [{"write_roots": ["{home}"]}, {"read_roots": ["/proc"]}, {"hosts": ["127.0.0.1"]}])
async def test_a_preapproved_grant_of_what_is_closed_is_refused(tmp_path: Path, grant: dict[str, list[str]]) -> None:
    given = {kind: tuple(name.format(home=tmp_path) for name in names) for kind, names in grant.items()}
    async with scheduler(tmp_path) as world:
        with pytest.raises(InvalidInput):
            await world.add(in_seconds=5, grant=Widening.model_validate(given))
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
        for _ in range(2):
            with pytest.raises(Conflict, match="daily_digest did not run: reporter is disabled"):
                await world.bus.request(RunJob(job="daily_digest", request_id="r"), timeout_seconds=5)
        assert len((await world.history()).firings) == 1
        assert (await world.history()).firings[0].reason == "reporter is disabled"


async def test_a_job_that_a_person_sets_off_runs_when_that_is_answered(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.add(every_seconds=3_600)
        ran = await world.bus.request(RunJob(job="tea", request_id="r"), timeout_seconds=5)
        assert (ran.job.running, ran.job.run_count) == (True, 1)


async def test_a_component_that_takes_no_jobs_is_named(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        world.gone = ("reporter",)  # of the version before, which took them
        await world.add("chores", in_seconds=1, job_type=JobType.MAINTENANCE, component="reporter", payload={})
        await world.add("tea", in_seconds=1, job_type=JobType.CUSTOM, payload={"reminder": "tea"})
        await world.add("evening", in_seconds=1, job_type=JobType.DIGEST, payload={})
        await world.clock.advance(1)
        await world.settle()
        firings = {firing.job: (firing.outcome, firing.reason) for firing in (await world.history()).firings}
        assert firings == {
            "chores": (FiringOutcome.SKIPPED, "reporter does not take jobs"),
            "tea": (FiringOutcome.FIRED, ""),
            "evening": (FiringOutcome.FIRED, ""),
        }


async def test_the_reporters_time_moves_the_daily_digest(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.bus.publish(DigestTimeSet(time="07:15", days="weekdays"))
        for _ in range(4):
            await world.clock.advance(86_400)
            await world.settle()
        digests = [event for event in world.told if isinstance(event, DigestRequested)]
        assert {(event.job, event.by_hand) for event in digests} == {("daily_digest", False)}
        thursday_and_friday = ["2026-01-01 07:15", "2026-01-02 07:15"]
        assert [f"{event.due_at:%Y-%m-%d %H:%M}" for event in digests] == thursday_and_friday


async def test_interests_are_researched_while_idle(tmp_path: Path) -> None:
    async with scheduler(tmp_path, SchedulerSettings(timezone="UTC", interests=("bread",))) as world:
        await world.clock.advance(3_600)
        await world.settle()
        assert [event.goal for event in world.told if isinstance(event, JobTriggered)] == ["Research bread"]


async def test_what_is_paused_removed_or_wrong_is_said(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        ask = world.bus.request
        await world.add(every_seconds=60)
        paused = await ask(ChangeJob(job="tea", action="pause"), timeout_seconds=5)
        assert (paused.job.enabled, paused.job.next_run) == (False, None)
        assert (await ask(ListJobs(), timeout_seconds=5)).total == 4
        await ask(RemoveJob(job="tea"), timeout_seconds=5)
        with pytest.raises(NotFound):
            await ask(GetJob(job="tea"), timeout_seconds=5)
        with pytest.raises(InvalidInput, match="Did you mean task_complete"):
            await world.add(event="task_complte")
        with pytest.raises(InvalidInput):
            await world.add(event="")
        with pytest.raises(InvalidInput):
            await world.add(event="task_complete", where={"colour": "red"})
        with pytest.raises(InvalidInput):
            await world.add(job_type=JobType.MAINTENANCE, payload={})


async def test_a_wall_clock_set_forward_while_it_sleeps_is_noticed_within_a_minute(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.add(at="2026-01-01 20:00")
        world.clock.set_wall_time(world.clock.now() + timedelta(hours=20))
        await world.clock.advance(61)
        await world.settle()
        assert [event.goal for event in world.told if isinstance(event, JobTriggered)] == ["Make tea"]
