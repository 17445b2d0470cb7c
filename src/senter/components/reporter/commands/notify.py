"""`senter notify`: whether notifications arrive."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import NotificationTestReply, TestedTarget
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import Group


@click.group(cls=Group, epilog="Examples: senter notify test, senter notify test ntfy://HOST/TOPIC")
def notify() -> None:
    """Test where notifications go."""


@notify.command(epilog="Examples: senter notify test, senter notify test ntfy://HOST/TOPIC --dry-run")
@click.argument("url", default="")
@click.option("--dry-run", is_flag=True, help="Only look; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def test(url: str, dry_run: bool, as_json: bool) -> None:
    """Look at a target, or at all in the settings, and then send it a test."""
    found = _test(url, dry_run=True)
    if not as_json:
        output.say(f"Would send: {found['title']}: {output.printable(found['body'])}")
    understood = any(not target["problem"] for target in found["targets"])
    if not dry_run and understood:
        found = _test(url, dry_run=False)
    if as_json:
        output.print_json(found)
    else:
        output.print_table(("Target", "Service", "Result"), map(_row, found["targets"]))
    _complain(found)


def _test(url: str, *, dry_run: bool) -> NotificationTestReply:
    return Client(from_environment()).post("/api/notifications/test", NotificationTestReply, url=url, dry_run=dry_run)


def _row(target: TestedTarget) -> tuple[str | tuple[str, str], ...]:
    if target["problem"]:
        result = (target["problem"], output.BAD)
    elif target["sent"] is None:
        result = ("understood; nothing was sent", output.GOOD)
    else:
        result = ("sent", output.GOOD)
    return (target["target"], target["service"] or "-", result)


def _complain(found: NotificationTestReply) -> None:
    """A test that failed is a failure for scripts too; what failed was said already."""
    if any(target["problem"] for target in found["targets"]):
        raise click.exceptions.Exit(1)
