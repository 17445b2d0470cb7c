"""`senter undo`: takes back what was done, the newest first, and lists what can be."""

from __future__ import annotations

import click

from senter.client.types import ActionsReply, ActionView, GoalReply
from senter.components.task_engine.commands.done_at_once import show_done, until_at_rest
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option

FINE = 0


@click.command(epilog="Examples: senter undo, senter undo --list, senter undo 12")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--list", "-l", "listed", is_flag=True, help="Show what was done lately, and take nothing back.")
@json_option
def undo(number: int | None, listed: bool, as_json: bool) -> int:
    """Take back what was done last, or the action with that NUMBER.

    It reaches 20 actions or 7 days back. What you changed since stays as it is. Taking back can be taken back too.
    """
    client = connect()
    if listed:
        _list(client.get("/api/actions", ActionsReply), as_json=as_json)
        return FINE
    begun = client.post("/api/undo", GoalReply, **({} if number is None else {"number": number}))
    return show_done(until_at_rest(client, begun), "Not taken back", as_json=as_json)


def _list(found: ActionsReply, *, as_json: bool) -> None:
    if as_json:
        output.print_json(found)
        return
    output.print_table(("#", "When", "What", "State"), map(_row, found["actions"]), empty="Nothing was done lately.")


def _row(action: ActionView) -> output.Row:
    state = "taken back" if action["undone"] else output.one_line(action["refusal"]) or "can be taken back"
    done = output.one_line(action["receipt"]["done"])
    return (str(action["number"]), output.past(action["at"]), done, (state, output.FAINT if action["undone"] else ""))
