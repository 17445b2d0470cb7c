"""From a goal accepted over HTTP to its first task started, on an idle daemon.

Prints JSON; times are in milliseconds, the goal is a median of at most 100.
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
[task_engine]
prove_folder = "{folder}"
[assistant]
enabled = false
[documents]
enabled = false
[models.primary]
enabled = false
[models.research]
enabled = false
"""
TASK = {"description": "count", "tool": "count_pure"}
POLL_SECONDS = 0.0005


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=50)
    runs: int = options.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        home, counts = Path(folder) / "home", Path(folder) / "counts"
        with scratch_daemon(home, SETTINGS.format(folder=counts)) as daemon:
            timed(daemon, Effects(counts), 0)
            found = [timed(daemon, Effects(counts), number) for number in range(1, runs + 1)]
    asked, accepted = ([one[n] for one in found] for n in (0, 1))
    figures = {
        "figure": "goal_latency",
        "runs": runs,
        "accepted_to_started_ms": spread(accepted),
        "asked_to_started_ms": spread(asked),
    }
    print(json.dumps(figures))


def timed(daemon: ScratchDaemon, effects: Effects, number: int) -> tuple[float, float]:
    """Milliseconds from asking, and from the answer that it is accepted, to the first call of its first task's tool."""
    before = size(effects)
    asked = time.perf_counter()
    daemon.client.goals.create(PLAN + json.dumps({"tasks": [TASK]}), request_id=f"goal-{number}")
    accepted = time.perf_counter()
    while size(effects) == before:
        time.sleep(POLL_SECONDS)
    started = time.perf_counter()
    wait_until(lambda: daemon.client.goals.list(limit=1)["total"] == 0, "the goal does not end", 30)
    return (started - asked) * 1_000, (started - accepted) * 1_000


def size(effects: Effects) -> int:
    return effects.path.stat().st_size if effects.path.exists() else 0


def spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95)], 1)}


main()
