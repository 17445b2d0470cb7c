"""`senter approvals`: what waits for a person's decision, with the exact arguments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

import click

from senter.client.types import Approval, ApprovalsReply
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import number_argument, prints


@click.group(cls=ListGroup, epilog="Examples: senter approvals, senter approvals approve 3")
def approvals() -> None:
    """Show and decide what waits for you. Unanswered approvals are denied when they expire."""


def _show_list(found: ApprovalsReply) -> None:
    for approval in found["approvals"]:
        _show(approval)
    if not found["approvals"]:
        output.say("Nothing waits for you.")


@approvals.command("list", epilog="Example: senter approvals list --all")
@click.option("--all", "-a", "every", is_flag=True, help="Show decided ones too.")
@prints(_show_list)
def list_(every: bool) -> ApprovalsReply:
    """List what waits, the oldest first."""
    return connect().get("/api/approvals", ApprovalsReply, all=every)


def _show(approval: Approval) -> None:
    """In full: what is approved is exactly this."""
    decision = approval["decision"] or f"waits until {output.moment(approval['expires_at'])}"
    output.say(f"{approval['id']}  {approval['tool']}: {decision}")
    output.say(f"   for goal {approval['goal_id']}, task {approval['task_id']}")
    for name, value in approval["arguments"].items():
        output.say(f"   {output.one_line(name)} = {output.one_line(json.dumps(value, ensure_ascii=False))}")
    if approval["kind"] == "unknown_outcome":
        output.say("   It may have been carried out before a crash. Approve: do it again. Deny: take it as done.")
    for need in approval["needs_in_words"]:
        output.say(f"   not granted: {output.one_line(need)}")
    if approval["known"]:
        output.say(f"   known: {output.one_line(approval['known'])}")


def _decide(name: str, decision: Literal["approved", "denied"], meaning: str) -> Callable[..., object]:
    @approvals.command(name, help=meaning, epilog=f"Example: senter approvals {name} 3")
    @number_argument("approval_id", "ID")
    @prints(_show)
    def decide(approval_id: int) -> Approval:
        path = "/api/approvals/{approval_id}"
        return connect().post(path, ApprovalsReply, approval_id=approval_id, decision=decision)["approvals"][0]

    return decide


approve = _decide("approve", "approved", "Allow exactly that, once.")
deny = _decide("deny", "denied", "Refuse it.")
