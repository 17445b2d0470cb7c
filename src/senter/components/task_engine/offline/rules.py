"""Plans made by rules: right without a model, the same every time, and never more than `MAX_TASKS` tasks. Pure.

research → search, read, summarise; write → outline, draft, review; compare → gather each, table, conclusion;
organise → list, propose, move; an action whose words say all → a call of its tool; else one custom task.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

from pydantic import JsonValue

from senter.components.task_engine.contract.plan import (
    NothingStayed,
    PersonJudges,
    Plan,
    PlannedTask,
    Postcondition,
    SourcesAtLeast,
    TextAtLeast,
    WorkKind,
)
from senter.components.task_engine.contract.tool import DOCUMENTS_SEARCH, SEARCHES
from senter.components.task_engine.offline.request import LAST_TEXT, Action, Clause, ClauseKind, Request
from senter.components.task_engine.offline.verbs import LIKE_SUMMARY
from senter.messages.goals import MAX_TASKS, TaskType
from senter.text import cut, one_line

TOO_MANY = MAX_TASKS + 1
"""What would be so many tasks of one act becomes a single one; how many more there are is not looked at."""
LONGEST_DESCRIPTION = 200
RESULTS_OF_A_SEARCH = 8
READING = ("file_read", "web_fetch")
LOOKING = (*READING, "file_list", "calendar_check")
"""Tools whose output is what a person asked to see."""
SOMETHING = (TextAtLeast(characters=1),)
MOVED = (*SOMETHING, NothingStayed())
A_FEW_WORDS = (TextAtLeast(characters=20),)
WRITTEN = (TextAtLeast(characters=80),)
JUDGED = (*WRITTEN, PersonJudges())
ONE_SOURCE = (SourcesAtLeast(count=1),)
CITED = (*ONE_SOURCE, *WRITTEN)
_TYPES = {
    **dict.fromkeys(("note", "remind", "email_draft"), TaskType.COMMUNICATE),
    **dict.fromkeys((*READING, *SEARCHES, WorkKind.READ, WorkKind.GATHER, WorkKind.SUMMARISE), TaskType.RESEARCH),
    **dict.fromkeys((WorkKind.TABLE, WorkKind.CONCLUDE, "calendar_check"), TaskType.ANALYZE),
    **dict.fromkeys((WorkKind.OUTLINE, WorkKind.DRAFT, WorkKind.REVIEW), TaskType.GENERATE),
    "run_command": TaskType.CUSTOM,
}
"""Of tools and works; any other puts something in order."""


def plan_of(request: Request, tools: Collection[str]) -> Plan:
    """A plan with those tools for any request whatever; acts that no longer fit become one last task."""
    plan = _Plan(request.text, tools)
    for place, act in enumerate(request.acts):
        before = tuple(plan.tasks)
        plan.add(act)
        room = MAX_TASKS if place + 1 == len(request.acts) else MAX_TASKS - 1
        if len(plan.tasks) > room:
            plan.tasks = [*before, _custom("; ".join(left.text for left in request.acts[place:]))]
            break
    return Plan(tasks=tuple(plan.tasks))


def one_task(text: str) -> Plan:
    """The plan that always holds."""
    return Plan(tasks=(_custom(text),))


def focus_of(plan: Plan) -> str:
    """The area a plan's results are filed under, by the types of its tasks, until goals are routed."""
    types = {task.type for task in plan.tasks}
    if types & {TaskType.RESEARCH, TaskType.ANALYZE}:
        return "research"
    return "creative" if TaskType.GENERATE in types else "general"


def _custom(text: str) -> PlannedTask:
    words = one_line(text) or "Do what the goal says"
    conditions = (*SOMETHING, PersonJudges())
    return PlannedTask(description=cut(words, 500), about=cut(words, 300), postconditions=conditions)


