"""Counts of one worker since it started, and how long its last answers took."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from senter.components.models.wire import ChatAnswer

KEPT_LATENCIES = 200


class Statistics:
    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self._latencies_seconds: deque[float] = deque(maxlen=KEPT_LATENCIES)

    def answered(self, completion: ChatAnswer, latency_seconds: float) -> None:
        self.requests += 1
        self.prompt_tokens += completion.prompt_tokens
        self.completion_tokens += completion.completion_tokens
        self._latencies_seconds.append(latency_seconds)

    def failed(self) -> None:
        self.requests += 1
        self.errors += 1

    def latency_seconds(self, percent: int) -> float | None:
        """A percentile of the last 200 answers; none before the first."""
        return percentile(sorted(self._latencies_seconds), percent)


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest value that at least `percent` of the values do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
