"""The circuit breaker, as a state machine against a model of the rule."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from senter.components.models.breaker import Breaker, BreakerState
from senter.errors import CircuitOpenError, ModelRefused, ModelUnavailable, PromptTooLong
from tests.hand_clock import HandClock

FAILURES = 5
WAIT_SECONDS = 60.0


def breaker(clock: HandClock) -> Breaker:
    return Breaker("The model", clock, failures=FAILURES, wait_seconds=WAIT_SECONDS)


def fail(subject: Breaker, error: Exception | None = None) -> None:
    with pytest.raises(Exception, match="no"), subject.use():
        raise error or ModelUnavailable("no")


def opened(clock: HandClock) -> Breaker:
    subject = breaker(clock)
    for _ in range(FAILURES):
        fail(subject)
    return subject


class BreakerFollowsItsRule(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = HandClock()
        self.subject = breaker(self.clock)
        self.failures = 0
        self.opened_at: float | None = None

    @property
    def admits(self) -> bool:
        return self.opened_at is None or self.clock.monotonic() >= self.opened_at + WAIT_SECONDS

    @rule(seconds=st.floats(0, 100))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_time(seconds)

    @rule()
    def a_use_succeeds(self) -> None:
        if not self.admits:
            return
        with self.subject.use():
            pass
        self.failures, self.opened_at = 0, None

    @rule(error=st.sampled_from([ModelUnavailable("no"), ModelRefused("no")]))
    def a_use_fails(self, error: Exception) -> None:
        if not self.admits:
            return
        fail(self.subject, error)
        self.failures += 1
        if self.opened_at is not None or self.failures >= FAILURES:
            self.opened_at = self.clock.monotonic()

    @rule()
    def a_use_is_cancelled(self) -> None:
        if self.admits:
            with pytest.raises(asyncio.CancelledError), self.subject.use():
                raise asyncio.CancelledError

    @invariant()
    def it_refuses_exactly_while_it_is_open(self) -> None:
        assert (self.subject.state is BreakerState.OPEN) is not self.admits
        assert self.subject.closed is (self.opened_at is None)
        if not self.admits:
            with pytest.raises(CircuitOpenError), self.subject.use():
                raise AssertionError("used while open")


TestBreakerFollowsItsRule = BreakerFollowsItsRule.TestCase


@given(st.integers(0, FAILURES - 1))
def test_fewer_failures_in_a_row_leave_it_closed(failures: int) -> None:
    subject = breaker(HandClock())
    for _ in range(failures):
        fail(subject)
    assert subject.state is BreakerState.CLOSED


def test_one_trial_at_a_time_decides_after_the_wait() -> None:
    clock = HandClock()
    subject = opened(clock)
    clock.pass_time(WAIT_SECONDS)
    assert subject.state is BreakerState.HALF_OPEN
    with subject.use(), pytest.raises(CircuitOpenError), subject.use():
        raise AssertionError("a second trial ran beside the first")
    assert subject.state is BreakerState.CLOSED


def test_a_failed_trial_opens_it_for_another_wait() -> None:
    clock = HandClock()
    subject = opened(clock)
    clock.pass_time(WAIT_SECONDS)
    fail(subject)
    assert subject.state is BreakerState.OPEN
    clock.pass_time(WAIT_SECONDS - 1)
    assert subject.state is BreakerState.OPEN


def test_a_withdrawn_trial_lets_the_next_one_try() -> None:
    clock = HandClock()
    subject = opened(clock)
    clock.pass_time(WAIT_SECONDS)
    with pytest.raises(asyncio.CancelledError), subject.use():
        raise asyncio.CancelledError
    with subject.use():
        pass
    assert subject.state is BreakerState.CLOSED


def test_a_prompt_that_is_too_long_is_not_the_endpoints_failure() -> None:
    subject = breaker(HandClock())
    for _ in range(2 * FAILURES):
        with pytest.raises(PromptTooLong), subject.use():
            raise PromptTooLong("The model")
    assert subject.state is BreakerState.CLOSED
