"""Plans: the rules' for every kind of sentence, a model's when it holds, and always one that can be carried out."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from senter.components.task_engine.agent.model_plan import read
from senter.components.task_engine.agent.plan_schema import answer_schema, examples
from senter.components.task_engine.contract.asked import Asked
from senter.components.task_engine.contract.call_arguments import fill, places, plan_problems, typed
from senter.components.task_engine.contract.plan import (
    FilesWritten,
    PersonJudges,
    Plan,
    PlannedTask,
    SourcesAtLeast,
    TextAtLeast,
    WorkKind,
    problems_of,
)
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.request import ClauseKind
from senter.components.task_engine.offline.rules import focus_of, plan_of
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.components.task_engine.work.planner import Planner
from senter.components.task_engine.work.verify import schema_problem
from senter.errors import BudgetSpent, ModelUnavailable, PlanError
from senter.messages.acts import Act, ActKind
from senter.messages.goals import MAX_TASKS, TaskType
from senter.messages.model import Capability, ModelRequest, ModelResponse
from senter.messages.tools import EffectClass
from tests.support.goal_tools import ASKED_AT, FewTools, FileRead, Note
from tests.unit.components.task_engine.conftest import Desk

ALL_TOOLS = (
    *("documents_search", "web_search", "web_fetch", "file_list", "file_read", "file_sort", "file_trash", "file_write"),
    *("email_draft", "note", "remind", "run_command"),
)
OFFLINE = tuple(tool for tool in ALL_TOOLS if tool != "web_search")

# For properties, which cannot take a fixture.
_TWO = FewTools(FileRead(), Note())
NOTED = Act(kind=ActKind.NOTE, gist="eat", span=(6, 9), confidence=1.0)
TWO_TOOLS = {name: _TWO.get(name) for name in _TWO.names()}


class Names(BaseModel):
    names: list[str]


class Lister(Tool[Names]):
    """Takes a list."""

    name = "lister"
    description = "Lists."
    arguments = Names
    effect = EffectClass.PURE
    permission = "nothing"

    async def run(self, arguments: Names, call: ToolCall) -> ToolResult:
        return ToolResult(text=", ".join(arguments.names))


def plan_for(tools: Collection[str], text: str, folders: Sequence[str] = ()) -> Plan:
    return plan_of(understand(text, folders), tools)


def kinds(plan: Plan) -> list[str]:
    """Each task by its tool, or by its work."""
    return [task.tool or task.work.value for task in plan.tasks]


def steps(text: str, tools: Sequence[str] = OFFLINE, folders: Sequence[str] = ()) -> list[str]:
    return kinds(plan_for(tools, text, folders))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Research Python decorators", ["documents_search", "read", "summarise"]),
        ("Research Python decorators and write me a summary", ["documents_search", "read", "summarise"]),
        ("Please find out about bread baking", ["documents_search", "read", "summarise"]),
        ("learn about the history of Rome", ["documents_search", "read", "summarise"]),
        ("Search for cheap flights.", ["documents_search", "read", "summarise"]),
        ("Write a letter to my landlord about the heating", ["outline", "draft", "review"]),
        ("create a poem about spring", ["outline", "draft", "review"]),
        ("compare Rust and Go", ["gather", "gather", "table", "conclude"]),
        ("What is the difference between TCP and UDP?", ["gather", "gather", "table", "conclude"]),
        ("Tea vs coffee", ["gather", "gather", "table", "conclude"]),
        ("Compare A, B and C and write a report", ["gather", "gather", "gather", "table", "conclude"]),
        ("Organise /srv/downloads", ["file_list", "propose", "move"]),
        ("Tell me a joke", ["outline", "draft", "review"]),
        ("Organise my week", ["answer"]),
        ("Compare everything", ["answer"]),
        (
            "Research bread and write an email to Anna about it",
            ["documents_search", "read", "summarise", "outline", "draft", "review"],
        ),
        (
            "Research A and B and compare them",
            ["documents_search", "read", "summarise", "gather", "gather", "table", "conclude"],
        ),
        ("Write a poem about spring and send it to Anna", ["outline", "draft", "review", "answer"]),
        ("Organise /srv/x by date", ["file_list", "propose", "move"]),
        ("Organise /srv/x and delete the duplicates", ["file_list", "propose", "move", "answer"]),
        ("Organise /srv/x by face", ["answer"]),
        ("Organise /srv/x and tell me about it", ["answer"]),
        ("Delete /srv/a and /srv/b", ["file_trash", "file_trash"]),
        ("If it rains, delete /srv/a", ["answer"]),
        ("Do not tell Bob, delete /srv/a", ["answer"]),
        ("Delete /srv/a.zip and tell Anna", ["answer"]),
        ("Delete /srv/a.zip /srv/b", ["answer"]),
        ("Delete /srv/a.zip and organise /srv/x", ["file_trash", "file_list", "propose", "move"]),
        ("Run `make; move the file` in /srv", ["answer"]),
        ("Research bread and save it to /srv/bread.md", ["documents_search", "read", "summarise", "file_write"]),
        ("Research bread and send the summary to Anna", ["documents_search", "read", "summarise", "answer"]),
        ("Research how to bake bread and sell it", ["documents_search", "read", "summarise"]),
        ("Find flights to Rome and book the best one", ["documents_search", "read", "summarise", "answer"]),
        ("Save it to /srv/bread.md", ["answer"]),
        ("Summarise /srv/bread.md", ["file_read", "summarise"]),
        ("Summarise https://example.org/bread.", ["web_fetch", "summarise"]),
        ("Write an email to anna@example.org about bread", ["outline", "draft", "review", "email_draft"]),
        (
            "Write an email to anna@example.org about bread and save it to /srv/mail.txt",
            ["outline", "draft", "review", "email_draft", "file_write"],
        ),
        ("Summarise '/srv/odd file.md'", ["file_read", "summarise"]),
        ("Read /srv/bread.md and summarise it", ["file_read", "summarise"]),
        ("Open /srv/bread.md and tell me what it says", ["file_read", "summarise"]),
        ("Translate /srv/bread.md into German", ["answer"]),
        ("Tea or coffee: the difference", ["gather", "gather", "table", "conclude"]),
        ("Compare 1, 2, 3, 4, 5, 6 and 7", [*["gather"] * 7, "table", "conclude"]),
        (f"Compare {', '.join('abcdefghijk')}", ["answer"]),
    ],
)
def test_a_sentence_becomes_the_plan_of_its_kind(text: str, expected: list[str]) -> None:
    assert steps(text) == expected


def test_with_a_web_provider_both_ways_are_searched_and_either_may_fail() -> None:
    plan = plan_for(ALL_TOOLS, "Research Python decorators")
    assert kinds(plan) == ["documents_search", "web_search", "read", "summarise"]
    assert [task.optional for task in plan.tasks] == [True, True, False, False]
    assert plan.tasks[2].depends_on == (1, 2)
    assert plan.tasks[0].tool_params["query"] == "Python decorators"


def test_what_should_rest_on_sources_must_name_some() -> None:
    for text in ("Research bread", "Compare tea and coffee"):
        last = plan_for(OFFLINE, text).tasks[-1]
        assert any(isinstance(condition, SourcesAtLeast) for condition in last.postconditions)


def test_with_nothing_to_search_research_is_one_task_that_promises_no_source() -> None:
    plan = plan_for(("note",), "Research Python decorators and write me a summary")
    assert [(task.work, task.type) for task in plan.tasks] == [(WorkKind.ANSWER, TaskType.RESEARCH)]
    assert plan.tasks[0].postconditions == (TextAtLeast(characters=80), PersonJudges())
    assert focus_of(plan) == "research"
    compared = plan_for(("note",), "Compare tea and coffee").tasks
    assert [(task.work, task.type) for task in compared] == [(WorkKind.ANSWER, TaskType.ANALYZE)]


def test_what_is_written_after_research_without_search_still_builds_on_it() -> None:
    tasks = plan_for(("note",), "Research bread and write an email about it").tasks
    assert tasks[1].depends_on == (1,)


def test_every_task_of_a_rule_plan_has_something_a_machine_can_check() -> None:
    for text in ("Research a", "Write a poem", "Compare a and b", "Organise /x", "Remind me of it", "Sing"):
        assert all(task.postconditions for task in plan_for(ALL_TOOLS, text).tasks), text


def test_a_folder_is_found_by_its_path_or_by_the_name_of_one_the_user_named() -> None:
    by_name = plan_for(OFFLINE, "tidy up my downloads", ["/home/me/Downloads"])
    assert by_name.tasks[0].tool_params == {"path": "/home/me/Downloads"}
    by_path = plan_for(OFFLINE, "Organise '/srv/my-files'.")
    assert by_path.tasks[0].tool_params == {"path": "/srv/my-files"}


def test_clauses_that_do_not_fit_become_one_last_task() -> None:
    text = "; ".join(f"research topic number {number}" for number in range(8))
    plan = plan_for(ALL_TOOLS, text)
    assert len(plan.tasks) <= MAX_TASKS
    assert plan.tasks[-1].tool == ""
    assert "topic number 7" in plan.tasks[-1].description


@pytest.mark.parametrize(
    ("text", "topic", "form", "items"),
    [
        ("Research Python decorators", "Python decorators", "", ()),
        ("summarise what my notes say about photosynthesis", "photosynthesis", "", ()),
        ("Draft a letter to my landlord about the broken heating", "the broken heating", "letter", ()),
        ("write me a short blog post on composting", "composting", "blog post", ()),
        ("write a short bread summary", "bread", "summary", ()),
        ("write an email to Anna", "", "email", ()),
        ("Compare Rust and Go for web servers", "web servers", "", ("Rust", "Go")),
        ("Compare tea and coffee for me", "", "", ("tea", "coffee")),
        ("write it up", "", "", ()),
    ],
)
def test_a_clause_yields_its_topic(text: str, topic: str, form: str, items: tuple[str, ...]) -> None:
    (found,) = understand(text).acts
    assert (found.topic, found.form, found.items) == (topic, form, items)


def test_an_email_with_an_address_is_put_in_the_drafts() -> None:
    draft = plan_for(ALL_TOOLS, "Write an email to anna@example.org and bo@example.org about bread.").tasks[-1]
    assert draft.tool_params == {"to": ["anna@example.org", "bo@example.org"], "subject": "bread", "body": "{{3}}"}
    assert draft.depends_on == (3,)


def test_an_action_waits_for_what_is_said_before_it() -> None:
    plan = plan_for((*ALL_TOOLS, "file_move"), "Research bread, move /a to /b, delete /a and tell Anna, then run it")
    assert [task.depends_on for task in plan.tasks][4:] == [(4,), (5,), (6,)]
    assert kinds(plan)[4:] == ["file_move", "answer", "answer"]


def test_what_was_found_is_saved_where_the_person_said() -> None:
    saved = plan_for(ALL_TOOLS, "Research bread and save it to /srv/bread.md").tasks[-1]
    assert (saved.tool_params, saved.depends_on) == ({"path": "/srv/bread.md", "content": "{{4}}"}, (4,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Copy /srv/a.md to /srv/b.md and summarise /srv/b.md", [(), (1,), (2,)]),
        ("Delete /srv/x/old and organise /srv/x", [(), (1,), (2,), (3,)]),
    ],
)
def test_what_looks_at_files_waits_for_the_actions_before_it(text: str, expected: list[tuple[int, ...]]) -> None:
    plan = plan_for((*ALL_TOOLS, "file_copy", "file_trash"), text)
    assert [task.depends_on for task in plan.tasks] == expected


def test_what_is_saved_is_the_text_and_not_the_word_that_a_draft_was_made() -> None:
    saved = plan_for(ALL_TOOLS, "Write an email to anna@example.org about bread and save it to /srv/m.txt").tasks[-1]
    assert (saved.tool_params["content"], saved.depends_on) == ("{{3}}", (3, 4))


def test_a_written_text_is_left_to_a_person_to_judge() -> None:
    assert PersonJudges() in plan_for(OFFLINE, "Write an essay about tea").tasks[-1].postconditions


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Research bees", "bees"),
        ("Write a note about honey, then find out about bees", "bees"),
        ("Compare tea and coffee", "tea, coffee"),
        ("Research this", "Research this"),
        ("bees", "bees"),
        ("", ""),
    ],
)
def test_the_topic_is_what_research_and_comparisons_are_about(text: str, topic: str) -> None:
    assert understand(text).topic == topic


async def test_a_plan_to_find_out_something_says_what_it_is_about(desk: Desk) -> None:
    assert (await desk.plan("Please research bees and write a summary")).topic == "bees"
    assert (await desk.plan("Note that bread needs salt")).topic == ""


def test_the_focus_follows_the_types_of_the_tasks() -> None:
    assert focus_of(plan_for(OFFLINE, "Research bread")) == "research"
    assert focus_of(plan_for(OFFLINE, "Write a poem about bread")) == "creative"
    assert focus_of(plan_for(OFFLINE, "Sing to me")) == "general"


@given(st.text(max_size=400), st.sets(st.sampled_from(ALL_TOOLS)))
@settings(max_examples=150)
def test_rules_make_a_valid_plan_of_any_text(text: str, tools: set[str]) -> None:
    plan = plan_for(tools, text)
    assert 1 <= len(plan.tasks) <= MAX_TASKS
    assert problems_of(plan, tools) == []


words = st.lists(
    st.sampled_from(
        ["research", "write", "compare", "a", "summary", "and", "then", ",", "vs", "poem", "it", "them", "about",
         "organise", "/tmp/x", "remind me", "tea", "coffee", "for", "the", "\u202e", "\x00", ".", "email", "to"]
    ),
    max_size=40,
)  # fmt: skip


@given(words, st.sets(st.sampled_from(ALL_TOOLS)))
@settings(max_examples=150)
def test_rules_make_a_valid_plan_of_any_order_of_known_words(found: list[str], tools: set[str]) -> None:
    plan = plan_for(tools, " ".join(found))
    assert problems_of(plan, tools) == []
    assert len(understand(" ".join(found)).acts) <= 6


async def test_a_goal_that_says_nothing_is_refused(desk: Desk) -> None:
    for text in ("", "  ", "?!", "\x00"):
        with pytest.raises(PlanError, match="says nothing"):
            await desk.plan(text)


async def test_without_a_capable_model_the_rules_plan_and_say_where_they_look(desk: Desk) -> None:
    planned = await desk.plan("Research bread")
    assert (planned.planned_by, planned.focus) == ("rules", "research")
    assert planned.note == "No web provider is on, so only your own documents are searched."
    desk.web.on = True
    assert (await desk.plan("Research bread")).note == ""


async def test_with_nothing_to_search_the_plan_says_so(desk: Desk) -> None:
    planned = await desk.plan("Research bread", folders=())
    assert "no folder is named" in planned.note
    assert "senter documents add" in planned.note


SEARCH: dict[str, JsonValue] = {
    "description": "Search",
    "type": "research",
    "depends_on": [],
    "tool": "documents_search",
    "tool_params": {"query": "{{goal}}"},
}
GOOD: dict[str, JsonValue] = {
    "tasks": [
        SEARCH,
        {"description": "Note it", "type": "organize", "depends_on": [], "tool": "note",
         "tool_params": {"title": "Found", "text": "{{1}}"}},
        {"description": "Tell me", "type": "research", "depends_on": [1], "tool": "", "tool_params": {}},
    ]
}  # fmt: skip


async def test_a_capable_models_plan_is_taken_when_it_holds(desk: Desk) -> None:
    desk.worker.capable = True
    desk.worker.answer = lambda request: f"Here you are:\n```json\n{json.dumps(GOOD)}\n```"
    planned = await desk.plan("Research bread")
    assert planned.planned_by == "model"
    assert kinds(planned.plan) == ["documents_search", "note", "answer"]
    assert planned.plan.tasks[1].depends_on == (1,)
    assert any(isinstance(condition, SourcesAtLeast) for condition in planned.plan.tasks[2].postconditions)
    asked = desk.worker.requests[0]
    assert asked.least is Capability.CAPABLE
    assert asked.response_schema is not None
    assert "web_search" not in asked.messages[0].content


def broken(**changes: JsonValue) -> str:
    return json.dumps({"tasks": [{**SEARCH, **changes}]})


NONSENSE = [
    "I am sorry, I cannot do that.",
    "",
    '{"tasks": [{"description": "half',
    '{"tasks": []}',
    '{"tasks": "many"}',
    "[1, 2]",
    json.dumps({"tasks": [SEARCH] * 200}),
    broken(tool="rm_rf"),
    broken(depends_on=[1]),
    broken(depends_on=[7]),
    broken(tool_params={"nonsense": 1}),
    broken(tool_params={"query": "x", "limit": 5_000}),
    broken(tool_params={"query": "{{9}}"}),
    broken(type="world domination"),
    broken(description=""),
    json.dumps({"tasks": [{**SEARCH, "depends_on": [2]}, {**SEARCH, "depends_on": [1]}]}),
    '{"a":' * 50_000,
    '{"tasks": [' + "[" * 50_000,
    "{" * 200_000,
]


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
async def test_a_models_plan_that_is_wrong_twice_becomes_the_rules_plan_with_the_reason(
    desk: Desk, answer: str
) -> None:
    desk.worker.capable = True
    desk.worker.answer = lambda request: answer
    planned = await desk.plan("Research bread")
    assert planned.planned_by == "rules"
    assert "wrong twice" in planned.note
    assert kinds(planned.plan) == ["documents_search", "read", "summarise"]
    assert len(desk.worker.requests) == 2
    assert "cannot be used" in desk.worker.requests[1].messages[-1].content


async def test_a_model_that_mends_its_plan_is_heard(desk: Desk) -> None:
    desk.worker.capable = True
    answers = iter([broken(tool="rm_rf"), json.dumps(GOOD)])
    desk.worker.answer = lambda request: next(answers)
    assert (await desk.plan("Research bread")).planned_by == "model"
    assert "rm_rf" in desk.worker.requests[1].messages[-1].content


async def test_a_model_that_fails_leaves_the_rules_with_the_reason(desk: Desk) -> None:
    desk.worker.capable = True
    desk.worker.failure = ModelUnavailable("The model is gone.")
    planned = await desk.plan("Research bread")
    assert planned.planned_by == "rules"
    assert "The model is gone." in planned.note


async def test_a_budget_that_does_not_reach_for_a_model_leaves_the_rules_with_the_reason(desk: Desk) -> None:
    async def ask(request: ModelRequest) -> ModelResponse:
        raise BudgetSpent("tokens", 5)

    planned = await Planner(desk.tools, desk.rules).plan(Asked("Research bread", ASKED_AT), ["/srv"], ask, desk.grant)
    assert planned.planned_by == "rules"
    assert "No model was asked for a plan" in planned.note


async def test_a_goal_of_ten_thousand_strange_characters_is_planned(desk: Desk) -> None:
    planned = await desk.plan(("\u202eresearch \x00" * 1_000)[:10_000])
    assert planned.planned_by == "rules"
    assert problems_of(planned.plan, desk.tools.names()) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.one_of(st.text(max_size=200), json_values.map(json.dumps)))
@settings(max_examples=150)
def test_reading_a_models_answer_never_raises(answer: str) -> None:
    plan, problems = read(answer, TWO_TOOLS)
    assert (plan is None) == bool(problems)


plans = st.fixed_dictionaries(
    {
        "tasks": st.lists(
            st.fixed_dictionaries(
                {
                    "description": st.text(max_size=20),
                    "type": st.sampled_from([*TaskType, "x"]),
                    "depends_on": st.lists(st.integers(-1, 6), max_size=3),
                    "tool": st.sampled_from(["", "note", "file_read", "nosuch"]),
                    "tool_params": st.dictionaries(
                        st.sampled_from(["path", "title", "text"]),
                        st.sampled_from(["a", "{{1}}", "{{goal}}", "{{99}}"]),
                    ),
                }
            ),
            max_size=14,
        )
    }
)


@given(plans)
@settings(max_examples=200)
def test_a_models_plan_that_is_taken_is_valid(found: dict[str, JsonValue]) -> None:
    plan, _ = read(json.dumps(found), TWO_TOOLS)
    if plan:
        assert plan_problems(plan, TWO_TOOLS) == []
        assert len(plan.tasks) <= MAX_TASKS


def fits(answer: object, schema: dict[str, JsonValue]) -> bool:
    value: JsonValue = json.loads(json.dumps(answer))
    return not schema_problem(value, schema)


def test_the_schema_of_the_answer_has_a_branch_for_each_tool_with_its_arguments() -> None:
    task: dict[str, JsonValue] = {"description": "x", "type": "custom", "depends_on": []}
    for tool, params, holds in (
        ("note", {"title": "a", "text": "{{1}}"}, True),
        ("file_read", {"path": "/a"}, True),
        ("", {}, True),
        ("note", {"path": "/a"}, False),
        ("note", {"title": "a"}, False),
        ("nosuch", {}, False),
    ):
        answer = {"tasks": [{**task, "tool": tool, "tool_params": params}]}
        assert fits(answer, answer_schema(TWO_TOOLS)) is holds, (tool, params)


def test_a_list_of_a_plan_may_be_the_result_of_another_task() -> None:
    tools = FewTools(Lister())
    schema = answer_schema({"lister": tools.get("lister")})
    task: dict[str, JsonValue] = {"description": "x", "type": "custom", "depends_on": [1], "tool": "lister"}
    for names, holds in (("{{1}}", True), (["a"], True), (7, False)):
        assert fits({"tasks": [{**task, "tool_params": {"names": names}}]}, schema) is holds


def test_with_many_tools_the_schema_only_names_them() -> None:
    many = {f"tool{number}": TWO_TOOLS["note"] for number in range(30)}
    schema = json.dumps(answer_schema(many))
    assert '"enum": ["", "tool0", "tool1"' in schema
    assert '"title"' not in schema


@pytest.mark.parametrize(
    "around", ['<think>{{"tasks": []}} no, {{x}}</think>{}', "Sure!\n```json\n{}\n```\nDone {{1}}."]
)
async def test_a_plan_is_found_among_prose_with_braces(desk: Desk, around: str) -> None:
    desk.worker.capable = True
    desk.worker.answer = lambda _: around.format(json.dumps(GOOD))
    assert (await desk.plan("Research bread")).planned_by == "model"
    assert len(desk.worker.requests) == 1


async def test_examples_of_plans_are_plans_that_hold(desk: Desk) -> None:
    async with Registry.open(TaskEngineSettings(), structlog.stdlib.get_logger("test")) as registry:
        tools = {name: registry.get(name) for name in registry.names()}
    shown = [line for line in examples(tools).splitlines() if line.startswith("{")]
    assert len(shown) == 2
    for line in shown:
        assert read(line, tools)[1] == []
        assert fits(json.loads(line), answer_schema(tools))
    assert examples(["note"]) == ""


@given(json_values, st.text(max_size=20), st.dictionaries(st.integers(0, 12), st.text(max_size=30), max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_filling_in_never_raises_and_fills_every_place(value: JsonValue, goal: str, outputs: dict[int, str]) -> None:
    fill(value, goal, outputs)
    assert not list(places(fill(value, "goal", {})))


def test_what_is_filled_in_is_not_looked_through_for_places() -> None:
    assert fill("{{1}} {{goal}}", "say {{1}}", {1: "{{goal}}"}) == "{{goal}} say {{1}}"
    assert fill(["{{ 2 }}", {"a": "{{3}}"}], "", {2: "two"}) == ["two", {"a": ""}]


def test_outputs_become_what_the_tool_wants_or_are_refused_with_a_sentence() -> None:
    tools = TWO_TOOLS
    assert typed(tools["file_read"], {"path": "{{1}}"}, "", {1: "/a"}) == {"path": "/a"}
    with pytest.raises(PlanError, match="file_read cannot be called like this"):
        typed(tools["file_read"], {"path": "{{1}}", "more": 1}, "", {1: "/a"})


def test_an_output_that_is_used_must_be_waited_for() -> None:
    task = PlannedTask(description="x", tool="file_read", tool_params={"path": "{{2}}"})
    other = PlannedTask(description="y")
    problems = plan_problems(Plan(tasks=(task, other)), TWO_TOOLS)
    assert problems == ["task 1: it uses the output of task 2 without depending on it"]


def test_the_kind_of_every_verb_is_known() -> None:
    assert {understand(f"{verb} the thing").acts[0].kind for verb in ("look up", "investigate", "explore")} == {
        ClauseKind.RESEARCH
    }


async def test_rule_plans_fit_the_tools_that_senter_has(desk: Desk) -> None:
    async with Registry.open(TaskEngineSettings(ddgs=True), structlog.stdlib.get_logger("test")) as registry:
        planner = Planner(registry, desk.rules)
        for text, expected in {
            "Research bread\x07 \u202eand write a summary": "documents_search web_search read summarise",
            "Organise ~/downloads": "file_list propose move",
            "Summarise ~/a.md and https://example.org/a": "file_read web_fetch summarise",
            "Delete ~/a and ~/b": "file_trash file_trash",
            "Run `ls -l` in ~/a": "run_command",
            "Move ~/a to ~/b/": "file_move",
            "Copy ~/a to ~/c": "file_copy",
            "Make a folder ~/d": "make_folder",
            "Research bread and save it to ~/e.md": "documents_search web_search read summarise file_write",
            "Write an email to a@example.org about bread": "outline draft review email_draft",
            "Compare tea and coffee": "gather gather table conclude",
        }.items():
            planned = await planner.plan(Asked(text, ASKED_AT), ["/srv/documents"], desk.ask, desk.grant)
            assert kinds(planned.plan) == expected.split()
        note = await planner.plan(Asked("Note: eat", ASKED_AT, (NOTED,)), [], desk.ask, desk.grant)
        assert FilesWritten() in note.plan.tasks[0].postconditions


def test_a_text_about_nothing_in_particular_is_just_that_text() -> None:
    assert [task.description for task in plan_for((), "Write a poem").tasks] == [
        "Outline: poem",
        "Draft: poem",
        "Review: poem",
    ]
