"""The component on the in-memory bus, with counting tools and fixed plans."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.spec import SPEC
from senter.errors import Conflict, Forbidden, InvalidInput, NotFound
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import GetAudit
from senter.messages.documents import FoldersChanged
from senter.messages.envelope import current
from senter.messages.goals import (
    FINAL,
    AskWhy,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    GoalLimits,
    GoalReply,
    JobTriggered,
    ListGoals,
    Panic,
    PlanGoal,
    Status,
    TaskFinished,
    UpdateTask,
    Widening,
)
from senter.messages.message import ComponentName
from senter.messages.tools import TestTool
from senter.operations.proof.spec import SPEC as PROOF
from tests.support.goals import plan, task
from tests.waiting import until

CLIENT = Manifest(sends=SPEC.receives, observes=(ActivityLogged, TaskFinished))
SECONDS = 10.0


class Person:
    """A client of the engine."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.activity: list[ActivityLogged] = []
        self.finished: list[TaskFinished] = []
        self.event_ids: list[str] = []

    async def listen(self) -> None:
        async def hear(event: ActivityLogged) -> None:
            self.activity.append(event)
            self.event_ids.append(current().id)

        async def hear_end(event: TaskFinished) -> None:
            self.finished.append(event)
            self.event_ids.append(current().id)

        await self.bus.observe(ActivityLogged, hear)
        await self.bus.observe(TaskFinished, hear_end)

    async def create(self, text: str, request_id: str = "one", deadline: str = "") -> GoalReply:
        command = CreateGoal(request_id=request_id, text=text, deadline=deadline)
        return await self.bus.request(command, timeout_seconds=SECONDS)

    async def get(self, goal_id: int) -> GoalReply:
        return await self.bus.request(GetGoal.model_validate({"goal_id": goal_id}), timeout_seconds=SECONDS)

    async def change(self, goal_id: int, action: str, **more: int) -> GoalReply:
        command = ChangeGoal.model_validate({"goal_id": goal_id, "action": action, **more})
        return await self.bus.request(command, timeout_seconds=SECONDS)

    async def until_ended(self, goal_id: int) -> GoalReply:
        async with asyncio.timeout(SECONDS):
            while (reply := await self.get(goal_id)).goal.status not in FINAL:
                await asyncio.sleep(0.005)
        return reply


@pytest.fixture
async def person(tmp_path: Path) -> AsyncGenerator[Person]:
    settings = TaskEngineSettings(first_wait_seconds=0, tool_calls=77)
    broker = MemoryBroker()
    someone = Person(broker.bus(ComponentName("api"), CLIENT))
    await someone.listen()
    async with run_component(PROOF, tmp_path / "home", settings=settings, broker=broker):
        yield someone


def text_of(*tasks: dict[str, JsonValue]) -> str:
    return f"plan: {json.dumps(plan(*tasks))}"


async def test_everything_that_happens_to_a_goal_is_announced(person: Person) -> None:
    failing = task("pure", tool_params={"fails": 9}, optional=True)
    reply = await person.create(text_of(task("pure"), failing))
    await person.until_ended(reply.goal.id)
    await until(lambda: any(event.kind == "goal_completed" for event in person.activity))
    kinds = [event.kind for event in person.activity]
    assert kinds[0] == "plan_created"
    assert sorted(kinds[1:]) == ["goal_completed", "task_completed", "task_failed"]
    completed = person.activity[-1].details
    assert (completed["tasks_completed"], completed["tasks_failed"]) == (1, 1)
    assert [event.status for event in person.finished] == [Status.COMPLETED, Status.FAILED]


async def test_the_same_request_makes_one_goal_and_another_text_is_a_conflict(person: Person) -> None:
    first = await person.create(text_of(task("pure")))
    again = await person.create(text_of(task("pure")))
    assert first.goal.id == again.goal.id
    with pytest.raises(Conflict):
        await person.create("something else")


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "x" * 10_001])
async def test_what_cannot_be_a_goal_is_refused_with_a_sentence(person: Person, text: str) -> None:
    with pytest.raises(ValidationError):
        await person.create(text)


