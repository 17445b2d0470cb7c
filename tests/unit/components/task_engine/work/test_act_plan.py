"""Acts become calls of tools by rule, with their moments resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import structlog
from pydantic import JsonValue

from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.call_arguments import plan_problems
from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.components.task_engine.work.act_plan import call_tasks
from senter.components.task_engine.work.planner import Planner
from senter.errors import PlanError
from senter.messages.acts import Act, ActKind, ChangeKind, Thing, ThingKind
from tests.support.goal_tools import ASKED_AT
from tests.unit.components.task_engine.conftest import Desk

BERLIN = ZoneInfo("Europe/Berlin")
DENTIST = Thing(kind=ThingKind.EVENT, id="uid-1", title="dentist")
YOGA = Thing(kind=ThingKind.EVENT, id="y", title="yoga", at=datetime(2026, 12, 3, 18, tzinfo=UTC), repeats=True)
PILLS = Thing(kind=ThingKind.REMINDER, id="5", title="pills", at=datetime(2026, 12, 3, 8, tzinfo=UTC), repeats=True)
ALONE = {"change": ChangeKind.MOVE, "due": "2026-12-03T18:00", "one_alone": True}
MOM = Thing(kind=ThingKind.REMINDER, id="12", title="call mom")
NEWS = Thing(kind=ThingKind.JOB, id="4", title="news")
DECK = Thing(kind=ThingKind.GOAL, id="3", title="finish the deck")
EVERY_TOOL = (
    "remind",
    "calendar_add",
    "calendar_change",
    "calendar_remove",
    "schedule_add",
    "note",
    "reminder_change",
    "job_change",
    "goal_change",
    "file_trash",
)


def act(kind: ActKind, gist: str = "", **said: object) -> Act:
    return Act.model_validate({"kind": kind, "gist": gist, "span": (0, 1), "confidence": 1.0, **said})


@dataclass
class Row:
    """An act and the call that it comes to."""

    act: Act
    tool: str
    params: dict[str, JsonValue]
    says: str


ROWS = [
    Row(
        act(ActKind.REMINDER, "call mom", due="2026-12-14T10:30"),
        "remind",
        {"text": "call mom", "at": "2026-12-14T10:30:00+01:00"},
        "Remind on Mon 14 Dec 2026, 10:30, Europe/Berlin: call mom",
    ),
    Row(
        act(ActKind.REMINDER, "water the plants", due="2026-12-06T10:00", recurrence="0 10 * * 0"),
        "remind",
        {"text": "water the plants", "recurrence": "0 10 * * 0", "at": "2026-12-06T10:00:00+01:00"},
        "first on Sun 6 Dec 2026, 10:00, Europe/Berlin: water the plants",
    ),
    Row(
        act(ActKind.REMINDER, "renew the passport", due="2027-03-01"),
        "remind",
        {"text": "renew the passport", "at": "2027-03-01"},
        "Remind on Mon 1 Mar 2027: renew the passport",
    ),
    Row(
        act(ActKind.REMINDER, "join", due="2026-12-14T15:00", zone="America/New_York"),
        "remind",
        {"text": "join", "at": "2026-12-14T15:00:00-05:00"},
        "Remind on Mon 14 Dec 2026, 15:00, America/New_York: join",
    ),
    Row(
        act(ActKind.EVENT, "dentist", due="2026-12-14T10:30", end="2026-12-14T11:30", place="Main St 4"),
        "calendar_add",
        {
            "title": "dentist",
            "start": "2026-12-14T10:30:00+01:00",
            "all_day": False,
            "end": "2026-12-14T11:30:00+01:00",
            "location": "Main St 4",
        },
        "Add to the calendar on Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin: dentist, at Main St 4",
    ),
    Row(
        act(ActKind.EVENT, "holiday", due="2026-12-24"),
        "calendar_add",
        {"title": "holiday", "start": "2026-12-24", "all_day": True},
        "Add to the calendar on Thu 24 Dec 2026: holiday",
    ),
    Row(
        act(ActKind.SCHEDULE, "summarise the news", recurrence="0 9 * * 1"),
        "schedule_add",
        {"name": "summarise the news", "goal": "summarise the news", "recurrence": "0 9 * * 1"},
        "summarise the news",
    ),
    Row(act(ActKind.NOTE, "Anna likes tea"), "note", {"title": "Anna likes tea", "text": "Anna likes tea"}, "Note: "),
    Row(
        act(ActKind.COMPLETION, "the deck", things=(DECK,)),
        "goal_change",
        {"goal": 3, "action": "accept"},
        "Mark goal 3 as done: finish the deck",
    ),
    Row(
        act(ActKind.REMINDER, "tea timer", due="2026-12-14T10:30:05"),
        "remind",
        {"text": "tea timer", "at": "2026-12-14T10:30:05+01:00", "timer": True},
        "Remind on Mon 14 Dec 2026, 10:30, Europe/Berlin: tea timer",
    ),
    Row(
        act(ActKind.COMPLETION, "my pills", things=(PILLS,)),
        "reminder_change",
        {"reminder": 5, "done": True},
        "Done: reminder 5 (pills)",
    ),
    Row(
        act(ActKind.COMPLETION, "mom", things=(MOM,)),
        "reminder_change",
        {"reminder": 12, "cancel": True},
        "Done, so no longer needed: call mom",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.SNOOZE, things=(PILLS,), due="2026-12-01T17:00"),
        "reminder_change",
        {"reminder": 5, "snooze": True, "at": "2026-12-01T17:00:00+01:00"},
        "Snooze reminder 5 (pills) until Tue 1 Dec 2026, 17:00, Europe/Berlin",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.SNOOZE, things=(PILLS,)),
        "reminder_change",
        {"reminder": 5, "snooze": True},
        "Snooze reminder 5 (pills)",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.CANCEL, things=(MOM,)),
        "reminder_change",
        {"reminder": 12, "cancel": True},
        "Cancel reminder 12 (call mom)",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.MOVE, things=(MOM,), due="2026-12-01T17:00"),
        "reminder_change",
        {"reminder": 12, "at": "2026-12-01T17:00:00+01:00"},
        "Move reminder 12 (call mom) to Tue 1 Dec 2026, 17:00, Europe/Berlin",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.PAUSE, things=(NEWS,)),
        "job_change",
        {"job": 4, "paused": True},
        "Pause job 4 (news)",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.MOVE, things=(DECK,), due="2026-12-04"),
        "goal_change",
        {"goal": 3, "action": "move", "deadline": "2026-12-04T23:59:00+01:00"},
        "Move goal 3 (finish the deck) to Fri 4 Dec 2026",
    ),
    Row(
        act(ActKind.CHANGE, "the prices", change=ChangeKind.REOPEN, things=(DECK,)),
        "goal_change",
        {"goal": 3, "action": "reopen", "text": "the prices"},
        "Reopen goal 3 (finish the deck), because this is missing: the prices",
    ),
    Row(
        act(ActKind.CHANGE, "", change=ChangeKind.CANCEL, things=(DENTIST,)),
        "calendar_remove",
        {"uid": "uid-1"},
        "Cancel event (dentist)",
    ),
    Row(
        act(ActKind.CHANGE, "", things=(YOGA,), **ALONE),
        "calendar_change",
        {"uid": "y", "start": "2026-12-03T18:00:00+01:00", "occurrence": "2026-12-03T19:00:00+01:00"},
        "Move event (yoga) of Thu 3 Dec 2026 to Thu 3 Dec 2026, 18:00, Europe/Berlin",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_an_act_is_the_call_that_does_it_and_says_when_in_full(row: Row) -> None:
    (task,) = call_tasks(row.act, EVERY_TOOL, BERLIN)
    assert (task.tool, task.tool_params) == (row.tool, row.params)
    assert row.says in task.description


@pytest.mark.parametrize(
    "wrong",
    [
        act(ActKind.EVENT, "dentist"),
        act(ActKind.SCHEDULE, "news"),
        act(ActKind.UNDO),
        act(ActKind.CHANGE, "the dentist", change=ChangeKind.CANCEL),
        act(ActKind.CHANGE, "", change=ChangeKind.MOVE, things=(MOM,)),
        act(ActKind.REMINDER, "x", due="soon"),
        act(ActKind.CHANGE, "", things=(PILLS,), **ALONE),
    ],
)
def test_what_leaves_something_open_is_refused_and_never_guessed(wrong: Act) -> None:
    with pytest.raises(PlanError):
        call_tasks(wrong, EVERY_TOOL, BERLIN)


def test_a_tool_that_is_away_is_named() -> None:
    with pytest.raises(PlanError, match="remind cannot be used"):
        call_tasks(act(ActKind.REMINDER, "x", due="2026-12-14T10:30"), ("note",), BERLIN)


async def test_the_tools_of_senter_take_what_acts_give_them(desk: Desk) -> None:
    async with Registry.open(TaskEngineSettings(), structlog.stdlib.get_logger("test")) as registry:
        tools = {name: registry.get(name) for name in registry.names()}
        for row in ROWS:
            if row.tool in tools:
                planned = await Planner(registry, desk.rules, "Europe/Berlin").plan(
                    Asked("do it", ASKED_AT, (row.act,)), [], desk.ask, desk.grant
                )
                assert plan_problems(planned.plan, tools) == [], row.says
    assert desk.asked == []


async def test_several_acts_are_several_tasks_that_need_nothing_of_each_other(desk: Desk) -> None:
    acts = [act(ActKind.NOTE, f"thing {number}") for number in range(10)]
    planned = await desk.planned_of("ten things", *acts)
    assert [task.tool_params["title"] for task in planned.plan.tasks] == [f"thing {number}" for number in range(10)]
    assert not any(task.depends_on for task in planned.plan.tasks)


async def test_more_acts_than_a_plan_holds_are_refused(desk: Desk) -> None:
    with pytest.raises(PlanError, match="more than 12 tasks"):
        await desk.planned_of("things", *[act(ActKind.NOTE, "x")] * 13)


async def test_work_beside_acts_is_planned_by_its_words(desk: Desk) -> None:
    text = "Note: tea is nice. Compare tea and coffee"
    work = Act(kind=ActKind.WORK, gist="compare tea and coffee", span=(19, len(text)), confidence=1.0)
    planned = await desk.planned_of(text, act(ActKind.NOTE, "tea is nice"), work)
    assert [task.tool or task.work for task in planned.plan.tasks] == ["note", "gather", "gather", "table", "conclude"]
    assert planned.plan.tasks[3].depends_on == (2, 3)


async def test_a_goal_of_ones_own_is_helped_and_left_to_the_person(desk: Desk) -> None:
    goal = act(ActKind.GOAL, "finish my talk about Python decorators", due="2026-12-04")
    planned = await desk.own_of("I need to finish my talk about Python decorators by Friday", goal)
    assert [task.work for task in planned.plan.tasks] == [WorkKind.FIND, WorkKind.PERSON]
    assert planned.note.startswith("To be told the day before, say: Remind me on Thu 3 Dec 2026 at 09:00 to finish")
    outputs = await desk.carry_out(planned.plan.model_copy(update={"tasks": planned.plan.tasks[:1]}), "talk")
    assert str(desk.folder / "decorators.md") in [source.address for source in outputs[1].sources]
    assert "3. decorators: Decorators were added to Python in version 2.4" in outputs[1].text
    assert desk.worker.requests == []


async def test_what_has_a_verb_that_senter_can_do_begins_at_once_without_a_model(desk: Desk) -> None:
    planned = await desk.own_of(
        "I must write a text about closures by Friday", act(ActKind.GOAL, "write a text about closures")
    )
    assert [task.work for task in planned.plan.tasks] == ["find", "outline", "draft", "review", "person"]
    assert all(task.optional for task in planned.plan.tasks[:-1])
    outputs = await desk.carry_out(planned.plan.model_copy(update={"tasks": planned.plan.tasks[:-1]}), "closures")
    assert "A closure is a function that remembers" in outputs[3].text
    assert desk.worker.requests == []
