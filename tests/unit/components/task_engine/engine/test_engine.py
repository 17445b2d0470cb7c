"""The engine on a file, with counting tools and a clock that moves by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.engine.attempt import misses
from senter.components.task_engine.journal.announcing import CameOfIt, announce_goal
from senter.components.task_engine.journal.settling import goal_of
from senter.components.task_engine.settings import TaskEngineSettings
from senter.files import make_mark
from senter.messages.activity import ActivityLogged
from senter.messages.goals import Check, Status, TaskFinished
from senter.messages.tools import EffectClass
from senter.operations.proof.counting import CountedArguments
from senter.store.stamps import from_stamp
from tests.support.goals import GoalHouse, plan, task


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(tmp_path)
    yield house
    await house.close()


async def test_a_goal_is_planned_carried_out_and_reported(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure"), task("once_only", depends_on=[1])))
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert reply.goal.status is Status.COMPLETED
    assert (reply.goal.executed, reply.goal.delivered, reply.goal.progress_percent) == (True, True, 100)
    assert [one.status for one in reply.tasks] == [Status.COMPLETED, Status.COMPLETED]
    assert read(reply.goal.results[0]) == "completed 2 of 2 "


async def test_what_was_researched_is_told_by_its_topic(house: GoalHouse) -> None:
    goal_id = house.add("Please research bees and write a summary")
    await house.until_ended(goal_id)
    with house.database.transaction() as tx:
        researched = replace(goal_of(tx, goal_id), focus="research", topic="bees")
        announce_goal(house.journal.ledger, tx, researched, Status.COMPLETED, [], CameOfIt())
    told = next(e for e in house.events if isinstance(e, ActivityLogged) and e.kind == "research_complete")
    assert (told.summary, told.details["topic"]) == ("Researched: bees", "bees")


async def test_outputs_feed_the_tasks_that_depend_on_them(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"label": "first"}), task("pure", depends_on=[1])))
    await house.until_ended(goal_id)
    assert house.goal(goal_id).tasks[1].result == "count_pure first\ncount_pure x"


async def test_a_task_that_fails_takes_those_that_need_it_with_it(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"fails": 9}), task("pure", depends_on=[1]), task("pure")))
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert [one.status for one in reply.tasks] == [Status.FAILED, Status.CANCELLED, Status.COMPLETED]
    assert (reply.goal.status, reply.tasks[0].attempts) == (Status.FAILED, 3)
    assert reply.tasks[1].error == "It needs task 1, which failed."
    assert "Task 1 failed" in reply.goal.error


async def test_an_optional_task_may_fail(house: GoalHouse) -> None:
    failing = task("pure", tool_params={"fails": 9}, optional=True)
    goal_id = house.add(plan(failing, task("pure", depends_on=[1])))
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert [one.status for one in reply.tasks] == [Status.FAILED, Status.COMPLETED]
    assert (reply.goal.status, reply.goal.progress_percent) == (Status.COMPLETED, 100)


async def test_what_can_be_retried_is_retried_with_growing_waits(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"fails": 2})))
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    begun = house.database.rows("SELECT begun_at FROM attempts ORDER BY id", (), from_stamp)
    first, second = ((later - earlier).total_seconds() for earlier, later in pairwise(begun))
    assert 0.75 <= first <= 1.75
    assert 1.5 <= second <= 3.0


async def test_a_check_that_does_not_hold_fails_the_goal(house: GoalHouse) -> None:
    house.checks = lambda _: (Check(what="2 sources can be opened", held=False, found="none named"),)
    condition: list[JsonValue] = [{"kind": "sources_at_least", "count": 2}]
    goal_id = house.add(plan(task("pure", postconditions=condition)))
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.goal.executed, reply.goal.verified) == (Status.FAILED, True, False)
    assert "2 sources can be opened (none named)" in reply.tasks[0].error
    assert reply.tasks[0].attempts == 1


async def test_more_urgent_goals_come_first(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, settings=TaskEngineSettings(max_concurrent_tasks=1))
    house.journal.facts.panic(release=False)
    for priority in (1, 9, 5):
        house.add(plan(task("pure", tool_params={"label": str(priority)})), priority=priority)
    house.journal.facts.panic(release=True)
    await house.until_ended(1, 2, 3)
    finished = [event.goal_id for event in house.events if isinstance(event, TaskFinished)]
    assert finished == [2, 3, 1]
    await house.close()


async def test_no_more_tasks_run_at_once_than_allowed(house: GoalHouse) -> None:
    house.add(plan(*[task("pure", tool_params={"seconds": 10}) for _ in range(8)]))
    await house.until(lambda: house.engine.running > 0, step_seconds=0.01)
    await house.clock.advance(1)
    assert house.engine.running == 3


async def test_a_paused_goal_begins_nothing_more_until_it_is_resumed(house: GoalHouse) -> None:
    house.journal.facts.panic(release=False)
    goal_id = house.add(plan(task("pure")))
    house.journal.goals.pause(goal_id, paused=True)
    house.journal.facts.panic(release=True)
    house.engine.wake()
    await house.clock.advance(100)
    assert house.goal(goal_id).goal.status is Status.PENDING
    house.journal.goals.pause(goal_id, paused=False)
    await house.until_ended(goal_id)


async def test_cancelling_a_goal_ends_what_runs(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"seconds": 20}), task("pure", depends_on=[1])))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    house.journal.goals.cancel(goal_id)
    await house.engine.stop_goal(goal_id)
    reply = house.goal(goal_id)
    assert (reply.goal.status, house.engine.running) == (Status.CANCELLED, 0)
    assert {one.status for one in reply.tasks} == {Status.CANCELLED}
    await house.clock.advance(100)
    assert house.effects.lines[-1]["what"] == "called"


async def test_a_passed_deadline_fails_the_goal(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"seconds": 29}), task("pure", depends_on=[1])))
    with house.database.transaction() as tx:
        due = house.journal.ledger.after(10)
        tx.execute("UPDATE goals SET deadline = ? WHERE id = ?", (due, goal_id))
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.goal.error) == (Status.FAILED, "Its deadline passed before it was done.")
    assert reply.goal.finished_at is not None
    assert 10 <= (reply.goal.finished_at - reply.goal.created_at).total_seconds() < 29
    assert (reply.goal.executed, reply.goal.delivered) == (False, True)
    assert Path(reply.goal.results[0]).is_file()


async def test_a_deadline_that_passes_before_there_is_a_plan_fails_the_goal(house: GoalHouse) -> None:
    house.journal.facts.panic(release=False)
    goal_id = house.add(plan(task("pure")))
    with house.database.transaction() as tx:
        tx.execute("UPDATE goals SET deadline = ? WHERE id = ?", (house.journal.ledger.after(10), goal_id))
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.error == "Its deadline passed before it was done."


async def test_panic_interrupts_and_holds_over_a_restart_until_it_is_released(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"seconds": 20})))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    await house.engine.panic()
    assert house.goal(goal_id).tasks[0].status is Status.PENDING
    await house.crash()
    await house.clock.advance(100)
    assert house.engine.running == 0
    house.journal.facts.panic(release=True)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def test_a_panic_while_the_engine_was_down_is_heeded_before_anything_begins(house: GoalHouse) -> None:
    first = house.add(plan(task("pure", tool_params={"seconds": 20})))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    make_mark(house.paths.panic)
    await house.crash()
    second = house.add(plan(task("pure")))
    calls = len(house.effects.lines)
    await house.clock.advance(100)
    assert (house.engine.running, len(house.effects.lines)) == (0, calls)
    assert (house.journal.facts.panicking, house.paths.panic.exists()) == (True, False)
    house.engine.release()
    await house.until_ended(first, second)


async def test_a_panic_that_nobody_could_tell_a_living_engine_is_heeded_too(house: GoalHouse) -> None:
    house.add(plan(task("pure", tool_params={"seconds": 20})))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    make_mark(house.paths.panic)
    await house.clock.advance(house.settings.lease_seconds / 2)
    assert (house.engine.running, house.journal.facts.panicking) == (0, True)


async def test_a_release_undoes_a_panic_that_was_not_found_yet(house: GoalHouse) -> None:
    make_mark(house.paths.panic)
    house.engine.release()
    await house.until_ended(house.add(plan(task("pure"))))
    assert not house.journal.facts.panicking


class WhenAsked(Tool[CountedArguments]):
    name = "when_asked"
    description = "Says when its goal was asked for."
    arguments = CountedArguments
    effect = EffectClass.PURE
    permission = "nothing"

    async def run(self, arguments: CountedArguments, call: ToolCall) -> ToolResult:
        return ToolResult(text=call.asked_at.isoformat(), trusted=True)


async def test_a_tool_knows_when_its_goal_was_asked_for_however_late_it_is_called(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, WhenAsked())
    house.journal.facts.panic(release=False)
    goal_id = house.add(plan(task("when_asked")))
    await house.clock.advance(86_400)
    house.journal.facts.panic(release=True)
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert reply.tasks[0].result == reply.goal.created_at.isoformat()
    await house.close()


async def test_tasks_in_flight_finish_within_the_grace_of_a_stop(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"seconds": 2}), task("pure", tool_params={"seconds": 20})))
    await house.until(lambda: house.engine.running == 2, step_seconds=0.01)
    stopping = asyncio.create_task(house.engine.finish(5))
    await house.clock.advance(6)
    await stopping
    assert [one.status for one in house.goal(goal_id).tasks] == [Status.COMPLETED, Status.PENDING]
    await house.crash()
    await house.until_ended(goal_id)
    assert [one.attempts for one in house.goal(goal_id).tasks] == [1, 2]


async def test_a_budget_that_is_used_up_stops_the_goal(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, settings=TaskEngineSettings(tool_calls=2))
    steps: list[JsonValue] = [["count_pure", {"label": str(number)}] for number in range(4)]
    goal_id = house.add(plan(task(tool_params={"steps": steps})))
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.goal.cost.tool_calls) == (Status.FAILED, 2)
    assert "used up its tool calls (2)" in reply.tasks[0].error
    await house.close()


async def test_a_spent_budget_ends_the_goal_also_in_a_task_it_could_do_without(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, settings=TaskEngineSettings(tool_calls=1))
    steps: list[JsonValue] = [["count_pure", {"label": str(number)}] for number in range(2)]
    goal_id = house.add(plan(task(tool_params={"steps": steps}, optional=True), task(depends_on=[1])))
    await house.until_ended(goal_id)
    goal = house.goal(goal_id).goal
    assert (goal.status, goal.executed) == (Status.FAILED, False)
    assert goal.error.startswith("Task 1 failed: The goal has used up its tool calls (1).")
    await house.close()


@pytest.mark.parametrize("tokens", [0, 1, 2])
async def test_a_question_to_a_model_that_is_longer_than_what_is_left_is_not_asked(tmp_path: Path, tokens: int) -> None:
    house = GoalHouse(tmp_path, settings=TaskEngineSettings(tokens=tokens))
    goal_id = house.add(plan(task(tool_params={"steps": [["ask_model", {"text": "What is tea?"}]]})))
    await house.until_ended(goal_id)
    assert not house.asked
    why = f"The goal has {tokens} of {tokens} tokens left" if tokens else "The goal has used up its tokens (0)"
    assert why in house.goal(goal_id).goal.error
    await house.close()


async def test_an_answer_is_held_to_what_is_left_and_more_than_that_stops_the_goal(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, settings=TaskEngineSettings(tokens=8))
    steps: list[JsonValue] = [["ask_model", {"text": "tea"}], ["ask_model", {"text": "pie"}]]
    goal_id = house.add(plan(task(tool_params={"steps": [*steps, ["count_pure", {"label": "x"}]]})))
    await house.until_ended(goal_id)
    assert [request.max_tokens for request in house.asked] == [7, 2]
    reply = house.goal(goal_id)
    assert (reply.goal.cost.tokens, reply.goal.cost.tool_calls) == (10, 0)
    assert "used up its tokens (8)" in reply.goal.error
    await house.close()


async def test_the_time_a_task_takes_counts_against_the_budget(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, settings=TaskEngineSettings(wall_seconds=5))
    goal_id = house.add(
        plan(*[task("pure", tool_params={"seconds": 4}, depends_on=[n] if n else []) for n in range(3)])
    )
    await house.until_ended(goal_id)
    assert [one.status for one in house.goal(goal_id).tasks] == [Status.COMPLETED, Status.COMPLETED, Status.FAILED]
    await house.close()


async def test_the_same_request_makes_one_goal(house: GoalHouse) -> None:
    text = plan(task("pure"))
    assert house.add(text, request_id="same") == house.add(text, request_id="same")
    assert len(house.goals()) == 1


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("restart", "reason"), [(False, "while the machine slept"), (True, "while Senter was not running")]
)
async def test_a_deadline_that_passed_while_nothing_could_run_says_so(
    house: GoalHouse, restart: bool, reason: str
) -> None:
    goal_id = house.add(plan(task("pure", tool_params={"seconds": 29}), task("pure", depends_on=[1])))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    with house.database.transaction() as tx:
        tx.execute("UPDATE goals SET deadline = ? WHERE id = ?", (house.journal.ledger.after(600), goal_id))
    if restart:
        house.clock.elapse(3_600)
        await house.crash()
    else:
        house.clock.set_wall_time(house.clock.now() + timedelta(hours=1))
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.error == f"Its deadline passed {reason}."


def test_only_a_check_that_is_known_not_to_hold_fails_a_task() -> None:
    held, missed, open_ = Check(what="a", held=True), Check(what="b", held=False), Check(what="c", held=None)
    assert misses([held, missed, open_]) == ["b"]
