"""`senter goals`: what is to be done, and how far it is."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import GoalsReply, GoalView
from senter.components.task_engine.commands import goal_words
from senter.paths import from_environment
from senter.terminal import output


@click.command(epilog="Examples: senter goals, senter goals --all --json")
@click.option("--all", "-a", "every", is_flag=True, help="Show ended ones too.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def goals(every: bool, limit: int, as_json: bool) -> None:
    """List goals: those that are open, the most urgent first."""
    found = Client(from_environment()).get("/api/goals", GoalsReply, all=every, limit=limit)
    if as_json:
        output.print_json(found)
        return
    if found["stopped"]:
        output.note(goal_words.STOPPED)
    if found["goals"]:
        rows = (_row(goal, stopped=found["stopped"]) for goal in found["goals"])
        title = "Goals" if every else "Active Goals"
        output.print_table(("#", "Goal", "Status", "Progress", "Deadline"), rows, title=title)
    else:
        output.say("No goals" if every else "No active goals")


def _row(goal: GoalView, *, stopped: bool) -> tuple[str | tuple[str, str], ...]:
    state = goal["state"] + goal_words.held_up(goal, stopped=stopped)
    return (
        str(goal["id"]),
        goal_words.cut(goal["text"]),
        (state, goal_words.style(goal, stopped=stopped)),
        f"{goal['progress_percent']}%",
        goal_words.deadline(goal),
    )
