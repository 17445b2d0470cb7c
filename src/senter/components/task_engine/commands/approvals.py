"""`senter approvals`: what waits for a person's word, with the exact arguments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

import click

from senter.client import Client
from senter.client.types import Approval, ApprovalsReply
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import ListGroup

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group(cls=ListGroup, epilog="Examples: senter approvals, senter approvals approve 3")
def approvals() -> None:
    """Show and decide what waits for you. Silence is a no when it expires."""


@approvals.command("list", epilog="Example: senter approvals list --all")
@click.option("--all", "-a", "every", is_flag=True, help="Show decided ones too.")
@json_option
def list_(every: bool, as_json: bool) -> None:
    """List what waits, the oldest first."""
    found = Client(from_environment()).get("/api/approvals", ApprovalsReply, all=every)
    if as_json:
        output.print_json(found)
        return
    for approval in found["approvals"]:
        _show(approval)
    if not found["approvals"]:
        output.say("Nothing waits for you.")


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
    @click.argument("approval_id", metavar="ID", type=click.IntRange(min=1))
    @json_option
    def decide(approval_id: int, as_json: bool) -> None:
        path, client = "/api/approvals/{approval_id}", Client(from_environment())
        decided = client.post(path, ApprovalsReply, approval_id=approval_id, decision=decision)["approvals"][0]
        output.print_json(decided) if as_json else _show(decided)

    return decide


approve = _decide("approve", "approved", "Say yes, once, to exactly that.")
deny = _decide("deny", "denied", "Say no.")
