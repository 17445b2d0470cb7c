"""What only a person can judge is not called done; the person accepts it, or says what is missing."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.journal.goals import SAID_DONE
from senter.errors import Conflict
from senter.messages.activity import ActivityLogged
from senter.messages.goals import Check, GoalId, GoalKind, Shown, Status
from tests.support.goals import GoalHouse, plan, task

JUDGED: JsonValue = [{"kind": "person_judges"}]
MORE = json.dumps(plan(task("pure", tool_params={"label": "prices"})))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(tmp_path)
    house.checks = lambda _: (Check(what="it is what was asked for"),)
    yield house
    await house.close()


def told(house: GoalHouse, kind: str) -> list[object]:
    return [
        event.details.get("status")
        for event in house.events
        if isinstance(event, ActivityLogged) and event.kind == kind
    ]


async def judged(house: GoalHouse) -> GoalId:
    goal_id = house.add(plan(task("pure"), task("pure", depends_on=[1], postconditions=JUDGED)))
    await house.until_ended(goal_id)
    return goal_id


async def test_what_only_a_person_can_judge_ends_as_done_please_look(house: GoalHouse) -> None:
    goal_id = await judged(house)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.goal.state, reply.goal.verified) == (Status.PLEASE_LOOK, Shown.PLEASE_LOOK, False)
    assert (reply.goal.progress_percent, reply.goal.delivered, len(reply.goal.results)) == (100, True, 1)
    assert f"senter goal accept {goal_id}" in reply.waits[0]
    assert told(house, "goal_completed") == ["please_look"]
    assert goal_id in [goal.id for goal in house.journal.views.goals(include_finished=False, limit=10).goals]
    assert house.journal.goals.open_count() == 0


async def test_accepted_it_is_completed_and_said_so_once(house: GoalHouse) -> None:
    goal_id = await judged(house)
    house.journal.verdicts.accept(goal_id)
    house.journal.verdicts.accept(goal_id)
    goal = house.goal(goal_id).goal
    assert (goal.status, goal.error, len(goal.results)) == (Status.COMPLETED, SAID_DONE, 1)
    assert told(house, "goal_completed") == ["please_look", "completed"]
    assert any(line.text.endswith(f"({SAID_DONE})") for line in house.journal.story.tell(str(goal_id)))


async def test_a_verdict_is_taken_back_by_trying_again(house: GoalHouse) -> None:
    goal_id = await judged(house)
    house.journal.verdicts.accept(goal_id)
    house.journal.goals.retry(goal_id, None)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.PLEASE_LOOK


async def test_reopened_what_is_missing_is_planned_with_what_was_done_in_view(house: GoalHouse) -> None:
    goal_id = await judged(house)
    house.journal.verdicts.reopen(goal_id, f"plan: {MORE}")
    house.journal.verdicts.reopen(goal_id, f"plan: {MORE}")
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert [one.number for one in reply.tasks] == [1, 2, 3]
    assert reply.tasks[0].attempts == reply.tasks[1].attempts == 1
    assert reply.goal.status is Status.PLEASE_LOOK
    house.journal.verdicts.accept(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def test_work_that_goes_on_has_the_results_so_far_among_its_inputs(house: GoalHouse) -> None:
    goal_id = await judged(house)
    house.journal.verdicts.reopen(goal_id, "the prices")
    await house.until_ended(goal_id)
    added = house.goal(goal_id).tasks[2]
    assert (added.depends_on, added.result) == ((2,), "count_pure x\ncount_pure x")


async def test_reopened_and_killed_at_every_step_it_is_planned_once(house: GoalHouse) -> None:
    goal_id = await judged(house)
    house.journal.verdicts.reopen(goal_id, f"plan: {MORE}")
    for boundary in range(1, 8):
        house.crash_after = boundary
        await house.clock.advance(1.0)
        await house.crash()
    await house.until_ended(goal_id)
    assert [one.status for one in house.goal(goal_id).tasks] == [Status.COMPLETED] * 3


@pytest.mark.parametrize("action", ["accept", "reopen"])
async def test_a_verdict_on_what_was_cancelled_is_refused(house: GoalHouse, action: str) -> None:
    goal_id = await judged(house)
    house.journal.goals.cancel(goal_id)
    with pytest.raises(Conflict):
        house.journal.verdicts.accept(goal_id) if action == "accept" else house.journal.verdicts.reopen(goal_id, "more")


async def test_a_task_that_a_person_ended_by_hand_was_judged(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"seconds": 30}, postconditions=JUDGED)))
    await house.until(lambda: house.goal(goal_id).tasks != ())
    house.journal.goals.pause(goal_id, paused=True)
    await house.crash()
    house.journal.tasks.update(house.goal(goal_id).tasks[0].id, "done", "I did it myself")
    house.journal.goals.pause(goal_id, paused=False)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def until_looked_up(house: GoalHouse, goal_id: GoalId) -> None:
    """Senter's part of it is done, and how far the person is, is not said."""
    await house.until(lambda: [one.status for one in house.goal(goal_id).tasks] == [Status.COMPLETED, Status.WAITING])
    assert house.goal(goal_id).goal.progress_percent == 0


