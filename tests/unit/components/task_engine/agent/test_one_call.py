"""One call for an action that the rules have no tool for, from a model that may choose one and not plan."""

from __future__ import annotations

import json

import pytest
import structlog
from pydantic import JsonValue

from senter.components.task_engine.agent.one_call import chosen, said_arguments
from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.plan import PlanResult
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.components.task_engine.work.planner import Planner
from senter.components.task_engine.work.verify import schema_problem
from senter.errors import ModelUnavailable
from senter.messages.model import Capability, ModelRequest
from tests.support.goal_tools import ASKED_AT
from tests.unit.components.task_engine.conftest import ZONE, Desk

ACTION = "Book the dentist on Thursday at 14:00 into my calendar"
CALL: dict[str, JsonValue] = {"title": "dentist", "start": "Thursday at 14:00"}


def answering(tool: str, arguments: dict[str, JsonValue]) -> str:
    return json.dumps({"tool": tool, "arguments": arguments})


async def planned(desk: Desk, text: str, answer: str) -> PlanResult:
    """With a model that may choose a tool, and Senter's own tools."""

    def said(request: ModelRequest) -> str:
        return "" if request.least is Capability.CAPABLE else answer

    desk.worker.capable = True
    desk.worker.answer = said
    async with Registry.open(TaskEngineSettings(), structlog.stdlib.get_logger("test")) as registry:
        return await Planner(registry, desk.rules, ZONE).plan(Asked(text, ASKED_AT), [], desk.ask, desk.grant)


async def test_an_action_that_the_rules_have_no_tool_for_becomes_the_call_that_a_model_chose(desk: Desk) -> None:
    found = await planned(desk, ACTION, answering("calendar_add", CALL))
    assert [(task.tool, task.tool_params) for task in found.plan.tasks] == [("calendar_add", CALL)]
    assert found.planned_by == "model"
    asked = desk.worker.requests[-1]
    assert asked.least is Capability.STRUCTURED
    assert "Friday, 20 November 2026" in asked.messages[0].content
    assert asked.response_schema is not None
    assert not schema_problem({"tool": "calendar_add", "arguments": CALL}, asked.response_schema)
    assert not schema_problem({"tool": "none", "arguments": {}}, asked.response_schema)
    assert schema_problem({"tool": "calendar_add", "arguments": {"path": "/a"}}, asked.response_schema)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I will do that.",
        answering("none", {}),
        answering("nosuch", {}),
        answering("calendar_add", {"title": "dentist"}),
        answering("calendar_add", {"title": "dentist", "start": "Thursday at 15:00"}),
        answering("file_trash", {"path": "/home/ann/letters"}),
        answering("email_draft", {"to": ["made@up.example"], "subject": "Dentist", "body": "Hello"}),
    ],
)
async def test_what_does_not_hold_or_the_request_does_not_say_is_left_to_the_rules(desk: Desk, answer: str) -> None:
    found = await planned(desk, ACTION, answer)
    assert [task.tool for task in found.plan.tasks] == [""]
    assert found.planned_by == "rules"


async def test_what_the_rules_understand_is_not_asked_about_and_neither_is_what_needs_no_tool(desk: Desk) -> None:
    for text in ("Delete ~/old.txt", "Tell me a joke"):
        await planned(desk, text, answering("note", {"title": "a", "text": "b"}))
    assert all(request.least is Capability.CAPABLE for request in desk.worker.requests)


async def test_without_such_a_model_the_rules_plan(desk: Desk) -> None:
    assert (await desk.plan(ACTION)).planned_by == "rules"
    desk.worker.capable = True
    desk.worker.failure = ModelUnavailable("It is gone.")
    assert (await desk.plan(ACTION)).planned_by == "rules"


@pytest.mark.parametrize(
    ("text", "given", "held"),
    [
        ("Search for hotels in Rome", {"query": "hotels in Rome", "limit": 10}, ["query"]),
        ("Check the next five days", {"days": 5}, ["days"]),
        ("Check the next 5 days", {"days": 5.0}, ["days"]),
        ("In two hours, remind me of it", {"text": "it", "at": "in 2 hours"}, ["text", "at"]),
        ("At 14:00 remind me of it", {"text": "it", "at": "15:00"}, ["text"]),
        ("Copy two files to /a", {"source": "/b", "target": "/a"}, ["target"]),
        ("Write to ann@example.org.", {"to": ["ann@example.org"], "cc": ["bob@example.org"]}, ["to"]),
        ("Replace it", {"replace": True}, ["replace"]),
    ],
)
def test_an_argument_that_the_request_does_not_say_is_left_out(
    text: str, given: dict[str, JsonValue], held: list[str]
) -> None:
    assert [*said_arguments(text, given)] == held


def test_the_first_choice_in_a_text_is_taken() -> None:
    assert chosen('{x} {"tool": "note", "arguments": {"title": "a"}} {"tool": "none"}') == ("note", {"title": "a"})
    assert chosen('{"tool": "none", "arguments": {}}') == ("", {})
    assert chosen("no") == ("", {})
