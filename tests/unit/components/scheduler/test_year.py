"""366 days of the whole scheduler, with pauses and restarts, against the same year worked out the plain way."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from senter.components.scheduler.settings import SchedulerSettings
from senter.messages.goals import JobTriggered
from senter.messages.reports import DigestRequested
from senter.messages.schedule import ChangeJob, RemoveJob
from senter.paths import Paths
from tests.support.plain_year import PlainJob, Span, due_times, lines
from tests.support.schedule_world import World, schedule_world

# Each day has a dozen times or two, so that the year is over within seconds.
BEGIN = datetime(2027, 12, 1, tzinfo=UTC)  # a year with the 29th of February in it
END = BEGIN + timedelta(days=366)
ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "UTC")
EXPRESSIONS = (
    "30 2 * * *", "30 1 * * sat,sun", "0 8 * 1-3 mon-fri", "15 */12 1-3 * *", "45 23 28-31 * *", "0 9 29 2 *",
    "0 0 13 * 5", "0,30 1-3 * mar,apr,oct,nov sun", "20 4 1 */3 *", "*/20 2 * * 0", "5 4 * 2 1-5/2",
)  # fmt: skip
POLICIES = (("skip", 60.0), ("run_once", 60.0), ("run_all", 60.0), ("skip", 7_200.0), ("run_once", 0.0))
DIGEST = PlainJob("daily_digest", {"cron": "30 7 * * *", "zone": "Europe/London"})
SETTINGS = SchedulerSettings(timezone="Europe/London", keep_days=1_000)


# Two clocks of floating point never agree to the last digit.
LATE = timedelta(milliseconds=1)


def at(days: float) -> datetime:
    """A moment at which nothing is due: half past a minute."""
    return BEGIN + timedelta(minutes=int(days * 1_440), seconds=30)


# Minutes, hours and days without Senter, some of them in nights in which clocks jump.
DOWN: tuple[Span, ...] = (
    (at(3.3), at(3.301)),
    (at(40), at(40.06)),
    (at(101.9), at(102.4)),
    (at(130), at(134.5)),
    (at(200), at(209)),
    (at(300), at(340.1)),
)
PAUSES = ((at(20), at(23.4)), (at(102.5), at(129)), (at(341), at(341.2)))


def jobs_of_the_year(share: int) -> Iterator[PlainJob]:
    """One of `share` of the expressions for each zone, in each zone others."""
    number = 0
    for first, zone in enumerate(ZONES):
        for expression in EXPRESSIONS[first % share :: share]:
            misfire, grace = POLICIES[number % len(POLICIES)]
            paused = PAUSES if number % 3 == 0 else ()
            removed = at(250 + number) if number % 7 == 6 and not paused else None
            asked: dict[str, object] = {"cron": expression, "zone": zone}
            yield PlainJob(f"cron {number}", asked, misfire, grace, misfire != "run_all", paused, removed)
            number += 1
    for seconds in (23 * 3_600 + 17 * 60, 86_400, 36 * 3_600 + 60, 7 * 86_400, 40 * 86_400):
        misfire, grace = POLICIES[number % len(POLICIES)]
        yield PlainJob(f"every {number}", {"every_seconds": seconds}, misfire, grace, paused=PAUSES[:1])
        number += 1
    for days in (0.5, 3.3005, 40.03, 102.1, 131, 205, 366):
        misfire, grace = POLICIES[number % len(POLICIES)]
        moment = at(days) + timedelta(seconds=-30)
        yield PlainJob(f"once {number}", {"at": moment.isoformat()}, misfire, grace)
        number += 1


@pytest.mark.timeout(600)
@pytest.mark.parametrize("share", [len(ZONES), pytest.param(1, marks=pytest.mark.long)])
async def test_every_time_of_a_year_is_set_off_once_or_skipped_as_its_policy_says(tmp_path: Path, share: int) -> None:
    jobs = list(jobs_of_the_year(share))
    due = due_times([*jobs, DIGEST], BEGIN, END)
    async with schedule_world(BEGIN) as world:
        world.ends_goals = True
        await live_through(world, tmp_path, jobs, sorted({moment for times in due.values() for moment in times}))
    recorded = on_record(tmp_path)
    for job in [*jobs, DIGEST]:
        assert recorded[job.name] == lines(job, due[job.name], DOWN), job
    fired = Counter((name, moment) for name in recorded for outcome, moment in recorded[name] if outcome == "fired")
    assert told(world, jobs) == fired
    assert set(fired.values()) == {1}
    assert len(fired) > 3_000 / share


async def live_through(world: World, home: Path, jobs: Sequence[PlainJob], moments: Sequence[datetime]) -> None:
    """The year: one life of the scheduler after the other, from moment to moment."""
    actions = actions_on(jobs)
    stops = sorted({*moments, *actions, *(moment for span in DOWN for moment in span)})
    ups, downs = {end for _, end in DOWN}, {begin for begin, _ in DOWN}
    async with AsyncExitStack() as lives:
        await lives.enter_async_context(world.scheduler(home, SETTINGS))
        for name in ("background_research", "profile_update"):
            await world.bus.request(ChangeJob(job=name, action="pause"), timeout_seconds=5)
        for job in jobs:
            await world.add(**job.command)  # pyright: ignore[reportArgumentType] - the name is part of what is asked
        running = True
        for moment in stops:
            world.clock.elapse((moment + LATE - world.clock.now()).total_seconds())
            if moment in downs:
                await lives.aclose()
                running = False
            elif moment in ups:
                await lives.enter_async_context(world.scheduler(home, SETTINGS))
                running = True
            if running:
                for command in actions.get(moment, ()):
                    await world.bus.request(command, timeout_seconds=5)
                await world.decided()
        await world.settle()


def actions_on(jobs: Sequence[PlainJob]) -> dict[datetime, list[ChangeJob | RemoveJob]]:
    actions: dict[datetime, list[ChangeJob | RemoveJob]] = defaultdict(list)
    for job in jobs:
        for begin, end in job.paused:
            actions[begin].append(ChangeJob(job=job.name, action="pause"))
            actions[end].append(ChangeJob(job=job.name, action="resume"))
        if job.removed:
            actions[job.removed].append(RemoveJob(job=job.name))
    return actions


def on_record(home: Path) -> dict[str, list[tuple[str, datetime]]]:
    """The history of each job, as it is in the file."""
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    with closing(sqlite3.connect(Paths(home).database("schedule"))) as database:
        rows = database.execute("SELECT job_name, outcome, due_at FROM firings ORDER BY number").fetchall()
    for name, outcome, due_at in rows:
        found[name].append((outcome, datetime.fromisoformat(due_at)))
    return found


def told(world: World, jobs: Sequence[PlainJob]) -> Counter[tuple[str, datetime]]:
    """What was received, by the name of its job; Senter's own three jobs were added first."""
    names = {str(number): job.name for number, job in enumerate(jobs, start=4)}
    found: Counter[tuple[str, datetime]] = Counter()
    for event in world.told:
        if isinstance(event, JobTriggered):
            found[names[event.job_id], event.due_at] += 1
        elif isinstance(event, DigestRequested):
            found[event.job, event.due_at] += 1
    return found
