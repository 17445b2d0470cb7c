"""Makes the plan of a goal: of what was understood by rule, without a model; of what is Senter's to produce a capable
model's, where there is one and it holds, else the rules'.

For an action or a look that the rules have no tool for, it is one call, chosen by a model that may be trusted with
that much.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pydantic import BaseModel

from senter.components.task_engine.agent.model_plan import plan_by_model
from senter.components.task_engine.agent.offering import offered
from senter.components.task_engine.agent.one_call import one_call
from senter.components.task_engine.agent.situation import situation
from senter.components.task_engine.contract.asked import PLANNED_BY_WORDS, Asked
from senter.components.task_engine.contract.call_arguments import moved_places, plan_problems
from senter.components.task_engine.contract.plan import Plan, PlannedTask, PlanResult, WorkKind
from senter.components.task_engine.contract.steps import Ask
from senter.components.task_engine.contract.tool import DOCUMENTS_SEARCH, SEARCHES, WEB_SEARCH, Tool, ToolLookup
from senter.components.task_engine.offline.door import (
    LONGEST_HERE,
    RulesApart,
    focus_of,
    is_about_what_lies_here,
    is_action_request,
    one_task,
    says_calls,
    understand,
)
from senter.components.task_engine.work.act_plan import call_tasks
from senter.components.task_engine.work.own_plan import own_plan
from senter.errors import PlanError
from senter.messages.acts import Act, ActKind
from senter.messages.goals import MAX_TASKS, Grant
from senter.moments.zones import user_zone

_LOOKS = frozenset({WorkKind.READ, WorkKind.GATHER, WorkKind.OUTLINE, WorkKind.ANSWER})


@dataclass(frozen=True, slots=True)
class _Means:
    """What a plan is made with."""

    asked: Asked
    folders: Sequence[str]
    ask: Ask
    grant: Grant
    tools: Mapping[str, Tool[BaseModel]]


class Planner:
    """Plans with the tools that can be used at that moment."""

    def __init__(self, tools: ToolLookup, rules: RulesApart, timezone: str = "") -> None:
        self._tools = tools
        self._rules = rules
        self._timezone = timezone

    async def plan(self, asked: Asked, folders: Sequence[str], ask: Ask, grant: Grant) -> PlanResult:
        """The plan for a goal. `folders` are those the user named; `ask` asks a research worker, and counts it; of
        foreign tools a model is told those that the grant allows or the goal names.

        Raises `PlanError` for a text that says nothing, takes too long or cannot be done; `SettingsError` for an
        unknown zone.
        """
        if not any(letter.isalnum() for letter in asked.text):
            raise PlanError("The goal says nothing.", "Say what you want done, in a sentence.")
        means = _Means(asked, folders, ask, grant, self._usable(folders))
        planned = await self._planned(means)
        return replace(planned, plan=_with_conditions_of_tools(planned.plan, means.tools))

    async def _planned(self, means: _Means) -> PlanResult:
        asked = means.asked
        if asked.own:
            return own_plan(asked, means.tools, means.folders, user_zone(self._timezone))
        if asked.missing:
            return await self._of_words(_missing_words(asked), means)
        if asked.acts is None or all(_is_by_words(act, asked.text) for act in asked.acts):
            return await self._of_words(asked.text, means)
        return await self._of_acts(asked.acts, means)

    async def _of_acts(self, acts: Sequence[Act], means: _Means) -> PlanResult:
        """Each act by itself; what is Senter's to produce and stands together is planned together. Raises
        `PlanError`."""
        tasks: list[PlannedTask] = []
        notes: list[str] = []
        topic, planned_by = "", "rules"
        for by_words, several in groupby(acts, lambda act: _is_by_words(act, means.asked.text)):
            group = list(several)
            if by_words:
                worked = await self._of_words(_words_of(group, means.asked.text), means)
                tasks += _after(worked.plan.tasks, len(tasks))
                notes, topic = [*notes, worked.note], topic or worked.topic
                planned_by = "model" if worked.planned_by == "model" else planned_by
            else:
                for act in group:
                    tasks += call_tasks(_without_goal(act), means.tools, user_zone(self._timezone))
        if len(tasks) > MAX_TASKS:
            raise PlanError(f"These are more than {MAX_TASKS} tasks at once.", "Say it in several sentences.")
        plan = Plan(tasks=tuple(tasks))
        note = " ".join(dict.fromkeys(note for note in notes if note))
        return PlanResult(plan, planned_by, note, focus_of(plan), topic)

    async def _of_words(self, text: str, means: _Means) -> PlanResult:
        usable, folders = means.tools, means.folders
        shown = {tool.name: tool for tool in offered(usable.values(), means.grant, text)}
        words = situation(means.asked.at, user_zone(self._timezone), means.grant)
        attempt = await plan_by_model(text, shown, means.ask, words)
        plan = attempt.plan or await self._by_rules(text, usable, folders)
        called = await one_call(text, shown, means.ask, words) if _is_left_open(plan, text) else None
        plan = Plan(tasks=(called,)) if called else plan
        focus = focus_of(plan)
        notes = (attempt.note, _about_foreign_words(plan), _about_sources(plan, usable))
        return PlanResult(
            plan=plan,
            planned_by="model" if attempt.plan or called else "rules",
            note=" ".join(note for note in notes if note),
            focus=focus,
            topic=understand(text[:LONGEST_HERE]).topic if focus == "research" else "",
        )

    async def _by_rules(self, text: str, usable: Mapping[str, Tool[BaseModel]], folders: Sequence[str]) -> Plan:
        """The rules' plan; one task where a tool, another package's perhaps, does not take what the rules give it."""
        plan = await self._rules.plan(text, usable, folders)
        return one_task(text) if plan_problems(plan, usable) else plan

    def _usable(self, folders: Sequence[str]) -> dict[str, Tool[BaseModel]]:
        tools = {name: self._tools.get(name) for name in sorted(self._tools.names())}
        without = set[str]() if folders else {DOCUMENTS_SEARCH}
        return {name: tool for name, tool in tools.items() if not tool.unavailable() and name not in without}


def _missing_words(asked: Asked) -> str:
    """What is missing, with what it is missing of; research goes on with its topic."""
    if asked.topic and not is_action_request(asked.missing):
        return f"Research {asked.topic}: {asked.missing}"
    return asked.missing


def _is_by_words(act: Act, text: str) -> bool:
    """Whether the planner reads its words; so it does those of a change that is about files: they say all."""
    changes_files = act.kind in (ActKind.CHANGE, ActKind.UNDO) and not act.things
    return act.kind in PLANNED_BY_WORDS or (changes_files and says_calls(_words_of([act], text)))


def _words_of(acts: Sequence[Act], text: str) -> str:
    """The words of acts that stand together."""
    return text[acts[0].span[0] : acts[-1].span[1]].strip() or acts[0].gist


def _without_goal(act: Act) -> Act:
    """Goals of the person's own become goals by themselves, before anything is planned. Raises `PlanError`."""
    if act.kind is ActKind.GOAL:
        raise PlanError(f"This is yours to do: {act.gist}", "Keep it as a goal of your own with: senter goal TEXT")
    return act