class _Plan:
    """A plan in the making. What adds a task returns its number."""

    def __init__(self, goal: str, tools: Collection[str]) -> None:
        self._goal = cut(goal or "the goal", LONGEST_DESCRIPTION)
        self._tools = frozenset(tools)
        self.tasks: list[PlannedTask] = []
        self._gathered = 0
        """The last task that holds material; 0 while there is none."""
        self._text = 0
        """The last task that came to a text for a person; 0 while there is none."""
        self._actions: list[int] = []
        """What looks at files waits for these, which may change them."""
        self._topic = ""
        """The last one, which later acts may point back to."""

    def add(self, act: Clause) -> None:
        """The tasks of one act."""
        calls = act.actions[:TOO_MANY]
        text = self._text or LAST_TEXT not in (value for call in calls for value in call.params.values())
        if calls and text and self._tools.issuperset(call.tool for call in calls):
            self._actions += [self._act(call) for call in calls]
            return
        match act.kind:
            case ClauseKind.RESEARCH if act.named and self._tools.issuperset(READING):
                self._read(act)
            case ClauseKind.RESEARCH:
                self._research(act)
            case ClauseKind.COMPARE:
                self._compare(act)
            case ClauseKind.WRITE:
                self._write(act)
            case ClauseKind.ORGANISE if not act.missing and self._tools.issuperset(("file_list", "file_sort")):
                self._organise(act)
            case ClauseKind.ORGANISE:
                self._add(_custom(act.text))
            case _:
                self._add(_custom(act.text), self._ends())

    def _act(self, action: Action) -> int:
        text = f"{{{{{self._text}}}}}"
        params = {name: text if value == LAST_TEXT else value for name, value in action.params.items()}
        needs = {*self._ends(), self._text} if LAST_TEXT in action.params.values() else self._ends()
        # A command may well say nothing.
        conditions = (PersonJudges(),) if action.tool == "run_command" else SOMETHING
        return self._task(action.tool, action.description, sorted(needs), conditions, params=params)

    def _research(self, act: Clause) -> None:
        topic = self._topic_for(act)
        if not act.topic and self._gathered:
            return  # "... and summarise it": that is what came before ends in
        ways = [way for way in SEARCHES if way in self._tools]
        if not ways:
            self._unsourced(act, TaskType.RESEARCH)
            return
        searches = [self._search(way, topic, optional=len(ways) > 1) for way in ways]
        read = f"Read what was found about {topic}"
        self._gathered = self._task(WorkKind.READ, read, searches, ONE_SOURCE, about=topic)
        self._task(WorkKind.SUMMARISE, f"Summarise {topic}, with sources", [self._gathered], CITED, about=topic)

    def _search(self, way: str, topic: str, *, optional: bool) -> int:
        """Where there are several ways to search, the goal goes on without any one of them."""
        where = "your documents" if way == DOCUMENTS_SEARCH else "the web"
        params: dict[str, JsonValue] = {"query": topic, "limit": RESULTS_OF_A_SEARCH}
        return self._task(way, f"Search {where} for {topic}", (), ONE_SOURCE, params=params, optional=optional)

    def _unsourced(self, act: Clause, type_: TaskType) -> None:
        """What a model knows, where there is nothing to search: the plan says so, and the result too."""
        task = _custom(act.text).model_copy(update={"type": type_, "postconditions": JUDGED})
        self._gathered = self._add(task)

    def _read(self, act: Clause) -> None:
        self._topic = topic = act.topic or PurePath(act.named[0]).stem or act.named[0]
        reads: list[int] = []
        for address in act.named[:TOO_MANY]:
            tool, argument = ("web_fetch", "url") if "://" in address else ("file_read", "path")
            reads.append(self._task(tool, f"Read {address}", self._actions, params={argument: address}))
        self._gathered = reads[-1]
        self._task(WorkKind.SUMMARISE, f"Summarise {', '.join(act.named)}", reads, CITED, about=topic)

    def _compare(self, act: Clause) -> None:
        items = act.items or self._items_before()
        if len(items) < 2 or not self._tools.intersection(SEARCHES):
            self._unsourced(act, TaskType.ANALYZE)
            return
        view, names = f" with {act.topic} in view" if act.topic else "", ", ".join(items)
        # What is known of the others is worth having where one is not found.
        gathers = [
            self._task(WorkKind.GATHER, f"Gather what is known about {item}", (), ONE_SOURCE, about=item, optional=True)
            for item in items
        ]
        self._gathered = self._task(WorkKind.TABLE, f"Set {names} side by side{view}", gathers, CITED, about=act.topic)
        needs = [*gathers, self._gathered]
        self._task(WorkKind.CONCLUDE, f"Conclude what sets {names} apart{view}", needs, CITED, about=act.topic)

    def _write(self, act: Clause) -> None:
        if self._gathered and not act.topic and act.form in LIKE_SUMMARY:
            return
        topic, form = self._topic_for(act), act.form or "text"
        base = [self._gathered] if self._gathered and not act.topic else []
        what = f"{form} about {topic}" if topic != self._goal else form
        outline = self._task(WorkKind.OUTLINE, f"Outline: {what}", base, A_FEW_WORDS, about=topic)
        draft = self._task(WorkKind.DRAFT, f"Draft: {what}", [*base, outline], WRITTEN, about=topic)
        review = self._task(WorkKind.REVIEW, f"Review: {what}", [outline, draft], JUDGED, about=topic)
        if act.addresses and "email_draft" in self._tools:
            said = f"Put the e-mail to {', '.join(act.addresses)} in the drafts folder (it is not sent)"
            params: dict[str, JsonValue] = {"to": [*act.addresses], "subject": cut(topic, 200)}
            self._task("email_draft", said, [review], params={**params, "body": f"{{{{{review}}}}}"})

    def _organise(self, act: Clause) -> None:
        folder = act.folder
        listing = self._task("file_list", f"List {folder}", self._actions, params={"path": folder})
        said, by = f"Propose an order for {folder} by {act.by}", {"by": act.by}
        proposed = self._task(WorkKind.PROPOSE, said, [listing], A_FEW_WORDS, about=folder, params={**by})
        self._task(WorkKind.MOVE, f"Move the files of {folder} as proposed", [proposed], MOVED, about=folder)

    def _task(
        self,
        does: str,
        description: str,
        needs: Sequence[int] = (),
        conditions: tuple[Postcondition, ...] = SOMETHING,
        *,
        about: str = "",
        params: dict[str, JsonValue] | None = None,
        optional: bool = False,
    ) -> int:
        """A task that calls the tool `does`, or does that kind of work."""
        is_work = isinstance(does, WorkKind)
        task = PlannedTask(
            description=cut(description, LONGEST_DESCRIPTION),
            type=_TYPES.get(does, TaskType.ORGANIZE),
            tool="" if is_work else does,
            work=does if is_work else WorkKind.ANSWER,
            about=cut(about, 300),
            tool_params=params or {},
            postconditions=conditions,
            optional=optional,
        )
        return self._add(task, needs)

    def _add(self, task: PlannedTask, needs: Sequence[int] = ()) -> int:
        self.tasks.append(task.model_copy(update={"depends_on": tuple(needs)}))
        if not task.tool or task.tool in LOOKING:
            self._text = len(self.tasks)
        return len(self.tasks)

    def _ends(self) -> list[int]:
        """What the acts before come to."""
        needed = {number for task in self.tasks for number in task.depends_on}
        return [number for number in range(1, len(self.tasks) + 1) if number not in needed]

    def _topic_for(self, act: Clause) -> str:
        """Its own topic, else the last one, else the goal itself."""
        self._topic = act.topic or self._topic or self._goal
        return self._topic

    def _items_before(self) -> tuple[str, ...]:
        """What an earlier act named, where this one says "compare them"."""
        pieces = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", self._topic)
        return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
