"""Plans made by rules: right without a model, the same every time, and never more than `MAX_TASKS` tasks. Pure.

research → search, read, summarise; write → outline, draft, review; compare → gather each, table, conclusion;
organise → list, propose, move; remind → a reminder at its time, or a note; a deed whose words say all → a call
of its tool; else one custom task.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

from senter.components.task_engine.contract.plan import Plan, PlannedTask, WorkKind
from senter.components.task_engine.contract.tool import SEARCHES
from senter.components.task_engine.offline.actions import LAST_TEXT, Deed, deeds
from senter.components.task_engine.offline.folder_words import folder_in
from senter.components.task_engine.offline.intents import Intent, Kind, intents, is_like_summary
from senter.components.task_engine.offline.plan_parts import (
    A_FEW_WORDS,
    CITED,
    EMAIL_DRAFT,
    FILE_LIST,
    FILE_READ,
    JUDGED,
    LONGEST_DESCRIPTION,
    LOOKING,
    MOVED,
    NOTE,
    ONE_SOURCE,
    ORGANISING,
    REMIND,
    SOMETHING,
    WEB_FETCH,
    WRITTEN,
    call_of,
    custom,
    cut,
    done_by,
    drafted_email,
    gather,
    reminder_note,
    search_task,
    unsourced,
    work_on,
)
from senter.components.task_engine.offline.reminders import split_reminder
from senter.messages.goals import MAX_TASKS, TaskType

TOO_MANY = MAX_TASKS + 1
"""What would be so many tasks of one clause becomes a single one; how many more there are is not looked at."""


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
                tasks.planned = [*before, custom("; ".join(left.text for left in wanted[place:]))]
                break
        return Plan(tasks=tuple(tasks.planned))

    def _add(self, tasks: _Tasks, intent: Intent) -> None:
        if calls := self._calls(tasks, intent):
            for deed in calls:
                tasks.done.append(tasks.add(done_by(deed, tasks.text), after_all=True))
            return
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
                tasks.add(custom(intent.text), after_all=True)

    def _calls(self, tasks: _Tasks, intent: Intent) -> tuple[Deed, ...]:
        """The calls a clause comes to, where all of them can be made."""
        calls = deeds(intent.text)[:TOO_MANY]
        possible = all(
            call.tool in self._tools and (tasks.text or LAST_TEXT not in call.params.values()) for call in calls
        )
        return calls if possible else ()

    def _research(self, tasks: _Tasks, intent: Intent) -> None:
        if intent.named and self._tools.issuperset({FILE_READ, WEB_FETCH}):
            self._read(tasks, intent)
            return
        topic = tasks.topic_for(intent)
        if not intent.topic and tasks.gathered:
            return  # "... and summarise it": that is what came before ends in
        searches = self._search(tasks, topic)
        if not searches:
            tasks.gathered = tasks.add(unsourced(intent.text, TaskType.RESEARCH))
            return
        read = tasks.add(work_on(WorkKind.READ, f"Read what was found about {topic}", topic, searches, ONE_SOURCE))
        tasks.gathered = read
        tasks.add(work_on(WorkKind.SUMMARISE, f"Summarise {topic}, with sources", topic, [read], CITED))

    def _search(self, tasks: _Tasks, topic: str) -> list[int]:
        """One task for each way to search. Where there are several, the goal goes on without any one of them."""
        ways = [way for way in SEARCHES if way in self._tools]
        return [tasks.add(search_task(way, topic, optional=len(ways) > 1)) for way in ways]

    def _read(self, tasks: _Tasks, intent: Intent) -> None:
        topic = intent.topic or PurePath(intent.named[0]).stem or intent.named[0]
        reads = [tasks.add(tasks.after_deeds(_read_task(address))) for address in intent.named[:TOO_MANY]]
        tasks.gathered = reads[-1]
        tasks.add(work_on(WorkKind.SUMMARISE, f"Summarise {', '.join(intent.named)}", tasks.about(topic), reads, CITED))

    def _compare(self, tasks: _Tasks, intent: Intent) -> None:
        items = intent.items or tasks.items_before()
        if len(items) < 2 or not self._tools.intersection(SEARCHES):
            tasks.gathered = tasks.add(unsourced(intent.text, TaskType.ANALYZE))
            return
        view = f" with {intent.topic} in view" if intent.topic else ""
        gathers = [tasks.add(gather(item)) for item in items]
        names = ", ".join(items)
        table = tasks.add(work_on(WorkKind.TABLE, f"Set {names} side by side{view}", intent.topic, gathers, CITED))
        tasks.gathered = table
        tasks.add(
            work_on(
                WorkKind.CONCLUDE, f"Conclude what sets {names} apart{view}", intent.topic, [*gathers, table], CITED
            )
        )

    def _write(self, tasks: _Tasks, intent: Intent) -> None:
        if tasks.gathered and is_like_summary(intent) and not intent.topic:
            return
        topic = tasks.topic_for(intent)
        form = intent.form or "text"
        base = [tasks.gathered] if tasks.gathered and not intent.topic else []
        kind = TaskType.GENERATE
        what = f"{form} about {topic}" if topic != cut(tasks.goal, LONGEST_DESCRIPTION) else form
        outline = tasks.add(work_on(WorkKind.OUTLINE, f"Outline: {what}", topic, base, A_FEW_WORDS, kind))
        draft = tasks.add(work_on(WorkKind.DRAFT, f"Draft: {what}", topic, [*base, outline], WRITTEN, kind))
        review = tasks.add(work_on(WorkKind.REVIEW, f"Review: {what}", topic, [outline, draft], JUDGED, kind))
        if intent.addresses and EMAIL_DRAFT in self._tools:
            tasks.add(drafted_email(intent.addresses, topic, review))

    def _organise(self, tasks: _Tasks, intent: Intent) -> None:
        folder, by = folder_in(intent.topic, self._folders)
        if not folder or not self._tools.issuperset(ORGANISING):
            tasks.add(custom(intent.text))
            return
        kind = TaskType.ORGANIZE
        listing = tasks.add(tasks.after_deeds(call_of(FILE_LIST, {"path": folder}, f"List {folder}", kind, SOMETHING)))
        proposal = work_on(
            WorkKind.PROPOSE, f"Propose an order for {folder} by {by}", folder, [listing], A_FEW_WORDS, kind
        )
        proposed = tasks.add(proposal.model_copy(update={"tool_params": {"by": by}}))
        tasks.add(work_on(WorkKind.MOVE, f"Move the files of {folder} as proposed", folder, [proposed], MOVED, kind))

    def _remind(self, tasks: _Tasks, intent: Intent) -> None:
        said = intent.topic or tasks.goal
        what, when = split_reminder(said)
        if when and REMIND in self._tools:
            text = what or cut(intent.text, LONGEST_DESCRIPTION)
            description = f"Set a reminder for {when}: {text}"
            tasks.add(call_of(REMIND, {"text": text, "at": when}, description, TaskType.COMMUNICATE, SOMETHING))
        elif NOTE in self._tools:
            tasks.add(reminder_note(said))
        else:
            tasks.add(custom(intent.text))


def one_task(text: str) -> Plan:
    """The plan that always holds."""
    return Plan(tasks=(custom(text),))


class _Tasks:
    """A plan in the making."""

    def __init__(self, goal: str) -> None:
        seen = "".join(letter if letter.isprintable() else " " for letter in goal)
        self.goal = " ".join(seen.split()) or "the goal"
        self.planned: list[PlannedTask] = []
        self.gathered = 0
        """The number of the last task that holds material; 0 while there is none."""
        self.text = 0
        """The number of the last task that came to a text for a person; 0 while there is none."""
        self.done: list[int] = []
        """The numbers of the deeds."""
        self._topics: list[str] = []

    def add(self, task: PlannedTask, *, after_all: bool = False) -> int:
        """The number of the task; `after_all` makes it wait for what the clauses before it come to."""
        if after_all:
            needed = {number for found in self.planned for number in found.depends_on}
            last = {number for number in range(1, len(self.planned) + 1) if number not in needed}
            task = task.model_copy(update={"depends_on": tuple(sorted(last.union(task.depends_on)))})
        self.planned.append(task)
        if not task.tool or task.tool in LOOKING:
            self.text = len(self.planned)
        return len(self.planned)

    def after_deeds(self, task: PlannedTask) -> PlannedTask:
        """What looks at files waits for what was said before and may change them."""
        return task.model_copy(update={"depends_on": tuple(self.done)})

    def topic_for(self, intent: Intent) -> str:
        """Its own topic, else the last one, else the goal itself."""
        return self.about(intent.topic or (self._topics[-1] if self._topics else cut(self.goal, LONGEST_DESCRIPTION)))

    def about(self, topic: str) -> str:
        """Remember a topic, so that later clauses may point back to it."""
        self._topics.append(topic)
        return topic

    def items_before(self) -> tuple[str, ...]:
        """What an earlier clause named, where this one says "compare them"."""
        pieces = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", self._topics[-1]) if self._topics else []
        return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _read_task(address: str) -> PlannedTask:
    tool, argument = (WEB_FETCH, "url") if "://" in address else (FILE_READ, "path")
    return call_of(tool, {argument: address}, f"Read {address}", TaskType.RESEARCH, SOMETHING)


def focus_of(plan: Plan) -> str:
    """The area a plan's results are filed under, by the types of its tasks, until goals are routed."""
    types = {task.type for task in plan.tasks}
    if types & {TaskType.RESEARCH, TaskType.ANALYZE}:
        return "research"
    return "creative" if TaskType.GENERATE in types else "general"
