"""When to try the same endpoint again, and how long to wait before."""

from __future__ import annotations

from dataclasses import dataclass

JITTER = 0.2


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits between tries, each spread by 20 % so that many clients do not come back at once."""

    waits_seconds: tuple[float, ...]
    total_seconds: float
    """The longest time to wait in all."""

    def wait_after(
        self, failures: int, *, waited_seconds: float, asked_seconds: float | None, chance: float
    ) -> float | None:
        """Seconds to wait after the `failures`-th failure, or none to give up.

        `asked_seconds` is what the endpoint asked for; `chance`, in [0, 1), spreads the wait.
        """
        if failures > len(self.waits_seconds):
            return None
        wait_seconds = self.waits_seconds[failures - 1] * (1 - JITTER + 2 * JITTER * chance)
        wait_seconds = max(wait_seconds, asked_seconds or 0.0)
        return wait_seconds if waited_seconds + wait_seconds <= self.total_seconds else None


PERSON_WAITS = RetryPolicy(waits_seconds=(0.25, 0.5), total_seconds=1.0)
BACKGROUND = RetryPolicy(waits_seconds=(1.0, 2.0, 4.0), total_seconds=30.0)
