"""Plans made by rules: right without a model, the same every time, and never more than `MAX_TASKS` tasks. Pure.

research → search, read, summarise; write → outline, draft, review; compare → gather each, table, conclusion;
organise → list, propose, move; remind → a reminder at its time, or a note; an action whose words say all → a call
of its tool; else one custom task.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

from senter.components.task_engine.contract.plan import Plan, PlannedTask, Work
from senter.components.task_engine.contract.tool import SEARCHES
from senter.components.task_engine.offline import plan_parts as parts
from senter.components.task_engine.offline.request import LAST_TEXT, Act, Action, ActKind, Request
from senter.components.task_engine.offline.verbs import LIKE_SUMMARY
from senter.messages.goals import MAX_TASKS, TaskType
from senter.text import cut

TOO_MANY = MAX_TASKS + 1
"""What would be so many tasks of one act becomes a single one; how many more there are is not looked at."""


class Rules:
    """Makes plans of the tools that can be used now."""

    def __init__(self, tools: Collection[str]) -> None:
        self._tools = frozenset(tools)

    def plan(self, request: Request) -> Plan:
        """A plan for any request whatever; acts that no longer fit become one last task."""
        tasks = _Tasks(request.text)
        for place, act in enumerate(request.acts):
            before = tuple(tasks.planned)
            self._add(tasks, act)
            room = MAX_TASKS if place + 1 == len(request.acts) else MAX_TASKS - 1
            if len(tasks.planned) > room:
                tasks.planned = [*before, parts.custom("; ".join(left.text for left in request.acts[place:]))]
                break
        return Plan(tasks=tuple(tasks.planned))

    def _add(self, tasks: _Tasks, act: Act) -> None:
        if calls := self._calls(tasks, act):
            tasks.actions += [tasks.add(parts.done_by(call, tasks.text), after_all=True) for call in calls]
            return
        match act.kind:
            case ActKind.RESEARCH:
                self._research(tasks, act)
            case ActKind.COMPARE:
                self._compare(tasks, act)
            case ActKind.WRITE:
                self._write(tasks, act)
            case ActKind.ORGANISE:
                self._organise(tasks, act)
            case ActKind.REMIND:
                self._remind(tasks, act)
            case _:
                tasks.add(parts.custom(act.text), after_all=True)

    def _calls(self, tasks: _Tasks, act: Act) -> Sequence[Action]:
        """The calls an act comes to, where all of them can be made."""
        calls = act.actions[:TOO_MANY]
        possible = all(
            call.tool in self._tools and (tasks.text or LAST_TEXT not in call.params.values()) for call in calls
        )
        return calls if possible else ()

    def _research(self, tasks: _Tasks, act: Act) -> None:
        if act.named and self._tools.issuperset(parts.READING):
            self._read(tasks, act)
            return
        topic = tasks.topic_for(act)
        if not act.topic and tasks.gathered:
            return  # "... and summarise it": that is what came before ends in
        ways = [way for way in SEARCHES if way in self._tools]
        if not ways:
            tasks.gathered = tasks.add(parts.unsourced(act.text, TaskType.RESEARCH))
            return
        # Where there are several ways to search, the goal goes on without any one of them.
        searches = [tasks.add(parts.search_task(way, topic, optional=len(ways) > 1)) for way in ways]
        description = f"Read what was found about {topic}"
        tasks.gathered = tasks.add(parts.work_on(Work.READ, description, topic, searches, parts.ONE_SOURCE))
        tasks.add(
            parts.work_on(Work.SUMMARISE, f"Summarise {topic}, with sources", topic, [tasks.gathered], parts.CITED)
        )

    def _read(self, tasks: _Tasks, act: Act) -> None:
        topic = tasks.about(act.topic or PurePath(act.named[0]).stem or act.named[0])
        reads = [tasks.add(tasks.after_actions(parts.read_task(address))) for address in act.named[:TOO_MANY]]
        tasks.gathered = reads[-1]
        tasks.add(parts.work_on(Work.SUMMARISE, f"Summarise {', '.join(act.named)}", topic, reads, parts.CITED))

    def _compare(self, tasks: _Tasks, act: Act) -> None:
        items = tasks.items_before() if act.missing else act.items
        if len(items) < 2 or not self._tools.intersection(SEARCHES):
            tasks.gathered = tasks.add(parts.unsourced(act.text, TaskType.ANALYZE))
            return
        view = f" with {act.topic} in view" if act.topic else ""
        gathers = [tasks.add(parts.gather(item)) for item in items]
        names = ", ".join(items)
        table = f"Set {names} side by side{view}"
        tasks.gathered = tasks.add(parts.work_on(Work.TABLE, table, act.topic, gathers, parts.CITED))
        conclusion = f"Conclude what sets {names} apart{view}"
        tasks.add(parts.work_on(Work.CONCLUDE, conclusion, act.topic, [*gathers, tasks.gathered], parts.CITED))

    def _write(self, tasks: _Tasks, act: Act) -> None:
        if tasks.gathered and not act.topic and (act.form in LIKE_SUMMARY or not act.form):
            return  # what research and comparing end in anyway
        topic = tasks.topic_for(act)
        form = act.form or "text"
        base = [tasks.gathered] if tasks.gathered and not act.topic else []
        kind = TaskType.GENERATE
        what = f"{form} about {topic}" if topic != tasks.short_goal else form
        outline = tasks.add(parts.work_on(Work.OUTLINE, f"Outline: {what}", topic, base, parts.A_FEW_WORDS, kind))
        draft = tasks.add(parts.work_on(Work.DRAFT, f"Draft: {what}", topic, [*base, outline], parts.WRITTEN, kind))
        review = parts.work_on(Work.REVIEW, f"Review: {what}", topic, [outline, draft], parts.JUDGED, kind)
        reviewed = tasks.add(review)
        if act.addresses and parts.EMAIL_DRAFT in self._tools:
            tasks.add(parts.drafted_email(act.addresses, topic, reviewed))

    def _organise(self, tasks: _Tasks, act: Act) -> None:
        if act.missing or not self._tools.issuperset(parts.ORGANISING):
            tasks.add(parts.custom(act.text))
            return
        listing = tasks.add(tasks.after_actions(parts.list_task(act.folder)))
        proposed = tasks.add(parts.proposal(act.folder, act.by, listing))
        tasks.add(parts.moves(act.folder, proposed))

    def _remind(self, tasks: _Tasks, act: Act) -> None:
        if not act.missing and parts.REMIND in self._tools:
            tasks.add(parts.reminder(act.what or cut(act.text, parts.LONGEST_DESCRIPTION), act.when))
        elif parts.NOTE in self._tools:
            tasks.add(parts.reminder_note(act.topic))
        else:
            tasks.add(parts.custom(act.text))


def one_task(text: str) -> Plan:
    """The plan that always holds."""
    return Plan(tasks=(parts.custom(text),))


class _Tasks:
    """A plan in the making."""

    def __init__(self, goal: str) -> None:
        self.goal = goal or "the goal"
        self.short_goal = cut(self.goal, parts.LONGEST_DESCRIPTION)
        self.planned: list[PlannedTask] = []
        self.gathered = 0
        """The number of the last task that holds material; 0 while there is none."""
        self.text = 0
        """The number of the last task that came to a text for a person; 0 while there is none."""
        self.actions: list[int] = []
        """The numbers of the tasks that are actions."""
        self._topics: list[str] = []

    def add(self, task: PlannedTask, *, after_all: bool = False) -> int:
        """The number of the task; `after_all` makes it wait for what the acts before it come to."""
        if after_all:
            needed = {number for found in self.planned for number in found.depends_on}
            last = {number for number in range(1, len(self.planned) + 1) if number not in needed}
            task = task.model_copy(update={"depends_on": tuple(sorted(last.union(task.depends_on)))})
        self.planned.append(task)
        if not task.tool or task.tool in parts.LOOKING:
            self.text = len(self.planned)
        return len(self.planned)

    def after_actions(self, task: PlannedTask) -> PlannedTask:
        """What looks at files waits for what was said before and may change them."""
        return task.model_copy(update={"depends_on": tuple(self.actions)})

    def topic_for(self, act: Act) -> str:
        """Its own topic, else the last one, else the goal itself."""
        return self.about(act.topic or (self._topics[-1] if self._topics else self.short_goal))

    def about(self, topic: str) -> str:
        """Remember a topic, so that later acts may point back to it."""
        self._topics.append(topic)
        return topic

    def items_before(self) -> tuple[str, ...]:
        """What an earlier act named, where this one says "compare them"."""
        pieces = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", self._topics[-1]) if self._topics else []
        return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def focus_of(plan: Plan) -> str:
    """The area a plan's results are filed under, by the types of its tasks, until goals are routed."""
    types = {task.type for task in plan.tasks}
    if types & {TaskType.RESEARCH, TaskType.ANALYZE}:
        return "research"
    return "creative" if TaskType.GENERATE in types else "general"
