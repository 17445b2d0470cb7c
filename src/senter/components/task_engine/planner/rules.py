"""Plans made by rules: right without a model, the same every time, and never more than `MAX_TASKS` tasks. Pure.

research → search, read, summarise; write → outline, draft, review; compare → gather each, table, conclusion;
organise → list, propose, move; remind → a reminder at its time, or a note; else
one custom task.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

from pydantic import JsonValue

from senter.components.task_engine.planner.intents import Intent, Kind, intents, is_like_summary
from senter.components.task_engine.planner.plan import (
    PersonJudges,
    Plan,
    PlannedTask,
    Postcondition,
    SourcesAtLeast,
    TextAtLeast,
    Work,
)
from senter.components.task_engine.planner.reminders import split_reminder
from senter.messages.goals import MAX_TASKS, TaskType

DOCUMENTS_SEARCH = "documents_search"
WEB_SEARCH = "web_search"
SEARCHES = (DOCUMENTS_SEARCH, WEB_SEARCH)
FILE_LIST = "file_list"
ORGANISING = (FILE_LIST, "file_sort")
NOTE = "note"
REMIND = "remind"
RESULTS_OF_A_SEARCH = 8
LONGEST_DESCRIPTION = 200
CITED = (SourcesAtLeast(count=1), TextAtLeast(characters=80))
ONE_SOURCE = (SourcesAtLeast(count=1),)
WRITTEN = (TextAtLeast(characters=80),)
SOMETHING = (TextAtLeast(characters=1),)
ANYTHING = (*SOMETHING, PersonJudges())
A_FEW_WORDS = (TextAtLeast(characters=20),)

_PATH = re.compile(r"(?:(?<=\s)|(?<=[\"'“])|^)~?/[^\s\"'”,;]*")


class Rules:
    """Makes plans of the tools that can be used now."""

    def __init__(self, tools: Collection[str], folders: Sequence[str] = ()) -> None:
        self._tools = frozenset(tools)
        self._folders = tuple(folders)

    def plan(self, text: str) -> Plan:
        """A plan for any text whatever; clauses that no longer fit become one last task."""
        tasks = _Tasks(text)
        wanted = intents(text)
        for place, intent in enumerate(wanted):
            before = tuple(tasks.planned)
            self._add(tasks, intent)
            room = MAX_TASKS if place + 1 == len(wanted) else MAX_TASKS - 1
            if len(tasks.planned) > room:
                tasks.planned = [*before, _custom("; ".join(left.text for left in wanted[place:]))]
                break
        return Plan(tasks=tuple(tasks.planned))

    def _add(self, tasks: _Tasks, intent: Intent) -> None:
        match intent.kind:
            case Kind.RESEARCH:
                self._research(tasks, intent)
            case Kind.COMPARE:
                self._compare(tasks, intent)
            case Kind.WRITE:
                self._write(tasks, intent)
            case Kind.ORGANISE:
                self._organise(tasks, intent)
            case Kind.REMIND:
                self._remind(tasks, intent)
            case Kind.OTHER:
                tasks.add(_custom(intent.text))

    def _research(self, tasks: _Tasks, intent: Intent) -> None:
        topic = tasks.topic_for(intent)
        if not intent.topic and tasks.gathered:
            return  # "... and summarise it": that is what came before ends in
        searches = self._search(tasks, topic)
        if not searches:
            tasks.gathered = tasks.add(_unsourced(intent.text, TaskType.RESEARCH))
            return
        read = tasks.add(_work(Work.READ, f"Read what was found about {topic}", topic, searches, ONE_SOURCE))
        tasks.gathered = read
        tasks.add(_work(Work.SUMMARISE, f"Summarise {topic}, with sources", topic, [read], CITED))

    def _search(self, tasks: _Tasks, topic: str) -> list[int]:
        """One task for each way to search. Where there are several, the goal goes on without any one of them."""
        ways = [way for way in SEARCHES if way in self._tools]
        return [tasks.add(_search_task(way, topic, optional=len(ways) > 1)) for way in ways]

    def _compare(self, tasks: _Tasks, intent: Intent) -> None:
        items = intent.items or tasks.items_before()
        if len(items) < 2 or not self._tools.intersection(SEARCHES):
            tasks.gathered = tasks.add(_unsourced(intent.text, TaskType.ANALYZE))
            return
        view = f" with {intent.topic} in view" if intent.topic else ""
        gathers = [tasks.add(_gather(item)) for item in items]
        names = ", ".join(items)
        table = tasks.add(_work(Work.TABLE, f"Set {names} side by side{view}", intent.topic, gathers, CITED))
        tasks.gathered = table
        tasks.add(
            _work(Work.CONCLUDE, f"Conclude what sets {names} apart{view}", intent.topic, [*gathers, table], CITED)
        )

    def _write(self, tasks: _Tasks, intent: Intent) -> None:
        if tasks.gathered and is_like_summary(intent) and not intent.topic:
            return
        topic = tasks.topic_for(intent)
        form = intent.form or "text"
        base = [tasks.gathered] if tasks.gathered and not intent.topic else []
        kind = TaskType.GENERATE
        what = f"{form} about {topic}" if topic != _cut(tasks.goal, LONGEST_DESCRIPTION) else form
        outline = tasks.add(_work(Work.OUTLINE, f"Outline: {what}", topic, base, A_FEW_WORDS, kind))
        draft = tasks.add(_work(Work.DRAFT, f"Draft: {what}", topic, [*base, outline], WRITTEN, kind))
        tasks.add(_work(Work.REVIEW, f"Review: {what}", topic, [outline, draft], WRITTEN, kind))

    def _organise(self, tasks: _Tasks, intent: Intent) -> None:
        folder = self._folder_in(intent.topic)
        if not folder or not self._tools.issuperset(ORGANISING):
            tasks.add(_custom(intent.text))
            return
        kind = TaskType.ORGANIZE
        listing = tasks.add(_tool(FILE_LIST, {"path": folder}, f"List {folder}", kind, SOMETHING))
        proposal = tasks.add(
            _work(Work.PROPOSE, f"Propose an order for {folder}", folder, [listing], A_FEW_WORDS, kind)
        )
        tasks.add(_work(Work.MOVE, f"Move the files of {folder} as proposed", folder, [proposal], SOMETHING, kind))

    def _folder_in(self, topic: str) -> str:
        """A path in the text, else the folder the user named whose name stands in it; empty where there is none."""
        if found := _PATH.search(topic):
            return found.group().rstrip(".!?") or "/"
        said = topic.lower()
        named = (folder for folder in self._folders if PurePath(folder).name and PurePath(folder).name.lower() in said)
        return next(named, "")

    def _remind(self, tasks: _Tasks, intent: Intent) -> None:
        said = intent.topic or tasks.goal
        what, when = split_reminder(said)
        if when and REMIND in self._tools:
            description = f"Set a reminder for {when}: {what}"
            tasks.add(_tool(REMIND, {"text": what, "at": when}, description, TaskType.COMMUNICATE, SOMETHING))
        elif NOTE in self._tools:
            tasks.add(_noted(said))
        else:
            tasks.add(_custom(intent.text))


def _noted(what: str) -> PlannedTask:
    """A reminder that names no time."""
    text = f"Reminder: {what}\n\nThis is a note, nothing will ring. To be told: senter remind TEXT --at TIME"
    params: dict[str, JsonValue] = {"title": _cut(f"Reminder: {what}", 100), "text": text}
    description = f"Note the reminder (nothing will ring by itself): {what}"
    return _tool(NOTE, params, description, TaskType.COMMUNICATE, SOMETHING)


def one_task(text: str) -> Plan:
    """The plan that always holds."""
    return Plan(tasks=(_custom(text),))


class _Tasks:
    """A plan in the making."""

    def __init__(self, goal: str) -> None:
        seen = "".join(letter if letter.isprintable() else " " for letter in goal)
        self.goal = " ".join(seen.split()) or "the goal"
        self.planned: list[PlannedTask] = []
        self.gathered = 0
        """The number of the last task that holds material; 0 while there is none."""
        self._topics: list[str] = []

    def add(self, task: PlannedTask) -> int:
        self.planned.append(task)
        return len(self.planned)

    def topic_for(self, intent: Intent) -> str:
        """Its own topic, else the last one, else the goal itself."""
        topic = intent.topic or (self._topics[-1] if self._topics else _cut(self.goal, LONGEST_DESCRIPTION))
        self._topics.append(topic)
        return topic

    def items_before(self) -> tuple[str, ...]:
        """What an earlier clause named, where this one says "compare them"."""
        pieces = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", self._topics[-1]) if self._topics else []
        return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def focus_of(plan: Plan) -> str:
    """The area a plan's results are filed under, by the types of its tasks, until goals are routed."""
    types = {task.type for task in plan.tasks}
    if types & {TaskType.RESEARCH, TaskType.ANALYZE}:
        return "research"
    return "creative" if TaskType.GENERATE in types else "general"


