"""The journal of goals: task transitions per second with FULL sync, through one engine.

A transition is a change of a task's status: begun, and completed. Each task makes one call of a tool, so each
costs two more commits for its step, which are counted apart. Prints JSON; the goal is at least 500 transitions
per second. Beside it, in the same run, the commits per second that SQLite alone manages on the same disk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker, MemoryBus
from senter.component.testing import run_component
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.spec import SPEC
from senter.messages.goals import CreateGoal, ListGoals
from senter.messages.message import ComponentName

TASKS_PER_GOAL = 12
KIB = "x" * 1_024
CLIENT = Manifest(sends=(CreateGoal, ListGoals))


async def run_goals(home: Path, goals: int) -> dict[str, float]:
    """Carry out so many goals of independent tasks, accepted beforehand."""
    broker = MemoryBroker(max_events=1_000_000)
    bus = broker.bus(ComponentName("api"), CLIENT)
    settings = TaskEngineSettings(prove_folder=home / "prove", tool_calls=100_000)
    plan = {"tasks": [{"description": f"count {n}", "tool": "count_pure"} for n in range(TASKS_PER_GOAL)]}
    async with run_component(SPEC, home, settings=settings, broker=broker):
        begun = time.perf_counter()
        for number in range(goals):
            command = CreateGoal(request_id=str(number), text=f"plan: {json.dumps(plan)}")
            await bus.request(command, timeout_seconds=30)
        await nothing_open(bus)
        seconds = time.perf_counter() - begun
    tasks = goals * TASKS_PER_GOAL
    return {"transitions_per_second": 2 * tasks / seconds, "with_steps_per_second": 4 * tasks / seconds}


async def nothing_open(bus: MemoryBus) -> None:
    while True:
        if not (await bus.request(ListGoals(include_finished=False, limit=1), timeout_seconds=30)).total:
            return
        await asyncio.sleep(0.02)


def commits_alone(home: Path) -> float:
    """Commits per second of 1 KiB rows with FULL sync, nothing else."""
    connection = sqlite3.connect(home / "alone.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (content TEXT)")
    begun = time.perf_counter()
    for _ in range(1_000):
        connection.execute("INSERT INTO rows VALUES (?)", (KIB,))
    connection.close()
    return 1_000 / (time.perf_counter() - begun)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--goals", type=int, default=50)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    found: list[dict[str, float]] = []
    alone: list[float] = []
    for _ in range(chosen.runs):
        with tempfile.TemporaryDirectory() as folder:
            found.append(asyncio.run(run_goals(Path(folder), chosen.goals)))
            alone.append(commits_alone(Path(folder)))
    figures = {name: [round(one[name]) for one in found] for name in found[0]}
    medians = {name: statistics.median(values) for name, values in figures.items()}
    print(
        json.dumps(
            {
                "figure": "journal",
                "median": medians,
                "runs": figures,
                "commits_alone_per_second": [round(one) for one in alone],
            }
        )
    )


main()
