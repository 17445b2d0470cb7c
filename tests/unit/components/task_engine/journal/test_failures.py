"""What becomes of a task after a failure."""

from __future__ import annotations

import pytest

from senter.components.task_engine.journal.failures import (
    FailureVerdict,
    Record,
    death,
    failure_of,
    judge,
    wait_seconds,
)
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import (
    BudgetSpent,
    BusUnavailable,
    ModelUnavailable,
    PermissionNeeded,
    PromptTooLong,
    SenterError,
    ToolError,
)
from senter.messages.goals import Status

SETTINGS = TaskEngineSettings()


def after(*errors: Exception | str) -> FailureVerdict:
    """The verdict after these failures in a row; a string is a death at that place."""
    record, verdict = Record(), FailureVerdict(Status.PENDING)
    for error in errors:
        failure = death(error) if isinstance(error, str) else failure_of(error)
        record = record.after(failure)
        verdict = judge(record, failure, SETTINGS, jitter=0.0)
    return verdict


@pytest.mark.parametrize(
    "error", [ToolError("busy", retryable=True), ModelUnavailable("away"), BusUnavailable(), TimeoutError("slow")]
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert after(error) == FailureVerdict(Status.PENDING, 1.0)
    assert after(error, error) == FailureVerdict(Status.PENDING, 2.0)


@pytest.mark.parametrize(
    "error", [ToolError("no"), PermissionNeeded(["x"]), BudgetSpent("tokens", 1), PromptTooLong("m")]
)
def test_what_will_not_pass_fails_at_once(error: SenterError) -> None:
    assert after(error).status is Status.FAILED


def test_a_failure_with_a_name_fails_when_the_attempts_are_used_up() -> None:
    assert after(*[ToolError("busy", retryable=True)] * 3).status is Status.FAILED


def test_the_same_unforeseen_error_three_times_is_poison() -> None:
    assert after(KeyError("x"), KeyError("x"), KeyError("x")).status is Status.QUARANTINED
    assert after(KeyError("x"), KeyError("y"), KeyError("z")).status is Status.FAILED


def test_three_deaths_at_one_place_are_poison_and_deaths_use_up_no_attempts() -> None:
    assert after("in a", "in a", "in a").status is Status.QUARANTINED
    assert after("in a", "in b", "in a", "in b", "in a") == FailureVerdict(Status.PENDING)
    assert after("in a", "in b", ToolError("busy", retryable=True)) == FailureVerdict(Status.PENDING, 1.0)


def test_waits_double_with_jitter_up_to_a_limit() -> None:
    assert [wait_seconds(n, 1.0, 0.0) for n in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert wait_seconds(1, 1.0, 1.0) == 1.25
    assert wait_seconds(60, 1.0, 0.0) == 600.0
