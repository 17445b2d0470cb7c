"""The loop: calls as servers tell them, prompts that a cache is of use for, and an end in any case."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from pydantic import JsonValue

from senter.components.task_engine.agent.loop import MOST_CALLS, MOST_ROUNDS, Agent
from senter.components.task_engine.agent.situation import situation
from senter.components.task_engine.agent.task_run import TaskRun
from senter.components.task_engine.contract.plan import Plan, PlannedTask
from senter.components.task_engine.contract.steps import Assignment, TaskOutput
from senter.components.task_engine.journal.steps import within_tokens
from senter.errors import BudgetSpent
from senter.messages.goals import Amounts, GoalId, Grant
from senter.messages.model import AnswerOptions, Capability, ChatMessage, ModelRequest, ModelToolCall, OfferedTool
from senter.moments.zones import user_zone
from tests.support.goal_tools import ASKED_AT
from tests.support.scripted_worker import Answer
from tests.unit.components.task_engine.conftest import ZONE, Desk

GOAL = "Explain closures"
PLAN = Plan(tasks=(PlannedTask(description=GOAL, about="closures"),))


def calls(*wanted: tuple[str, dict[str, JsonValue] | str]) -> Sequence[ModelToolCall]:
    """Native tool calls, with ids as servers give them."""
    written = [(name, given if isinstance(given, str) else json.dumps(given)) for name, given in wanted]
    return [ModelToolCall(id=f"id-{n}", name=name, arguments=given) for n, (name, given) in enumerate(written)]


def script(*answers: Answer) -> Callable[[ModelRequest], Answer]:
    said = iter(answers)
    return lambda request: next(said)


async def carried_out(desk: Desk, *answers: Answer, asked_at: datetime = ASKED_AT) -> TaskOutput | None:
    """By a capable model that says this."""
    desk.worker.capable = True
    desk.worker.answer = script(*answers)
    assignment = Assignment(GoalId(1), GOAL, PLAN.tasks[0], {}, asked_at, desk.grant)
    return await Agent(TaskRun(assignment, desk.steps, desk.tools, desk.home, ZONE)).carry_out()


async def test_tools_are_offered_as_tools_and_their_results_told_under_their_calls(desk: Desk) -> None:
    path = str(desk.folder / "closures.md")
    output = await carried_out(
        desk,
        calls(("documents_search", {"query": "closures", "limit": 1}), ("file_read", {"path": path})),
        "A closure remembers variables [1].",
    )
    assert output
    assert output.text == "A closure remembers variables [1]."
    first, second = desk.worker.requests
    assert {"documents_search", "file_read", "note"} <= {tool.name for tool in first.options.tools}
    assert "web_search" not in {tool.name for tool in first.options.tools}
    assert (first.options.tool_choice, first.least, first.response_schema) == ("auto", Capability.CAPABLE, None)
    said, *told = second.messages[2:]
    assert [call.id for call in said.tool_calls] == ["id-0", "id-1"]
    assert [(message.role, message.tool_call_id) for message in told] == [("tool", "id-0"), ("tool", "id-1")]
    assert "remembers the variables" in told[1].content


async def test_every_prompt_says_the_day_the_zone_and_the_folders_and_begins_as_the_one_before(desk: Desk) -> None:
    read: tuple[str, dict[str, JsonValue]] = ("file_read", {"path": str(desk.folder / "closures.md")})
    await carried_out(desk, *(calls(read) for _ in range(8)), "They remember.")
    prompts = [request.messages for request in desk.worker.requests]
    for prompt in prompts:
        system = prompt[0].content
        assert (
            "The time zone is Europe/London. It was asked for on Friday, 20 November 2026 (2026-11-20) at 08:30."
            in system
        )
        assert f"may be read: {desk.grant.read_roots[0]}." in system
    assert all(later[: len(sooner)] == sooner for sooner, later in pairwise(prompts))


async def test_a_task_that_goes_on_days_later_asks_what_it_asked_before(desk: Desk) -> None:
    """The journal knows a call by the whole request."""
    for _ in range(2):
        await carried_out(desk, calls(("note", {"title": "a", "text": "b"})), "Done.")
    first, second = desk.worker.requests[:2], desk.worker.requests[2:]
    same = {"messages", "options", "temperature", "max_tokens"}
    assert [one.model_dump(include=same) for one in first] == [one.model_dump(include=same) for one in second]
    await carried_out(desk, "Done.", asked_at=ASKED_AT + timedelta(days=1))
    assert desk.worker.requests[-1].messages != first[0].messages


@pytest.mark.parametrize("unusable", ["", '{"tool": "note", "ar', calls(("note", "{")), calls(("note", "[]"))])
async def test_two_answers_that_cannot_be_used_end_the_loop(desk: Desk, unusable: Answer) -> None:
    assert await carried_out(desk, unusable, unusable, "Too late.") is None
    assert len(desk.worker.requests) == 2
    assert desk.steps.called == []


async def test_one_answer_that_cannot_be_used_is_told_of(desk: Desk) -> None:
    output = await carried_out(desk, calls(("note", "{")), "They remember.")
    assert output
    assert "not JSON" in desk.worker.requests[1].messages[-1].content
    assert not any(message.tool_calls for message in desk.worker.requests[1].messages)


async def test_on_the_last_turn_no_tool_may_be_called_and_none_is(desk: Desk) -> None:
    call = calls(("note", {"title": "a", "text": "b"}))
    assert await carried_out(desk, *(call for _ in range(MOST_ROUNDS))) is None
    assert len(desk.steps.called) == MOST_ROUNDS - 1
    last = desk.worker.requests[-1]
    assert last.options.tool_choice == "none"
    assert "last turn" in last.messages[-1].content


async def test_too_many_calls_at_once_are_answered_and_not_carried_out(desk: Desk) -> None:
    note: tuple[str, dict[str, JsonValue]] = ("note", {"title": "a", "text": "b"})
    await carried_out(desk, calls(*[note] * (MOST_CALLS + 2)), "Done.")
    assert len(desk.steps.called) == MOST_CALLS
    told = desk.worker.requests[1].messages[-2:]
    assert all("not called" in message.content and message.tool_call_id for message in told)


async def test_texts_of_a_basic_model_have_the_day_too(desk: Desk) -> None:
    await desk.do("Write a poem about my grandmother")
    asked = [request for request in desk.worker.requests if request.least is Capability.BASIC]
    assert asked
    assert all("Friday, 20 November 2026" in request.messages[0].content for request in asked)


async def test_a_plan_is_asked_for_with_the_day_and_the_folders(desk: Desk) -> None:
    desk.worker.capable = True
    await desk.plan("Research bread")
    first: ChatMessage = desk.worker.requests[0].messages[0]
    assert "Friday, 20 November 2026" in first.content
    assert desk.grant.read_roots[0] in first.content


def test_many_folders_are_counted() -> None:
    said = situation(
        datetime(2026, 7, 1, 23, 30, tzinfo=UTC), user_zone(ZONE), Grant(read_roots=tuple("abcdefghijklmn"))
    )
    assert "Thursday, 2 July 2026 (2026-07-02) at 00:30" in said
    assert "l and 2 more" in said
    assert "written to: none" in said


def test_what_tools_say_of_themselves_counts_against_the_tokens_of_a_goal() -> None:
    tools = (OfferedTool(name="note", description="word " * 300),)
    request = ModelRequest(messages=[ChatMessage(role="user", content="Hi")], options=AnswerOptions(tools=tools))
    with pytest.raises(BudgetSpent):
        within_tokens(request, Amounts(tokens=200), Amounts())
    assert within_tokens(request, Amounts(tokens=5_000), Amounts()).options == request.options
