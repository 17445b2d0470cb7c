"""What follows from the states of a goal's tasks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from senter.components.task_engine.journal.states import SHOWN, TaskState, failure_reason, progress_percent, settle
from senter.messages.goals import FINAL, Shown, Status

DONE, FAILED, CANCELLED = Status.COMPLETED, Status.FAILED, Status.CANCELLED
PENDING, RUNNING, WAITING, APART = Status.PENDING, Status.IN_PROGRESS, Status.WAITING, Status.QUARANTINED
TASK_STATUSES = (DONE, FAILED, CANCELLED, PENDING, RUNNING, WAITING, APART)


def needing(*numbers: int, status: Status = PENDING) -> TaskState:
    return TaskState(0, status, numbers)


def optional(status: Status) -> TaskState:
    return TaskState(0, status, optional=True)


def states(*given: Status | TaskState) -> list[TaskState]:
    """Tasks in the order of their numbers."""
    found = (one if isinstance(one, TaskState) else TaskState(0, one) for one in given)
    return [replace(task, number=number) for number, task in enumerate(found, 1)]


def test_a_task_is_ready_when_all_it_needs_is_met() -> None:
    settled = settle(states(DONE, RUNNING, needing(1), needing(1, 2)))
    assert settled.ready == {3}
    assert settled.status is Status.IN_PROGRESS


def test_what_needs_a_failed_task_is_doomed_and_so_is_what_needs_that() -> None:
    settled = settle(states(FAILED, needing(1), needing(2), PENDING))
    assert settled.unreachable == {2: "It needs task 1, which failed.", 3: "It needs task 2, which was cancelled."}
    assert settled.ready == {4}


def test_an_optional_task_that_failed_dooms_nothing() -> None:
    settled = settle(states(optional(FAILED), needing(1)))
    assert (settled.ready, settled.unreachable) == ({2}, {})


def test_a_goal_goes_on_while_anything_can() -> None:
    assert settle(states(WAITING, PENDING)).status is Status.IN_PROGRESS
    assert settle(states(WAITING, needing(1))).status is Status.WAITING
    assert settle(states(APART, needing(1))).status is Status.QUARANTINED
    assert settle(states(APART, WAITING)).status is Status.WAITING


def test_a_goal_is_completed_only_when_every_task_that_matters_is() -> None:
    assert settle(states(DONE, optional(FAILED), optional(APART))).status is DONE
    assert settle(states(DONE, FAILED)).status is FAILED
    assert settle(states(DONE, CANCELLED)).status is FAILED


def test_progress_is_finished_tasks_of_all_tasks() -> None:
    assert progress_percent(states(DONE, RUNNING, PENDING)) == 33
    assert progress_percent(states(DONE, optional(FAILED))) == 100
    assert progress_percent([]) == 0


def test_the_reason_names_the_task_that_failed_first() -> None:
    found = states(DONE, TaskState(0, CANCELLED, error="no"), TaskState(0, FAILED, error="the server is gone."))
    assert failure_reason(found) == "Task 3 failed: the server is gone."


def test_every_status_is_shown_as_something() -> None:
    assert set(SHOWN) == set(Status)
    assert SHOWN[APART] is SHOWN[WAITING] is Shown.BLOCKED


@st.composite
def goals(draw: st.DrawFn) -> list[TaskState]:
    count = draw(st.integers(1, 8))
    return [
        TaskState(
            number,
            draw(st.sampled_from(TASK_STATUSES)),
            tuple(draw(st.sets(st.integers(1, number - 1), max_size=3))) if number > 1 else (),
            draw(st.booleans()),
        )
        for number in range(1, count + 1)
    ]


@given(goals())
def test_a_goal_that_is_over_has_no_task_left_and_one_that_is_not_has(tasks: list[TaskState]) -> None:
    settled = settle(tasks)
    left = [task for task in tasks if not task.ended and task.number not in settled.unreachable]
    assert (settled.status in FINAL) == (not left)
    assert not settled.ready & set(settled.unreachable)
    if settled.status is DONE:
        assert all(task.optional or task.status is DONE for task in tasks)


@given(goals())
def test_settling_twice_finds_nothing_more(tasks: list[TaskState]) -> None:
    first = settle(tasks)
    after = [
        TaskState(task.number, CANCELLED, task.depends_on, task.optional) if task.number in first.unreachable else task
        for task in tasks
    ]
    second = settle(after)
    assert (second.unreachable, second.ready, second.status) == ({}, first.ready, first.status)
