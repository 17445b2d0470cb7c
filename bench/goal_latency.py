"""From a goal accepted over HTTP to its first task started, in an idle daemon.

The plan is given with the goal, so that what is measured is the engine and the way to it. Started means that the
task's tool has been called.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

from measuring.homes import scratch_home, without_models
from measuring.report import Report, run_figure
from senter.client.types import GoalReply, GoalsReply
from senter.operations.proof.counting import PLAN, Effects
from senter.operations.proof.spec import STARTED_WITH, counts_folder
from senter.operations.scratch import wait_until
from tests.support.scratch import ScratchDaemon, scratch_daemon

TASK = {"description": "count", "tool": "count_pure"}
POLL_SECONDS = 0.0005
LIMIT_MS = 100


def timed(daemon: ScratchDaemon, effects: Effects, number: int) -> tuple[float, float]:
    """Milliseconds from asking, and from the answer that it is accepted, to the first call of the task's tool."""
    before = size_of(effects)
    asked = time.perf_counter()
    daemon.client.post("/api/goals", GoalReply, text=PLAN + json.dumps({"tasks": [TASK]}), request_id=f"goal-{number}")
    accepted = time.perf_counter()
    while size_of(effects) == before:
        time.sleep(POLL_SECONDS)
    started = time.perf_counter()
    wait_until(lambda: daemon.client.get("/api/goals", GoalsReply, limit=1)["total"] == 0, "the goal does not end", 30)
    return (started - asked) * 1_000, (started - accepted) * 1_000


def size_of(effects: Effects) -> int:
    return effects.path.stat().st_size if effects.path.exists() else 0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=100)
    runs: int = options.parse_args().runs

    def figure() -> Report:
        report = Report("goal_latency", "From a goal accepted to its first task started, in an idle daemon.")
        with scratch_home() as home, scratch_daemon(home / "home", without_models(), STARTED_WITH) as daemon:
            counts = counts_folder(daemon.paths)
            timed(daemon, Effects(counts), 0)
            found = [timed(daemon, Effects(counts), number) for number in range(1, runs + 1)]
        report.measured("asked to started", [asked for asked, _ in found])
        accepted = [accepted for _, accepted in found]
        report.measured("accepted to started", accepted)
        report.at_most("accepted to started, median", statistics.median(accepted), LIMIT_MS, "ms")
        return report

    run_figure(figure, limit_seconds=120)


if __name__ == "__main__":
    main()
