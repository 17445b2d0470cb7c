"""`senter goals`, `task` and `why`: which goals there are, tasks done by hand, and how a result came about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import click

from senter.client.types import GoalReply, GoalsReply, GoalView, WhyLine, WhyReply
from senter.components.task_engine.commands import goal_view
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import Group
from senter.terminal.options import json_option, limit_option, number_argument, prints
from senter.terminal.tree import Node, by_depth, print_tree
from senter.terminal.waiting import what_waits


@click.command(epilog="Examples: senter goals, senter goals --all --json")
@click.option("--all", "-a", "every", is_flag=True, help="Show ended ones too.")
@limit_option(50)
@json_option
def goals(every: bool, limit: int, as_json: bool) -> None:
    """List goals: those that are open, the most urgent first."""
    found = connect().get("/api/goals", GoalsReply, all=every, limit=limit)
    if as_json:
        output.print_json(found)
        return
    if found["stopped"]:
        output.note(goal_view.STOPPED)
    for kind, title in (("own", "Your Own Goals"), ("work", "Goals" if every else "Active Goals")):
        rows = [_row(goal, stopped=found["stopped"]) for goal in found["goals"] if goal["kind"] == kind]
        if rows:
            output.print_table(("#", "Goal", "Status", "Progress", "Deadline"), rows, title=title)
    if not found["goals"]:
        output.say("No goals" if every else "No active goals")
    if count := found.get("approvals_waiting"):
        output.say(what_waits(count, found["first_approval"]))


def _row(goal: GoalView, *, stopped: bool) -> output.Row:
    return (
        str(goal["id"]),
        goal_view.cut(goal["text"]),
        (goal["state"] + goal_view.held_up(goal, stopped=stopped), goal_view.style(goal, stopped=stopped)),
        "" if goal["kind"] == "own" and not goal["progress_percent"] else f"{goal['progress_percent']}%",
        goal_view.deadline(goal),
    )


@click.group(cls=Group, epilog='Example: senter task done 12 "I called them; they come on Monday."')
def task() -> None:
    """Set the result of a task by hand. Its ID is in `senter goal show N`."""


def _update(action: Literal["done", "fail", "feed"], meaning: str, said: str, example: str) -> Callable[..., object]:
    @task.command(action, help=meaning, epilog=f"Example: senter task {action} 12 {example}")
    @number_argument("task_id", "ID")
    @click.argument("text", nargs=-1)
    @json_option
    def update(task_id: int, text: tuple[str, ...], as_json: bool) -> None:
        changed = connect().post("/api/tasks/{task_id}", GoalReply, task_id=task_id, action=action, text=" ".join(text))
        sentence = f"Task {task_id} of goal {changed['goal']['id']} {said}."
        output.print_result(changed, sentence, as_json=as_json)

    return update


done = _update("done", "Mark a task as done, with its result as TEXT.", "is done", '"They come on Monday."')
fail = _update("fail", "Mark a task as failed, with the reason as TEXT.", "has failed", '"The shop is closed."')
feed = _update("feed", "Give a waiting task what it waits for, as TEXT.", "goes on", '"Take the blue one."')


def _show(found: WhyReply) -> None:
    print_tree(by_depth((line["depth"], _node(line)) for line in found["lines"]))


def _node(line: WhyLine) -> Node:
    at = f", {output.past(line['at'])}" if line["at"] else ""
    details = goal_view.grant(line["grant"]) if line["grant"] else []
    return Node(f"{line['kind'].replace('_', ' ')} {line['id']}{at}: {line['text']}", details=details)


@click.command(epilog="Examples: senter why 1, senter why task 12, senter why approval 3, senter why result.md")
@click.argument("about", metavar="ID...", nargs=-1, required=True)
@prints(_show)
def why(about: tuple[str, ...]) -> WhyReply:
    """Tell how something came about, from the request to each call.

    ID is a goal's number, `task N`, `approval N`, a message's id, or the path of a result; or what another line of the
    answer begins with, such as `tool call 7`.
    """
    return connect().get("/api/why", WhyReply, about=" ".join(about))