async def test_a_goal_of_ones_own_is_kept_until_the_person_says_that_it_is_done(house: GoalHouse) -> None:
    goal_id = house.add("finish the deck", kind=GoalKind.OWN)
    await until_looked_up(house, goal_id)
    await house.clock.advance(100_000)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.goal.state) == (Status.WAITING, Shown.ACTIVE)
    assert [one.status for one in reply.tasks] == [Status.COMPLETED, Status.WAITING]
    assert reply.waits == (f"Yours to do: . Say when it is done: senter goal accept {goal_id}",)
    house.journal.tasks.update(reply.tasks[1].id, "done", "")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def test_said_in_talk_to_be_done_it_ends_at_once_and_why_says_who_said_so(house: GoalHouse) -> None:
    goal_id = house.add("finish the deck", kind=GoalKind.OWN)
    await until_looked_up(house, goal_id)
    house.journal.verdicts.accept(goal_id)
    reply = house.goal(goal_id)
    goal, yours = reply.goal, reply.tasks[1]
    assert (goal.status, goal.error, goal.progress_percent) == (Status.COMPLETED, SAID_DONE, 100)
    assert (yours.status, yours.state, yours.result, yours.error) == (
        Status.COMPLETED,
        Shown.COMPLETED,
        SAID_DONE,
        "",
    )
    house.journal.goals.retry(goal_id, None)
    assert [one.status for one in house.goal(goal_id).tasks] == [Status.COMPLETED, Status.WAITING]


async def test_a_passed_deadline_of_ones_own_goal_is_said_once_and_fails_nothing(house: GoalHouse) -> None:
    due = house.clock.now() + timedelta(seconds=60)
    goal_id = house.add("finish the deck", kind=GoalKind.OWN, deadline=due)
    await house.until(lambda: house.goal(goal_id).goal.overdue)
    await house.crash()
    await house.clock.advance(200)
    assert house.goal(goal_id).goal.status is Status.WAITING
    assert len(told(house, "goal_overdue")) == 1
    house.journal.verdicts.move(goal_id, house.clock.now() + timedelta(seconds=60))
    assert not house.goal(goal_id).goal.overdue
    await house.until(lambda: house.goal(goal_id).goal.overdue)
    assert len(told(house, "goal_overdue")) == 2


async def test_what_is_the_persons_to_do_cannot_be_fed(house: GoalHouse) -> None:
    goal_id = house.add("finish the deck", kind=GoalKind.OWN)
    await until_looked_up(house, goal_id)
    with pytest.raises(Conflict, match="yours to do"):
        house.journal.tasks.update(house.goal(goal_id).tasks[1].id, "feed", "go on")


async def test_an_accepted_goal_of_ones_own_that_is_reopened_ends_well(house: GoalHouse) -> None:
    goal_id = house.add("finish the deck", kind=GoalKind.OWN)
    await until_looked_up(house, goal_id)
    house.journal.verdicts.accept(goal_id)
    house.journal.verdicts.reopen(goal_id, "the last slide")
    await house.until(lambda: len(house.goal(goal_id).tasks) == 4)
    await house.until(lambda: house.goal(goal_id).tasks[2].status is Status.COMPLETED)
    house.journal.tasks.update(house.goal(goal_id).tasks[3].id, "done", "")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
