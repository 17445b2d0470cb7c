"""Reminders that were told: they wait until they are done or snoozed, and each telling comes once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from senter.components.scheduler.component import keep_house
from senter.components.scheduler.job_changes import Change, JobChanges
from senter.errors import Conflict, InvalidInput, NotFound
from senter.messages.activity import ActivityLogged
from senter.messages.schedule import ChangeJob, JobView, ToldState
from tests.support.schedule import Gone, JobHouse

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0


@pytest.fixture
def changes(house: JobHouse) -> JobChanges:
    return JobChanges(house.store, house.jobs)


def reminder(house: JobHouse, name: str = "pills", **asked: object) -> int:
    return house.add(name, job_type="custom", **{"payload": {"reminder": "pills"}, **asked}).id


def daily(house: JobHouse) -> int:
    """At midnight, first a day from now."""
    return reminder(house, every_seconds=DAY)


def pass_by(house: JobHouse, seconds: float) -> None:
    house.clock.elapse(seconds)
    house.decide()


def say(changes: JobChanges, job: int, action: str, **more: object) -> Change:
    return changes.carry_out(ChangeJob.model_validate({"job": str(job), "action": action, **more}))


def told(house: JobHouse) -> list[tuple[str, float]]:
    """What was told, and for which time, in hours since the beginning."""
    events = (event for event in house.told if isinstance(event, ActivityLogged) and event.kind == "reminder")
    return [(event.summary, _hours(str(event.details["due_at"]))) for event in events]


def _hours(due_at: str) -> float:
    return (datetime.fromisoformat(due_at) - BEGIN).total_seconds() / HOUR


def view(house: JobHouse, job: int) -> JobView:
    return house.jobs.find(str(job)).view(house.zone)


def test_what_was_told_waits_until_it_is_done_and_its_series_goes_on(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    assert view(house, job).told_due == BEGIN + timedelta(days=1)
    done = say(changes, job, "done").shown
    assert (done.told_at, done.over, done.next_run) == (None, False, BEGIN + timedelta(days=2))
    pass_by(house, DAY)
    assert view(house, job).told_due == BEGIN + timedelta(days=2)
    assert told(house) == [("Reminder: pills", 24), ("Reminder: pills", 48)]


def test_what_is_snoozed_is_told_again_once_and_moves_nothing_else(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze", at="1h")
    assert house.due_jobs.next_due() == BEGIN + timedelta(hours=25)
    pass_by(house, HOUR)
    pass_by(house, HOUR)
    assert told(house) == [("Reminder: pills", 24), ("Reminder: pills", 25)]
    assert (view(house, job).snoozed_until, view(house, job).run_count) == (None, 1)
    assert view(house, job).told_due == BEGIN + timedelta(days=1)
    assert house.history()[-1].reason == "it was snoozed"
    pass_by(house, 22 * HOUR)
    assert told(house)[2:] == [("Reminder: pills", 48)]


def test_the_later_snooze_counts_and_done_ends_it(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze")
    assert view(house, job).snoozed_until == house.clock.now() + timedelta(minutes=10)
    say(changes, job, "snooze", at="until 2026-01-02T05:00")
    pass_by(house, HOUR)
    assert len(told(house)) == 1
    say(changes, job, "done")
    pass_by(house, 10 * HOUR)
    assert len(told(house)) == 1


def test_a_snooze_beyond_the_next_time_leaves_that_where_it_is(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze", at="36h")
    pass_by(house, DAY)
    assert view(house, job).told_due == BEGIN + timedelta(days=2)
    assert view(house, job).snoozed_until == BEGIN + timedelta(hours=60)
    pass_by(house, 12 * HOUR)
    assert [hours for _, hours in told(house)] == [24, 48, 60]


@pytest.mark.parametrize("snoozed", ["24h", "20h"])
def test_a_snooze_that_comes_with_the_series_is_told_with_it_once(
    house: JobHouse, changes: JobChanges, snoozed: str
) -> None:
    """At the same moment; or both of them were missed, while nobody was there."""
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze", at=snoozed)
    house.reopen()
    pass_by(house, DAY)
    pass_by(house, HOUR)
    assert [hours for _, hours in told(house)] == [24, 48]
    assert view(house, job).snoozed_until is None


def test_a_snooze_that_was_missed_is_told_late_and_once(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, in_seconds=HOUR)
    pass_by(house, HOUR)
    say(changes, job, "snooze", at="10m")
    house.clock.elapse(DAY)
    house.reopen()
    for _ in range(2):
        house.decide()
    assert [hours for _, hours in told(house)] == [1, 1 + 10 / 60]


def test_a_series_that_is_paused_is_not_told_again(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze", at="1h")
    say(changes, job, "pause")
    pass_by(house, 2 * HOUR)
    assert len(told(house)) == 1
    assert (house.history()[-1].outcome, house.history()[-1].reason) == ("skipped", "it was paused")
    assert view(house, job).told_at is not None


def test_what_was_told_once_is_over_when_it_is_done_and_leaves_the_list(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, in_seconds=HOUR)
    pass_by(house, HOUR)
    assert [each.id for each in house.jobs.list(9, kind="reminder")[0]] == [job]
    assert say(changes, job, "done").shown.over
    assert house.jobs.list(9) == ([], 0)
    assert [each.id for each in house.jobs.list(9, over=True)[0]] == [job]
    assert house.history()[0].job_id == job


def test_a_reminder_that_is_done_before_its_time_is_not_told(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, in_seconds=HOUR)
    with pytest.raises(Conflict, match="was not told yet; it comes on Thu 1 Jan 2026, 01:00"):
        say(changes, job, "snooze")
    assert say(changes, job, "done").after is None
    pass_by(house, MINUTE)
    assert say(changes, job, "restore").shown.next_run == BEGIN + timedelta(hours=1)
    say(changes, job, "done", request_id="again")
    pass_by(house, DAY)
    assert told(house) == []


@pytest.mark.parametrize("action", ["done", "snooze"])
def test_it_is_taken_back_as_long_as_it_was_not_told_again(house: JobHouse, changes: JobChanges, action: str) -> None:
    job = daily(house)
    pass_by(house, DAY)
    before = say(changes, job, action).before
    assert before is not None
    was = ToldState.model_validate(before.model_dump(include=set(ToldState.model_fields)))
    assert say(changes, job, "reopen", told=was).after == before
    say(changes, job, action)
    pass_by(house, DAY)
    with pytest.raises(Conflict, match="told again since"):
        say(changes, job, "reopen", told=was)


def test_a_snooze_survives_that_its_reminder_is_cancelled_and_restored(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze", at="1h")
    say(changes, job, "remove")
    pass_by(house, MINUTE)
    say(changes, job, "restore")
    pass_by(house, HOUR)
    assert [hours for _, hours in told(house)] == [24, 25]


def test_the_same_request_snoozes_once_however_late_it_comes_again(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    first = say(changes, job, "snooze", at="10m", request_id="one").shown
    house.clock.elapse(MINUTE)
    assert say(changes, job, "snooze", at="10m", request_id="one").shown == first


def test_what_nobody_says_anything_of_waits_for_a_day(house: JobHouse, changes: JobChanges) -> None:
    waits = reminder(house, in_seconds=HOUR)
    snoozed = reminder(house, "tea", in_seconds=HOUR, payload={"reminder": "tea"})
    pass_by(house, HOUR)
    say(changes, snoozed, "snooze", at="3 days")
    for hours, still in ((23, True), (2, False)):
        house.clock.elapse(hours * HOUR)
        asyncio.run(keep_house(house.store, house.jobs, changes, house.event_triggers))
        assert (view(house, waits).told_at is not None) is still
    assert view(house, snoozed).snoozed_until is not None


def test_only_reminders_are_snoozed_and_only_to_a_time_to_come(house: JobHouse, changes: JobChanges) -> None:
    job, goal = daily(house), house.add("goal", every_seconds=DAY).id
    pass_by(house, DAY)
    for number, words in ((goal, "10m"), (job, "yesterday"), (job, "2 years"), (job, "often")):
        with pytest.raises(InvalidInput):
            say(changes, number, "snooze", at=words)
    with pytest.raises(InvalidInput):
        say(changes, goal, "done")
    with pytest.raises(NotFound):
        say(changes, 99, "done")
    say(changes, job, "done")
    with pytest.raises(Conflict, match="does not wait for you; it comes on"):
        say(changes, job, "done")


def test_a_telling_that_is_interrupted_is_told_once(house: JobHouse, changes: JobChanges) -> None:
    job = daily(house)
    pass_by(house, DAY)
    say(changes, job, "snooze", at="1h")
    house.clock.elapse(HOUR)
    house.crash_after = 0
    with pytest.raises(Gone):
        house.decide()
    assert len(told(house)) == 1
    house.reopen()
    house.decide()
    assert [hours for _, hours in told(house)] == [24, 25]


def test_a_timer_is_told_to_the_second_and_also_in_quiet_hours(house: JobHouse) -> None:
    timer = reminder(house, in_seconds=90, payload={"reminder": "tea timer", "timer": 90})
    assert [each.id for each in house.jobs.list(9, kind="timer")[0]] == [timer]
    pass_by(house, 89)
    assert told(house) == []
    pass_by(house, 1)
    event = house.told[-1]
    assert isinstance(event, ActivityLogged)
    assert (event.summary, event.importance) == ("Time is up: tea timer", "critical")


@pytest.mark.parametrize(
    "again",
    [
        {"every_seconds": DAY},
        {"cron": "0 0 * * *"},
        {"recurrence": "RRULE:FREQ=DAILY", "at": "2026-01-01T00:00"},
    ],
)
def test_what_comes_again_ends_with_its_last_day_and_leaves_the_list(house: JobHouse, again: dict[str, object]) -> None:
    job = house.add("pills", until="2026-01-03", overlap=True, **again)
    assert view(house, job.id).trigger.endswith(" until Sat 3 Jan 2026")
    for _ in range(5):
        pass_by(house, DAY)
    assert [firing.due_at.day for firing in house.history()] == [2, 3]
    house.end(str(house.jobs.find("pills").run_event))
    assert house.jobs.list(9) == ([], 0)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"in_seconds": 5, "until": "friday"}, "goes with what comes again"),
        ({"every_seconds": DAY, "until": "2026-01-01T12:00"}, "never comes until"),
        ({"every_seconds": DAY, "until": "2025-01-01"}, "not in the future"),
    ],
)
def test_an_end_that_ends_nothing_is_refused(house: JobHouse, asked: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        house.add(**asked)  # pyright: ignore[reportArgumentType] - what is asked


@pytest.mark.parametrize(
    ("words", "trigger"),
    [
        ("every sunday 10:00", "every Sunday at 10:00"),
        ("every other thursday at 18:00", "every other Thursday at 18:00"),
        ("every sunday", "every Sunday at 09:00"),
        ("10m", "once, Thu 1 Jan 2026, 00:10, UTC"),
        ("tomorrow 9:00", "once, Fri 2 Jan 2026, 09:00, UTC"),
        ("29 february every year", "every 29 February (28th in other years) at 09:00"),
        ("every day at 8 until friday", "every day at 08:00, until 2 January 2026"),
    ],
)
def test_a_time_in_words_may_come_once_or_again(house: JobHouse, words: str, trigger: str) -> None:
    assert view(house, reminder(house, when=words)).trigger == trigger


@pytest.mark.parametrize("words", ["", "soon", "every blue moon", "every sunday and bananas", "yesterday"])
def test_words_that_say_no_time_are_refused(house: JobHouse, words: str) -> None:
    with pytest.raises(InvalidInput):
        reminder(house, when=words)


def test_moving_what_was_told_once_ends_its_waiting(house: JobHouse, changes: JobChanges) -> None:
    job = reminder(house, in_seconds=HOUR)
    pass_by(house, HOUR)
    moved = say(changes, job, "change", at="2026-01-03T09:00").shown
    assert (moved.told_at, moved.next_run) == (None, datetime(2026, 1, 3, 9, tzinfo=UTC))


def test_all_times_until_a_moment_are_those_that_are_to_come(house: JobHouse) -> None:
    job = house.jobs.find(str(daily(house)))
    end = BEGIN + timedelta(seconds=3 * DAY)
    assert [*job.times_until(end, house.zone)] == [BEGIN + timedelta(seconds=DAY * day) for day in (1, 2)]
    assert [*house.jobs.pause(str(job.id)).times_until(end, house.zone)] == []
