"""`senter task`: what became of a task outside of Senter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import click

from senter.client import Client
from senter.client.types import GoalReply
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import Group


@click.group(cls=Group, epilog='Example: senter task done 12 "I called them; they come on Monday."')
def task() -> None:
    """Complete, fail or feed a task from outside. Its ID is in `senter goal show N`."""


def _update(action: Literal["done", "fail", "feed"], meaning: str, said: str, example: str) -> Callable[..., object]:
    @task.command(action, help=meaning, epilog=f"Example: senter task {action} 12 {example}")
    @click.argument("task_id", metavar="ID", type=click.IntRange(min=1))
    @click.argument("text", nargs=-1)
    @click.option("--json", "as_json", is_flag=True, help="Print its goal as JSON.")
    def update(task_id: int, text: tuple[str, ...], as_json: bool) -> None:
        said_of = {"action": action, "text": " ".join(text)}
        changed = Client(from_environment()).post("/api/tasks/{task_id}", GoalReply, task_id=task_id, **said_of)
        if as_json:
            output.print_json(changed)
        else:
            output.say(f"Task {task_id} of goal {changed['goal']['id']} {said}.")

    return update


done = _update("done", "Say that a task is done, with its result as TEXT.", "is done", '"They come on Monday."')
fail = _update(
    "fail", "Say that a task cannot be done, with the reason as TEXT.", "has failed", '"The shop is closed."'
)
feed = _update("feed", "Give a waiting task what it waits for, as TEXT.", "goes on", '"Take the blue one."')
