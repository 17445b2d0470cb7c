"""Counts and percentiles of a worker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.report import KEPT_LATENCIES, Statistics, percentile
from senter.components.models.wire import ChatAnswer

ANSWER = ChatAnswer(text="x", finish_reason="stop", prompt_tokens=10, completion_tokens=2)


@given(st.lists(st.floats(0, 1_000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(values: list[float], percent: int) -> None:
    found = percentile(sorted(values), percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_there_is_no_latency_before_the_first_answer() -> None:
    assert Statistics().latency_seconds(95) is None


def test_only_the_last_latencies_count() -> None:
    statistics = Statistics()
    for _ in range(KEPT_LATENCIES):
        statistics.answered(ANSWER, 100.0)
    for _ in range(KEPT_LATENCIES):
        statistics.answered(ANSWER, 1.0)
    assert statistics.latency_seconds(95) == 1.0
    assert statistics.requests == 2 * KEPT_LATENCIES
    assert statistics.completion_tokens == 2 * statistics.requests


def test_failures_are_requests_too() -> None:
    statistics = Statistics()
    statistics.failed()
    assert (statistics.requests, statistics.errors) == (1, 1)
