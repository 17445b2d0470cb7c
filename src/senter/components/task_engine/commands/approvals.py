"""`senter approvals`: what waits for a person's decision, with the exact arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import click

from senter.client.types import Approval, ApprovalsReply
from senter.components.task_engine.commands.approval_view import APPROVAL, show_approval
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import number_argument, prints


@click.group(cls=ListGroup, epilog="Examples: senter approvals, senter approvals approve 3")
def approvals() -> None:
    """Show and decide what waits for you. Unanswered approvals are denied when they expire."""


def _show_list(found: ApprovalsReply) -> None:
    for approval in found["approvals"]:
        show_approval(approval)
    if not found["approvals"]:
        output.say("Nothing waits for you.")


@approvals.command("list", epilog="Example: senter approvals list --all")
@click.option("--all", "-a", "every", is_flag=True, help="Show decided ones too.")
@prints(_show_list)
def list_(every: bool) -> ApprovalsReply:
    """List what waits, the oldest first."""
    return connect().get("/api/approvals", ApprovalsReply, all=every)


def _decide(name: str, decision: Literal["approved", "denied"], meaning: str) -> Callable[..., object]:
    @approvals.command(name, help=meaning, epilog=f"Example: senter approvals {name} 3")
    @number_argument("approval_id", "ID")
    @prints(show_approval)
    def decide(approval_id: int) -> Approval:
        return connect().post(APPROVAL, ApprovalsReply, approval_id=approval_id, decision=decision)["approvals"][0]

    return decide


approve = _decide("approve", "approved", "Allow exactly that, once.")
deny = _decide("deny", "denied", "Refuse it.")
