"""Figures about requests, and the Prometheus text format for these and for the daemon's own.

Written by hand: the format is a page long and a client library would bring a registry of globals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from starlette.types import Scope

LATENCY_BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


@dataclass(slots=True)
class Latencies:
    """How long the requests of one route took."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(LATENCY_BUCKETS_SECONDS) + 1))
    total_seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(LATENCY_BUCKETS_SECONDS, seconds)] += 1
        self.total_seconds += seconds


class Requests:
    """Counts requests by method, route and status. Routes are few; what matches none is one of them."""

    def __init__(self) -> None:
        self.by_outcome: Counter[tuple[str, str, str]] = Counter()
        self.latencies: dict[str, Latencies] = {}

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if route != "none" else "any"
        self.by_outcome[method, route, str(status or "gone")] += 1
        self.latencies.setdefault(route, Latencies()).add(seconds)

    def write(self, page: MetricsPage) -> None:
        page.family("senter_http_requests_total", "counter", "HTTP requests by method, route and status.")
        for (method, route, status), count in sorted(self.by_outcome.items()):
            page.sample(count, {"method": method, "route": route, "status": status})
        page.family("senter_http_request_seconds", "histogram", "How long HTTP requests took, in seconds.")
        for route, latencies in sorted(self.latencies.items()):
            self._write_histogram(page, route, latencies)

    def _write_histogram(self, page: MetricsPage, route: str, latencies: Latencies) -> None:
        below = 0
        for limit, count in zip((*LATENCY_BUCKETS_SECONDS, "+Inf"), latencies.buckets, strict=True):
            below += count
            page.sample(below, {"route": route, "le": str(limit)}, suffix="_bucket")
        page.sample(latencies.total_seconds, {"route": route}, suffix="_sum")
        page.sample(below, {"route": route}, suffix="_count")


class MetricsPage:
    """Lines of the Prometheus text format, version 0.0.4."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._name = ""

    def family(self, name: str, kind: Literal["counter", "gauge", "histogram"], meaning: str) -> None:
        """Begin a metric; its samples follow."""
        self._name = name
        self._lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]

    def sample(self, value: float, labels: Mapping[str, str] | None = None, *, suffix: str = "") -> None:
        shown = f"{value:g}" if isinstance(value, float) else value
        self._lines.append(f"{self._name}{suffix}{_braces(labels or {})} {shown}")

    def samples(self, label: str, values: Iterable[tuple[str, float]]) -> None:
        for name, value in values:
            self.sample(value, {label: name})

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _braces(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items()) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
