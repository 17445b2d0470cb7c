"""The engine killed with 1,000 open goals in a real daemon: from kill -9 to the first task that runs again.

The supervisor's waits before restarts are set to none, as they are for a first failure.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

from measuring.homes import scratch_home, without_models
from measuring.report import Report, run_figure
from senter.client.types import Done, GoalReply
from senter.operations.proof.counting import PLAN, Effects
from senter.operations.proof.spec import STARTED_WITH, counts_folder
from senter.operations.scratch import wait_until
from tests.support.scratch import ScratchDaemon, scratch_daemon

GOAL = "/api/goals/{goal_id}"

AT_ONCE = {"fast_limit": 1_000, "slow_limit": 1_000, "first_wait_seconds": 0.0, "longest_wait_seconds": 0.0}
# Longer than all runs: the tasks that run are at work whenever the engine is killed, the others wait.
TASK = {"description": "count", "tool": "count_pure", "tool_params": {"seconds": 60}}
QUIET_SECONDS = 1.0
POLL_SECONDS = 0.001
LIMIT_SECONDS = 1.0


def accept(daemon: ScratchDaemon, goals: int) -> float:
    """Goals accepted per second, one after the other over HTTP. Returns when all have their plans."""
    text = PLAN + json.dumps({"tasks": [TASK, TASK | {"depends_on": [1]}]})
    begun = time.perf_counter()
    for number in range(goals):
        daemon.client.post("/api/goals", GoalReply, text=text, request_id=f"goal-{number}")
    seconds = time.perf_counter() - begun
    wait_until(
        lambda: daemon.client.get(GOAL, GoalReply, goal_id=goals)["planned_by"] != "",
        "goals are not planned",
        120,
    )
    return goals / seconds


def killed_to_running(daemon: ScratchDaemon, effects: Effects) -> float:
    """Seconds from the kill to the first call of a tool in the next process."""
    time.sleep(QUIET_SECONDS)
    before = effects.path.stat().st_size
    begun = time.perf_counter()
    daemon.kill("task_engine")
    while effects.path.stat().st_size == before:
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--goals", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=10)
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("engine_restart", "kill -9 of the engine with open goals, until a task runs again.")
        settings = without_models(task_engine={"quarantine_after": 20}, supervisor=AT_ONCE)
        with scratch_home() as home, scratch_daemon(home / "home", settings, STARTED_WITH) as daemon:
            counts = counts_folder(daemon.paths)
            accepted = accept(daemon, chosen.goals)
            runs = [killed_to_running(daemon, Effects(counts)) for _ in range(chosen.runs)]
            daemon.client.post("/api/panic", Done)  # so that the daemon need not wait for tasks at its stop
        report.measured("kill to first task", runs, "s")
        report.single("open goals", chosen.goals, "goals")
        report.single("accepted", accepted, "goals per second")
        report.at_most("kill to first task, median", statistics.median(runs), LIMIT_SECONDS, "s")
        return report

    run_figure(figure, limit_seconds=300)


if __name__ == "__main__":
    main()
