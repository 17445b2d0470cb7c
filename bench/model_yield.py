"""How much background work slows down answers to people: model_primary beside a saturated model_research.

Both have the embedded model. A component from `participants` keeps the research worker's queue full with long
prompts for long texts. Asks go through the API, one after the other: before, during and after. Measured twice: as
the daemon is, and with the research worker not even letting people's requests go first (`yield_seconds = 0`).
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import time
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from measuring.homes import brain, daemon, facts, floor, wait_for_model
from measuring.http import Caller, over_unix
from measuring.report import Report, quantile, run_figure
from senter.client import call_control
from senter.operations.scratch import wait_until
from tests.support.scratch import ScratchDaemon

PACKAGES = Path(__file__).parent / "participants" / "student"
STUDENT, RESEARCH = "student", "model_research"
SETTINGS = """\
[models.primary]
max_tokens = 48
temperature = 0.0
[models.research]
load_at_start = true
yield_seconds = {yield_seconds}
"""
YIELD_SECONDS = 180
WARM_UP = 3
BUSY_SECONDS = 30.0
TOPICS = ("Python", "rivers", "bread", "the moon", "trains", "chess", "honey", "glass", "sleep", "maps")


@dataclass
class Latencies:
    """Milliseconds to the first token and to the whole answer."""

    first: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--asks", type=int, default=40, help="asks in each condition")
    options.add_argument("--brain", action="store_true", help="with the default model instead of the installed one")
    chosen = options.parse_args()
    asks: int = chosen.asks
    model = brain() if chosen.brain else floor()
    run_figure(
        lambda: measure(asks, model, without_yielding=not chosen.brain), limit_seconds=1_200 if chosen.brain else 420
    )


def measure(asks: int, model: str, *, without_yielding: bool) -> Report:
    report = Report("model_yield", "answers to people with the research worker saturated, against idle")
    idle, busy = _latencies(asks, YIELD_SECONDS, model)
    _add(report, "", idle, busy)
    report.at_most("whole answer: p95 saturated, against idle", _p95_ratio(idle, busy), 1.5, "times")
    if not without_yielding:
        return report
    idle, busy = _latencies(asks, 0, model)
    _add(report, "without_yielding_", idle, busy)
    report.single("without_yielding_p95_ratio", _p95_ratio(idle, busy), "times")
    return report


def _add(report: Report, prefix: str, idle: Latencies, busy: Latencies) -> None:
    report.measured(f"{prefix}first_token_idle", idle.first)
    report.measured(f"{prefix}first_token_saturated", busy.first)
    report.measured(f"{prefix}whole_answer_idle", idle.whole)
    report.measured(f"{prefix}whole_answer_saturated", busy.whole)
    ratio = statistics.median(busy.whole) / statistics.median(idle.whole)
    report.single(f"{prefix}whole_answer_median_ratio", ratio, "times")


def _p95_ratio(idle: Latencies, busy: Latencies) -> float:
    return quantile(busy.whole, 95) / quantile(idle.whole, 95)


def _latencies(asks: int, yield_seconds: int, model: str) -> tuple[Latencies, Latencies]:
    """Idle, half of it before and half after, and saturated."""
    numbers = count(1)
    idle, busy = Latencies(), Latencies()
    settings = model + SETTINGS.format(yield_seconds=yield_seconds)
    with daemon(settings, packages=PACKAGES) as started:
        wait_for_model(started)
        wait_for_model(started, RESEARCH)
        _ask(started, WARM_UP, Latencies(), numbers)
        _ask(started, asks // 2, idle, numbers)
        os.kill(started.pid(STUDENT), signal.SIGUSR1)
        _wait_until_busy(started)
        _ask(started, asks, busy, numbers)
        call_control(started.paths, "stop", STUDENT)
        _ask(started, WARM_UP, Latencies(), numbers)
        _ask(started, asks // 2, idle, numbers)
    return idle, busy


def _wait_until_busy(started: ScratchDaemon) -> None:
    wait_until(lambda: facts(started, RESEARCH).get("active") == 1, f"{RESEARCH} has nothing to do", BUSY_SECONDS)


def _ask(started: ScratchDaemon, asks: int, found: Latencies, numbers: count[int]) -> None:
    with over_unix(started) as caller:
        for number in islice(numbers, asks):
            _ask_once(caller, f"Tell me about {TOPICS[number % len(TOPICS)]} ({number}).", found)


def _ask_once(caller: Caller, text: str, found: Latencies) -> None:
    begun = time.perf_counter()
    first = 0.0
    with caller.open("/api/query", {"text": text, "stream": True}) as response:
        while line := response.readline():
            if not first and line.startswith(b"event: delta"):
                first = time.perf_counter()
    found.first.append((first - begun) * 1_000)
    found.whole.append((time.perf_counter() - begun) * 1_000)


if __name__ == "__main__":
    main()
