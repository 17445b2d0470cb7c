"""What was done is kept once, told in sentences, and counted from the last visit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.component.testing import FakeClock
from senter.components.reporter.activities import sentence
from senter.errors import InvalidInput
from senter.messages.health import HealthStatus
from senter.messages.reports import DigestRequested, GetDigest, RecordVisit
from tests.support.digest_day import DigestDay
from tests.unit.components.reporter.conftest import Office, an_approval
from tests.waiting import until

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        ("plan_created", {"description": "read papers"}, "Created plan for: read papers"),
        ("task_completed", {"description": "search"}, "Completed: search"),
        ("task_failed", {"description": "search", "error": "no network"}, "Failed: search - no network"),
        ("task_failed", {"description": "search"}, "Failed: search"),
        ("goal_completed", {"description": "write"}, "Goal achieved: write"),
        ("goal_completed", {"description": "write", "status": "completed"}, "Goal achieved: write"),
        ("goal_completed", {"description": "x", "only_set": True, "done": "Reminder 3: x"}, "Reminder 3: x"),
        ("goal_completed", {"description": "write", "status": "failed"}, "Goal failed: write"),
        ("goal_completed", {"description": "write", "status": "please_look"}, "Done, please look: write"),
        ("goal_completed", {"description": "x", "goal_id": 6, "found": "Tea is old."}, "Goal 6: Tea is old."),
        (
            "goal_completed",
            {"description": "x", "goal_id": 6, "found": "Roses.", "status": "please_look"},
            "Goal 6 is done, please look: Roses.",
        ),
        ("goal_completed", {"description": "x", "found": "Away.", "status": "failed"}, "Goal failed: x - Away."),
        ("goal_completed", {"description": "x", "goal_id": 1, "own": True}, "Goal 1 is done, as you said: x"),
        ("goal_overdue", {"description": "write"}, "Overdue: write"),
        ("research_complete", {"topic": "bees"}, "Researched: bees"),
        ("learning", {"insight": "mornings are best"}, "Learned: mornings are best"),
        ("task_completed", {"description": "a\n\x1b[2Jb"}, "Completed: a [2Jb"),
        ("task_completed", {"description": 7}, "As it came."),
        ("something_else", {}, "As it came."),
    ],
)
def test_each_kind_has_its_sentence(kind: str, details: dict[str, JsonValue], said: str) -> None:
    assert sentence(kind, details, "As it came.") == said


async def test_an_activity_delivered_twice_is_on_record_once(office: Office) -> None:
    async with office.open():
        logged = await office.log("task_completed", description="one")
        await office.bus.publish(*logged)
        await office.log("task_failed", description="two", error="why")
        reply = await office.heard(2)
        assert [one.summary for one in reply.activities] == ["Failed: two - why", "Completed: one"]
        assert reply.by_type == {"task_completed": 1, "task_failed": 1}


async def test_away_names_the_last_five_and_is_counted_from_the_last_visit(office: Office) -> None:
    async with office.open():
        assert (await office.progress()).away.text == "No autonomous activity since last session."
        for number in range(8):
            await office.log("task_completed", description=f"task {number}")
        reply = await office.heard(8)
        lines = reply.away.text.splitlines()
        assert lines[0] == "While you were away (8 activities):"
        assert [line.strip() for line in lines[1:6]] == [f"- Completed: task {n}" for n in range(3, 8)]
        assert lines[6].strip() == "... and 3 more"
        assert lines[7].endswith("Focuses")
        await office.log("task_completed", description="while it was being read")
        await office.heard(9)
        await office.bus.request(RecordVisit(**dict(reply.seen)), timeout_seconds=5)
        await office.bus.request(RecordVisit(**dict(reply.seen)), timeout_seconds=5)
        assert (await office.progress()).away.count == 1
    async with office.open():
        assert (await office.progress()).away.text.startswith("While you were away (1 activity):")


async def test_away_names_what_came_of_goals_before_the_steps_on_the_way(office: Office) -> None:
    async with office.open():
        await office.log("goal_completed", goal_id=6, description="Compare", found="Tea is old.")
        for number in range(7):
            await office.log("task_completed", description=f"task {number}")
        lines = (await office.heard(8)).away.text.splitlines()
        assert lines[1] == "  - Goal 6: Tea is old."
        assert lines[-2] == "  ... and 3 more"


async def test_nobody_has_seen_what_is_not_there_yet(office: Office) -> None:
    async with office.open():
        seen = (await office.progress()).seen.model_copy(update={"activity_id": 10**9})
        await office.bus.request(RecordVisit(**dict(seen)), timeout_seconds=5)
        await office.log("task_completed", description="later")
        assert (await office.heard(1)).away.count == 1


async def test_one_digest_is_sent_for_a_day_however_many_ask_at_once(office: Office) -> None:
    office.clock = FakeClock(NINE)
    async with office.open():
        for topic in ("bees", "wasps", "ants"):
            await office.log("research_complete", topic=topic)
        await office.heard(3)
        office.clock.elapse(60)
        for job in ("daily_digest", "daily_digest", "another"):
            await office.bus.publish(DigestRequested(job=job, due_at=office.clock.now()))
        asked = await asyncio.gather(
            *(office.bus.request(GetDigest(), timeout_seconds=5) for _ in range(2)),
        )
        assert len({one.summary for one in asked}) == 1
        assert asked[0].by_type == {"research_complete": 3}
        assert (asked[0].type, asked[0].period_hours, asked[0].activity_count) == ("daily", 24, 3)
        found = await office.delivered("sent")
        assert [(one.title, one.body) for one in found] == [("Senter", asked[0].summary)]


async def test_a_digest_that_a_person_had_made_is_not_the_days(office: Office) -> None:
    office.clock = FakeClock(NINE)
    async with office.open():
        await office.bus.publish(DigestRequested(job="daily_digest", due_at=NINE, by_hand=True))
        await office.bus.publish(DigestRequested(job="daily_digest", due_at=NINE))
        await office.bus.publish(DigestRequested(job="daily_digest", due_at=NINE + timedelta(hours=1)))
        await until_count(office, 2)
        await office.bus.publish(DigestRequested(job="daily_digest", due_at=NINE + timedelta(days=1)))
        await until_count(office, 3)


async def test_people_who_ask_for_a_digest_at_the_same_time_are_sent_one(office: Office) -> None:
    office.clock = FakeClock(NINE)
    async with office.open():
        for seconds in (0, 1, 59, 60):
            due = NINE + timedelta(seconds=seconds)
            await office.bus.publish(DigestRequested(job="daily_digest", due_at=due, by_hand=True))
        await office.bus.publish(DigestRequested(job="mine", due_at=NINE, by_hand=True))
        await until_count(office, 3)


async def test_a_digest_has_a_line_for_each_thing_that_was_done(office: Office) -> None:
    office.clock = FakeClock(NINE)
    async with office.open():
        await office.log("goal_completed", goal_id=1, description="goal 1", found="Tea is a drink.")
        for number in range(20, 32):
            told = reminder(number)
            await office.log("goal_completed", goal_id=number, description="x", done=told, only_set=True, each=[told])
        await office.log("goal_completed", goal_id=12, description="poem", status="please_look", found="Roses are red.")
        await office.log("goal_completed", description="lost", status="failed")
        await office.log("goal_overdue", description="finish the deck")
        await office.log("reminder")
        await office.heard(17)
        digest = await office.bus.request(GetDigest(day="today"), timeout_seconds=5)
        assert digest.lines == (
            *map(reminder, range(20, 30)),
            "Goal 1: goal 1: Tea is a drink.",
            "Goal 12 (done, please look): poem: Roses are red.",
            "Something.",
            "A goal failed: lost",
            "2 more: senter digest --length long",
        )


def reminder(number: int) -> str:
    return f"Reminder {number}: call mom, Mon 2 Mar 2026, 09:00, Europe/Berlin"


async def test_days_begin_and_end_in_the_users_zone(office: Office) -> None:
    clock = office.clock = FakeClock(datetime(2026, 3, 2, 20, tzinfo=UTC))
    daily = office.home / "data" / "progress" / "daily" / "2026-03-03.json"
    async with office.open(timezone="Asia/Tokyo"):
        await office.log("task_completed", description="at five in the morning")
        await office.heard(1)
        today = await office.bus.request(GetDigest(day="today"), timeout_seconds=5)
        of_the_day = await office.bus.request(GetDigest(day="2026-03-03"), timeout_seconds=5)
        assert (today.activity_count, of_the_day.activity_count) == (1, 1)
        await passing(clock, daily.exists)


async def test_approvals_that_wait_are_in_the_digest_of_today_only(office: Office) -> None:
    clock = office.clock = FakeClock(NINE)
    day = DigestDay(clock, approvals=[an_approval()])
    async with day.told(office.broker), office.open():
        today = await office.bus.request(GetDigest(day="today"), timeout_seconds=5)
        yesterday = await office.bus.request(GetDigest(day="yesterday"), timeout_seconds=5)
        assert "senter approvals approve 1" in today.summary
        assert yesterday.summary == "Nothing was done on Sun 1 Mar 2026."


@pytest.mark.parametrize("day", ["nonsense", "tomorrow", "2026-13-01", "2999-01-01", "9999-12-31", "0001-01-01x"])
async def test_a_day_that_is_none_is_refused_with_what_to_say(office: Office, day: str) -> None:
    async with office.open():
        with pytest.raises(InvalidInput) as refused:
            await office.bus.request(GetDigest(day=day), timeout_seconds=5)
        assert "yesterday" in refused.value.hint or "What is on" in refused.value.hint


async def test_the_day_and_the_session_are_written_as_files(office: Office) -> None:
    clock = office.clock = FakeClock(NINE)
    daily = office.home / "data" / "progress" / "daily" / "2026-03-02.json"
    sessions = office.home / "data" / "progress" / "session"
    async with office.open():
        await office.log("task_completed", description="one")
        await office.log("task_completed", description="two")
        reply = await office.heard(2)
        await office.bus.request(RecordVisit(**dict(reply.seen)), timeout_seconds=5)
        await passing(clock, lambda: daily.exists() and sessions.exists() and any(sessions.glob("2*.json")))
        found = json.loads(daily.read_text())
        assert set(found) == {"date", "activities", "saved_at"}
        assert [one["summary"] for one in found["activities"]] == ["Completed: one", "Completed: two"]
        session = json.loads(next(sessions.glob("2*.json")).read_text())
        assert session["activity_count"] == 2
        assert daily.stat().st_mode & 0o077 == 0


async def test_a_file_that_cannot_be_written_is_said_and_tried_again(office: Office) -> None:
    clock = office.clock = FakeClock(NINE)
    folder = office.home / "data" / "progress"
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    async with office.open():
        await office.log("task_completed", description="one")
        await passing(clock, lambda: office.component.health().status is HealthStatus.DEGRADED)
        assert "tried again" in office.component.health().detail
        folder.unlink()
        await passing(clock, (folder / "daily" / "2026-03-02.json").exists)
        await passing(clock, lambda: office.component.health().status is HealthStatus.HEALTHY)


async def test_activities_are_kept_as_long_as_the_settings_say(office: Office, tmp_path: Path) -> None:
    clock = office.clock = FakeClock(NINE)
    async with office.open(keep_days=2):
        await office.log("task_completed", description="old")
        await office.heard(1)
        clock.elapse(86_400 * 3)
        await office.log("task_completed", description="new")
    async with office.open(keep_days=2):
        while [one.summary for one in (await office.progress(hours=1_000)).activities] != ["Completed: new"]:
            await asyncio.sleep(0.002)


async def test_files_are_kept_as_long_as_the_settings_say(office: Office) -> None:
    progress = office.home / "data" / "progress"
    names = (
        "daily/2001-01-01.json",
        "daily/2101-01-01.json",
        "session/20010101T000000000000Z.json",
        "daily/notes.json",
    )
    for name in names:
        (progress / name).parent.mkdir(parents=True, exist_ok=True)
        (progress / name).write_text("{}")
    async with office.open(keep_days=30):
        async with asyncio.timeout(10):
            while (progress / names[2]).exists():
                await asyncio.sleep(0.005)
    assert [(progress / name).exists() for name in names] == [False, True, False, True]


async def until_count(office: Office, count: int) -> None:
    async with asyncio.timeout(10):
        while len(await office.notifications()) < count:
            await asyncio.sleep(0.002)
    assert len(await office.notifications()) == count


async def passing(clock: FakeClock, condition: Callable[[], bool]) -> None:
    """Let time pass until it is so."""

    async def pass_time() -> None:
        while True:
            await clock.advance(1)
            await asyncio.sleep(0.002)

    going = asyncio.create_task(pass_time())
    try:
        await until(condition)
    finally:
        going.cancel()


async def test_a_lost_event_stream_is_an_activity_once(office: Office) -> None:
    async with office.open():
        await office.log("task_completed")
        await office.heard(1)
        await office.bus.event_stream()
        office.broker.lose_events()
        reply = await office.heard(2)
        assert reply.by_type == {"task_completed": 1, "event_stream_remade": 1}
    async with office.open():
        await office.log("task_completed")
        assert (await office.heard(3)).by_type["event_stream_remade"] == 1