async def test_long_and_right_to_left_goals_are_kept_as_they_are(person: Person) -> None:
    for number, text in enumerate(["א" * 10_000, "\u202eשלום\u202c hello", "😀 e\u0301"]):
        reply = await person.create(text, request_id=str(number))
        assert (await person.get(reply.goal.id)).goal.text == text


async def test_a_job_makes_one_goal_for_each_time_it_is_due(person: Person) -> None:
    due = datetime(2027, 1, 1, 9, tzinfo=UTC)
    for moment in (due, due, due.replace(day=2)):
        await person.bus.publish(JobTriggered(job_id="morning", due_at=moment, goal=text_of(task("pure"))))
    async with asyncio.timeout(SECONDS):
        while (goals := await person.bus.request(ListGoals(all=True), timeout_seconds=SECONDS)).total < 2:
            await asyncio.sleep(0.005)
    await person.until_ended(goals.goals[0].id)
    assert (await person.bus.request(ListGoals(all=True), timeout_seconds=SECONDS)).total == 2


async def test_what_a_person_says_of_the_budget_leaves_the_rest_as_in_the_settings(person: Person) -> None:
    asked = CreateGoal(request_id="one", text=text_of(task("pure")), budget=GoalLimits(tokens=7))
    goal = (await person.bus.request(asked, timeout_seconds=SECONDS)).goal
    budget = (await person.until_ended(goal.id)).grant.budget
    assert (budget.tokens, budget.tool_calls) == (7, 77)


async def test_what_a_person_or_a_job_allows_beyond_the_default_is_in_the_grant(person: Person, tmp_path: Path) -> None:
    more = Widening(write_roots=(str(tmp_path),))
    text = text_of(task("pure"))
    asked = CreateGoal(request_id="one", text=text, grant=more)
    by_person = (await person.bus.request(asked, timeout_seconds=SECONDS)).goal.id
    due = datetime(2027, 1, 1, 9, tzinfo=UTC)
    await person.bus.publish(JobTriggered(job_id="morning", due_at=due, goal=text, grant=more.to_grant()))
    async with asyncio.timeout(SECONDS):
        while (goals := await person.bus.request(ListGoals(all=True), timeout_seconds=SECONDS)).total < 2:
            await asyncio.sleep(0.005)
    usual = (await person.until_ended((await person.create(text, request_id="usual")).goal.id)).grant
    for goal_id in (by_person, *(goal.id for goal in goals.goals if goal.id != by_person)):
        grant = (await person.until_ended(goal_id)).grant
        assert grant.write_roots[-1] == str(tmp_path)
        assert grant.write_roots[0].endswith(f"/{goal_id:04d}")
        assert grant.write_roots[1] == usual.write_roots[1]
        assert grant.read_roots == usual.read_roots
    planned = await person.bus.request(PlanGoal(text=text, grant=more), timeout_seconds=SECONDS)
    assert str(tmp_path) in planned.grant.write_roots


