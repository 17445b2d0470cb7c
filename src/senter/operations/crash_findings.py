"""What a proof by crashes found: the journal compared with what the tools really did."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

from senter.operations.crash_goals import TASKS
from senter.operations.proof.counting import Effects

LOST_GOALS = "SELECT request_id FROM goals"
LOST_TASKS = "SELECT count(*) FROM goals WHERE (SELECT count(*) FROM tasks WHERE goal_id = goals.id) <> ?"
OPEN = "status NOT IN ('completed', 'failed', 'cancelled', 'please_look')"
OPEN_GOALS = f"SELECT count(*) FROM goals WHERE {OPEN}"  # noqa: S608 - text of this module
NAMES_OF_OPEN_GOALS = f"SELECT request_id || ' (' || status || ')' FROM goals WHERE {OPEN} ORDER BY id"  # noqa: S608
COMPLETED_GOALS = "SELECT count(*) FROM goals WHERE status = 'completed'"
RUN_AGAIN = """
SELECT count(DISTINCT later.task_id) FROM attempts AS done JOIN attempts AS later ON later.task_id = done.task_id
WHERE done.outcome = 'completed' AND later.id > done.id
"""
INTERRUPTED = "SELECT count(*) FROM attempts WHERE outcome IN ('died', 'interrupted')"
STEPS = """
SELECT steps.idempotency_key, steps.name, steps.state, steps.runs, tasks.status
FROM steps JOIN tasks ON tasks.id = steps.task_id WHERE steps.kind = 'tool'
"""


COUNTED = 5
"""How many of the findings say how much was done; the others are broken promises."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All zero but the first five where the promises hold."""

    goals: int
    completed: int
    attempts_cut_off: int
    effects: int
    decided_by_a_person: int
    goals_lost: int
    tasks_lost: int
    goals_open: int
    completed_tasks_run_again: int
    once_only_doubled: int
    effects_unaccounted_for: int
    results_without_effect: int

    @property
    def hold(self) -> bool:
        """Whether every promise was kept."""
        return not any(astuple(self)[COUNTED:])


@dataclass(frozen=True, slots=True)
class _Step:
    key: str
    name: str
    state: str
    runs: int
    task_status: str


def look(database: Path, folder: Path, accepted: Collection[str], decided: int) -> Findings:
    """Compare the journal of a daemon that is stopped with the counts in `folder`."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as journal:
        steps = [_Step(*row) for row in journal.execute(STEPS)]
        known = {str(row[0]) for row in journal.execute(LOST_GOALS)}
        did, called = _counts(Effects(folder))
        return Findings(
            goals=len(accepted),
            completed=_number(journal, COMPLETED_GOALS),
            attempts_cut_off=_number(journal, INTERRUPTED),
            effects=did.total(),
            decided_by_a_person=decided,
            goals_lost=len(set(accepted) - known),
            tasks_lost=_number(journal, LOST_TASKS, TASKS),
            goals_open=_number(journal, OPEN_GOALS),
            completed_tasks_run_again=_number(journal, RUN_AGAIN),
            once_only_doubled=sum(did[step.key] > 1 for step in steps if step.name == "count_once_only"),
            effects_unaccounted_for=_unaccounted(steps, called),
            results_without_effect=sum(_without_effect(step, did) for step in steps),
        )


def open_goals(database: Path) -> list[str]:
    """The goals that have not ended, each with its status; none where there is no journal yet."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as journal:
        return [str(row[0]) for row in journal.execute(NAMES_OF_OPEN_GOALS)]


def _counts(effects: Effects) -> tuple[Counter[str], Counter[str]]:
    """By key: effects that stand, and calls."""
    did, called = Counter[str](), Counter[str]()
    for line in effects.all():
        did[line["key"]] += {"did": 1, "undid": -1}.get(line["what"], 0)
        called[line["key"]] += line["what"] == "called"
    return did, called


def _unaccounted(steps: list[_Step], called: Counter[str]) -> int:
    """Calls beyond those that the journal says were begun, and calls of completed tasks that are still in flight."""
    runs = {step.key: step.runs for step in steps}
    beyond = sum(max(0, count - runs.get(key, 0)) for key, count in called.items())
    return beyond + sum(step.state == "started" and step.task_status == "completed" for step in steps)


def _without_effect(step: _Step, did: Counter[str]) -> bool:
    """A finished step whose effect does not stand exactly once; a pure one has none to stand."""
    return step.state == "finished" and step.name != "count_pure" and did[step.key] != 1


def _number(journal: sqlite3.Connection, query: str, *values: int) -> int:
    return int(journal.execute(query, values).fetchone()[0])
