"""The engine killed with 1,000 open goals: from kill -9 to the first task that runs again, in a real daemon.

Prints JSON; times are in seconds, the goal is at most 1.0.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from senter.components.task_engine.testing import PLAN, Effects
from senter.operations.scratch import ScratchDaemon, scratch_daemon, wait_until

SETTINGS = """
[supervisor]
fast_limit = 1000
slow_limit = 1000
first_wait_seconds = 0.0
longest_wait_seconds = 0.0
[task_engine]
prove_folder = "{folder}"
quarantine_after = 20
[assistant]
enabled = false
[documents]
enabled = false
[models.primary]
enabled = false
[models.research]
enabled = false
"""
# Longer than the measurement: the tasks that run are at work when the engine is killed, the others wait.
TASK = {"description": "count", "tool": "count_pure", "tool_params": {"seconds": 25}}
QUIET_SECONDS = 6.0
POLL_SECONDS = 0.001


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--goals", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        home, counts = Path(folder) / "home", Path(folder) / "counts"
        with scratch_daemon(home, SETTINGS.format(folder=counts)) as daemon:
            accepted = accept(daemon, chosen.goals)
            wait_for_plans(daemon, chosen.goals)
            runs = [killed_to_running(daemon, Effects(counts)) for _ in range(chosen.runs)]
    figures = {
        "figure": "engine_restart",
        "open_goals": chosen.goals,
        "median_s": round(statistics.median(runs), 3),
        "range_s": [round(min(runs), 3), round(max(runs), 3)],
        "accepted_per_second": round(accepted),
    }
    print(json.dumps(figures))


def accept(daemon: ScratchDaemon, goals: int) -> float:
    """Goals accepted per second, one after the other over HTTP."""
    begun = time.perf_counter()
    for number in range(goals):
        text = PLAN + json.dumps({"tasks": [TASK, TASK | {"depends_on": [1]}]})
        daemon.client.goals.create(text, request_id=f"goal-{number}")
    return goals / (time.perf_counter() - begun)


def wait_for_plans(daemon: ScratchDaemon, goals: int) -> None:
    wait_until(lambda: daemon.client.goals.get(goals)["planned_by"] != "", "goals are not planned", 300)


def killed_to_running(daemon: ScratchDaemon, effects: Effects) -> float:
    """Seconds from the kill to the first call of a tool in the next process. Restarts are not put off: it was quiet."""
    time.sleep(QUIET_SECONDS)
    before = effects.path.stat().st_size
    begun = time.perf_counter()
    daemon.kill("task_engine")
    while effects.path.stat().st_size == before:
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - begun


main()
