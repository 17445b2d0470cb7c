"""Single times of what comes again are left out: that time alone, kept over restarts, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from senter.components.scheduler.job_changes import Change, JobChanges
from senter.errors import InvalidInput
from senter.messages.schedule import ChangeJob, JobState
from tests.support.schedule import JobHouse

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
"""A Thursday."""
DAY = timedelta(days=1)


@pytest.fixture
def changes(house: JobHouse) -> JobChanges:
    return JobChanges(house.store, house.jobs)


def reminder(house: JobHouse, **asked: object) -> int:
    return house.add("pills", job_type="custom", payload={"reminder": "pills"}, **asked).id


def say(changes: JobChanges, job: int, action: str, **more: object) -> Change:
    return changes.carry_out(ChangeJob.model_validate({"job": str(job), "action": action, **more}))


def next_times(house: JobHouse, job: int, count: int) -> list[datetime]:
    trigger, moment, found = house.jobs.find(str(job)).trigger(house.zone), BEGIN, list[datetime]()
    while len(found) < count and (following := trigger.next_after(moment)):
        found.append(following)
        moment = following
    return found


def days(*numbers: float) -> list[datetime]:
    return [BEGIN + DAY * number for number in numbers]


@pytest.mark.parametrize("asked", [{"cron": "0 0 * * *"}, {"every_seconds": 86_400.0}, {"when": "daily at 0:00"}])
def test_a_day_that_is_left_out_is_passed_over_and_the_rest_is_as_before(
    house: JobHouse, changes: JobChanges, asked: dict[str, object]
) -> None:
    job = reminder(house, **asked)
    view = say(changes, job, "skip", at="tomorrow").shown
    assert (view.left_out, view.next_run) == (("2026-01-02",), BEGIN + 2 * DAY)
    assert next_times(house, job, 2) == days(2, 3)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"at": "saturday"}, days(1, 3, 4)),
        ({"at": "this week"}, days(4, 5, 6)),
        ({"at": "2026-01-03", "until": "2026-01-04"}, days(1, 4, 5)),
        ({}, days(2, 3, 4)),
    ],
)
def test_a_day_some_days_or_the_next_time(
    house: JobHouse, changes: JobChanges, said: dict[str, str], expected: list[datetime]
) -> None:
    job = reminder(house, cron="0 0 * * *")
    say(changes, job, "skip", **said)
    assert next_times(house, job, 3) == expected


def test_of_several_times_of_a_day_the_one_that_is_named_or_all_of_them(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, cron="0 8,20 * * *")
    say(changes, job, "skip", at="tomorrow at 20:00")
    assert next_times(house, job, 4) == days(1 / 3, 5 / 6, 4 / 3, 7 / 3)
    say(changes, job, "skip", at="today")
    assert next_times(house, job, 2) == days(4 / 3, 7 / 3)


def test_it_holds_over_a_restart_and_is_not_told(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, cron="0 0 * * *")
    say(changes, job, "skip", at="tomorrow")
    house.reopen()
    house.clock.elapse(DAY.total_seconds())
    house.decide()
    assert house.jobs.find(str(job)).told_at is None
    house.clock.elapse(DAY.total_seconds())
    house.decide()
    assert house.jobs.find(str(job)).told_due is not None
    assert house.jobs.find(str(job)).view(house.zone).left_out == ()


def test_days_stay_left_out_when_it_is_moved_to_another_hour(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, cron="0 0 * * *")
    say(changes, job, "skip", at="tomorrow")
    say(changes, job, "change", cron="0 12 * * *")
    assert next_times(house, job, 2) == days(0.5, 2.5)


def test_an_end_counts_what_is_left_out(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, recurrence="RRULE:FREQ=DAILY;COUNT=3", at="2026-01-02T00:00")
    say(changes, job, "skip", at="tomorrow")
    assert next_times(house, job, 9) == days(2, 3)


def test_it_is_taken_back_to_what_it_was(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, cron="0 0 * * *")
    before = say(changes, job, "skip", at="tomorrow").before
    assert before
    say(changes, job, "change", was=JobState.model_validate(before.model_dump(include=set(JobState.model_fields))))
    assert next_times(house, job, 1) == days(1)


@pytest.mark.parametrize("at", ["yesterday", "2026-01-02T07:00", "gibberish", "every monday"])
def test_a_day_on_which_it_does_not_come_is_refused(house: JobHouse, changes: JobChanges, at: str) -> None:
    job = reminder(house, cron="0 0 * * *")
    with pytest.raises(InvalidInput):
        say(changes, job, "skip", at=at)


def test_what_comes_once_is_refused(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, at="2026-01-02T00:00")
    with pytest.raises(InvalidInput):
        say(changes, job, "skip")
