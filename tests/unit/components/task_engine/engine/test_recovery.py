"""What becomes of calls and tasks that were cut off: by effect class, counted, and never blocking the rest."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.component.grants.hostnames import host_named
from senter.components.task_engine.contract.steps import Assignment, Executor, Steps, TaskOutput
from senter.components.task_engine.contract.tool import LARGEST_RESULT_CHARACTERS, Tool, ToolCall, ToolResult
from senter.components.task_engine.engine.machine import WAIT_SECONDS
from senter.components.task_engine.journal.ledger import Fenced
from senter.components.task_engine.journal.records import Claim, StepName
from senter.components.task_engine.journal.steps import StepCall
from senter.errors import Conflict, PermissionNeeded, SenterError, StorageFull
from senter.files import make_mark
from senter.messages.goals import Status, TaskId
from senter.messages.needs import Need, ReachHost, WritePath
from senter.messages.tools import EffectClass
from senter.paths import Paths
from tests.support.goal_tools import Nothing
from tests.support.goals import GoalHouse, plan, task

CUT_OFF: dict[str, JsonValue] = {"seconds": 20}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(tmp_path)
    yield house
    await house.close()


async def cut_off_after_the_effect(house: GoalHouse, tool: str, label: str = "x") -> int:
    """A goal whose tool had its effect when the process died."""
    goal_id = house.add(plan(task(tool, tool_params={**CUT_OFF, "label": label})))
    await house.until(lambda: any(line["what"] == "did" for line in house.effects.lines))
    await house.crash()
    return goal_id


@pytest.mark.parametrize(("tool", "calls"), [("pure", 2), ("idempotent", 2)])
async def test_a_repeatable_call_is_made_again_under_the_same_key(house: GoalHouse, tool: str, calls: int) -> None:
    goal_id = await cut_off_after_the_effect(house, tool)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    keys = {line["key"] for line in house.effects.lines}
    assert len(keys) == 1
    assert house.effects.count(keys.pop(), "called") == calls


@pytest.mark.parametrize("label", ["x", "long " * 60_000], ids=["short", "long"])
async def test_a_compensable_call_is_undone_and_made_again_whatever_its_arguments(house: GoalHouse, label: str) -> None:
    goal_id = await cut_off_after_the_effect(house, "compensable", label)
    await house.until_ended(goal_id)
    assert [line["what"] for line in house.effects.lines] == ["called", "did", "undid", "called", "did"]


async def test_a_once_only_call_waits_for_a_person_while_others_go_on(house: GoalHouse) -> None:
    goal_id = await cut_off_after_the_effect(house, "once_only")
    other = house.add(plan(task("pure")))
    await house.until_ended(other)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.goal.state) == (Status.WAITING, "blocked")
    approval = house.journal.approvals.list(include_decided=False)[0]
    assert (approval.kind, approval.tool) == ("unknown_outcome", "count_once_only")
    assert "cut off before anyone knew" in approval.known
    assert [line["what"] for line in house.effects.lines if line["tool"] == "count_once_only"] == ["called", "did"]


@pytest.mark.parametrize(("decision", "effects"), [("denied", 1), ("approved", 2)])
async def test_a_person_decides_about_an_unknown_outcome(house: GoalHouse, decision: str, effects: int) -> None:
    goal_id = await cut_off_after_the_effect(house, "once_only")
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    house.journal.approvals.decide(1, "approved" if decision == "approved" else "denied")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    assert sum(line["what"] == "did" for line in house.effects.lines) == effects


async def test_an_unknown_outcome_that_nobody_decides_is_never_done_again(house: GoalHouse) -> None:
    goal_id = await cut_off_after_the_effect(house, "once_only")
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    house.clock.elapse(73 * 3_600)
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert reply.goal.status is Status.FAILED
    assert "not known, and nobody said" in reply.tasks[0].error
    assert sum(line["what"] == "called" for line in house.effects.lines) == 1


async def test_a_finished_step_is_never_carried_out_again(house: GoalHouse) -> None:
    steps: list[JsonValue] = [
        ["ask_model", {"text": "a"}],
        ["count_once_only", {}],
        ["count_pure", CUT_OFF],
        ["ask_model", {"text": "b"}],
    ]
    goal_id = house.add(plan(task(tool_params={"steps": steps})))
    await house.until(lambda: any(line["tool"] == "count_pure" for line in house.effects.lines))
    await house.crash()
    await house.until_ended(goal_id)
    assert house.goal(goal_id).tasks[0].result == "answer 1\ncount_once_only x\ncount_pure x\nanswer 2"
    assert [request.messages[0].content for request in house.asked] == ["a", "b"]
    assert sum(line["tool"] == "count_once_only" and line["what"] == "did" for line in house.effects.lines) == 1


async def test_equal_calls_of_one_task_are_told_apart(house: GoalHouse) -> None:
    goal_id = house.add(plan(task(tool_params={"steps": [["count_once_only", {}], ["count_once_only", {}]]})))
    await house.until_ended(goal_id)
    assert len({line["key"] for line in house.effects.lines}) == 2


async def test_a_task_that_kills_its_process_is_quarantined_and_does_not_block_the_rest(house: GoalHouse) -> None:
    house.executor = Poison(house)
    await house.crash()
    poison = house.add("plan: " + '{"tasks": [{"description": "poison"}]}')
    others = [house.add(plan(*[task("pure") for _ in range(4)])) for _ in range(3)]
    for _ in range(12):
        await house.until(lambda: house.crashed or all(_ended(house, other) for other in others))
        if house.crashed:
            await house.crash()
    reply = house.goal(poison)
    assert (reply.goal.status, reply.tasks[0].attempts) == (Status.QUARANTINED, 3)
    assert all(house.goal(other).goal.status is Status.COMPLETED for other in others)


async def test_a_task_is_not_blamed_when_the_whole_daemon_ended(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params=CUT_OFF)))
    for _ in range(5):
        await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
        house.supervisor_pid += 1
        await house.crash()
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def test_the_same_unforeseen_error_quarantines_and_a_person_can_retry(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("broken")))
    house_tool = Broken()
    await house.close()
    fixed = GoalHouse(house.paths.home, house_tool)
    await fixed.until(lambda: fixed.goal(goal_id).goal.status is Status.QUARANTINED)
    assert "not foreseen: KeyError" in fixed.goal(goal_id).tasks[0].error
    house_tool.mended = True
    fixed.journal.goals.retry(goal_id, None)
    fixed.journal.goals.deliver(goal_id, [], "")  # a report that was being written meanwhile comes too late
    await fixed.until_ended(goal_id)
    assert fixed.goal(goal_id).goal.status is Status.COMPLETED
    await fixed.close()
    house.open()


async def test_a_claim_that_ended_cannot_ask_a_person(house: GoalHouse) -> None:
    """What a cancelled task asks afterwards would wait for an answer, and the answer would begin its goal again."""
    goal_id = house.add(plan(task("once_only", tool_params=CUT_OFF)))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    claim = Claim(TaskId(house.goal(goal_id).tasks[0].id), house.goal(goal_id).goal.id, 1)
    house.journal.goals.cancel(house.goal(goal_id).goal.id)
    call = StepCall("tool", "count_once_only", {}, EffectClass.ONCE_ONLY, StepName("d", 1), "k")
    with pytest.raises(Fenced):
        house.journal.approvals.ask(claim, call, 1, "unknown_outcome", ())
    assert house.journal.approvals.waiting() == 0


async def test_a_goal_that_ended_is_not_begun_again_by_a_word_about_its_task(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure")))
    await house.until_ended(goal_id)
    with house.database.transaction() as tx:
        tx.execute("UPDATE tasks SET status = 'waiting' WHERE goal_id = ?", (goal_id,))
    house.journal.tasks.update(house.goal(goal_id).tasks[0].id, "feed", "more")
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def test_an_older_claim_cannot_write(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure", tool_params=CUT_OFF)))
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    task_id = house.goal(goal_id).tasks[0].id
    old = Claim(TaskId(task_id), house.goal(goal_id).goal.id, 1)
    await house.crash()
    await house.until(lambda: house.engine.running == 1, step_seconds=0.01)
    with pytest.raises(Fenced):
        house.journal.attempts.complete(old, TaskOutput("late", {}, (), (), True), (), 1.0)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).tasks[0].result == "count_pure x"


async def test_a_huge_result_is_cut_and_says_so(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, Huge())
    goal_id = house.add(plan(task("huge")))
    await house.until_ended(goal_id)
    result = house.journal.views.outputs(house.goal(goal_id).goal.id)[1]
    assert len(result.text) < LARGEST_RESULT_CHARACTERS + 100
    assert "[cut: 52,228,800 more characters]" in result.text
    await house.close()


async def test_a_tool_that_hangs_is_given_up_after_its_time(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, Hanging())
    goal_id = house.add(plan(task("hanging")))
    while house.goal(goal_id).goal.status is not Status.FAILED:
        await house.clock.advance(5)
        await asyncio.sleep(0.01)
    assert "took longer than 0.05 s" in house.goal(goal_id).tasks[0].error
    await house.close()


async def test_what_lies_outside_the_grant_waits_for_a_person(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"))
    goal_id = house.add(plan(task("writing")))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    assert house.goal(goal_id).goal.status is Status.WAITING
    house.journal.approvals.decide(1, "approved")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    assert (tmp_path / "elsewhere" / "file").read_bytes() == b"x"
    await house.close()


async def test_a_retry_asks_again_and_the_no_stays_on_record(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"))
    goal_id = house.add(plan(task("writing")))
    for number in (1, 2):
        await house.until(lambda: house.journal.approvals.waiting() == 1)
        house.journal.approvals.decide(number, "denied")
        await house.until_ended(goal_id)
        house.journal.goals.retry(goal_id, None)
        house.engine.wake()
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    decisions = [approval.decision for approval in house.journal.approvals.list(include_decided=True)]
    assert decisions == ["denied", "denied", ""]
    told = [line.text for line in house.journal.story.tell(f"goal {goal_id}") if line.kind == "approval"]
    assert [line.rpartition(", ")[2] for line in told] == ["denied", "denied", "waits"]
    await house.close()


async def test_no_word_about_a_task_that_has_ended_is_dropped_in_silence(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure"), task("pure", tool_params={"fails": 9}, optional=True)))
    await house.until_ended(goal_id)
    done, failed = house.goal(goal_id).tasks
    for task_id, action, said in ((done.id, "done", done.result), (failed.id, "fail", failed.error)):
        assert action in ("done", "fail")
        for known in ("", said):
            house.journal.tasks.update(task_id, action, known)
        with pytest.raises(Conflict, match="has ended"):
            house.journal.tasks.update(task_id, action, "something new")


@pytest.mark.parametrize("how", ["task done", "goal cancel"])
async def test_what_nobody_needs_to_answer_any_more_is_withdrawn(tmp_path: Path, how: str) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"))
    goal_id = house.add(plan(task("writing")))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    if how == "task done":
        house.journal.tasks.update(house.goal(goal_id).tasks[0].id, "done", "I did it.")
    else:
        house.journal.goals.cancel(goal_id)
    assert [approval.decision for approval in house.journal.approvals.list(include_decided=True)] == ["withdrawn"]
    with pytest.raises(Conflict, match="its task ended without it"):
        house.journal.approvals.decide(1, "approved")
    if how == "goal cancel":
        house.journal.goals.retry(goal_id, None)
        await house.until(lambda: house.journal.approvals.waiting() == 1)
    await house.close()


async def test_a_no_fails_the_task_and_another_word_is_a_conflict(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"))
    goal_id = house.add(plan(task("writing")))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    house.journal.approvals.decide(1, "denied")
    assert house.journal.approvals.decide(1, "denied").decision == "denied"
    with pytest.raises(Conflict):
        house.journal.approvals.decide(1, "approved")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.FAILED
    assert house.goal(goal_id).tasks[0].error.startswith("A person said no to: write ")
    assert not (tmp_path / "elsewhere").exists()
    await house.close()


async def test_silence_is_a_no_and_a_retry_asks_again(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"))
    goal_id = house.add(plan(task("writing")))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    house.clock.elapse(73 * 3_600)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.FAILED
    assert house.goal(goal_id).tasks[0].error.startswith("Nobody said yes in time to: write ")
    house.journal.goals.retry(house.goal(goal_id).goal.id, None)
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    await house.close()


async def test_what_shows_to_be_needed_in_the_middle_of_a_call_is_asked_for_once(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, Redirected("b.example"))
    goal_id = house.add(plan(task("redirected")))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    assert house.journal.approvals.list(include_decided=False)[0].needs == (reach("b.example"),)
    house.journal.approvals.decide(1, "approved")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    await house.close()


async def test_a_call_that_leads_further_than_a_person_allowed_fails(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, Redirected("b.example", "c.example"))
    goal_id = house.add(plan(task("redirected")))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    house.journal.approvals.decide(1, "approved")
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert reply.goal.status is Status.FAILED
    assert "reach c.example" in reply.tasks[0].error
    await house.close()


async def test_work_that_can_do_without_does_not_wait_for_a_person(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"), Redirected("b.example"))
    house.executor = Impatient()
    await house.crash()
    ends = [house.add(plan(task(name))) for name in ("writing", "redirected")]
    await house.until_ended(*ends)
    results = [house.goal(goal_id).tasks[0].result for goal_id in ends]
    assert all("does not allow" in result for result in results)
    assert house.journal.approvals.list(include_decided=True) == []
    await house.close()


async def test_a_person_says_that_a_waiting_task_is_done_and_the_rest_goes_on(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home", Writing(tmp_path / "elsewhere"))
    goal_id = house.add(plan(task("writing"), task("pure", depends_on=[1])))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    task_id = house.goal(goal_id).tasks[0].id
    with pytest.raises(Conflict, match="yes or a no"):
        house.journal.tasks.update(task_id, "feed", "x")
    house.journal.tasks.update(task_id, "done", "by hand")
    await house.until_ended(goal_id)
    reply = house.goal(goal_id)
    assert (reply.goal.status, reply.tasks[1].result) == (Status.COMPLETED, "by hand\ncount_pure x")
    assert house.journal.approvals.waiting() == 0
    await house.close()


async def test_a_person_feeds_a_task_that_was_quarantined(tmp_path: Path) -> None:
    tool = Broken()
    house = GoalHouse(tmp_path, tool)
    goal_id = house.add(plan(task("broken")))
    await house.until(lambda: house.goal(goal_id).goal.status is Status.QUARANTINED)
    tool.mended = True
    house.journal.tasks.update(house.goal(goal_id).tasks[0].id, "feed", "use the other one")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).tasks[0].result == "use the other one\nmended"
    await house.close()


def _ended(house: GoalHouse, goal_id: int) -> bool:
    return not house.crashed and house.goal(goal_id).goal.status is Status.COMPLETED


class Poison:
    """Carries out what the counting executor does, and dies of the task named poison."""

    def __init__(self, house: GoalHouse) -> None:
        self._house = house
        self._other = house.executor

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        if assignment.task.description == "poison":
            self._house.crash_now()
        return await self._other.carry_out(assignment, steps)


class OneTool(Tool[Nothing]):
    arguments = Nothing
    description = "One."
    effect = EffectClass.PURE
    permission = "nothing"


class Broken(OneTool):
    name = "broken"
    mended = False

    async def run(self, arguments: Nothing, call: ToolCall) -> ToolResult:
        if not self.mended:
            raise KeyError("gone")
        return ToolResult("mended")


class Huge(OneTool):
    name = "huge"

    async def run(self, arguments: Nothing, call: ToolCall) -> ToolResult:
        return ToolResult("x" * 50 * 1024 * 1024)


class Hanging(OneTool):
    name = "hanging"
    timeout_seconds = 0.05

    async def run(self, arguments: Nothing, call: ToolCall) -> ToolResult:
        await asyncio.Event().wait()
        return ToolResult("never")


class Writing(OneTool):
    name = "writing"
    effect = EffectClass.IDEMPOTENT

    def __init__(self, folder: Path) -> None:
        self._path = folder / "file"

    def needs(self, arguments: Nothing, paths: Paths) -> tuple[Need, ...]:
        return (WritePath(path=self._path),)

    async def run(self, arguments: Nothing, call: ToolCall) -> ToolResult:
        call.access.write(self._path, b"x", replace=True)
        return ToolResult("written", trusted=True)


def reach(host: str) -> ReachHost:
    return ReachHost(host=host, port=443)


class Redirected(OneTool):
    """Finds in the middle which hosts it needs."""

    name = "redirected"
    effect = EffectClass.PURE

    def __init__(self, *hosts: str) -> None:
        self._hosts = hosts

    async def run(self, arguments: Nothing, call: ToolCall) -> ToolResult:
        for host in self._hosts:
            if not host_named(host, 443, call.access.grant.hosts):
                raise PermissionNeeded([reach(host)])
        return ToolResult("there", trusted=True)


class Impatient(Executor):
    """Calls its tool without waiting for a person."""

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        try:
            text = (await steps.tool(assignment.task.tool, {}, may_wait=False)).text
        except PermissionNeeded as error:
            text = error.message
        return TaskOutput(text, {}, (), (), trusted=True)


async def test_a_cut_off_call_that_the_tasks_code_shrugs_off_is_still_accounted_for(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path, HangingOnceOnly())
    house.executor = Careless()
    await house.crash()
    goal_id = house.add(plan(task("hanging_once_only")))
    while not house.journal.approvals.waiting():
        await house.clock.advance(5)
        await asyncio.sleep(0.01)
    assert house.goal(goal_id).goal.status is Status.WAITING
    await house.close()


async def test_a_full_disk_holds_goals_up_and_loses_nothing(house: GoalHouse) -> None:
    slow: dict[str, JsonValue] = {"seconds": 4}
    goal_id = house.add(plan(*[task("once_only", tool_params=slow, depends_on=[n] if n else []) for n in range(4)]))
    await house.until(lambda: any(line["what"] == "did" for line in house.effects.lines))
    fill(house)
    with pytest.raises(StorageFull):
        house.add(plan(task("pure", tool_params={"label": "x" * 200_000})))
    await house.clock.advance(20)
    assert house.effects.lines[-1]["what"] == "did"
    make_room(house)
    for _ in range(200):
        await house.clock.advance(5)
        for approval in house.journal.approvals.list(include_decided=False):
            house.journal.approvals.decide(approval.id, "denied")
        house.engine.wake()
    reply = house.goal(goal_id)
    assert reply.goal.status is Status.COMPLETED
    assert all(house.effects.standing(line["key"]) == 1 for line in house.effects.lines)


async def test_a_panic_interrupts_what_runs_also_on_a_full_disk(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("idempotent", tool_params=CUT_OFF)))
    await house.until(lambda: any(line["what"] == "called" for line in house.effects.lines))
    fill(house)
    make_mark(house.paths.panic)
    with pytest.raises(StorageFull):
        await house.engine.panic()
    assert house.engine.running == 0
    await house.clock.advance(60)
    assert house.effects.count(house.effects.lines[0]["key"], "called") == 1
    make_room(house)
    await house.clock.advance(60)
    assert house.journal.facts.panicking
    house.engine.release()
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


async def test_a_report_waits_for_space_and_one_that_cannot_be_written_at_all_is_a_failure(house: GoalHouse) -> None:
    report = house.paths.data / "goal-1.txt"
    report.symlink_to("/dev/full")
    goal_id = house.add(plan(task("pure")))
    await house.clock.advance(10)
    assert (house.goal(goal_id).goal.status, house.goal(goal_id).goal.progress_percent) == (Status.IN_PROGRESS, 100)
    report.unlink()
    await house.clock.advance(10)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    (house.paths.data / "goal-2.txt").mkdir()
    other = house.add(plan(task("pure")))
    await house.until_ended(other)
    assert "Its report could not be written" in house.goal(other).goal.error


@pytest.mark.parametrize("boundary", ["planning_begun", "effect_done", "report_written"])
async def test_what_could_not_be_written_down_is_tried_again_by_itself_and_not_without_a_pause(
    house: GoalHouse, boundary: str
) -> None:
    house.at_boundary = lambda name: fill(house) if house.boundaries.count(name) == 1 and name == boundary else None
    goal_id = house.add(plan(task("pure", tool_params={"label": "x" * 3_000})))
    await house.clock.advance(20)
    for _ in range(1_000):
        await asyncio.sleep(0)
    assert house.goal(goal_id).goal.status is not Status.COMPLETED
    assert house.boundaries.count(boundary) <= 1 + 20 / WAIT_SECONDS
    make_room(house)
    await house.clock.advance(60)
    assert house.goal(goal_id).goal.status is Status.COMPLETED


def make_room(house: GoalHouse) -> None:
    house.database.rows("PRAGMA max_page_count = 1000000", (), int)


def fill(house: GoalHouse) -> None:
    """Write until the file can grow no more."""
    pages = house.database.row("PRAGMA page_count", (), int) or 0
    house.database.rows(f"PRAGMA max_page_count = {pages + 2}", (), int)
    with suppress(StorageFull):
        for number in range(1_000):
            with house.database.transaction() as tx:
                tx.execute("INSERT INTO facts VALUES (?, ?)", (f"filler {number}", "x" * 3_000))
    with suppress(StorageFull):  # not one entry of the audit log, which most writes have, fits in its last page
        while True:
            with house.journal.ledger.writing("filled") as tx:
                house.journal.ledger.audit.add(tx, house.journal.ledger.now(), "user", "filled", "goal 1", "")


class Careless:
    """Calls its task's tool and does not mind what comes of it."""

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        with suppress(SenterError):
            await steps.tool(assignment.task.tool, {})
        return TaskOutput("whatever", {}, (), (), True)


class HangingOnceOnly(Hanging):
    name = "hanging_once_only"
    effect = EffectClass.ONCE_ONLY


async def test_a_journal_that_closes_under_running_tasks_leaves_nothing_unheard(tmp_path: Path) -> None:
    unheard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    await crash_in_the_middle(tmp_path)
    gc.collect()
    await asyncio.sleep(0)
    assert unheard == []


async def crash_in_the_middle(home: Path) -> None:
    house = GoalHouse(home)
    await cut_off_after_the_effect(house, "pure")
    await house.close()
