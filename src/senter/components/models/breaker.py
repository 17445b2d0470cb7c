"""A circuit breaker: leaves an endpoint alone for a while after it failed too often in a row."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum

from senter.clock import Clock
from senter.errors import CircuitOpenError, ModelError, ParameterRefused, PromptTooLong, UnusableAnswer


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Counts consecutive failures of one endpoint.

    While half open it admits one trial at a time, whose outcome closes or opens it.
    """

    def __init__(self, endpoint: str, clock: Clock, *, failures: int, wait_seconds: float) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._limit = failures
        self._wait_seconds = wait_seconds
        self._failures = 0
        self._opened_at: float | None = None
        self._trial_runs = False

    @property
    def state(self) -> BreakerState:
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._remaining_seconds > 0 else BreakerState.HALF_OPEN

    @property
    def closed(self) -> bool:
        return self._opened_at is None

    @property
    def _remaining_seconds(self) -> float:
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + self._wait_seconds - self._clock.monotonic())

    @contextmanager
    def use(self) -> Generator[None]:
        """One use of the endpoint. Raises `CircuitOpenError` while it is left alone.

        A `ModelError` in the block is a failure, unless the request or the model is at fault, not the server.
        Any other end, such as cancellation, says nothing about the endpoint.
        """
        trial = self._admit()
        try:
            yield
        except (PromptTooLong, ParameterRefused, UnusableAnswer):
            self._succeeded()
            raise
        except ModelError:
            self._failed(trial)
            raise
        else:
            self._succeeded()
        finally:
            self._trial_runs = self._trial_runs and not trial

    def _admit(self) -> bool:
        """Whether this use is the one trial of a half open breaker."""
        if self._opened_at is None:
            return False
        if self._remaining_seconds > 0 or self._trial_runs:
            raise CircuitOpenError(self._endpoint, self._remaining_seconds)
        self._trial_runs = True
        return True

    def _succeeded(self) -> None:
        self._failures = 0
        self._opened_at = None

    def _failed(self, trial: bool) -> None:
        self._failures += 1
        if trial or self._failures >= self._limit:
            self._opened_at = self._clock.monotonic()
