"""What is done while a person waits: its goal until it has ended, and what came of it in a sentence each."""

from __future__ import annotations

import time
from contextlib import closing

from senter.client import Client
from senter.client.following import GoalEvent
from senter.client.types import GoalReply
from senter.components.task_engine.commands import goal_view
from senter.errors import DeadlineExceeded
from senter.terminal import output

FINE, FAILED, WAITS = 0, 1, 4
LONGEST_SECONDS = 60.0
AT_REST = frozenset({"completed", "failed", "cancelled", "waiting", "quarantined"})


def until_at_rest(client: Client, begun: GoalReply) -> GoalReply:
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


def show_done(reply: GoalReply, not_done: str, *, as_json: bool) -> int:
    """Say what was done; `not_done` begins the sentence where it was not. The exit code."""
    if as_json:
        output.print_json(reply)
    else:
        _show(reply, not_done)
    status = reply["goal"]["status"]
    return FINE if status == "completed" else WAITS if status == "waiting" else FAILED


def _show(reply: GoalReply, not_done: str) -> None:
    goal = reply["goal"]
    for receipt in goal["receipts"]:
        output.say(f"{output.one_line(receipt['done'])}.")
    if goal["status"] == "completed":
        return
    if goal["error"]:
        output.say(f"{not_done}: {output.one_line(goal['error'])}")
    output.note(f"See: senter goal show {goal['id']} ({goal_view.state_in_words(goal)})")
