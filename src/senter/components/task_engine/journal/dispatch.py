"""Which tasks may begin now. Pure: the journal finds what is ready, the engine begins what is chosen here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from senter.messages.goals import GoalId, TaskId


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task that is ready, in the order of its goal's priority, deadline and age."""

    task_id: TaskId
    goal_id: GoalId
    suspect: bool = False
    """Whether the process died while it was carried out."""


def choose(
    candidates: Iterable[Candidate], running: Mapping[TaskId, bool], *, max_concurrent_tasks: int
) -> list[Candidate]:
    """The tasks to begin, in order, beside those that are `running`, each with whether it is a suspect.

    At most one suspect at a time: when the process dies again, only one of them can have done it, and a
    task that happened to run beside a poisonous one is not quarantined with it.
    """
    free = max_concurrent_tasks - len(running)
    suspect_runs = any(running.values())
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) >= free:
            break
        if candidate.task_id in running or (candidate.suspect and suspect_runs):
            continue
        suspect_runs = suspect_runs or candidate.suspect
        chosen.append(candidate)
    return chosen
