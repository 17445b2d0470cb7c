"""`senter result`: what came of a goal."""

from __future__ import annotations

import click

from senter.client.types import ResultReply
from senter.components.task_engine.commands.result_view import DONE, RESULT, show_result
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option, number_argument

FINE, FAILED, WAITS = 0, 1, 4


@click.command(epilog="Examples: senter result, senter result 3, senter result 3 --json")
@number_argument(required=False)
@json_option
def result(number: int | None, as_json: bool) -> int:
    """Show what came of goal N, or of the one that was done last.

    Exits with 1 where the goal is not done, and with 4 where it waits for you.
    """
    found = connect().get(RESULT, ResultReply, goal_id=number)
    output.print_json(found) if as_json else show_result(found)
    return exit_code(found)


def exit_code(found: ResultReply) -> int:
    """One of the person's own is kept until they say that it is done: what Senter did for it is fine."""
    goal = found["goal"]
    if goal["status"] in DONE or (goal["kind"] == "own" and found["text"]):
        return FINE
    return WAITS if goal["status"] in ("waiting", "quarantined") else FAILED
