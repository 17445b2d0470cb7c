"""How long to wait before the same endpoint is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.retries import BACKGROUND, JITTER, PERSON_WAITS, RetryPolicy

chances = st.floats(0, 1, exclude_max=True)
policies = st.sampled_from([BACKGROUND, PERSON_WAITS])


@given(policies, st.lists(st.tuples(chances, st.none() | st.floats(0, 40)), min_size=10, max_size=20))
def test_the_waits_end_and_stay_within_the_total(policy: RetryPolicy, tries: list[tuple[float, float | None]]) -> None:
    waited_seconds = 0.0
    for failures, (chance, asked) in enumerate(tries, start=1):
        wait = policy.wait_after(failures, waited_seconds=waited_seconds, asked_seconds=asked, chance=chance)
        if wait is None:
            return
        assert wait >= (asked or 0)
        waited_seconds += wait
        assert waited_seconds <= policy.total_seconds
    raise AssertionError("never gave up")


@given(st.lists(chances, min_size=3, max_size=3))
def test_background_work_waits_one_two_and_four_seconds_give_or_take(spread: list[float]) -> None:
    for failures, (middle, chance) in enumerate(zip((1, 2, 4), spread, strict=True), start=1):
        wait = BACKGROUND.wait_after(failures, waited_seconds=0, asked_seconds=None, chance=chance)
        assert wait is not None
        assert middle * (1 - JITTER) <= wait <= middle * (1 + JITTER)


@given(st.lists(chances, min_size=3, max_size=3))
def test_a_person_waits_a_second_at_most_for_retries(spread: list[float]) -> None:
    waits = [
        PERSON_WAITS.wait_after(n, waited_seconds=0, asked_seconds=None, chance=c) for n, c in enumerate(spread, 1)
    ]
    assert sum(wait or 0 for wait in waits) <= 1.0
    assert waits[0]


@pytest.mark.parametrize(("policy", "asked"), [(PERSON_WAITS, 5.0), (BACKGROUND, 600.0)])
def test_an_endpoint_that_asks_for_more_than_there_is_gets_no_retry(policy: RetryPolicy, asked: float) -> None:
    assert policy.wait_after(1, waited_seconds=0, asked_seconds=asked, chance=0.5) is None
