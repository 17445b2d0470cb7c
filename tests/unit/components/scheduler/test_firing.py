"""What becomes of due times: on time, late, missed, still running, after the clock was set, after a crash anywhere."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from senter.components.scheduler.defaults import add_defaults
from senter.errors import Busy, Conflict, InvalidInput, NotFound
from senter.messages.activity import ActivityLogged
from senter.messages.goals import GoalId, JobTriggered, Status, TaskFinished, TaskId
from senter.messages.message import Event
from senter.messages.reports import DigestRequested, NotificationEnded
from senter.messages.schedule import FiringOutcome, RunJob
from tests.support.schedule import Gone, JobHouse

HOUR, DAY = 3_600.0, 86_400.0


def triggered(house: JobHouse) -> list[JobTriggered]:
    return [event for event in house.told if isinstance(event, JobTriggered)]


def runs(house: JobHouse) -> list[str]:
    """The ids of what had work begun."""
    told = zip(house.told_ids, house.told, strict=True)
    return [event_id for event_id, event in told if isinstance(event, JobTriggered)]


def outcomes(house: JobHouse, job: str = "") -> list[tuple[str, str]]:
    return [(firing.outcome.value, firing.reason) for firing in house.history(job)]


def test_a_job_is_set_off_at_its_time_and_is_due_again(house: JobHouse) -> None:
    job = house.add(every_seconds=60, overlap=True)
    house.clock.elapse(59)
    assert house.decide() == 0
    house.clock.elapse(1)
    assert house.decide() == 1
    told = triggered(house)[0]
    assert (told.job_id, told.due_at, told.goal, told.component) == ("1", house.clock.now(), "Do it", "task_engine")
    after = house.jobs.find("job").view(house.zone)
    assert (after.run_count, after.last_run, after.next_run) == (
        1,
        house.clock.now(),
        house.clock.now() + timedelta(seconds=60),
    )
    assert outcomes(house, str(job.id)) == [("fired", "")]


def test_a_once_job_is_over_after_it_ran(house: JobHouse) -> None:
    house.add(in_seconds=5)
    house.clock.elapse(5)
    assert (house.decide(), house.decide()) == (1, 0)
    view = house.jobs.find("job").view(house.zone)
    assert (view.enabled, view.next_run, view.run_count) == (False, None, 1)
    with pytest.raises(Conflict):
        house.jobs.resume("job")


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"job_type": "goal", "payload": {"goal": "Make tea"}}, JobTriggered),
        ({"job_type": "research", "payload": {"topic": "tea"}}, JobTriggered),
        ({"job_type": "digest"}, DigestRequested),
        ({"job_type": "custom", "payload": {"reminder": "tea"}}, ActivityLogged),
        ({"job_type": "maintenance", "component": "documents", "payload": {"what": "index"}}, JobTriggered),
        ({"job_type": "learning"}, JobTriggered),
    ],
)
def test_each_type_of_work_goes_to_who_does_it(house: JobHouse, asked: dict[str, object], kind: type[Event]) -> None:
    house.add("job", in_seconds=1, **asked)
    house.clock.elapse(1)
    house.decide()
    assert [type(event) for event in house.told] == [kind]
    told = house.told[0]
    if isinstance(told, JobTriggered):
        expected = {"goal": "Make tea", "research": "Research tea"}.get(told.job_type, "")
        assert (told.goal, told.component) == (expected, house.jobs.find("job").component)
    if isinstance(told, ActivityLogged):
        assert (told.summary, told.importance) == ("Reminder: tea", "high")


def test_only_senters_own_job_asks_for_the_digest_of_the_day(house: JobHouse) -> None:
    add_defaults(house.jobs, house.store)
    house.add("evening", job_type="digest", at="2026-01-01 7:00", payload={})
    house.clock.elapse(9 * HOUR)
    house.decide()
    house.jobs.run(RunJob(job="daily_digest", request_id="r1"))
    house.decide()
    asked = [(event.job, event.by_hand) for event in house.told if isinstance(event, DigestRequested)]
    assert asked == [("evening", True), ("daily_digest", False), ("daily_digest", True)]


def test_work_that_nobody_does_is_skipped_with_that_reason(house: JobHouse) -> None:
    house.away["learning"] = "there is no component learning"
    house.add(job_type="learning", every_seconds=HOUR)
    house.clock.elapse(HOUR)
    house.decide()
    assert outcomes(house) == [("skipped", "there is no component learning")]
    skipped = house.told[0]
    assert isinstance(skipped, ActivityLogged)
    assert (skipped.kind, skipped.details["reason"]) == ("job_skipped", "there is no component learning")
    assert house.jobs.find("job").next_run is not None


def test_a_job_never_overlaps_itself_unless_told(house: JobHouse) -> None:
    house.add(every_seconds=60)
    house.add("bold", every_seconds=60, overlap=True)
    for _ in range(3):
        house.clock.elapse(60)
        house.decide()
    assert outcomes(house, "job") == [("fired", ""), ("skipped", "still running"), ("skipped", "still running")]
    assert outcomes(house, "bold") == [("fired", "")] * 3
    house.end(runs(house)[0])
    house.clock.elapse(60)
    house.decide()
    assert outcomes(house, "job")[-1] == ("fired", "")
    assert house.history("job")[0].status == "completed"


def test_interests_are_researched_in_turn_when_idle_within_the_daily_limit(house: JobHouse) -> None:
    house.add(job_type="research", payload={}, every_seconds=HOUR, only_when_idle=True, daily_limit=2)
    reasons: list[str] = []

    def an_hour_on() -> None:
        house.clock.elapse(HOUR)
        house.decide()
        reasons.append(outcomes(house)[-1][1])
        for run in runs(house):
            house.end(run)

    an_hour_on()
    house.interests = ("tea", "bread")
    house.busy = "goal 1 is being worked on"
    an_hour_on()
    house.busy = ""
    for _ in range(3):
        an_hour_on()
    house.clock.elapse(DAY)
    house.decide()
    assert reasons == [
        "no interests",
        "not idle: goal 1 is being worked on",
        "",
        "",
        "its 2 runs of the day are used up",
    ]
    assert [event.goal for event in triggered(house)] == ["Research tea", "Research bread", "Research tea"]


def test_who_was_not_looked_at_waits(house: JobHouse) -> None:
    house.busy = None
    house.add(job_type="research", payload={"topic": "tea"}, every_seconds=HOUR, only_when_idle=True)
    house.clock.elapse(HOUR)
    assert house.decide() == 0
    house.busy = ""
    assert house.decide() == 1


def test_missed_times_are_skipped_run_once_or_run_all_as_the_job_says(house: JobHouse) -> None:
    for misfire in ("skip", "run_once", "run_all"):
        house.add(misfire, every_seconds=HOUR, misfire=misfire, overlap=True)
    house.clock.elapse(5.5 * HOUR)
    house.decide()
    assert outcomes(house, "skip") == [
        ("skipped", "missed by 4 h 30 min, and 4 times after it: this job skips what is missed")
    ]
    assert outcomes(house, "run_once") == [
        ("fired", "late by 4 h 30 min"),
        ("skipped", "4 missed, and this job runs once"),
    ]
    assert [reason for _, reason in outcomes(house, "run_all")] == [
        "late by 4 h 30 min", "late by 3 h 30 min", "late by 2 h 30 min", "late by 1 h 30 min", "late by 30 min",
    ]  # fmt: skip
    assert {job.next_run for job in house.jobs.list(9)[0]} == {"2026-01-01T06:00:00.000000+00:00"}


@pytest.mark.parametrize("life", ["one", "down over it", "no reporter"])
def test_a_reminder_whose_time_was_missed_is_told_late(house: JobHouse, life: str) -> None:
    house.add(at="2026-01-01 00:30", job_type="custom", payload={"reminder": "tea"})
    house.away = {"reporter": "reporter is disabled"} if life == "no reporter" else {}
    if life == "down over it":
        house.database.close()
    house.clock.set_wall_time(house.clock.now() + timedelta(minutes=65))
    if life == "down over it":
        house.open()
    house.decide()
    (told,) = house.told
    assert isinstance(told, ActivityLogged)
    assert (told.summary, told.details["due_at"]) == ("Reminder: tea", "2026-01-01T00:30:00+00:00")
    assert outcomes(house) == [("fired", "late by 35 min")]
    assert house.jobs.find("job").run_count == 1


def test_what_was_to_come_when_it_was_asked_for_is_due_at_once_where_it_is_past(house: JobHouse) -> None:
    asked_at = house.clock.now()
    house.clock.elapse(HOUR)
    house.add(at="in 30 minutes", asked_at=asked_at, job_type="custom", payload={"reminder": "tea"})
    house.add("hourly", cron="45 * * * *", asked_at=asked_at)
    house.decide()
    assert outcomes(house) == [("fired", "late by 30 min"), ("fired", "late by 15 min")]
    for ago in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)):
        assert house.add(f"job of {ago.year}", at="2027-06-01 9:00", asked_at=ago).next_run


def test_what_is_to_run_all_waits_for_the_run_before(house: JobHouse) -> None:
    house.add(every_seconds=HOUR, misfire="run_all")
    house.clock.elapse(3 * HOUR + 1)
    for count in (1, 2, 3):
        house.decide()
        assert len(triggered(house)) == count
        house.end(runs(house)[-1])
    assert [event.due_at.hour for event in triggered(house)] == [1, 2, 3]


def test_more_missed_times_than_can_be_run_one_by_one_are_run_once(house: JobHouse) -> None:
    house.add(every_seconds=1, misfire="run_all", grace_seconds=0)
    house.clock.elapse(30 * DAY)
    house.decide()
    assert outcomes(house)[:2] == [
        ("fired", "late by 29 d 23 h"),
        ("skipped", "100 or more missed, more than are run one by one"),
    ]


def test_a_little_late_is_on_time_and_loses_nothing(house: JobHouse) -> None:
    house.add(every_seconds=10, grace_seconds=60, misfire="skip", overlap=True)
    house.clock.elapse(35)
    house.decide()
    assert [event.due_at.second for event in triggered(house)] == [10, 20, 30]


@pytest.mark.parametrize("trigger", [{"cron": "0 * * * *"}, {"every_seconds": HOUR}])
@pytest.mark.parametrize("back_hours", [1, 5, 30])
async def test_a_clock_that_is_set_back_doubles_nothing(
    house: JobHouse, trigger: dict[str, object], back_hours: int
) -> None:
    house.add("job", overlap=True, **trigger)
    for _ in range(40):
        house.clock.elapse(HOUR)
        house.decide()
    house.clock.set_wall_time(house.clock.now() - timedelta(hours=back_hours))
    await house.due_times.recompute()
    for _ in range(back_hours + 3):
        house.clock.elapse(HOUR)
        house.decide()
    due = [event.due_at for event in triggered(house)]
    assert due == [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(1, 44)]


@pytest.mark.parametrize("trigger", [{"cron": "0 * * * *"}, {"every_seconds": HOUR}])
async def test_a_clock_that_was_a_year_ahead_leaves_no_job_waiting_for_a_year(
    house: JobHouse, trigger: dict[str, object]
) -> None:
    house.add("job", overlap=True, **trigger)
    right = house.clock.now()
    house.clock.elapse(365 * DAY)
    house.decide()
    house.clock.set_wall_time(right)
    house.reopen()
    await house.due_times.catch_up()
    house.clock.elapse(2 * HOUR)
    house.decide()
    assert [event.due_at for event in triggered(house)] == [right + timedelta(hours=1), right + timedelta(hours=2)]


async def test_another_zone_moves_the_times_that_follow_it(house: JobHouse) -> None:
    house.add("mine", cron="0 9 * * *")
    house.add("theirs", cron="0 9 * * *", zone="UTC")
    await house.due_times.catch_up()
    house.zone = type(house.zone)("America/New_York")
    house.reopen()
    await house.due_times.catch_up()
    assert house.jobs.find("mine").next_run == "2026-01-01T14:00:00.000000+00:00"
    assert house.jobs.find("theirs").next_run == "2026-01-01T09:00:00.000000+00:00"


def test_a_paused_job_is_not_due_and_a_resumed_one_goes_on_from_now(house: JobHouse) -> None:
    house.add(every_seconds=HOUR)
    assert not house.jobs.pause("job").enabled
    assert not house.jobs.pause("1").enabled
    house.clock.elapse(5.5 * HOUR)
    assert house.decide() == 0
    assert house.jobs.resume("JOB").next_run == "2026-01-01T06:00:00.000000+00:00"
    assert outcomes(house) == [("skipped", "it was paused; so were 4 times after it")]
    assert house.history()[0].due_at.hour == 1


def test_a_job_that_is_paused_while_it_runs_says_what_passed_it_by_when_it_is_resumed(house: JobHouse) -> None:
    house.add(every_seconds=HOUR)
    house.clock.elapse(HOUR)
    house.decide()
    house.jobs.pause("job")
    house.clock.elapse(HOUR)
    house.end(runs(house)[0])
    house.jobs.resume("job")
    assert outcomes(house)[1:] == [("skipped", "it was paused")]
    house.jobs.pause("job")
    house.jobs.resume("job")
    assert len(outcomes(house)) == 2


def test_the_time_of_a_once_job_that_is_paused_is_skipped_on_record(house: JobHouse) -> None:
    house.add(in_seconds=60)
    house.jobs.pause("job")
    house.jobs.resume("job")
    house.jobs.pause("job")
    house.clock.elapse(60)
    assert house.decide() == 1
    assert outcomes(house) == [("skipped", "it was paused")]
    assert house.jobs.find("job").next_run is None
    for change in (house.jobs.pause, house.jobs.resume):
        with pytest.raises(Conflict):
            change("job")


def test_a_once_job_that_an_older_senter_paused_is_due_again_and_can_be_resumed(house: JobHouse) -> None:
    due = house.add(in_seconds=50 * 365 * DAY).next_run
    house.jobs.pause("job")
    with house.database.transaction() as tx:
        tx.execute("UPDATE jobs SET next_run = NULL")
        tx.execute("ALTER TABLE jobs RENAME COLUMN preapproved_grant TO standing_grant")
        tx.execute("ALTER TABLE jobs DROP COLUMN change_request")
        tx.execute("ALTER TABLE jobs DROP COLUMN before")
        tx.execute("DROP TABLE removed_jobs")
        for index in ("jobs_snoozed", "jobs_told", "jobs_over"):
            tx.execute(f"DROP INDEX {index}")
        for column in ("told_due", "told_at", "snoozed_until"):
            tx.execute(f"ALTER TABLE jobs DROP COLUMN {column}")
        tx.execute("DELETE FROM schema_migrations WHERE version >= 5")
    house.reopen()
    assert house.jobs.find("job").next_run == due
    assert house.jobs.resume("job").enabled


def test_a_person_sets_a_job_off_once_for_each_request(house: JobHouse) -> None:
    house.add(every_seconds=DAY)
    due = house.jobs.pause("job").next_run
    for _ in range(2):
        house.jobs.run(RunJob(job="job", request_id="r1"))
        house.decide()
    assert outcomes(house) == [("fired", "a person said so")]
    assert house.jobs.find("job").next_run == due
    with pytest.raises(Conflict):
        house.jobs.run(RunJob(job="job", request_id="r2"))


def task_finished(status: Status) -> TaskFinished:
    return TaskFinished(goal_id=GoalId(1), task_id=TaskId(1), status=status, description="x")


def test_events_that_fit_the_filter_set_a_job_off_each_once(house: JobHouse) -> None:
    house.add(event="task_complete", where={"status": "failed"}, overlap=True)
    house.add("deep", event="activity_log", where={"details.topic": "tea", "importance": "low"}, overlap=True)
    for status in (Status.FAILED, Status.COMPLETED, Status.FAILED):
        house.take_in(task_finished(status))
    for topic in ("tea", "bread"):
        house.take_in(ActivityLogged(kind="k", summary="s", details={"topic": topic}, importance="low"))
    house.decide()
    assert outcomes(house, "job") == [("fired", "task_complete came")] * 2
    assert outcomes(house, "deep") == [("fired", "activity_log came")]
    assert len({event.due_at for event in triggered(house) if event.job_id == "1"}) == 2


def test_jobs_that_would_set_each_other_off_for_ever_do_so_once(house: JobHouse) -> None:
    house.add("one", event="task_complete", overlap=True)
    house.add("two", event="task_complete", overlap=True)
    house.take_in(task_finished(Status.COMPLETED))
    seen = 0
    for _ in range(10):
        house.decide()
        for run in runs(house)[seen:]:
            seen += 1
            house.take_in(task_finished(Status.COMPLETED), run)
    fired = Counter(firing.job for firing in house.history() if firing.outcome is FiringOutcome.FIRED)
    assert fired == {"one": 2, "two": 2}
    assert any("came of this job itself" in reason for _, reason in outcomes(house))


def test_all_that_comes_of_one_run_sets_another_job_off_each_by_itself(house: JobHouse) -> None:
    house.add("papers", every_seconds=DAY)
    house.add("note", event="task_complete", overlap=True)
    house.clock.elapse(DAY)
    for _ in range(4):
        house.decide()
        house.take_in(task_finished(Status.COMPLETED), runs(house)[0])
    house.decide()
    assert outcomes(house, "note") == [("fired", "task_complete came")] * 4
    house.take_in(task_finished(Status.COMPLETED), runs(house)[-1])
    house.decide()
    assert outcomes(house, "note")[4:] == [("skipped", "task_complete came of this job itself")]


def test_no_more_than_five_jobs_set_each_other_off_one_after_the_other(house: JobHouse) -> None:
    for number in range(6):
        house.add(f"job {number}", event="activity_log", where={"kind": str(number)}, overlap=True)
    cause = None
    for number in range(6):
        house.take_in(ActivityLogged(kind=str(number), summary="s"), cause)
        house.decide()
        cause = runs(house)[-1]
    assert [outcomes(house, f"job {number}") for number in range(5)] == [[("fired", "activity_log came")]] * 5
    assert outcomes(house, "job 5") == [("skipped", "activity_log came of 5 jobs that started each other")]


def skips_told(house: JobHouse) -> list[ActivityLogged]:
    return [event for event in house.told if isinstance(event, ActivityLogged) and event.kind == "job_skipped"]


def test_a_skip_is_told_and_the_word_of_it_never_comes_back_to_its_job(house: JobHouse) -> None:
    house.add("alarm", event="activity_log", overlap=True)
    house.add("other", event="notification_ended", overlap=True)
    house.take_in(ActivityLogged(kind="k", summary="s"))
    house.decide()
    house.take_in(ActivityLogged(kind="k", summary="s"), runs(house)[0])
    told = skips_told(house)
    assert [one.details["reason"] for one in told] == ["activity_log came of this job itself"]
    skip = house.told_ids[-1]
    house.take_in(told[0], skip)
    house.take_in(NotificationEnded(notification_id=1, target="x", state="sent"), skip)
    house.decide()
    assert len(house.history("alarm")) == 2
    assert outcomes(house, "other") == [("fired", "notification_ended came")]
    assert skips_told(house) == told


def test_jobs_that_are_skipped_hear_of_each_other_and_no_further(house: JobHouse) -> None:
    for number in range(4):
        house.add(f"job {number}", event="activity_log", daily_limit=1, overlap=True)
    house.take_in(ActivityLogged(kind="k", summary="s"))
    house.decide()
    house.take_in(ActivityLogged(kind="k", summary="s"))
    told = 0
    while house.decide():
        new = list(zip(house.told_ids, house.told, strict=True))[told:]
        told += len(new)
        for event_id, event in new:
            if isinstance(event, ActivityLogged):
                house.take_in(event, event_id)
    assert len(skips_told(house)) == 4 + 4 * 3


def test_what_the_scheduler_tells_itself_sets_jobs_off(house: JobHouse) -> None:
    house.add("skipped", event="activity_log", where={"kind": "job_skipped"}, overlap=True)
    house.add("reminded", event="activity_log", where={"kind": "reminder"}, overlap=True)
    house.add("tea", job_type="custom", payload={"reminder": "tea"}, in_seconds=1)
    house.add("away", job_type="learning", in_seconds=1)
    house.away["learning"] = "there is no component learning"
    house.clock.elapse(1)
    house.decide()
    for event_id, event in zip(house.told_ids, house.told, strict=True):
        house.take_in(event, event_id)
    house.decide()
    for job in ("skipped", "reminded"):
        assert outcomes(house, job) == [("fired", "activity_log came")]


def test_the_history_of_a_removed_job_is_still_found_by_its_number_and_its_name(house: JobHouse) -> None:
    for request_id in ("first", "second"):
        house.add("Tea", request_id=request_id, in_seconds=5)
        house.clock.elapse(5)
        house.decide()
        house.jobs.remove("Tea")
    assert [firing.job_id for firing in house.history("tea")] == [2]
    assert [firing.job_id for firing in house.history("1")] == [1]
    for named in ("coffee", "7"):
        with pytest.raises(NotFound):
            house.history(named)


def test_once_jobs_that_are_long_over_are_forgotten_and_count_no_more(house: JobHouse) -> None:
    for name in ("told", "done", "running"):
        work = {"job_type": "custom", "payload": {"reminder": "tea"}} if name == "told" else {}
        house.add(name, in_seconds=5, **work)
    house.add("later", in_seconds=2 * DAY)
    house.add("again", every_seconds=DAY)
    house.clock.elapse(5)
    house.decide()
    house.end(runs(house)[0])
    over_since = house.clock.now()
    assert house.jobs.forget_over(over_since - timedelta(minutes=1)) == 0
    assert house.jobs.forget_over(over_since + timedelta(minutes=1)) == 1
    found, count = house.jobs.list(9)
    assert ({job.name for job in found}, count) == ({"told", "running", "later", "again"}, 4)
    assert [firing.outcome for firing in house.history("done")] == [FiringOutcome.FIRED]


def test_too_many_events_are_refused_on_record(house: JobHouse) -> None:
    house.add(event="task_complete", overlap=True)
    for _ in range(1_003):
        house.take_in(task_finished(Status.COMPLETED))
    assert outcomes(house) == [("skipped", "too many events wait already")] * 3
    with pytest.raises(Busy):
        house.jobs.run(RunJob(job="job", request_id="r1"))
    assert house.decide() == 1_000


def test_adding_again_under_one_request_id_adds_nothing_and_a_taken_name_is_refused(house: JobHouse) -> None:
    assert house.add(every_seconds=60).id == house.add(every_seconds=60).id
    with pytest.raises(Conflict):
        house.add("JOB", request_id="other", every_seconds=60)
    with pytest.raises(Conflict):
        house.add("another", request_id="add job", every_seconds=60)


def test_setting_off_another_job_under_a_used_request_id_is_refused(house: JobHouse) -> None:
    for name in ("one", "two"):
        house.add(name, every_seconds=60)
    house.jobs.run(RunJob(job="one", request_id="r1"))
    house.decide()
    assert house.jobs.run(RunJob(job="one", request_id="r1")).run_count == 1
    with pytest.raises(Conflict):
        house.jobs.run(RunJob(job="two", request_id="r1"))


@pytest.mark.parametrize(
    "asked",
    [
        {"name": ""}, {"name": "12"}, {"name": "a/b"}, {"name": "a\nb"}, {"name": "x" * 101}, {"name": "\ud800"},
        {"job_type": "custom"}, {"job_type": "maintenance"}, {"job_type": "digest", "component": "api"},
        {"daily_limit": 0}, {"grace_seconds": -1}, {"request_id": ""}, {"at": "yesterday"},
        {"job_type": "custom", "component": "api", "payload": {"x": "y" * 100_001}},
        {"job_type": "custom", "component": "No one\x00"},
        {"job_type": "custom", "component": "api", "payload": {"reminder": "x"}},
        {"in_seconds": 5, "only_when_idle": True},
        {"job_type": "custom", "payload": {"reminder": "x"}, "grant": {"tools": ["file_list"]}},
    ],
)  # fmt: skip
def test_what_cannot_be_a_job_is_refused_and_nothing_is_stored(house: JobHouse, asked: dict[str, object]) -> None:
    with pytest.raises((InvalidInput, ValidationError)):
        house.add(**{"name": "job", **asked})  # pyright: ignore[reportArgumentType] - the name is part of what is asked
    assert house.jobs.list(10) == ([], 0)


@pytest.mark.parametrize("named", ["nobody", "7", "", "9" * 30, "\x00", "\ud800"])
def test_a_job_that_is_not_there_is_said_not_to_be(house: JobHouse, named: str) -> None:
    with pytest.raises(NotFound):
        house.jobs.find(named)


@settings(max_examples=20)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([20.0, 60.0, 61.0, 600.0]), st.sampled_from([0, 1, 2, 5, None])),
        min_size=1,
        max_size=8,
    )
)
def test_each_due_time_is_told_once_or_skipped_on_record_whatever_is_interrupted(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float, int | None]]
) -> None:
    house = JobHouse(tmp_path_factory.mktemp("crash"))
    house.add("run", every_seconds=60, misfire="run_all", overlap=True, grace_seconds=0)
    house.add("skip", cron="* * * * *", misfire="skip", overlap=True)
    for seconds, crash_after in steps:
        house.clock.elapse(seconds)
        house.crash_after = crash_after
        try:
            house.decide()
        except Gone:
            house.reopen()
    house.reopen()
    house.decide()
    house.reopen()
    told = Counter((event.job_id, event.due_at) for event in triggered(house))
    assert set(told.values()) <= {1}
    assert set(told) == {(str(f.job_id), f.due_at) for f in house.history() if f.outcome is FiringOutcome.FIRED}
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    minutes = int((house.clock.now() - begun).total_seconds() // 60)
    due = [begun + timedelta(minutes=number) for number in range(1, minutes + 1)]
    assert sorted(moment for job, moment in told if job == "1") == due
    assert house.history("skip")[-1].due_at <= house.clock.now() if minutes else not house.history("skip")
    house.database.close()


def test_ten_thousand_jobs_due_in_one_second_are_all_told_once(house: JobHouse) -> None:
    house.add_many(10_000, at="2026-01-01 10:00")
    house.clock.elapse(10 * HOUR)
    began = time.perf_counter()
    assert house.decide() == 10_000
    assert time.perf_counter() - began < 30
    assert Counter(event.job_id for event in triggered(house)) == {str(number): 1 for number in range(1, 10_001)}
