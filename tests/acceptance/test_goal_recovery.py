"""The daemon is killed or stopped while a goal is carried out: it goes on later, and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress

import pytest
from pydantic import JsonValue

from senter.client.types import GoalReply
from senter.operations.proof.counting import PLAN, Effects
from senter.operations.proof.spec import STARTED_WITH, counts_folder
from senter.operations.scratch import is_running, wait_until
from tests.support.daemon import NO_MODEL, settings_text, short_home
from tests.support.scratch import ScratchDaemon, scratch_daemon

GOAL = "/api/goals/{goal_id}"

pytestmark = pytest.mark.process

SLOW_SECONDS = 2
TASKS: list[dict[str, JsonValue]] = [
    {"description": "send", "tool": "count_once_only"},
    {"description": "think", "tool": "count_pure", "tool_params": {"seconds": SLOW_SECONDS}, "depends_on": [1]},
    {"description": "file", "tool": "count_idempotent", "depends_on": [2]},
]


SETTINGS = settings_text(
    {"models.primary": {**NO_MODEL, "enabled": False}, "models.research": {**NO_MODEL, "enabled": False}}
)


def test_a_goal_in_progress_continues_after_the_daemon_was_killed() -> None:
    with short_home() as home, scratch_daemon(home / "home", SETTINGS, STARTED_WITH) as daemon:
        goal_id = daemon.client.post("/api/goals", GoalReply, text=PLAN + json.dumps({"tasks": TASKS}))["goal"]["id"]
        wait_until(lambda: status_of(daemon, goal_id)[1] == "in_progress", "the second task does not begin", 20)
        kill_all(daemon)
        daemon.start()
        wait_until(lambda: status_of(daemon, goal_id)[2] == "completed", "the goal does not go on", 30)
        wait_until(
            lambda: daemon.client.get(GOAL, GoalReply, goal_id=goal_id)["goal"]["status"] == "completed",
            "it does not end",
            30,
        )
        tasks = daemon.client.get(GOAL, GoalReply, goal_id=goal_id)["tasks"]
        assert [task["attempts"] for task in tasks] == [1, 2, 1]
        effects = Effects(counts_folder(daemon.paths)).all()
        assert [line["what"] for line in effects if line["tool"] == "count_once_only"] == ["called", "did"]


def test_a_stop_lets_tasks_end_within_the_grace_and_interrupts_the_rest() -> None:
    slow: list[dict[str, JsonValue]] = [
        {"description": "end soon", "tool": "count_pure", "tool_params": {"seconds": SLOW_SECONDS}},
        {"description": "end late", "tool": "count_pure", "tool_params": {"seconds": 25}},
    ]
    with short_home() as home, scratch_daemon(home / "home", SETTINGS, STARTED_WITH) as daemon:
        goal_id = daemon.client.post("/api/goals", GoalReply, text=PLAN + json.dumps({"tasks": slow}))["goal"]["id"]
        wait_until(lambda: status_of(daemon, goal_id) == ["in_progress"] * 2, "the tasks do not begin", 20)
        daemon.stop()
        daemon.start()
        first, second = daemon.client.get(GOAL, GoalReply, goal_id=goal_id)["tasks"]
        assert (first["status"], first["attempts"]) == ("completed", 1)
        assert second["status"] in ("pending", "in_progress")
        daemon.client.post("/api/goals/{goal_id}/{action}", GoalReply, goal_id=goal_id, action="cancel")


def status_of(daemon: ScratchDaemon, goal_id: int) -> list[str]:
    """The statuses of the tasks; empty strings while there are none."""
    return [task["status"] for task in daemon.client.get(GOAL, GoalReply, goal_id=goal_id)["tasks"]] or [""] * 3


def kill_all(daemon: ScratchDaemon) -> None:
    pids = list(daemon.pids().values())
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, pids)), "processes are left", 10)
