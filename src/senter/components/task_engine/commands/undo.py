"""`senter undo`: takes back what was done, the newest first, and lists what can be."""

from __future__ import annotations

import time
from contextlib import closing

import click

from senter.client import Client
from senter.client.following import GoalEvent
from senter.client.types import ActionsReply, ActionView, GoalReply
from senter.components.task_engine.commands import goal_view
from senter.errors import DeadlineExceeded
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option

FINE, FAILED, WAITS = 0, 1, 4
LONGEST_SECONDS = 60.0
AT_REST = frozenset({"completed", "failed", "cancelled", "waiting", "quarantined"})


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
    reply = _until_at_rest(client, begun)
    if as_json:
        output.print_json(reply)
    else:
        _show(reply)
    return _exit_code(reply)


def _list(found: ActionsReply, *, as_json: bool) -> None:
    if as_json:
        output.print_json(found)
        return
    output.print_table(("#", "When", "What", "State"), map(_row, found["actions"]), empty="Nothing was done lately.")


def _row(action: ActionView) -> output.Row:
    state = "taken back" if action["undone"] else output.one_line(action["refusal"]) or "can be taken back"
    done = output.one_line(action["receipt"]["done"])
    return (str(action["number"]), output.past(action["at"]), done, (state, output.FAINT if action["undone"] else ""))


def _until_at_rest(client: Client, begun: GoalReply) -> GoalReply:
    """The goal once it has ended or waits, or as it is when that takes longer than a person wants to wait."""
    shown, ends_at = begun, time.monotonic() + LONGEST_SECONDS
    try:
        with closing(client.follow(begun["goal"]["id"], timeout_seconds=LONGEST_SECONDS)) as events:
            for event in events:
                if not isinstance(event, GoalEvent):
                    shown = event
                    if shown["goal"]["status"] in AT_REST or time.monotonic() > ends_at:
                        break
    except DeadlineExceeded:
        pass
    return shown


def _show(reply: GoalReply) -> None:
    goal = reply["goal"]
    for receipt in goal["receipts"]:
        output.say(f"{output.one_line(receipt['done'])}.")
    if goal["status"] == "completed":
        return
    if goal["error"]:
        output.say(f"Not taken back: {output.one_line(goal['error'])}")
    output.note(f"See: senter goal show {goal['id']} ({goal_view.state_in_words(goal)})")


def _exit_code(reply: GoalReply) -> int:
    status = reply["goal"]["status"]
    return FINE if status == "completed" else WAITS if status == "waiting" else FAILED
