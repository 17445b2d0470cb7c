"""Jobs that are moved, renamed, removed and restored: each once, and only where they are what they were."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from senter.components.scheduler.job_changes import JobChanges
from senter.errors import Busy, Conflict, InvalidInput, NotFound
from senter.messages.goals import Grant, Widening
from senter.messages.schedule import AddJob, ChangeJob, JobChanged, JobState, TriggerType
from senter.moments.shown import shown
from tests.support.schedule import JobHouse

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400.0


@pytest.fixture
def house(tmp_path: Path) -> Generator[JobHouse]:
    house = JobHouse(tmp_path / "home", zone="Europe/Berlin")
    yield house
    house.database.close()


@pytest.fixture
def changes(house: JobHouse) -> JobChanges:
    return JobChanges(house.store, house.jobs)


def change(job: int, action: str = "change", **said: object) -> ChangeJob:
    return ChangeJob.model_validate({"job": str(job), "action": action, **said})


def reminder(
    house: JobHouse, text: str = "call mum", at: str = "2026-01-10T09:00", name: str = "remind: call mum"
) -> int:
    command = AddJob.model_validate(
        {"request_id": f"add {name}", "name": name, "job_type": "custom", "payload": {"reminder": text}, "at": at}
    )
    return house.jobs.add(command).id


def due(house: JobHouse, job: int) -> str:
    found = house.jobs.find(str(job)).next_run
    return shown(datetime.fromisoformat(found), BERLIN) if found else ""


def test_a_reminder_is_moved_and_says_something_else(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house)
    moved = changes.carry_out(change(job, at="2026-01-11T17:00", text="call dad"))
    assert moved.before is not None
    assert moved.after is not None
    assert moved.before.payload == {"reminder": "call mum"}
    assert moved.after.payload == {"reminder": "call dad"}
    assert due(house, job) == "Sun 11 Jan 2026, 17:00"
    assert moved.before.version != moved.after.version


def test_a_day_alone_is_another_day_at_the_same_time(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, at="2026-01-10T16:45")
    changes.carry_out(change(job, at="2026-01-12"))
    assert due(house, job) == "Mon 12 Jan 2026, 16:45"


def test_the_same_request_changes_a_job_once_and_knows_what_it_was(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house)
    version = house.jobs.find(str(job)).version
    command = change(job, at="2026-01-11T17:00", version=version, request_id="move")
    assert changes.carry_out(command) == changes.carry_out(command)


def test_what_was_changed_since_is_left_alone(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house)
    version = house.jobs.find(str(job)).version
    changes.carry_out(change(job, text="call dad"))
    for action in ("change", "remove"):
        with pytest.raises(Conflict, match="changed since"):
            changes.carry_out(change(job, action, version=version, **({"text": "x"} if action == "change" else {})))


@pytest.mark.parametrize(
    "asked",
    [
        {"cron": "0 8 * * mon-fri"},
        {"every_seconds": 3_600},
        {"at": "2026-01-10T09:00"},
        {"event": "task_complete"},
        {"recurrence": "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "at": "2026-01-08T18:00"},
    ],
)
def test_a_change_is_changed_back_whatever_the_trigger_was(
    house: JobHouse, changes: JobChanges, asked: dict[str, object]
) -> None:
    job = house.add("job", **asked)
    first = changes.carry_out(change(job.id, at="2026-03-01T12:00", name="other", text="Do that"))
    assert first.before is not None
    assert first.after is not None
    was = JobState.model_validate(first.before.model_dump(include=set(JobState.model_fields)))
    back = changes.carry_out(change(job.id, was=was, version=first.after.version))
    assert back.after is not None
    assert back.after.version == first.before.version
    assert back.after.next_run == first.before.next_run


def test_a_removed_job_comes_back_as_it_was_with_its_grant(house: JobHouse, changes: JobChanges) -> None:
    grant = Widening(write_roots=("/home/kim",))
    job = house.add(cron="0 9 * * 1", grant=grant)
    removed = changes.carry_out(change(job.id, "remove", request_id="remove", version=job.version))
    assert removed == changes.carry_out(change(job.id, "remove", request_id="remove", version=job.version))
    with pytest.raises(NotFound):
        house.jobs.find("job")
    for _ in range(2):
        restored = changes.carry_out(change(job.id, "restore"))
        assert restored.after == removed.before
    assert house.jobs.find(str(job.id)).grant == Grant(write_roots=("/home/kim",))
    assert house.jobs.list(10)[1] == 1


def test_a_job_is_not_restored_over_another_or_when_its_time_is_over(house: JobHouse, changes: JobChanges) -> None:
    job, other = house.add("tea", in_seconds=60), house.add("soup", in_seconds=60)
    for each in (job, other):
        changes.carry_out(change(each.id, "remove"))
    house.jobs.add(AddJob(name="tea", payload={"goal": "Make tea"}))
    house.clock.elapse(61)
    with pytest.raises(Conflict, match="another job"):
        changes.carry_out(change(job.id, "restore"))
    with pytest.raises(Conflict, match="is over"):
        changes.carry_out(change(other.id, "restore"))
    with pytest.raises(NotFound):
        changes.carry_out(change(99, "restore"))


def test_a_reminder_that_is_due_is_not_moved_before_it_is_decided(house: JobHouse, changes: JobChanges) -> None:
    job = house.add(in_seconds=60)
    house.clock.elapse(61)
    with pytest.raises(Busy):
        changes.carry_out(change(job.id, at="2026-03-01T12:00"))
    house.decide()
    changes.carry_out(change(job.id, at="2026-03-01T12:00"))
    assert due(house, job.id) == "Sun 1 Mar 2026, 12:00"


def test_a_paused_job_stays_paused_when_it_is_moved(house: JobHouse, changes: JobChanges) -> None:
    job = house.add(cron="0 8 * * *")
    house.jobs.pause("job")
    moved = changes.carry_out(change(job.id, cron="0 9 * * *")).after
    assert moved is not None
    assert (moved.enabled, moved.next_run) == (False, None)
    assert house.jobs.resume("job").next_run is not None


def test_the_same_reminder_said_twice_within_a_minute_is_one(house: JobHouse) -> None:
    first = reminder(house)
    assert reminder(house, name="remind: call mum (again)") == first
    house.clock.elapse(61)
    assert reminder(house, name="remind: call mum (again)") != first


def test_only_what_a_person_changed_is_announced(house: JobHouse, changes: JobChanges) -> None:
    job = house.add(in_seconds=DAY)
    assert house.told == []
    changes.carry_out(change(job.id, "pause"), by_person=True)
    changes.carry_out(change(job.id, "remove"), by_person=True)
    changes.carry_out(change(job.id, "restore"), by_person=True)
    told = [event for event in house.told if isinstance(event, JobChanged)]
    assert [(event.before is None, event.after is None) for event in told] == [
        (False, False),
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize(
    "said", [{}, {"at": "2026-02-01", "cron": "0 8 * * *"}, {"at": "whenever"}, {"recurrence": "RRULE:FREQ=NEVER"}]
)
def test_what_says_no_change_is_refused(house: JobHouse, changes: JobChanges, said: dict[str, object]) -> None:
    job = house.add(in_seconds=DAY)
    with pytest.raises(InvalidInput):
        changes.carry_out(change(job.id, "change", **said))


def test_a_recurrence_goes_by_what_clocks_show(house: JobHouse) -> None:
    rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"
    job = house.add(recurrence=rule, at="2026-03-15T02:30", misfire="run_all", overlap=True)
    seen: list[str] = []
    for _ in range(3):
        following = datetime.fromisoformat(house.jobs.find("job").next_run or "")
        seen.append(following.isoformat())
        house.clock.elapse((following - house.clock.now()).total_seconds())
        house.decide()
    # On 29 March clocks skip from 02:00 to 03:00: the time before the gap goes on through it.
    assert seen == ["2026-03-15T01:30:00+00:00", "2026-03-29T01:30:00+00:00", "2026-04-12T00:30:00+00:00"]
    assert house.jobs.find("job").run_count == 3
    assert job.view(BERLIN).trigger_type is TriggerType.RECURRENCE


async def test_a_recurrence_keeps_what_clocks_show_in_another_zone_and_a_once_job_its_moment(house: JobHouse) -> None:
    from senter.components.scheduler.due_times import DueTimes

    house.add("weekly", recurrence="RRULE:FREQ=WEEKLY;BYDAY=SU", at="2026-01-04T10:00")
    house.add("once", at="2026-01-04T10:00")
    house.zone = ZoneInfo("America/New_York")
    house.reopen()
    await DueTimes(house.store).catch_up()
    found = {name: house.jobs.find(name).next_run for name in ("weekly", "once")}
    assert found["weekly"] is not None
    assert found["once"] is not None
    assert datetime.fromisoformat(found["weekly"]).astimezone(house.zone).hour == 10
    assert datetime.fromisoformat(found["once"]).astimezone(BERLIN).hour == 10
