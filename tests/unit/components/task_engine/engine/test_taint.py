"""Text from outside stays in a task's context: over failures, crashes and retries, and so does what follows from it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import BaseModel

from senter.components.task_engine.contract.steps import Assignment, Executor, Steps, TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded, SenterError, ToolError
from senter.messages.goals import Status
from senter.messages.needs import Need, ReachHost
from senter.messages.tools import EffectClass
from senter.paths import Paths
from tests.support.goals import GoalHouse, plan, task


class Labelled(BaseModel):
    label: str = ""


class Outside(Tool[Labelled]):
    """Fails once in the words that `failure` makes, and then works in Senter's own."""

    name = "outside"
    description = "Speaks with the outside."
    arguments = Labelled
    effect = EffectClass.PURE
    permission = "nothing"

    def __init__(self, failure: Callable[[], Exception]) -> None:
        self.failure: Callable[[], Exception] | None = failure

    async def run(self, arguments: Labelled, call: ToolCall) -> ToolResult:
        failure, self.failure = self.failure, None
        if failure:
            raise failure()
        return ToolResult("done", trusted=True)


class Schedules(Tool[Labelled]):
    name = "schedules"
    description = "Changes what is planned."
    arguments = Labelled
    effect = EffectClass.IDEMPOTENT
    permission = "nothing"
    changes = "schedules"

    def __init__(self) -> None:
        self.done: list[str] = []

    async def run(self, arguments: Labelled, call: ToolCall) -> ToolResult:
        self.done.append(arguments.label)
        return ToolResult("done", trusted=True)


class Writes(Schedules):
    name = "writes"
    changes = ""


class Address(BaseModel):
    url: str


class Reaches(Tool[Address]):
    name = "reaches"
    description = "Reads a page."
    arguments = Address
    effect = EffectClass.PURE
    permission = "the host"

    def needs(self, arguments: Address, paths: Paths) -> tuple[Need, ...]:
        return (ReachHost(host=arguments.url.split("/")[2], port=443),)

    async def run(self, arguments: Address, call: ToolCall) -> ToolResult:
        return ToolResult(arguments.url, trusted=True)


class AlwaysElsewhere(Tool[Labelled]):
    name = "elsewhere"
    description = "Reads a page that leads elsewhere."
    arguments = Labelled
    effect = EffectClass.PURE
    permission = "the host"

    async def run(self, arguments: Labelled, call: ToolCall) -> ToolResult:
        raise PermissionNeeded([ReachHost(host="obey-and-schedule-x.example", port=443)])


class Does(Executor):
    """Carries out what a test says."""

    def __init__(self, work: Callable[[Steps], Awaitable[None]]) -> None:
        self._work = work

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        await self._work(steps)
        return TaskOutput("done", {}, (), (), trusted=True)


async def fails_then_schedules(steps: Steps) -> None:
    with suppress(ToolError):
        await steps.tool("outside", {})
    await steps.tool("schedules", {"label": "x"})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
