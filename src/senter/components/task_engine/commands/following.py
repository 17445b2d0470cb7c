"""A goal's progress on the screen until it ends, waits for a person who cannot be asked here, or they look away."""

from __future__ import annotations

import time
from contextlib import closing

import click

from senter.client import Client
from senter.client.following import ENDED, GoalEvent, is_kept
from senter.client.types import GoalReply, ResultReply, TaskView
from senter.components.task_engine.commands import goal_view
from senter.components.task_engine.commands.asking import ApprovalDesk, can_be_asked
from senter.components.task_engine.commands.result_view import DONE, RESULT, show_beginning
from senter.errors import DeadlineExceeded
from senter.terminal import output

PLAN_SECONDS = 10.0
UNPLANNED = frozenset({"pending", "planning"})
HELD_UP = frozenset({"waiting", "quarantined"})
FINE, FAILED, WAITS, INTERRUPTED = 0, 1, 4, 130


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
    """Show what happens until the goal ends, and its result; returns the exit code.

    What waits for a yes or no is asked on a terminal; where nobody can be asked, a goal that waits ends it.
    """
    try:
        last = _followed(client, goal_id, as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        output.note(f"Goal {goal_id} goes on. See: senter goal show {goal_id}")
        return INTERRUPTED
    code = _code(last)
    if code == FINE:
        _show_result(client, goal_id, as_json=as_json)
    if not as_json:
        _say_rest(last)
    return code


def _followed(client: Client, goal_id: int, *, as_json: bool) -> GoalReply:
    """The goal as it was last seen."""
    lines, desk = _Lines(), None if as_json or not can_be_asked() else ApprovalDesk(client, goal_id)
    last: GoalReply | None = None
    with closing(client.follow(goal_id)) as events:
        for event in events:
            if as_json:
                name, data = event if isinstance(event, GoalEvent) else ("goal", event)
                output.print_json({"event": name, "data": data})
            if isinstance(event, GoalEvent):
                continue
            last = event
            if not as_json:
                lines.take(event)
            if desk is not None:
                desk.ask(event)
            if _nobody_goes_on(event, asks=desk is not None):
                break
    assert last is not None, "what is followed is told first as it is"
    return last


def _nobody_goes_on(event: GoalReply, *, asks: bool) -> bool:
    """Whether nothing more comes of it by itself, nor of asking here."""
    return not is_kept(event) and event["goal"]["status"] in (HELD_UP - {"waiting"} if asks else HELD_UP)


def _code(last: GoalReply) -> int:
    if last["goal"]["status"] in DONE or is_kept(last):
        return FINE
    return WAITS if last["goal"]["status"] in HELD_UP else FAILED


def _show_result(client: Client, goal_id: int, *, as_json: bool) -> None:
    found = client.get(RESULT, ResultReply, goal_id=goal_id)
    output.print_json({"event": "result", "data": found}) if as_json else show_beginning(found)


def _say_rest(last: GoalReply) -> None:
    """Where the result is, and what waits."""
    for path in last["goal"]["results"][:1]:
        output.say(f"  {output.one_line(path)}")
    for waits in last["waits"]:
        output.say(f"Waits for you: {output.one_line(waits)}")


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
        self._status = goal["status"]