async def test_grants_follow_the_folders_the_user_named(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    await person.bus.publish(FoldersChanged(paths=(str(folder),)))
    async with asyncio.timeout(SECONDS):
        while True:
            command = PlanGoal(text=text_of(task("pure")))
            reply = await person.bus.request(command, timeout_seconds=SECONDS)
            if str(folder) in reply.grant.read_roots:
                break
            await asyncio.sleep(0.005)
    assert (reply.goal.id, len(reply.tasks)) == (0, 1)
    assert (await person.bus.request(ListGoals(all=True), timeout_seconds=SECONDS)).total == 0


async def test_two_clients_may_act_on_the_same_goal_at_once(person: Person) -> None:
    goal_id = (await person.create(text_of(task("pure", tool_params={"seconds": 5})))).goal.id
    actions = ["cancel", "pause", "cancel", "resume", "retry", "cancel"]
    await asyncio.gather(*(person.change(goal_id, action) for action in actions), return_exceptions=True)
    await person.change(goal_id, "retry")
    assert (await person.get(goal_id)).goal.status is not Status.CANCELLED
    ended = await asyncio.gather(*(person.change(goal_id, "cancel") for _ in range(5)))
    assert {reply.goal.status for reply in ended} == {Status.CANCELLED}


async def test_a_word_about_a_task_that_ended_or_is_not_there_is_refused(person: Person) -> None:
    ended = await person.until_ended((await person.create(text_of(task("pure")))).goal.id)
    task_id = ended.tasks[0].id
    again = await person.bus.request(UpdateTask(task_id=task_id, action="done"), timeout_seconds=SECONDS)
    assert again.tasks[0].result == "count_pure x"
    with pytest.raises(Conflict):
        await person.bus.request(UpdateTask(task_id=task_id, action="fail"), timeout_seconds=SECONDS)
    with pytest.raises(NotFound):
        await person.bus.request(UpdateTask.model_validate({"task_id": 99, "action": "done"}), timeout_seconds=SECONDS)


async def test_panic_stops_work_until_it_is_released(person: Person) -> None:
    await person.bus.request(Panic(), timeout_seconds=SECONDS)
    reply = await person.create(text_of(task("pure")))
    assert (await person.get(reply.goal.id)).goal.status is Status.PENDING
    await person.bus.request(Panic(release=True), timeout_seconds=SECONDS)
    await person.until_ended(reply.goal.id)


async def test_why_leads_from_a_result_back_to_the_request(person: Person) -> None:
    ended = await person.until_ended((await person.create(text_of(task("pure")))).goal.id)
    reply = await person.bus.request(AskWhy(about=ended.goal.results[0]), timeout_seconds=SECONDS)
    kinds = [line.kind for line in reply.lines]
    assert kinds == ["result", "goal", "task", "attempt", "tool_call", "plan", "grant", "request"]
    assert [line.grant for line in reply.lines if line.kind == "grant"] == [ended.grant]
    about_task = await person.bus.request(AskWhy(about=f"task {ended.tasks[0].id}"), timeout_seconds=SECONDS)
    assert about_task.lines[0].kind == "task"
    with pytest.raises(NotFound):
        await person.bus.request(AskWhy(about="nothing of the kind"), timeout_seconds=SECONDS)


async def test_every_line_and_every_event_can_be_asked_about(person: Person) -> None:
    ended = await person.until_ended((await person.create(text_of(task("pure")))).goal.id)
    reply = await person.bus.request(AskWhy(about=str(ended.goal.id)), timeout_seconds=SECONDS)
    for line in reply.lines:
        for kind in (line.kind, line.kind.replace("_", " ")):
            told = await person.bus.request(AskWhy(about=f"{kind} {line.id}"), timeout_seconds=SECONDS)
            assert (told.lines[0].id, told.lines[-1].kind) == (line.id if kind != "request" else "1", "request")
    await until(lambda: any(event.kind == "goal_completed" for event in person.activity))
    for event_id in person.event_ids:
        told = await person.bus.request(AskWhy(about=event_id), timeout_seconds=SECONDS)
        assert (told.lines[0].kind, told.lines[0].id) == ("goal", "1")
    for nothing in ("attempt 99", "tool call 99", "model_call 99", "grant 99", "plan 99"):
        with pytest.raises(NotFound):
            await person.bus.request(AskWhy(about=nothing), timeout_seconds=SECONDS)


async def test_the_audit_log_holds_and_notices_a_change(person: Person, tmp_path: Path) -> None:
    await person.until_ended((await person.create(text_of(task("pure")))).goal.id)
    audit = await person.bus.request(GetAudit(verify=True), timeout_seconds=SECONDS)
    assert (audit.intact, audit.broken_at) == (True, None)
    assert (audit.total, audit.head) == (len(audit.entries), audit.entries[-1].digest)
    assert [entry.action for entry in audit.entries][:3] == ["goal_created", "grant_given", "plan_made"]
    connection = sqlite3.connect(tmp_path / "home" / "data" / "tasks.db")
    connection.execute("UPDATE audit SET text = 'something else' WHERE number = 2")
    connection.commit()
    connection.close()
    audit = await person.bus.request(GetAudit(verify=True, limit=0), timeout_seconds=SECONDS)
    assert (audit.intact, audit.broken_at) == (False, 2)


async def test_once_only_tools_are_not_tried_out(person: Person) -> None:
    with pytest.raises(Forbidden):
        await person.bus.request(TestTool(tool="count_once_only"), timeout_seconds=SECONDS)
    tested = await person.bus.request(TestTool(tool="count_pure"), timeout_seconds=SECONDS)
    assert tested.text == "count_pure x"
    audit = await person.bus.request(GetAudit(), timeout_seconds=SECONDS)
    assert [(entry.actor, entry.action, entry.subject) for entry in audit.entries] == [
        ("user", "tool_tested", "count_pure"),
        ("task_engine", "test_returned", "count_pure"),
    ]


@pytest.mark.parametrize("arguments", [{"seconds": "soon"}, {"nothing": "of the kind"}, {"label": None}])
async def test_arguments_that_are_missing_or_mistyped_are_wrong_use(
    person: Person, arguments: dict[str, JsonValue]
) -> None:
    with pytest.raises(InvalidInput, match="count_pure cannot take these arguments"):
        await person.bus.request(TestTool(tool="count_pure", arguments=arguments), timeout_seconds=SECONDS)


async def test_a_restored_file_gives_no_number_of_a_result_again(tmp_path: Path) -> None:
    results = tmp_path / "home" / "data" / "Focuses" / "research" / "results"
    results.mkdir(parents=True)
    for name in ("0007-tea.md", "0041-compare-tea-and-coffee.md", "mine.md", "99-mine.md", "20261121-mine.md"):
        number = int(name.partition("-")[0]) if "mine" not in name else 0
        (results / name).write_text(f"---\nnumber: {number}\n---\nkept")
    settings = TaskEngineSettings(first_wait_seconds=0)
    for number in (42, 43):
        broker = MemoryBroker()
        async with run_component(PROOF, tmp_path / "home", settings=settings, broker=broker):
            someone = Person(broker.bus(ComponentName("api"), CLIENT))
            assert (await someone.create(text_of(task("pure")), request_id=str(number))).goal.id == number


async def test_what_the_default_grant_does_not_cover_is_no_try(tmp_path: Path) -> None:
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("api"), Manifest(sends=(TestTool,)))
    async with run_component(SPEC, tmp_path / "home", broker=broker):
        wanted = TestTool(tool="file_write", arguments={"path": "/srv/elsewhere.txt", "content": "x"})
        with pytest.raises(Forbidden, match=r"create /srv/elsewhere\.txt"):
            await bus.request(wanted, timeout_seconds=SECONDS)


async def test_a_deadline_is_read_and_one_that_has_passed_is_refused(person: Person) -> None:
    reply = await person.create(text_of(task("pure")), deadline="2126-01-01T10:00:00+00:00")
    assert reply.goal.deadline == datetime(2126, 1, 1, 10, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        await person.create(text_of(task("pure")), request_id="two", deadline="2020-01-01")


async def test_a_plan_that_cannot_be_made_fails_the_goal_with_the_reason(person: Person) -> None:
    ended = await person.until_ended((await person.create('plan: {"tasks": []}')).goal.id)
    assert ended.goal.status is Status.FAILED
    assert "Cannot read the plan" in ended.goal.error