def _custom(text: str) -> PlannedTask:
    words = " ".join(text.split()) or "Do what the goal says"
    return PlannedTask(description=_cut(words, 500), about=_cut(words, 300), postconditions=ANYTHING)


def _unsourced(text: str, type_: TaskType) -> PlannedTask:
    """What a model knows, where there is nothing to search: the plan says so, and the result too."""
    return _custom(text).model_copy(update={"type": type_, "postconditions": (*WRITTEN, PersonJudges())})


def _gather(item: str) -> PlannedTask:
    """Optional: what is known of the others is worth having too."""
    task = _work(Work.GATHER, f"Gather what is known about {item}", item, [], ONE_SOURCE)
    return task.model_copy(update={"optional": True})


def _search_task(way: str, topic: str, *, optional: bool) -> PlannedTask:
    where = "your documents" if way == DOCUMENTS_SEARCH else "the web"
    params: dict[str, JsonValue] = {"query": topic, "limit": RESULTS_OF_A_SEARCH}
    task = _tool(way, params, f"Search {where} for {topic}", TaskType.RESEARCH, ONE_SOURCE)
    return task.model_copy(update={"optional": optional})


def _tool(
    name: str,
    params: dict[str, JsonValue],
    description: str,
    type_: TaskType,
    postconditions: tuple[Postcondition, ...],
) -> PlannedTask:
    return PlannedTask(
        description=_cut(description, LONGEST_DESCRIPTION),
        type=type_,
        tool=name,
        tool_params=params,
        postconditions=postconditions,
    )


def _work(
    work: Work,
    description: str,
    about: str,
    depends_on: Sequence[int],
    postconditions: tuple[Postcondition, ...],
    type_: TaskType | None = None,
) -> PlannedTask:
    analysis = (Work.TABLE, Work.CONCLUDE)
    return PlannedTask(
        description=_cut(description, LONGEST_DESCRIPTION),
        type=type_ or (TaskType.ANALYZE if work in analysis else TaskType.RESEARCH),
        work=work,
        about=_cut(about, 300),
        depends_on=tuple(depends_on),
        postconditions=postconditions,
    )


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1].rstrip()}…"
