"""When a failed process is started again, and when it is given up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from senter.supervisor.restarts import GiveUp, decide
from senter.supervisor.settings import SupervisorSettings

LIMITS = SupervisorSettings()


def test_the_first_failure_after_a_quiet_time_restarts_at_once() -> None:
    assert decide([1_000.0], LIMITS) == 0.0
    assert decide([1_000.0, 1_300.0], LIMITS) == 0.0


def test_waits_double_from_half_a_second() -> None:
    waits = [decide([float(n) for n in range(count)], LIMITS) for count in (2, 3, 4)]
    assert waits == [0.5, 1.0, 2.0]


def test_the_wait_never_exceeds_the_longest() -> None:
    patient = SupervisorSettings(fast_limit=1_000, slow_limit=1_000)
    assert decide([float(n) for n in range(100)], patient) == 60.0


def test_the_fast_window_gives_up_at_its_fifth_failure() -> None:
    assert isinstance(decide([0.0, 10.0, 20.0, 30.0], LIMITS), float)
    assert isinstance(decide([0.0, 10.0, 20.0, 30.0, 40.0], LIMITS), GiveUp)


def test_the_slow_window_gives_up_though_the_fast_one_never_fills() -> None:
    every_two_minutes = [120.0 * n for n in range(20)]
    assert isinstance(decide(every_two_minutes[:19], LIMITS), float)
    verdict = decide(every_two_minutes, LIMITS)
    assert verdict == GiveUp("failed 20 times in 3600 s")


def test_failures_outside_a_window_do_not_count() -> None:
    assert isinstance(decide([0.0, 1.0, 2.0, 3.0, 303.5], LIMITS), float)


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=60).map(sorted))
def test_a_decision_depends_only_on_the_counts_and_gaps(failures: list[float]) -> None:
    verdict = decide(failures, LIMITS)
    now = failures[-1]
    fast = sum(1 for at in failures if now - at < 300)
    slow = sum(1 for at in failures if now - at < 3_600)
    assert isinstance(verdict, GiveUp) == (fast >= 5 or slow >= 20)
    if isinstance(verdict, float):
        assert 0 <= verdict <= 60
        quiet = len(failures) == 1 or now - failures[-2] >= 300
        assert (verdict == 0) == quiet
