"""The tasks and what their answers give: exact, drawn anew, and not to be passed by saying yes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.exam.checks import json_in
from senter.components.models.exam.scoring import Marked, drawn_tasks, level_of
from senter.components.models.exam.task import ExamTask
from senter.messages.model import Capability


def exam(seed: int) -> list[ExamTask]:
    return drawn_tasks(Random(seed))  # noqa: S311


@given(st.integers())
def test_each_task_passes_its_own_right_answer_and_no_empty_one(seed: int) -> None:
    for task in exam(seed):
        assert task.passes(task.right)
        assert task.passes(f"```json\n{task.right}\n```") or not task.schema
        assert not task.passes("")


def test_there_are_about_thirty_and_their_values_are_drawn_anew() -> None:
    first, same, other = (exam(seed) for seed in (1, 1, 2))
    assert 28 <= len(first) <= 36
    assert [task.messages for task in first] == [task.messages for task in same]
    assert not {task.messages for task in first} & {task.messages for task in other}


def test_it_holds_the_kinds_of_work_that_models_are_asked_for() -> None:
    kinds = {task.kind for task in exam(1)}
    assert kinds >= {"extraction", "tool", "plan", "citation", "unknown", "date", "system_prompt", "tool_loop"}


@given(st.integers(), st.data())
def test_no_one_answer_to_everything_gives_a_level(seed: int, data: st.DataObject) -> None:
    tasks = exam(seed)
    constant = data.draw(
        st.sampled_from([task.right for task in tasks] + ["Yes", '{"yes": true}', '{"answer": "yes"}'])
    )
    assert level_of([Marked(task, task.passes(constant)) for task in tasks]) is Capability.BASIC


def test_who_never_says_no_is_trusted_with_nothing_even_with_most_tasks_right() -> None:
    tasks = exam(1)
    agreeable = [Marked(task, not task.right_is_no) for task in tasks]
    assert level_of(agreeable) is Capability.BASIC
    assert any(task.right_is_no for task in tasks if task.level is Capability.CAPABLE)


@pytest.mark.parametrize(
    ("structured_wrong", "capable_wrong", "level"),
    [(0, 0, "capable"), (3, 2, "capable"), (0, 3, "structured"), (4, 0, "basic")],
)
def test_a_level_is_given_at_four_fifths_of_its_tasks(structured_wrong: int, capable_wrong: int, level: str) -> None:
    wrong = {"structured": structured_wrong, "capable": capable_wrong}
    marked: list[Marked] = []
    for task in sorted(exam(1), key=lambda task: task.right_is_no):
        wrong[task.level] -= 1
        marked.append(Marked(task, passed=wrong[task.level] < 0))
    assert level_of(marked) == level


@given(st.text() | st.text(alphabet='{}[]":,0123456789eE-.truefalsn \\ud8'))
def test_no_answer_breaks_a_check(answer: str) -> None:
    json_in(answer)
    for task in exam(3):
        task.passes(answer)


def test_deep_nesting_is_no_answer() -> None:
    assert json_in('{"a":' * 100_000) == {}
