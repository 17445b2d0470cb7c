"""What Senter can do at once for a goal of the person's own, and whether two such goals are the same. English; pure.

Helping finds and quotes what there is; it changes nothing, and no model writes for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from senter.components.task_engine.contract.plan import PlannedTask, TextAtLeast, WorkKind
from senter.components.task_engine.contract.tool import DOCUMENTS_SEARCH, SEARCHES
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.request import Clause, ClauseKind
from senter.components.task_engine.offline.rules import READING, plan_of
from senter.messages.goals import TaskType
from senter.quoting.words import stems
from senter.sentences import told
from senter.text import cut

QUOTED_ONLY = "quoted_only"
"""Says of a draft that it is made of quotations or stays open, and that no model is asked for it."""
MOST_TASKS = 8
ALIKE = 0.75
_CAN_BEGIN = frozenset({ClauseKind.RESEARCH, ClauseKind.COMPARE, ClauseKind.WRITE})
_SAYS_NOTHING = frozenset(stems("need must should want finish complete get done thing stuff"))
_THING = re.compile(r"^(?:\w+ ){1,3}?(?:my|the|our|an?) ", re.IGNORECASE)
"""What stands before the thing that a goal is about: `finish my presentation`."""
SOMETHING = (TextAtLeast(characters=1),)


def helping_tasks(gist: str, tools: Collection[str], folders: Sequence[str]) -> list[PlannedTask]:
    """Find what the person has about it; and where its verb is one that Senter can do, begin with that."""
    request = understand(gist, folders)
    can_begin = all(map(_can_begin, request.acts))
    topic = (request.acts[0].topic if can_begin else "") or _THING.sub("", gist)
    found = [_find(topic)] if DOCUMENTS_SEARCH in tools else []
    if not (can_begin and set(SEARCHES) & set(tools)):
        return found
    begun = [_as_help(task, len(found)) for task in plan_of(request, tools).tasks]
    return [*found, *begun] if len(begun) <= MOST_TASKS and all(map(_only_looks, begun)) else found


def same_goal(one: str, other: str) -> bool:
    """Whether two goals are the same or nearly so, by the words that tell them apart."""
    first, second = _telling(one), _telling(other)
    if not first or not second:
        return " ".join(one.lower().split()) == " ".join(other.lower().split())
    return len(first & second) / len(first | second) >= ALIKE


def likeness(one: str, other: str) -> float:
    """The share of the words of one that the other has too, between 0 and 1."""
    first, second = _telling(one), _telling(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _telling(text: str) -> frozenset[str]:
    return frozenset(stems(text)) - _SAYS_NOTHING


def _can_begin(clause: Clause) -> bool:
    return clause.kind in _CAN_BEGIN and not clause.missing and not clause.actions


def _find(topic: str) -> PlannedTask:
    return PlannedTask(
        description=cut(told(f"Find what you have about: {topic}"), 500),
        type=TaskType.RESEARCH,
        work=WorkKind.FIND,
        about=cut(topic, 300),
        optional=True,
        postconditions=SOMETHING,
    )


def _only_looks(task: PlannedTask) -> bool:
    return not task.tool or task.tool in (*SEARCHES, *READING)


def _as_help(task: PlannedTask, before: int) -> PlannedTask:
    """The person's goal stands whatever becomes of it."""
    params = {QUOTED_ONLY: True} if task.work is WorkKind.DRAFT else task.tool_params
    return task.model_copy(
        update={
            "depends_on": tuple(number + before for number in task.depends_on),
            "tool_params": params,
            "optional": True,
            "postconditions": SOMETHING,
        }
    )
