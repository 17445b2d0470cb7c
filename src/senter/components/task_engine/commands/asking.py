"""Asks on a terminal for a yes or no to what waits, each once."""

from __future__ import annotations

import sys

import click

from senter.client import Client
from senter.client.types import ApprovalsReply, GoalReply
from senter.components.task_engine.commands.approval_view import APPROVAL, show_approval
from senter.errors import Conflict
from senter.terminal import output


def can_be_asked() -> bool:
    """Whether a person sees the question, and can type an answer."""
    return sys.stdin.isatty() and output.is_terminal()


class ApprovalDesk:
    """The approvals of one goal."""

    def __init__(self, client: Client, goal_id: int) -> None:
        self._client = client
        self._goal_id = goal_id
        self._asked: set[int] = set()

    def ask(self, event: GoalReply) -> None:
        """Show each call that waits and was not asked about, and pass the answer on. Raises `click.Abort`."""
        if not any(task["status"] == "waiting" for task in event["tasks"]):
            return
        for approval in self._client.get("/api/approvals", ApprovalsReply)["approvals"]:
            if approval["goal_id"] == self._goal_id and approval["id"] not in self._asked:
                self._asked.add(approval["id"])
                show_approval(approval)
                allowed = click.confirm("Allow exactly this?", default=None, err=True)
                self._decide(approval["id"], "approved" if allowed else "denied")

    def _decide(self, approval_id: int, decision: str) -> None:
        """Somebody may have been faster."""
        try:
            self._client.post(APPROVAL, ApprovalsReply, approval_id=approval_id, decision=decision)
        except Conflict as error:
            output.note(error.message)
