"""Which tasks begin."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from senter.components.task_engine.journal.dispatch import Candidate, choose
from senter.messages.goals import GoalId, TaskId


def candidates(*suspects: bool) -> list[Candidate]:
    return [Candidate(TaskId(number), GoalId(1), suspect) for number, suspect in enumerate(suspects, 1)]


def running(*tasks: int, suspects: tuple[int, ...] = ()) -> dict[TaskId, bool]:
    return {TaskId(number): number in suspects for number in (*tasks, *suspects)}


def chosen(found: list[Candidate]) -> list[int]:
    return [candidate.task_id for candidate in found]


def test_the_most_urgent_begin_as_far_as_there_is_room() -> None:
    assert chosen(choose(candidates(False, False, False), running(9), max_concurrent_tasks=3)) == [1, 2]
    assert choose(candidates(False), running(7, 8, 9), max_concurrent_tasks=3) == []


def test_what_still_runs_is_not_begun_again() -> None:
    assert chosen(choose(candidates(False, False), running(1), max_concurrent_tasks=3)) == [2]


def test_only_one_suspect_runs_at_a_time() -> None:
    assert chosen(choose(candidates(True, True, False), running(), max_concurrent_tasks=3)) == [1, 3]
    assert chosen(choose(candidates(True, False), running(suspects=(9,)), max_concurrent_tasks=3)) == [2]


@given(st.lists(st.booleans(), max_size=12), st.integers(1, 5), st.integers(0, 5))
def test_the_limits_always_hold(suspects: list[bool], limit: int, busy: int) -> None:
    now = running(*range(100, 100 + busy))
    found = choose(candidates(*suspects), now, max_concurrent_tasks=limit)
    assert len(found) <= max(0, limit - busy)
    assert sum(candidate.suspect for candidate in found) <= 1
    assert chosen(found) == sorted(chosen(found))
