"""The whole scheduler while clocks are set, jump for summer time, and stand still for a machine that sleeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from senter.components.scheduler.settings import SchedulerSettings
from senter.messages.goals import JobTriggered
from tests.support.schedule_world import World, schedule_world, scheduler

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
QUARTER = timedelta(minutes=15)

# The night in which clocks jump: when it begins, and when, in UTC, `30 2 * * *` and `30 1 * * *` come in it.
NIGHTS = {
    "America/New_York": (("2026-03-08T05:00", "07:00", "06:30"), ("2026-11-01T04:00", "07:30", "05:30")),
    "Europe/London": (("2026-03-29T00:00", "01:30", "01:00"), ("2026-10-25T00:00", "02:30", "00:30")),
    "Australia/Lord_Howe": (("2026-10-03T13:30", "15:30", "15:00"), ("2026-04-04T13:00", "16:00", "14:30")),
    "UTC": (("2026-03-08T00:00", "02:30", "01:30"), ("2026-11-01T00:00", "02:30", "01:30")),
}


@pytest.mark.parametrize("at_once", [False, True], ids=["minute by minute", "asleep through it"])
@pytest.mark.parametrize("night", [0, 1], ids=["forward", "back"])
@pytest.mark.parametrize("zone", sorted(NIGHTS))
async def test_a_night_in_which_clocks_jump_neither_loses_nor_doubles_a_time(
    tmp_path: Path, zone: str, night: int, at_once: bool
) -> None:
    begin, half_past_two, half_past_one = NIGHTS[zone][night]
    start = datetime.fromisoformat(begin).replace(tzinfo=UTC) - MINUTE
    asked: dict[str, object] = {"zone": zone, "overlap": True, "misfire": "run_all"}
    async with scheduler(tmp_path, start=start) as world:
        two = await world.add("two", cron="30 2 * * *", **asked)
        one = await world.add("one", cron="30 1 * * *", **asked)
        quarters = await world.add("quarters", cron="*/15 * * * *", **asked)
        hours = await world.add("hours", every_seconds=HOUR.total_seconds(), overlap=True, misfire="run_all")
        if at_once:
            await world.pass_until(start + 5 * HOUR)
        for _ in range(0 if at_once else 20):
            await world.pass_until(world.clock.now() + QUARTER)
        assert [f"{moment:%H:%M}" for moment in world.due_times(two)] == [half_past_two]
        assert [f"{moment:%H:%M}" for moment in world.due_times(one)] == [half_past_one]
        assert world.due_times(quarters) == list(steps(start + MINUTE, QUARTER, 20))
        assert world.due_times(hours) == list(steps(start + HOUR, HOUR, 5))


@pytest.mark.parametrize("hours", [2, 7, 24, 24 * 9])
async def test_a_clock_set_forward_counts_what_lies_between_as_missed(tmp_path: Path, hours: int) -> None:
    async with scheduler(tmp_path) as world:
        cron = await world.add("cron", cron="30 * * * *", overlap=True, misfire="run_all")
        skip = await world.add("skip", every_seconds=HOUR.total_seconds(), overlap=True, misfire="skip")
        once = await world.add("once", at="2026-01-01 01:30")
        await world.set_wall_time(START + hours * HOUR)
        await world.pass_until(START + (hours + 1) * HOUR)
        every = list(steps(START + HOUR / 2, HOUR, hours + 1))
        # More than a hundred missed times are run once.
        assert world.due_times(cron) == (every if hours <= 100 else [every[0], every[-1]])
        assert world.due_times(once) == [START + 1.5 * HOUR]
        assert START + HOUR not in world.due_times(skip)
        assert (await world.firings("skip"))[0].reason.startswith("missed by ")
        assert world.due_times(skip)[-1] == START + (hours + 1) * HOUR


@pytest.mark.parametrize("hours", [2, 7, 24, 24 * 9])
async def test_a_clock_set_back_neither_loses_nor_doubles_a_time(tmp_path: Path, hours: int) -> None:
    async with scheduler(tmp_path, start=START) as world:
        cron = await world.add("cron", cron="30 * * * *", overlap=True)
        every = await world.add("every", every_seconds=HOUR.total_seconds(), overlap=True)
        once = await world.add("once", at="2026-01-01 11:15")
        for hour in range(1, 11):
            await world.pass_until(START + hour * HOUR)
        await world.set_wall_time(START + (10 - hours) * HOUR)
        while world.clock.now() < START + 12 * HOUR:
            await world.pass_until(world.clock.now() + HOUR / 4)
        first = min(START, START + (10 - hours) * HOUR)
        for job, begin in ((cron, first + HOUR / 2), (every, first + HOUR)):
            due = world.due_times(job)
            assert len(due) == len(set(due))
            assert set(due) >= set(steps(START + (begin - first), HOUR, 11))
            assert [moment for moment in due if moment >= START + 10 * HOUR] == [
                moment for moment in steps(begin, HOUR, 500) if START + 10 * HOUR <= moment <= START + 12 * HOUR
            ]
        assert world.due_times(once) == [START + 11.25 * HOUR]


async def test_a_clock_set_back_while_jobs_are_decided_is_noticed(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        job = await world.add("every", every_seconds=60, overlap=True, misfire="run_once")
        await world.pass_until(START + 100 * HOUR)
        await world.clock.advance(60)  # whatever was known of the components is old now
        world.when_asked = lambda: world.clock.set_wall_time(START)
        await world.pass_until(world.clock.now() + MINUTE)
        world.when_asked = lambda: None
        set_back, told = world.clock.now(), len(world.due_times(job))
        assert set_back < START + HOUR
        for _ in range(5):
            await world.pass_until(world.clock.now() + MINUTE)
        assert len(world.due_times(job)[told:]) >= 4, "it waits for the time that the clock showed before"


@pytest.mark.parametrize("hours", [1, 8, 24 * 6])
async def test_a_machine_that_slept_decides_what_it_missed_within_a_minute_of_waking(
    tmp_path: Path, hours: int
) -> None:
    """While a machine sleeps its monotonic clock stands, and its wall clock goes on: as if it were set forward."""
    async with scheduler(tmp_path) as world:
        asleep = START + timedelta(seconds=90)
        await world.add("goal", at="2026-01-01 00:10")
        await world.pass_until(asleep)
        await world.set_wall_time(asleep + hours * HOUR)
        (told,) = world.told[:1]
        assert isinstance(told, JobTriggered)
        assert told.due_at == START + 10 * MINUTE
        (firing,) = await world.firings("goal")
        assert firing.reason.startswith("late by ")
        assert firing.at - (asleep + hours * HOUR) <= MINUTE


async def test_a_zone_that_changes_between_two_lives_moves_what_follows_it(tmp_path: Path) -> None:
    async with schedule_world(START) as world:
        async with world.scheduler(tmp_path, SchedulerSettings(timezone="Europe/London")):
            job = await world.add("nine", cron="0 9 * * *", overlap=True)
            await pass_hours(world, 12)
        async with world.scheduler(tmp_path, SchedulerSettings(timezone="America/New_York")):
            await pass_hours(world, 24)
        local = [moment.astimezone(ZoneInfo("America/New_York")) for moment in world.due_times(job)]
        assert [(moment.day, moment.hour) for moment in local] == [(1, 4), (1, 9)]


async def pass_hours(world: World, hours: int) -> None:
    for _ in range(hours):
        await world.pass_until(world.clock.now() + HOUR)


def steps(begin: datetime, step: timedelta, count: int) -> Iterator[datetime]:
    return (begin + step * number for number in range(count))
