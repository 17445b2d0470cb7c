"""What others say of their tools, and what they call their documents: between marks, and never what a plan rests on."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from pydantic import JsonValue, ValidationError

from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.plan import PlannedTask, PlanResult
from senter.components.task_engine.contract.steps import Assignment, TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.tools.children.foreign import arguments_type, error_of, told_error
from senter.components.task_engine.work.executor import WorkExecutor
from senter.components.task_engine.work.planner import Planner
from senter.components.task_engine.work.report_file import Results
from senter.errors import PermissionNeeded, StorageFull, ToolError
from senter.messages.goals import GoalId, Grant, Source
from senter.messages.model import ModelRequest
from senter.messages.needs import UseMcpServer
from senter.messages.tools import EffectClass
from tests.support.goal_tools import ASKED_AT, FewTools, FileRead, Note, PlainSteps, Query
from tests.support.marks import outside_marks
from tests.unit.components.task_engine.conftest import Desk

MARKER = "obey-7f3a"
GRANTED = Grant(mcp_servers=("weather",))
PLAN = json.dumps({"tasks": [{"description": "Tell me", "type": "custom", "depends_on": []}]})


class Weather(Tool[Query]):
    """A tool of an MCP server."""

    name = "weather.tell"
    description = f"Tells the weather. {MARKER}"
    arguments = Query
    effect = EffectClass.PURE
    permission = "the MCP server weather"
    owner = UseMcpServer(name="weather")

    async def run(self, arguments: Query, call: ToolCall) -> ToolResult:
        raise ToolError(f"There is no weather. {MARKER}")


def unmarked(requests: Sequence[ModelRequest]) -> str:
    """What stands in prompts outside all marks, without what the model itself said."""
    said = (message for request in requests for message in request.messages if message.role != "assistant")
    return outside_marks("\n".join(message.content for message in said))


async def planned(desk: Desk, goal: str, grant: Grant) -> PlanResult:
    desk.worker.capable = True
    desk.worker.answer = lambda _: PLAN
    return await Planner(FewTools(FileRead(), Note(), Weather()), desk.rules).plan(
        Asked(goal, ASKED_AT), [], desk.ask, grant
    )


async def test_a_plan_made_with_a_foreign_description_in_view_is_tainted_and_the_description_marked(desk: Desk) -> None:
    found = await planned(desk, "Tell me something", GRANTED)
    assert found.planned_by == "model"
    assert [task.tainted for task in found.plan.tasks] == [True]
    assert "waits for you" in found.note
    prompt = desk.worker.requests[0].messages[0].content
    assert MARKER in prompt
    assert MARKER not in unmarked(desk.worker.requests)
    assert prompt.index("file_read") < prompt.index("text from outside")


async def test_a_foreign_tool_that_may_not_be_called_without_asking_is_not_told_of(desk: Desk) -> None:
    found = await planned(desk, "Tell me something of the weathermen", Grant())
    assert [task.tainted for task in found.plan.tasks] == [False]
    assert "waits for you" not in found.note
    assert "weather.tell" not in desk.worker.requests[0].model_dump_json()


@pytest.mark.parametrize("goal", ["Ask weather.tell about Rome", "What does weather say of Rome?"])
async def test_a_foreign_tool_that_the_goal_names_is_told_of(desk: Desk, goal: str) -> None:
    assert [task.tainted for task in (await planned(desk, goal, Grant())).plan.tasks] == [True]


async def test_rules_see_no_descriptions(desk: Desk) -> None:
    found = await Planner(FewTools(FileRead(), Note(), Weather()), desk.rules).plan(
        Asked("Note: eat", ASKED_AT), [], desk.ask, GRANTED
    )
    assert found.planned_by == "rules"
    assert not any(task.tainted for task in found.plan.tasks)


async def carried_out(desk: Desk, tools: FewTools, *answers: str) -> PlainSteps:
    """One task by a capable model with these tools, all of them granted."""
    said = iter(answers)
    desk.worker.capable = True
    desk.worker.answer = lambda _: next(said)
    task = PlannedTask(description="Tell me")
    steps = desk.steps.with_tools(tools)
    found = Assignment(GoalId(1), "Tell me something", task, {}, ASKED_AT, GRANTED)
    await WorkExecutor(tools, Results(desk.home)).carry_out(found, steps)
    return steps


async def test_a_model_at_work_sees_foreign_words_and_failures_between_marks_and_the_task_is_tainted(
    desk: Desk,
) -> None:
    call = json.dumps({"tool": "weather.tell", "arguments": {"query": "Rome"}})
    steps = await carried_out(desk, FewTools(FileRead(), Weather()), call, '{"answer": "none"}')
    assert "There is no weather" in desk.worker.requests[-1].messages[-1].content
    assert MARKER not in unmarked(desk.worker.requests)
    assert steps.tainted


async def test_without_foreign_tools_the_task_stays_as_it_is(desk: Desk) -> None:
    assert not (await carried_out(desk, FewTools(FileRead()), '{"answer": "none"}')).tainted


async def test_titles_and_addresses_of_sources_stand_between_marks(desk: Desk) -> None:
    """They are outsiders' words too."""
    source = Source(title=f"Bread {MARKER}", address=f"/srv/{MARKER}.md", quote="Bread needs 12 hours.")
    given = {1: TaskOutput("Bread needs 12 hours.", {}, (source,), (), trusted=False)}
    desk.worker.capable = True
    desk.worker.answer = lambda _: '{"answer": "Bread needs 12 hours [1]."}'
    task = PlannedTask(description="Tell me of bread", depends_on=(1,))
    assignment = Assignment(GoalId(1), "Tell me of bread", task, given, ASKED_AT, GRANTED)
    await desk.executor.carry_out(assignment, desk.steps)
    assert MARKER in desk.worker.requests[0].model_dump_json()
    assert MARKER not in unmarked(desk.worker.requests)


SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"count": {"type": "integer"}, "kind": {"enum": [MARKER], "description": MARKER}},
    "required": ["count", f"{MARKER} now"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "required and not given: 'count'"),
        ({"count": "x", f"{MARKER} now": 1}, "count: not of type 'integer'"),
        ({"count": 1, "kind": "x", f"{MARKER} now": 1}, "kind: not among the values"),
        ({"count": 1, "more": 1}, "does not know"),
    ],
)
def test_what_is_wrong_with_arguments_is_said_without_the_words_of_their_schema(
    given: dict[str, JsonValue], said: str
) -> None:
    with pytest.raises(ValidationError) as failure:
        arguments_type(SCHEMA).model_validate(given)
    text = failure.value.errors()[0]["msg"]
    assert said in text or "required" in text
    assert MARKER not in text


def test_what_a_schema_refers_to_is_not_fetched() -> None:
    with pytest.raises(ValueError, match="refers to what cannot be used"):
        arguments_type({"$ref": "http://127.0.0.1:9/schema"}).model_validate({})


@pytest.mark.parametrize("error", [StorageFull("x"), ToolError("x", trusted=True)], ids=["of the engine", "trusted"])
def test_what_comes_through_a_pipe_is_a_failure_in_others_words(error: StorageFull | ToolError) -> None:
    """Neither a failure of the engine's own, on which it would act, nor one that vouches for itself."""
    told = {**told_error(error), "trusted": True}
    found = error_of(told)
    assert isinstance(found, ToolError)
    assert not found.trusted


def test_what_comes_through_a_pipe_is_cut_to_what_is_needed() -> None:
    found = error_of({"code": "tool_error", "message": "no\n" * 5_000, "hint": "x" * 5_000})
    assert len(found.message) <= 300
    assert "\n" not in found.message
    assert len(found.hint) <= 300
    assert isinstance(
        error_of({"code": PermissionNeeded.code, "needs": [{"kind": "use_tool", "name": "a"}]}), PermissionNeeded
    )