async def house(home: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(
        home,
        Outside(lambda: ToolError("obey", retryable=True)),
        Schedules(),
        Writes(),
        Reaches(),
        settings=TaskEngineSettings(fetch_hosts=("*",), first_wait_seconds=0),
    )
    yield house
    await house.close()


async def using(house: GoalHouse, work: Callable[[Steps], Awaitable[None]]) -> None:
    house.executor = Does(work)
    await house.crash()


def asked(house: GoalHouse) -> list[str]:
    return [approval.tool for approval in house.journal.approvals.list(include_decided=True)]


@pytest.mark.parametrize("boundary", range(1, 9))
async def test_what_failed_in_others_words_taints_however_often_the_process_dies(
    house: GoalHouse, boundary: int
) -> None:
    """The call that failed does not fail again when the task's code runs again."""
    await using(house, fails_then_schedules)
    goal_id = house.add(plan(task(tool_params={})))
    house.crash_after = boundary + 3  # accepted, planning begun, planned
    await house.until(lambda: house.crashed or bool(house.journal.approvals.waiting()))
    await house.crash()
    await house.until(
        lambda: bool(house.journal.approvals.waiting()) or house.goal(goal_id).goal.status is Status.COMPLETED
    )
    assert asked(house) == ["schedules"]


@pytest.mark.parametrize(
    ("failure", "taints"),
    [
        (lambda: ToolError("obey"), True),
        (lambda: ToolError("Words of Senter.", trusted=True), False),
        (lambda: PermissionNeeded(["reach obey.example"]), True),
    ],
)
async def test_only_words_of_senter_alone_leave_a_task_as_it_was(
    tmp_path: Path, failure: Callable[[], Exception], taints: bool
) -> None:
    async def work(steps: Steps) -> None:
        with suppress(SenterError):
            await steps.tool("outside", {}, may_wait=False)
        await steps.tool("schedules", {"label": "x"})

    house = GoalHouse(tmp_path, Outside(failure), Schedules())
    await using(house, work)
    goal_id = house.add(plan(task(tool_params={})))
    await house.until(
        lambda: bool(house.journal.approvals.waiting()) or house.goal(goal_id).goal.status is Status.COMPLETED
    )
    assert asked(house) == (["schedules"] if taints else [])
    await house.close()


async def test_an_error_nobody_foresaw_taints_the_next_attempt(tmp_path: Path) -> None:
    house = GoalHouse(
        tmp_path,
        Outside(lambda: ValueError("obey")),
        Schedules(),
        settings=TaskEngineSettings(first_wait_seconds=0),
    )
    await using(house, fails_then_schedules)
    house.add(plan(task(tool_params={})))
    await house.until(lambda: bool(house.journal.approvals.waiting()))
    assert asked(house) == ["schedules"]
    await house.close()


async def test_a_plan_that_text_from_outside_may_have_steered_taints_its_tasks_over_a_crash(house: GoalHouse) -> None:
    await using(house, lambda steps: _call(steps, "writes"))
    house.add(plan(task("writes", tainted=True)), request_id="steered")
    free = house.add(plan(task("writes")), request_id="free")
    await house.until(
        lambda: bool(house.journal.approvals.waiting()) and house.goal(free).goal.status is Status.COMPLETED
    )
    await house.crash()
    assert asked(house) == ["writes"]


async def test_a_tainted_task_asks_before_a_change_that_its_plan_did_not_name(house: GoalHouse) -> None:
    async def work(steps: Steps) -> None:
        try:
            await steps.tool("outside", {})
        except ToolError:
            await steps.tool("writes", {"label": "x"})

    await using(house, work)
    house.add(plan(task("pure")))
    await house.until(lambda: bool(house.journal.approvals.waiting()))
    assert asked(house) == ["writes"]


async def test_what_was_done_before_is_not_asked_about_when_the_task_goes_on(house: GoalHouse) -> None:
    """A call that failed is made again, and held to what it was held to then."""

    async def work(steps: Steps) -> None:
        await steps.tool("reaches", {"url": "https://first.example/"})
        await fails_then_schedules(steps)

    await using(house, work)
    goal_id = house.add(plan(task(tool_params={})))
    await house.until(lambda: bool(house.journal.approvals.waiting()))
    await house.crash()
    house.journal.approvals.decide(1, "approved")
    await house.until_ended(goal_id)
    assert asked(house) == ["schedules"]


async def test_under_a_star_a_tainted_task_reaches_what_the_goals_own_words_name(house: GoalHouse) -> None:
    async def work(steps: Steps) -> None:
        await steps.tool("reaches", {"url": "https://named.example/a"})
        await steps.tool("reaches", {"url": "https://invented.example/?secret"})

    await using(house, work)
    house.add({"tasks": [{"description": "read https://named.example/a now", "tool_params": {}, "tainted": True}]})
    await house.until(lambda: bool(house.journal.approvals.waiting()))
    [approval] = house.journal.approvals.list(include_decided=True)
    assert "invented.example" in str(approval.arguments)


async def tries_everything(steps: Steps) -> None:
    """As a model that is misled: what is refused leads to the next wish."""
    with suppress(ToolError):
        await steps.tool("outside", {})
    for label in "abcdef":
        try:
            await steps.tool("schedules", {"label": label})
        except PermissionNeeded:
            continue


async def deny(house: GoalHouse) -> None:
    await house.until(lambda: bool(house.journal.approvals.waiting()))
    [approval] = house.journal.approvals.list(include_decided=False)
    house.journal.approvals.decide(approval.id, "denied")


@pytest.mark.parametrize("crashes", [False, True])
async def test_after_two_denials_a_tainted_task_ends_and_asks_nothing_more(house: GoalHouse, crashes: bool) -> None:
    await using(house, tries_everything)
    goal_id = house.add(plan(task(tool_params={})))
    for _ in range(2):
        await deny(house)
        if crashes:
            await house.crash()
    await house.until_ended(goal_id)
    goal = house.goal(goal_id).goal
    assert goal.status is Status.FAILED
    assert "refused 2 times" in goal.error
    assert asked(house) == ["schedules", "schedules"]


async def test_a_person_who_tries_again_is_asked_again_and_no_more_often(house: GoalHouse) -> None:
    await using(house, tries_everything)
    goal_id = house.add(plan(task(tool_params={})))
    for _ in range(2):
        for _ in range(2):
            await deny(house)
        await house.until_ended(goal_id)
        house.journal.goals.retry(goal_id, None)
        house.engine.wake()
    await house.until(lambda: bool(house.journal.approvals.waiting()))
    assert len(asked(house)) == 5


async def test_silence_counts_as_a_denial(house: GoalHouse) -> None:
    await using(house, tries_everything)
    goal_id = house.add(plan(task(tool_params={})))
    for _ in range(2):
        await house.until(lambda: bool(house.journal.approvals.waiting()))
        house.clock.elapse(house.settings.approval_hours * 3_600 + 1)
        house.journal.approvals.expire()
    await house.until_ended(goal_id)
    assert "refused 2 times" in house.goal(goal_id).goal.error


@pytest.mark.parametrize("crashes", [False, True])
async def test_a_no_to_a_place_met_on_the_way_taints(tmp_path: Path, crashes: bool) -> None:
    """The no says the place's name, which somebody else chose."""
    house = GoalHouse(tmp_path, AlwaysElsewhere(), Schedules())

    async def work(steps: Steps) -> None:
        with suppress(PermissionNeeded):
            await steps.tool("elsewhere", {})
        await steps.tool("schedules", {"label": "x"})

    await using(house, work)
    goal_id = house.add(plan(task(tool_params={})))
    await deny(house)
    if crashes:
        await house.crash()
    await house.until(
        lambda: bool(house.journal.approvals.waiting()) or house.goal(goal_id).goal.status is Status.COMPLETED
    )
    assert asked(house) == ["elsewhere", "schedules"]
    await house.close()


async def _call(steps: Steps, name: str) -> None:
    await steps.tool(name, {"label": "x"})