def _after(tasks: Sequence[PlannedTask], count: int) -> list[PlannedTask]:
    """The tasks of a part of a plan, behind so many others."""
    return [
        task.model_copy(
            update={
                "depends_on": tuple(number + count for number in task.depends_on),
                "tool_params": moved_places(task.tool_params, count) if count else task.tool_params,
            }
        )
        for task in tasks
    ]


def _is_left_open(plan: Plan, text: str) -> bool:
    """Whether an action or a look is asked for and the plan has no tool for it."""
    (first, *others) = plan.tasks
    needs_tool = is_action_request(text) or is_about_what_lies_here(text)
    return not (others or first.tool) and first.work is WorkKind.ANSWER and needs_tool


def _with_conditions_of_tools(plan: Plan, tools: Mapping[str, Tool[BaseModel]]) -> Plan:
    """What must be so after every call of a tool must be so after the task that calls it."""
    return plan.model_copy(update={"tasks": tuple(_with_conditions(task, tools) for task in plan.tasks)})


def _with_conditions(task: PlannedTask, tools: Mapping[str, Tool[BaseModel]]) -> PlannedTask:
    own = tools[task.tool].postconditions if task.tool else ()
    new = tuple(condition for condition in own if condition not in task.postconditions)
    return task.model_copy(update={"postconditions": (*task.postconditions, *new)}) if new else task


def _about_foreign_words(plan: Plan) -> str:
    """What a person should know of a plan that was made with them in view."""
    if not any(task.tainted for task in plan.tasks):
        return ""
    return "It was planned with the descriptions of others' tools in view, so what it would change waits for you."


def _about_sources(plan: Plan, usable: Collection[str]) -> str:
    """What a person should know about where this plan will look."""
    looks = any(task.tool in SEARCHES or (not task.tool and task.work in _LOOKS) for task in plan.tasks)
    if not looks or WEB_SEARCH in usable:
        return ""
    if DOCUMENTS_SEARCH in usable:
        return "No web provider is on, so only your own documents are searched."
    return (
        "There is nothing to search, no folder is named and no web provider is on, so nothing will have a source. "
        "Name a folder with: senter documents add FOLDER"
    )
