"""When to start a failed process again, and when to stop trying. Pure; times are monotonic seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from senter.supervisor.settings import SupervisorSettings


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not start it again by itself."""

    reason: str


def decide(failures: Sequence[float], settings: SupervisorSettings) -> float | GiveUp:
    """What follows the newest of `failures` (ascending, the one just seen included): a wait in seconds, or `GiveUp`.

    A window allows its limit of failures; the failure that fills a window ends in `GiveUp`. The first
    failure after `quiet_seconds` without one restarts at once; then waits double from `first_wait_seconds`.
    """
    now = failures[-1]
    for limit, window in (
        (settings.fast_limit, settings.fast_window_seconds),
        (settings.slow_limit, settings.slow_window_seconds),
    ):
        within = sum(1 for at in failures if now - at < window)
        if within >= limit:
            return GiveUp(f"failed {within} times in {window:g} s")
    repeats = _failures_in_a_row(failures, settings.quiet_seconds) - 1
    if repeats == 0:
        return 0.0
    doublings = min(repeats - 1, 60)
    return min(settings.first_wait_seconds * 2**doublings, settings.longest_wait_seconds)


def _failures_in_a_row(failures: Sequence[float], quiet_seconds: float) -> int:
    """How many of the newest failures follow each other with less than `quiet_seconds` between."""
    count = 1
    for earlier, later in zip(reversed(failures[:-1]), reversed(failures), strict=False):
        if later - earlier >= quiet_seconds:
            break
        count += 1
    return count
