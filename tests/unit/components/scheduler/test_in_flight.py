"""Jobs that are paused, removed, moved or still running while their time comes: each time is accounted for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from senter.components.scheduler.defaults import digest_config
from senter.messages.activity import ActivityLogged
from senter.messages.schedule import ChangeJob, Misfire, RemoveJob, RunJob
from tests.support.schedule import JobHouse
from tests.support.schedule_world import scheduler

HOUR = 3_600.0


def outcomes(house: JobHouse) -> list[tuple[str, str]]:
    return [(firing.outcome.value, firing.reason) for firing in house.history()]


@pytest.mark.parametrize(("say", "reason"), [("pause", "it was paused"), ("remove", "it was removed")])
@pytest.mark.parametrize("trigger", [{"in_seconds": 5}, {"every_seconds": 5}, {"cron": "* * * * *"}])
def test_a_time_that_has_come_is_skipped_on_record_when_its_job_is_taken_away(
    house: JobHouse, trigger: dict[str, object], say: str, reason: str
) -> None:
    due = house.add("job", **trigger).next_run
    house.clock.elapse(60)
    getattr(house.jobs, say)("job")
    house.reopen()
    assert house.decide() == 0
    (firing,) = house.history()
    assert (firing.outcome, firing.reason, firing.due_at.isoformat(timespec="microseconds")) == (
        "skipped",
        reason,
        due,
    )
    (told,) = house.told
    assert isinstance(told, ActivityLogged)
    assert told.details["reason"] == reason


def test_a_job_that_is_not_due_is_taken_away_without_a_word(house: JobHouse) -> None:
    house.add(every_seconds=HOUR)
    house.jobs.pause("job")
    house.jobs.resume("job")
    house.jobs.remove("job")
    assert outcomes(house) == []


def test_a_time_that_waits_for_the_run_before_is_skipped_on_record_when_its_job_is_paused(house: JobHouse) -> None:
    house.add(every_seconds=HOUR, misfire=Misfire.RUN_ALL)
    house.clock.elapse(2 * HOUR)
    house.decide()
    assert outcomes(house) == [("fired", "late by 1 h 0 min")]
    house.jobs.pause("job")
    assert outcomes(house)[1:] == [("skipped", "it was paused")]


def test_what_was_called_is_skipped_on_record_when_its_job_is_removed(house: JobHouse) -> None:
    house.add(every_seconds=HOUR)
    house.jobs.run(RunJob(job="job", request_id="r1"))
    house.jobs.remove("job")
    assert house.decide() == 0
    assert outcomes(house) == [("skipped", "it was removed")]


def test_a_job_that_is_moved_while_due_is_set_off_for_that_time_and_then_at_the_new_one(house: JobHouse) -> None:
    job = house.add("digest", job_type="digest", payload={}, cron="0 9 * * *")
    house.clock.elapse(9 * HOUR + 1)
    with house.database.transaction() as tx:
        house.jobs.set_trigger(tx, house.jobs.find("digest"), *digest_config("07:15", "daily", house.zone))
    house.decide()
    assert [firing.due_at.hour for firing in house.history()] == [9]
    assert house.jobs.find(str(job.id)).next_run == "2026-01-02T07:15:00.000000+00:00"


def test_what_is_late_by_no_more_than_the_grace_time_is_set_off_though_others_were_missed(house: JobHouse) -> None:
    house.add(every_seconds=60, grace_seconds=120, misfire=Misfire.SKIP, overlap=True)
    house.clock.elapse(600)
    house.decide()
    assert outcomes(house) == [
        ("skipped", "missed by 9 min, and 6 times after it: this job skips what is missed"),
        *[("fired", "")] * 3,
    ]
    assert [firing.due_at.minute for firing in house.history()][1:] == [8, 9, 10]


async def test_work_that_falls_due_while_the_scheduler_looks_around_is_looked_at_too(tmp_path: Path) -> None:
    """A job of an absent component is never begun, however close its time is to that of another job."""
    async with scheduler(tmp_path) as world:
        await world.add("goal", in_seconds=5, payload={"goal": "Make tea"})
        world.gone = ("nobody",)
        await world.add("absent", in_seconds=6, job_type="custom", component="nobody")
        world.when_asked = lambda: world.clock.elapse(1)
        await world.clock.advance(5)
        await world.settle()
        assert [(f.outcome, f.reason) for f in await world.firings("goal")] == [("fired", "")]
        assert [f.reason for f in await world.firings("absent")] == ["there is no component nobody"]


@pytest.mark.parametrize("say", ["pause", "remove"])
async def test_a_job_taken_away_while_the_scheduler_looks_around_is_accounted_for(tmp_path: Path, say: str) -> None:
    async with scheduler(tmp_path) as world:
        await world.add("tea", in_seconds=5)
        await world.clock.advance(4)
        command = RemoveJob(job="tea") if say == "remove" else ChangeJob(job="tea", action="pause")
        world.clock.elapse(1)
        await world.bus.request(command, timeout_seconds=5)
        await world.settle()
        firings = [firing for firing in (await world.history()).firings if firing.job == "tea"]
        assert [(firing.outcome, firing.reason) for firing in firings] == [("skipped", f"it was {say}d")]
        assert world.told == []


@pytest.mark.parametrize("say", ["pause", "remove"])
async def test_a_run_whose_job_is_taken_away_still_ends_on_record(tmp_path: Path, say: str) -> None:
    async with scheduler(tmp_path) as world:
        await world.add("tea", every_seconds=5)
        await world.clock.advance(5)
        await world.settle()
        (begun,) = world.told_ids
        command = RemoveJob(job="tea") if say == "remove" else ChangeJob(job="tea", action="pause")
        await world.bus.request(command, timeout_seconds=5)
        await world.end_goal(begun)
        await world.clock.advance(60)
        await world.settle()
        assert [(f.outcome, f.status) for f in (await world.history()).firings] == [("fired", "completed")]
        assert len(world.told) == 1


async def test_a_job_whose_goal_still_runs_is_skipped_on_record_also_after_a_restart(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        await world.add("tea", every_seconds=60)
        await world.clock.advance(60)
        await world.settle()
    start = world.clock.now()
    async with scheduler(tmp_path, start=start) as world:
        await world.clock.advance(60)
        await world.settle()
        assert [(f.outcome, f.reason) for f in await world.firings("tea")] == [
            ("fired", ""),
            ("skipped", "still running"),
        ]
        assert (await world.firings("tea"))[1].due_at == start + timedelta(seconds=60)
