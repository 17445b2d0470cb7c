"""What was done is taken back by one word, and that too."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.errors import Conflict, NotFound
from senter.messages.goals import ChangeGoal, CreateGoal, GetGoal, ListGoals, Status
from senter.messages.schedule import AddJob, ChangeJob, RemoveJob
from senter.messages.undo import Undo
from tests.support.goals import plan
from tests.support.undo_room import UndoRoom, undo_room

ONE: dict[str, JsonValue] = {"text": "call mom", "at": "2099-11-30T09:00"}
SAID = "Reminder 4: call mom, Mon 30 Nov 2099, 09:00, Europe/Berlin"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[UndoRoom]:
    async with undo_room(tmp_path) as opened:
        yield opened


async def test_a_reminder_says_its_id_and_its_moment_in_full(room: UndoRoom) -> None:
    reply = await room.do("remind", ONE)
    (receipt,) = reply.goal.receipts
    assert (receipt.kind, receipt.id, receipt.title, receipt.done) == ("reminder", "4", "call mom", SAID)
    assert (receipt.goal_id, receipt.undoable) == (reply.goal.id, True)


async def test_a_reminder_is_taken_back_and_taking_it_back_too(room: UndoRoom) -> None:
    await room.do("remind", ONE)
    (made,) = await room.jobs()
    assert await room.undone() == SAID.replace("Reminder 4", "Reminder 4 is cancelled")
    assert await room.jobs() == []
    assert await room.undone() == SAID
    assert await room.jobs() == [made]
    assert "cancelled" in await room.undone()


async def test_undo_goes_back_from_the_newest_to_the_oldest(room: UndoRoom) -> None:
    for number in range(3):
        await room.do("remind", {"text": f"call {number}", "at": "2099-11-30T09:00"})
    for number in (2, 1, 0):
        assert f"call {number}" in await room.undone()
    assert await room.jobs() == []


async def test_all_that_one_goal_did_is_taken_back_at_once_and_made_again(room: UndoRoom) -> None:
    calls = [{"description": str(n), "tool": "remind", "tool_params": {**ONE, "text": f"call {n}"}} for n in range(2)]
    made = await room.ask(CreateGoal(text=f"plan: {json.dumps(plan(*calls))}"))
    await room.until_ended(made.goal.id)
    assert len(await room.jobs()) == 2
    done = await room.undone()
    assert "call 0" in done
    assert "call 1" in done
    assert await room.jobs() == []
    assert [action.is_undo for action in await room.actions()][:2] == [True, False]
    await room.undone()
    assert len(await room.jobs()) == 2


async def test_a_goal_that_was_renamed_has_its_name_back(room: UndoRoom) -> None:
    planned = plan({"description": "x", "tool": "run_command", "tool_params": {"argv": ["true"], "folder": "/"}})
    goal = (await room.ask(CreateGoal(text=f"plan: {json.dumps(planned)}"))).goal
    await room.ask(ChangeGoal(goal_id=goal.id, action="rename", text="finish the talk"))
    assert (await room.ask(GetGoal(goal_id=goal.id))).goal.text == "finish the talk"
    assert goal.text in await room.undone()
    assert (await room.ask(GetGoal(goal_id=goal.id))).goal.text == goal.text


async def test_a_change_is_taken_back_and_then_what_was_changed(room: UndoRoom) -> None:
    await room.do("remind", ONE)
    for moment in ("2099-12-01T17:00", "2099-12-02T17:00"):
        await room.do("reminder_change", {"reminder": 4, "at": moment})
    assert "Tue 1 Dec 2099, 17:00" in await room.undone()
    assert "Mon 30 Nov 2099, 09:00" in await room.undone()
    assert "cancelled" in await room.undone()
    assert await room.jobs() == []


async def test_what_a_person_changed_since_stays(room: UndoRoom) -> None:
    await room.do("remind", ONE)
    await room.ask(ChangeJob(job="4", action="change", text="call dad"))
    with pytest.raises(NotFound):
        await room.undo(99)
    (action,) = [one for one in await room.actions() if one.receipt.done == SAID]
    reply = await room.undo(action.number)
    assert reply.goal.status is Status.FAILED
    assert "was changed since: it is now call dad" in reply.goal.error
    assert len(await room.jobs()) == 1


async def test_what_is_over_is_refused_before_a_goal_is_made_with_what_can_be_taken_back_instead(
    room: UndoRoom,
) -> None:
    await room.do("remind", {"text": "first", "at": "2099-11-30T09:00"})
    await room.do("remind", {"text": "tea", "at": "in 1 second"})
    await room.told("tea")
    goals = (await room.ask(ListGoals(all=True))).total

    with pytest.raises(Conflict) as refused:
        await room.undo()

    assert "is over" in refused.value.message
    assert "first" in refused.value.hint
    assert (await room.ask(ListGoals(all=True))).total == goals


async def test_what_could_not_be_taken_back_is_passed_over_the_next_time(room: UndoRoom) -> None:
    await room.do("remind", {"text": "first", "at": "2099-11-30T09:00"})
    await room.do("remind", ONE)
    (last,) = [job for job in await room.jobs() if job.payload["reminder"] == "call mom"]
    await room.ask(ChangeJob(job=str(last.id), action="change", text="call dad"))
    await room.noted(5)
    made = next(
        one
        for one in await room.actions()
        if one.receipt.done.endswith("Europe/Berlin") and "dad" not in one.receipt.done
    )
    assert (await room.undo(made.number)).goal.status is Status.FAILED
    assert "call mom" in await room.undone()
    assert "call mom" in await room.undone(made.number)
    assert "first" in await room.undone()


async def test_of_a_group_what_can_be_is_taken_back_and_the_rest_is_left_with_its_reason(room: UndoRoom) -> None:
    car: dict[str, JsonValue] = {"title": "Car", "text": "New tyres."}
    texts = ("call mom", "call dad")
    calls = [{"description": text, "tool": "remind", "tool_params": {**ONE, "text": text}} for text in texts]
    note = {"description": "x", "tool": "note", "tool_params": car}
    made = await room.ask(CreateGoal(text=f"plan: {json.dumps(plan(calls[0], note, calls[1]))}"))
    receipts = (await room.until_ended(made.goal.id)).goal.receipts
    (path,) = [Path(one.done.rpartition(" in ")[2]) for one in receipts if one.title == "Car"]
    path.write_text("New brakes, too.")

    undoing = await room.undo()
    assert await room.jobs() == []
    assert path.read_text() == "New brakes, too."
    assert {one.title for one in undoing.goal.receipts} == set(texts)
    assert f"in {path} stays: " in undoing.goal.error
    states = {one.receipt.title: (one.undone, one.refusal) for one in await room.actions() if not one.is_undo}
    assert (states["call mom"][0], states["call dad"][0], states["Car"][0]) == (True, True, False)
    assert f"Goal {undoing.goal.id} could not take it back" in states["Car"][1]

    await room.undone()
    assert {str(job.payload["reminder"]) for job in await room.jobs()} == set(texts)


async def test_a_group_is_taken_back_unasked_whatever_is_read_on_the_way(room: UndoRoom) -> None:
    made = await room.do("note", {"title": "Car", "text": "New tyres."})
    await room.do("remind", ONE)
    (job,) = await room.jobs()
    path = made.goal.receipts[0].id
    cancels: dict[str, JsonValue] = {"reminder": job.id, "cancel": True}
    first: dict[str, JsonValue] = {"description": "x", "tool": "reminder_change", "tool_params": cancels}
    away: dict[str, JsonValue] = {"path": path}
    second: dict[str, JsonValue] = {"description": "y", "tool": "file_trash", "tool_params": away, "asked": True}
    both = await room.ask(CreateGoal(text=f"plan: {json.dumps(plan(first, {**second, 'depends_on': [1]}))}"))
    await room.until_ended(both.goal.id)
    assert not Path(path).exists()

    await room.undone()
    assert Path(path).exists()
    assert [one.id for one in await room.jobs()] == [job.id]


async def test_what_people_do_by_a_command_is_taken_back_too(room: UndoRoom) -> None:
    await room.ask(AddJob(name="papers", cron="0 8 * * *", payload={"goal": "Research papers"}))
    await room.noted(1)
    assert "is cancelled: papers, every day at 08:00, next" in await room.undone()
    assert await room.jobs() == []
    await room.undone()
    await room.ask(RemoveJob(job="papers"))
    await room.noted(4)
    assert "Job 4: papers" in await room.undone()
    assert [job.name for job in await room.jobs()] == ["papers"]


async def test_a_goal_that_was_made_is_cancelled_as_long_as_it_has_not_ended(room: UndoRoom) -> None:
    asks: dict[str, JsonValue] = {"argv": ["true"], "folder": "/"}
    planned = plan({"description": "x", "tool": "run_command", "tool_params": asks})
    waits = await room.ask(CreateGoal(text=f"plan: {json.dumps(planned)}"))
    await room.undone()
    goal = await room.ask(GetGoal(goal_id=waits.goal.id))
    assert goal.goal.status is Status.CANCELLED
    await room.undone()
    assert (await room.ask(GetGoal(goal_id=waits.goal.id))).goal.status is not Status.CANCELLED
    await room.ask(ChangeGoal(goal_id=waits.goal.id, action="cancel"))
    assert "goes on" in await room.undone()
    ended = await room.do("remind", ONE)
    refusals = {one.receipt.id: one.refusal for one in await room.actions() if one.receipt.kind == "goal"}
    assert "has ended" in refusals[str(ended.goal.id)]


async def test_the_same_request_takes_back_once(room: UndoRoom) -> None:
    for number in range(2):
        await room.do("remind", {"text": f"call {number}", "at": "2099-11-30T09:00"})
    first = await room.ask(Undo(request_id="one"))
    assert (await room.ask(Undo(request_id="one"))).goal.id == first.goal.id
    await room.until_ended(first.goal.id)
    assert len(await room.jobs()) == 1


async def test_nothing_is_taken_back_where_nothing_was_done(room: UndoRoom) -> None:
    with pytest.raises(NotFound, match="nothing to take back"):
        await room.undo()


async def test_undo_goes_twenty_actions_back_and_no_further(room: UndoRoom) -> None:
    for number in range(22):
        await room.ask(AddJob(name=f"job {number}", cron="0 8 * * *", payload={"goal": "x"}))
    await room.noted_is(lambda actions: len(actions) == 20 and actions[-1].receipt.title == "job 2")
    for _ in range(20):
        await room.undone()
    with pytest.raises(Conflict, match="20 actions or 7 days"):
        await room.undo()
    assert {job.name for job in await room.jobs()} == {"job 0", "job 1"}


@pytest.mark.parametrize(
    ("recurrence", "moved", "on_mondays"),
    [
        ("0 9 * * 4", "every Thursday at 17:30", "every Monday at 18:00"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every other Thursday at 17:30", "every other Monday at 18:00"),
    ],
)
async def test_a_reminder_that_comes_again_takes_another_time_and_the_day_that_is_said(
    room: UndoRoom, recurrence: str, moved: str, on_mondays: str
) -> None:
    await room.do("remind", {"text": "call mom", "recurrence": recurrence, "at": "2099-11-26"})
    (made,) = await room.jobs()
    reply = await room.do("reminder_change", {"reminder": made.id, "at": "17:30"})
    assert f"is changed: call mom, {moved}, next" in reply.goal.receipts[0].done
    reply = await room.do("reminder_change", {"reminder": made.id, "at": "2099-11-30T18:00"})
    assert f"is changed: call mom, {on_mondays}, next" in reply.goal.receipts[0].done
    reply = await room.do("reminder_change", {"reminder": made.id, "at": "2099-11-30"})
    assert "Say how it is to come again" in reply.goal.error
    await room.undone()
    await room.undone()
    assert await room.jobs() == [made]


async def test_the_same_reminder_twice_is_one_and_says_so(room: UndoRoom) -> None:
    await room.do("remind", ONE)
    again = await room.do("remind", ONE)
    assert again.goal.receipts[0].done == f"{SAID} (set already)"
    assert len(await room.jobs()) == 1


async def test_a_reminder_of_a_whole_day_is_told_in_the_morning(room: UndoRoom) -> None:
    day: dict[str, JsonValue] = {"text": "birthday", "at": "2099-11-30T00:00", "all_day": True}
    reply = await room.do("remind", day)
    assert reply.goal.receipts[0].done.endswith("birthday, Mon 30 Nov 2099, 09:00, Europe/Berlin")


async def test_a_job_that_was_paused_goes_on_and_then_is_cancelled(room: UndoRoom) -> None:
    await room.do("schedule_add", {"name": "news", "goal": "Summarise the news", "recurrence": "0 9 * * 1"})
    (made,) = await room.jobs()
    pause: dict[str, JsonValue] = {"job": made.id, "paused": True}
    await room.do("job_change", pause)
    assert "goes on" in await room.undone()
    assert "is cancelled" in await room.undone()
