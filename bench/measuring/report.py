"""One figure as JSON: every measurement with its spread, the targets, and whether they were met.

What is measured and how is each figure's own business.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import statistics
import sys
from collections.abc import Callable, Sequence
from types import FrameType

import structlog
from pydantic import JsonValue


class Report:
    """Collects one figure and prints it."""

    def __init__(self, figure: str, about: str) -> None:
        self.figure = figure
        self._about = about
        self._load_before = os.getloadavg()[0]
        self._measured: dict[str, JsonValue] = {}
        self._targets: list[JsonValue] = []
        self._notes: list[JsonValue] = []

    def measured(self, name: str, values: Sequence[float], unit: str = "ms") -> None:
        """Many measurements of the same thing."""
        self._measured[name] = {"unit": unit, **spread(values)}

    def single(self, name: str, value: float, unit: str) -> None:
        """One measurement, or what was computed from others."""
        self._measured[name] = {"unit": unit, "value": _rounded(value)}

    def at_most(self, what: str, value: float, limit: float, unit: str = "") -> None:
        self._target(what, value, f"at most {limit:g} {unit}".rstrip(), met=value <= limit)

    def at_least(self, what: str, value: float, limit: float, unit: str = "") -> None:
        self._target(what, value, f"at least {limit:g} {unit}".rstrip(), met=value >= limit)

    def note(self, text: str) -> None:
        self._notes.append(text)

    def print(self) -> None:
        """Write the JSON document to standard output."""
        document: dict[str, JsonValue] = {
            "figure": self.figure,
            "about": self._about,
            "machine": {
                "system": f"{platform.system()} {platform.machine()}",
                "python": platform.python_version(),
                "cores": os.cpu_count(),
                "load_before": round(self._load_before, 2),
                "load_after": round(os.getloadavg()[0], 2),
            },
            "measured": self._measured,
            "targets": self._targets,
            "met": all(target["met"] for target in self._targets if isinstance(target, dict)),
        }
        if self._notes:
            document["notes"] = self._notes
        sys.stdout.write(json.dumps(document, indent=2) + "\n")

    def _target(self, what: str, value: float, must_be: str, *, met: bool) -> None:
        self._targets.append({"what": what, "value": _rounded(value), "must_be": must_be, "met": met})


def spread(values: Sequence[float]) -> dict[str, JsonValue]:
    """Median, 5th and 95th percentile, extremes and count."""
    ordered = sorted(values)
    return {
        "median": _rounded(statistics.median(ordered)),
        "p5": _rounded(quantile(ordered, 5)),
        "p95": _rounded(quantile(ordered, 95)),
        "min": _rounded(ordered[0]),
        "max": _rounded(ordered[-1]),
        "count": len(ordered),
    }


def quantile(values: Sequence[float], percent: int) -> float:
    """The least of the values that at least `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def run_figure(measure: Callable[[], Report], *, limit_seconds: int) -> None:
    """Take the figure and print it. It ends by itself: after the limit, or when asked to, cleaning up either way."""
    signal.signal(signal.SIGTERM, _asked_to_end)
    signal.signal(signal.SIGALRM, _time_over)
    signal.alarm(limit_seconds)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    report = measure()
    signal.alarm(0)
    report.print()


def _asked_to_end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _time_over(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("the figure took longer than it may")


def _rounded(value: float) -> float:
    return round(value, 3)
