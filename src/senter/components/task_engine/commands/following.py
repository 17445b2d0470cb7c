"""A goal's progress on the screen until it ends, or until the person looks away."""

from __future__ import annotations

import time
from contextlib import closing

from senter.client import Client
from senter.client.following import ENDED, GoalEvent, is_kept
from senter.client.types import GoalReply, TaskView
from senter.components.task_engine.commands import goal_view
from senter.errors import DeadlineExceeded
from senter.terminal import output

PLAN_SECONDS = 10.0
UNPLANNED = frozenset({"pending", "planning"})
DONE = frozenset({"completed", "please_look"})
FINE, FAILED, INTERRUPTED = 0, 1, 130


def until_planned(client: Client, made: GoalReply) -> GoalReply:
    """The goal with its plan, or as it is when planning takes longer than a person wants to wait."""
    shown = made
    ends_at = time.monotonic() + PLAN_SECONDS
    try:
        with closing(client.follow(made["goal"]["id"], timeout_seconds=PLAN_SECONDS)) as events:
            for event in events:
                if not isinstance(event, GoalEvent):
                    shown = event
                    if _settled(shown) or time.monotonic() > ends_at:
                        break
    except DeadlineExceeded:
        pass
    return shown


def _settled(shown: GoalReply) -> bool:
    """Whether waiting shows nothing more about its plan."""
    return bool(shown["tasks"]) or shown["stopped"] or shown["goal"]["status"] not in UNPLANNED


def follow(client: Client, goal_id: int, *, as_json: bool) -> int:
    """Show what happens until the goal ends; returns the exit code."""
    lines, fine = _Lines(), False
    try:
        with closing(client.follow(goal_id)) as events:
            for event in events:
                name, data = event if isinstance(event, GoalEvent) else ("goal", event)
                if as_json:
                    output.print_json({"event": name, "data": data})
                if not isinstance(event, GoalEvent):
                    fine = event["goal"]["status"] in DONE or is_kept(event)
                    if not as_json:
                        lines.take(event)
    except KeyboardInterrupt:
        output.note(f"Goal {goal_id} goes on. See: senter goal show {goal_id}")
        return INTERRUPTED
    return FINE if fine else FAILED


class _Lines:
    """One line for each task that changed, and the end."""

    def __init__(self) -> None:
        self._status = ""
        self._tasks: dict[int, tuple[str, int, str]] = {}
        self._paused = False

    def take(self, event: GoalReply) -> None:
        for task in event["tasks"]:
            now = (task["status"], task["attempts"], task["error"])
            if task["status"] != "pending" and self._tasks.get(task["number"]) != now:
                self._say(task)
            self._tasks[task["number"]] = now
        self._say_goal(event)

    def _say(self, task: TaskView) -> None:
        status = task["status"].replace("_", " ")
        again = f", attempt {task['attempts']}" if task["attempts"] > 1 else ""
        took = f", {goal_view.seconds(task['cost']['wall_seconds'])}" if task["status"] == "completed" else ""
        why = f": {output.one_line(task['error'])}" if task["error"] else ""
        word = output.styled(status, goal_view.STYLES.get(task["state"], ""))
        output.say(f"  {task['number']} {output.one_line(task['description'])}: {word}{again}{took}{why}")
        if task["status"] == "waiting" and task["attempts"]:
            output.say("    See: senter approvals")

    def _say_goal(self, event: GoalReply) -> None:
        goal = event["goal"]
        if goal["paused"] and not self._paused:
            output.say(f"It is paused. Go on with: senter goal resume {goal['id']}")
        self._paused = goal["paused"]
        if goal["status"] in ENDED and self._status != goal["status"]:
            word = output.styled(goal["state"], goal_view.STYLES.get(goal["state"], ""))
            output.say(f"Goal {goal['id']} {word}: {goal_view.outcome(goal)}. {goal_view.cost(goal['cost'])}.")
            if goal["error"]:
                output.say(f"  {output.one_line(goal['error'])}")
            for path in goal["results"]:
                output.say(f"  {output.one_line(path)}")
            for waits in event["waits"]:
                output.say(f"  {output.one_line(waits)}")
        self._status = goal["status"]
