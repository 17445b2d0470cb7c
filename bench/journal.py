"""The journal of goals: task transitions per second with FULL sync, through one engine on the in-memory bus.

A transition is a change of a task's status: begun, and completed. Each task makes one call of a pure tool. Accepting
and planning the goals, their reports and the events they send are in the time. Beside it, in the same run, the
commits per second that SQLite alone manages on the same disk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

from measuring.homes import scratch_home
from measuring.report import Report, run_figure
from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.messages.goals import CreateGoal, ListGoals
from senter.messages.message import ComponentName
from senter.operations.proof.counting import PLAN
from senter.operations.proof.spec import SPEC

TASKS_PER_GOAL = 12
TRANSITIONS_PER_TASK = 2
COMMITS = 1_000
KIB = "x" * 1_024
SECONDS = 30.0
POLL_SECONDS = 0.02
CLIENT = Manifest(sends=(CreateGoal, ListGoals))


async def transitions_per_second(home: Path, goals: int) -> float:
    """Carry out goals of independent tasks, the default number of them at a time."""
    broker = MemoryBroker(max_events=1_000_000)
    bus = broker.bus(ComponentName("api"), CLIENT)
    tasks = [{"description": f"count {number}", "tool": "count_pure"} for number in range(TASKS_PER_GOAL)]
    text = PLAN + json.dumps({"tasks": tasks})
    async with run_component(SPEC, home / "home", broker=broker):
        begun = time.perf_counter()
        for number in range(goals):
            await bus.request(CreateGoal(request_id=str(number), text=text), timeout_seconds=SECONDS)
        while await open_goals(bus):
            await asyncio.sleep(POLL_SECONDS)
        return goals * TASKS_PER_GOAL * TRANSITIONS_PER_TASK / (time.perf_counter() - begun)


async def open_goals(bus: Bus) -> int:
    return (await bus.request(ListGoals(limit=1), timeout_seconds=SECONDS)).total


def commits_per_second(home: Path) -> float:
    """Rows of 1 KiB, each committed with FULL sync, nothing else."""
    with closing(sqlite3.connect(home / "alone.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (content TEXT)")
        begun = time.perf_counter()
        for _ in range(COMMITS):
            connection.execute("INSERT INTO rows VALUES (?)", (KIB,))
        return COMMITS / (time.perf_counter() - begun)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--goals", type=int, default=40)
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("journal", "Task transitions with FULL sync on one engine, beside the commits of SQLite alone.")
        transitions: list[float] = []
        alone: list[float] = []
        for _ in range(chosen.runs):
            with scratch_home() as home:
                transitions.append(asyncio.run(transitions_per_second(home, chosen.goals)))
                alone.append(commits_per_second(home))
        report.measured("transitions", transitions, "per second")
        report.measured("commits of SQLite alone", alone, "per second")
        report.at_least("transitions, median", statistics.median(transitions), 500, "per second")
        return report

    run_figure(figure, limit_seconds=300)


if __name__ == "__main__":
    main()
