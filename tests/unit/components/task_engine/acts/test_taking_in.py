"""What is said to the engine, or was understood already, ends in what was meant; tools and scheduler are real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from senter.bus.memory import MemoryBroker
from senter.component.testing import checking_jobs, run_component
from senter.components.scheduler import spec as scheduler
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.specs import SPECS
from senter.components.task_engine import spec as task_engine
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import Forbidden, InvalidInput, Unclear
from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from senter.messages.goals import (
    AskWhy,
    AwaitGoal,
    CarryOut,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    GoalId,
    GoalKind,
    GoalReply,
    JobTriggered,
    ListGoals,
    PlanGoal,
    Shown,
    Status,
)
from senter.messages.message import ComponentName
from tests.support.undo_room import CLIENT, ZONE, UndoRoom

NOW = datetime(2098, 12, 1, 8, 0, tzinfo=ZoneInfo(ZONE))
MOM = Act(kind=ActKind.REMINDER, gist="call mom", span=(0, 17), confidence=1.0, due="2098-12-14T10:30")
SAID = "Reminder 4: call mom, Sun 14 Dec 2098, 10:30, Europe/Berlin"
OWN = "I need to finish my presentation by 5 December 2098"
DECK = Act(kind=ActKind.GOAL, gist="finish my presentation", span=(0, len(OWN)), confidence=1.0, due="2098-12-05")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[UndoRoom]:
    broker, home = MemoryBroker(), tmp_path / "home"
    times, usual = SchedulerSettings(timezone=ZONE), TaskEngineSettings(timezone=ZONE, first_wait_seconds=0)
    async with (
        checking_jobs(broker, *SPECS),
        run_component(scheduler.SPEC, home, settings=times, broker=broker),
        run_component(task_engine.SPEC, home, settings=usual, broker=broker),
    ):
        bus = broker.bus(ComponentName("api"), CLIENT)
        yield UndoRoom(home, tmp_path, bus)
        await bus.close()


def carry_out(text: str, *acts: Act, request_id: str = "turn-1") -> CarryOut:
    return CarryOut(request_id=request_id, text=text, acts=acts, asked_at=datetime.now(UTC))


async def done(room: UndoRoom, command: CarryOut | CreateGoal) -> GoalReply:
    """Carried out, and waited for."""
    begun = await room.ask(command)
    return await room.ask(AwaitGoal(goal_id=begun.goal.id))


def receipts(reply: GoalReply) -> list[str]:
    return [receipt.done for receipt in reply.goal.receipts]


async def test_an_act_is_done_once_however_often_it_is_sent_and_waited_for_to_its_receipt(room: UndoRoom) -> None:
    command = carry_out("Remind me to call mom", MOM)
    reply = await done(room, command)
    again = await done(room, command)
    assert (reply.goal.status, again.goal.id) == (Status.COMPLETED, reply.goal.id)
    assert receipts(reply) == [SAID]
    assert len(await room.jobs()) == 1
    assert reply.tasks[0].description == "Remind on Sun 14 Dec 2098, 10:30, Europe/Berlin: call mom"


@pytest.mark.parametrize(
    "asked",
    [
        MOM,
        Act(kind=ActKind.EVENT, gist="dentist", span=(0, 1), confidence=1.0, due="2098-12-14T10:30"),
        Act(kind=ActKind.NOTE, gist="Anna likes tea", span=(0, 1), confidence=1.0),
    ],
)
async def test_what_a_model_wants_that_has_read_text_of_others_waits_for_the_person(room: UndoRoom, asked: Act) -> None:
    reply = await done(room, carry_out("Do it", asked).model_copy(update={"tainted": True}))
    assert reply.goal.status is Status.WAITING
    assert reply.goal.receipts == ()
    assert "senter approvals" in " ".join(reply.waits)
    assert "read text of others" in reply.note
    assert await room.jobs() == []
    story = (await room.ask(AskWhy(about=str(reply.goal.id)))).lines
    assert any("asked for by a model that had read text of others" in line.text for line in story)


async def test_such_a_model_has_no_goal_of_the_persons_own_kept(room: UndoRoom) -> None:
    with pytest.raises(Forbidden):
        await room.ask(carry_out(OWN, DECK).model_copy(update={"tainted": True}))
    assert (await room.ask(ListGoals())).goals == ()


async def test_it_is_taken_back_by_one_word(room: UndoRoom) -> None:
    await done(room, carry_out("Remind me to call mom", MOM))
    assert "Reminder 4 is cancelled" in await room.undone()
    assert await room.jobs() == []


async def test_several_acts_of_one_sentence_are_all_done_and_fail_each_for_itself(room: UndoRoom) -> None:
    note = Act(kind=ActKind.NOTE, gist="Anna likes tea", span=(0, 1), confidence=1.0)
    gone = Thing(kind=ThingKind.REMINDER, id="999", title="nothing")
    wrong = Act(kind=ActKind.CHANGE, span=(0, 1), confidence=1.0, change=ChangeKind.CANCEL, things=(gone,))
    reply = await done(room, carry_out("three things", MOM, note, wrong))
    assert [task.status for task in reply.tasks] == [Status.COMPLETED, Status.COMPLETED, Status.FAILED]
    assert SAID in receipts(reply)


async def test_a_sentence_is_understood_by_the_engine_too(room: UndoRoom) -> None:
    reply = await done(room, CreateGoal(text="Remind me on 14 December 2098 at 10:30 to call mom"))
    assert receipts(reply) == [SAID]


async def test_an_entry_in_the_calendar_that_is_asked_for_in_words_needs_no_further_yes(room: UndoRoom) -> None:
    reply = await done(room, CreateGoal(text="Put the dentist in my calendar on 14 December 2098 at 10:30"))
    assert (reply.goal.status, reply.waits) == (Status.COMPLETED, ())
    assert str(room.home / "data" / "calendar.ics") in reply.grant.write_roots + reply.grant.create_roots
    assert reply.goal.receipts[0].done.endswith(": dentist, Sun 14 Dec 2098, 10:30-11:30, Europe/Berlin")


async def test_an_entry_of_the_calendar_is_cancelled_by_what_it_is_called(room: UndoRoom) -> None:
    await done(room, CreateGoal(text="Put the dentist in my calendar in 3 days at 10:30"))
    reply = await done(room, CreateGoal(text="Cancel the dentist"))
    assert (reply.goal.status, reply.waits) == (Status.COMPLETED, ()), reply.tasks
    assert "dentist" in reply.goal.receipts[0].done
    assert "BEGIN:VEVENT" not in (room.home / "data" / "calendar.ics").read_text()
    await room.undone()
    assert "BEGIN:VEVENT" in (room.home / "data" / "calendar.ics").read_text()


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        ("remind me to water the plants every monday at 9", "0 9 * * 1"),
        ("remind me to take my pills every day at 8", "0 8 * * *"),
        ("remind me every Sunday at 10 to call dad", "0 10 * * 0"),
    ],
)
async def test_what_repeats_becomes_a_job_that_repeats(room: UndoRoom, sentence: str, trigger: str) -> None:
    await done(room, CreateGoal(text=sentence))
    (job,) = await room.jobs()
    assert job.trigger_config["cron"] == trigger


@pytest.mark.parametrize(
    ("sentence", "when"),
    [
        ("remind me on friday 5 December 2098 to call Kim at 10", "2098-12-05T09:00"),
        ("remind me on 24.12.2098 to buy gifts for 2 people at 10", "2098-12-24T09:00"),
    ],
)
async def test_day_and_clock_time_that_stand_apart_are_put_together(room: UndoRoom, sentence: str, when: str) -> None:
    await done(room, CreateGoal(text=sentence))
    (job,) = await room.jobs()
    assert job.next_run is not None
    assert job.next_run.isoformat().startswith(when)


async def test_what_is_left_open_is_asked_and_nothing_is_done(room: UndoRoom) -> None:
    with pytest.raises(Unclear) as asked:
        await room.ask(CreateGoal(text="Remind me to water the plants"))
    assert "water the plants" in asked.value.message
    assert asked.value.hint.startswith("Say it like: senter goal 'Remind me to water the plants")
    assert (await room.ask(ListGoals(all=True))).total == 0
    with pytest.raises(Unclear):
        await room.ask(PlanGoal(text="Remind me to water the plants"))


async def test_a_jobs_goal_that_leaves_something_open_fails_with_the_question(room: UndoRoom) -> None:
    due = JobTriggered(job_id="7", due_at=NOW, goal="Remind me to water the plants")
    await room.bus.publish(due)
    async with asyncio.timeout(10):
        while not (found := (await room.ask(ListGoals(all=True))).goals) or found[0].status is not Status.FAILED:
            await asyncio.sleep(0.01)
    assert "water the plants" in found[0].error


async def test_a_goal_of_ones_own_is_kept_with_its_deadline_and_nobody_writes_an_essay(room: UndoRoom) -> None:
    reply = await done(room, carry_out(OWN, DECK))
    goal = reply.goal
    assert (goal.kind, goal.state, goal.deadline) == (
        GoalKind.OWN,
        Shown.ACTIVE,
        datetime(2098, 12, 5, 23, 59, tzinfo=ZoneInfo(ZONE)),
    )
    assert receipts(reply) == [f"Goal {goal.id} is kept: finish my presentation, due Fri 5 Dec 2098"]
    assert [(task.description, task.status) for task in reply.tasks] == [
        ("Yours: finish my presentation", Status.WAITING)
    ]
    assert (
        "To be told the day before, say: Remind me on Thu 4 Dec 2098 at 09:00 to finish my presentation" in reply.note
    )
    assert goal.results == ()
    assert reply.waits == (f"Yours to do: finish my presentation. Say when it is done: senter goal accept {goal.id}",)
    assert await room.jobs() == []


async def test_what_was_said_in_talk_to_be_done_is_done_and_why_tells(room: UndoRoom) -> None:
    kept = await done(room, CreateGoal(text=OWN))
    reply = await done(room, CreateGoal(text="I finished the presentation"))
    assert receipts(reply) == [f"Goal {kept.goal.id} is done: {OWN}"]
    ended = (await room.ask(GetGoal(goal_id=kept.goal.id))).goal
    assert (ended.status, ended.error) == (Status.COMPLETED, "You said that it is done.")
    assert "goes on" in await room.undone()
    assert (await room.ask(GetGoal(goal_id=kept.goal.id))).goal.status is Status.WAITING


async def test_a_completion_of_nothing_is_refused(room: UndoRoom) -> None:
    act = Act(kind=ActKind.COMPLETION, gist="the marathon", span=(0, 1), confidence=1.0)
    with pytest.raises(InvalidInput, match="No open goal of yours"):
        await room.ask(carry_out("I ran the marathon", act))


async def test_the_same_goal_is_kept_once_and_takes_the_new_deadline(room: UndoRoom) -> None:
    first = await done(room, carry_out(OWN, DECK))
    later = DECK.model_copy(update={"gist": "finish the presentation", "due": "2098-12-07"})
    same = await room.ask(carry_out("I have to finish the presentation by Sunday", later, request_id="turn-2"))
    assert same.goal.id == first.goal.id
    assert receipts(same) == [f"Goal {first.goal.id} is kept already: finish my presentation, due Sun 7 Dec 2098"]
    assert receipts(await room.ask(GetGoal(goal_id=first.goal.id))) == receipts(same)
    assert same.goal.deadline == datetime(2098, 12, 7, 23, 59, tzinfo=ZoneInfo(ZONE))
    other = DECK.model_copy(update={"gist": "file my taxes", "due": None})
    assert (await room.ask(carry_out("I must file my taxes", other, request_id="turn-3"))).goal.id != first.goal.id
    assert "is cancelled" in await room.undone()


async def test_a_goal_of_ones_own_beside_an_act_is_kept_by_itself_and_said_with_it(room: UndoRoom) -> None:
    text = f"{OWN} and remind me to call mom"
    mom = MOM.model_copy(update={"span": (len(OWN) + 5, len(text))})
    command = carry_out(text, DECK, mom)
    reply = await done(room, command)
    assert reply.goal.text == "remind me to call mom"
    assert [line.partition(":")[0] for line in receipts(reply)] == ["Goal 1 is kept", "Reminder 4"]
    assert (await done(room, command)).goal.id == reply.goal.id
    kinds = {goal.kind: goal.text for goal in (await room.ask(ListGoals(all=True))).goals}
    assert kinds == {GoalKind.OWN: OWN, GoalKind.WORK: "remind me to call mom"}


async def test_a_kept_goal_is_moved_and_accepted_by_commands_and_that_taken_back(room: UndoRoom) -> None:
    goal_id = (await done(room, carry_out(OWN, DECK))).goal.id
    await room.ask(ChangeGoal(goal_id=goal_id, action="move", deadline="24 December 2098"))
    assert f"Goal {goal_id} is due Fri 5 Dec 2098" in await room.undone()
    await room.ask(ChangeGoal(goal_id=goal_id, action="accept"))
    assert "goes on" in await room.undone()


async def test_a_wait_that_would_be_too_long_is_answered_with_the_goal_as_it_is(room: UndoRoom) -> None:
    goal_id = (await done(room, carry_out(OWN, DECK))).goal.id
    await room.ask(ChangeGoal(goal_id=goal_id, action="pause"))
    assert (await room.ask(AwaitGoal(goal_id=GoalId(goal_id)))).goal.paused


def test_the_year_is_far_enough() -> None:
    """Tests that say a date in full must not come to lie in the past."""
    assert datetime.now(UTC) + timedelta(days=365) < NOW
