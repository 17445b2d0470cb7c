"""`senter progress`, `senter digest` and `senter notify`: what was done, and whether notifications arrive."""

from __future__ import annotations

import click

from senter.client.types import (
    Activity,
    DigestReply,
    Done,
    Notification,
    NotificationTestReply,
    ProgressReply,
    TestedTarget,
)
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import Group
from senter.terminal.options import json_option, limit_option, prints

PARTS = ("agenda", "deadlines", "waiting", "found", "failed", "routine")
TEST = "/api/notifications/test"
STYLES = {"high": output.WARNING, "critical": output.BAD, "low": output.FAINT}


@click.command(epilog="Examples: senter progress, senter progress --hours 72, senter progress --json")
@click.option(
    "--hours",
    default=24.0,
    show_default=True,
    type=click.FloatRange(0, 8_784, min_open=True),
    help="How far to look back.",
)
@limit_option(20)
@json_option
def progress(hours: float, limit: int, as_json: bool) -> None:
    """Show what was done while you were away, and lately."""
    client = connect()
    found = client.get("/api/progress", ProgressReply, hours=hours, limit=limit)
    if as_json:
        output.print_json(found)
    else:
        output.say(output.printable(found["away"]["text"]))
        _show_kept(found["kept"])
        _show_activities(found["activities"], found["total"], hours)
    client.post("/api/visits", Done, **found["seen"])


def _show_kept(kept: list[Notification]) -> None:
    if not kept:
        return
    output.say()
    output.say("Notifications that may not have reached you:")
    for one in reversed(kept):
        why = "; ".join(f"{delivery['target']}: {delivery['error']}" for delivery in one["deliveries"])
        body = "\n    ".join(filter(None, one["body"].splitlines()))
        text = f"  {output.past(one['at'])}  {body}" + (f" ({why})" if why else "")
        output.say(output.printable(text))


def _show_activities(activities: list[Activity], total: int, hours: float) -> None:
    output.say()
    period = "hour" if hours == 1 else f"{hours:g} hours"
    if not activities:
        output.say(f"Nothing was done in the past {period}.")
        return
    output.say(f"In the past {period}:")
    rows = [
        (output.past(one["at"]), one["type"], (one["summary"], STYLES.get(one["importance"], ""))) for one in activities
    ]
    output.print_table(("When", "Type", "What"), rows, total=total)


def _show_digest(found: DigestReply) -> None:
    output.say(output.printable(found["summary"]))


def _length(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None or value in ("short", "normal", "long") or (value.isdecimal() and 0 < int(value) < 1_000):
        return value
    raise click.BadParameter("say short, normal, long, or a number of lines")


@click.command(epilog="Examples: senter digest, senter digest yesterday, senter digest --part agenda --length short")
@click.argument("day", default="", metavar="[today|yesterday|DATE]")
@click.option("--day", "earlier_day", default="", hidden=True)
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only this part; may be repeated.")
@click.option("--length", metavar="LENGTH", callback=_length, help="short, normal, long, or how many lines.")
@prints(_show_digest)
def digest(day: str, earlier_day: str, parts: tuple[str, ...], length: str | None) -> DigestReply:
    """Show your day, what waits, and what came of things.

    Without a day, of the past 24 hours; with one, of that day. It does not count as the day's.
    """
    asked = {"day": day or earlier_day, "parts": ",".join(parts), "length": length}
    return connect().get("/api/digest", DigestReply, **asked)


@click.group(cls=Group, epilog="Examples: senter notify test, senter notify test ntfy://HOST/TOPIC")
def notify() -> None:
    """Test where notifications go."""


@notify.command(epilog="Examples: senter notify test, senter notify test ntfy://HOST/TOPIC --dry-run")
@click.argument("url", default="")
@click.option("--dry-run", is_flag=True, help="Check the target without sending.")
@json_option
def test(url: str, dry_run: bool, as_json: bool) -> int:
    """Check a target, or all in the settings, and then send it a test."""
    client = connect()
    found = client.post(TEST, NotificationTestReply, url=url)
    if not as_json:
        output.say(f"Would send: {found['title']}: {output.printable(found['body'])}")
    if not dry_run and any(not target["problem"] for target in found["targets"]):
        found = client.post(TEST, NotificationTestReply, url=url, dry_run=False)
    if as_json:
        output.print_json(found)
    else:
        output.print_table(("Target", "Service", "Result"), map(_row, found["targets"]))
    return _exit_code(found)


def _row(target: TestedTarget) -> output.Row:
    if target["problem"]:
        result = (target["problem"], output.BAD)
    else:
        result = ("understood; nothing was sent" if target["sent"] is None else "sent", output.GOOD)
    return (target["target"], target["service"] or "-", result)


def _exit_code(found: NotificationTestReply) -> int:
    """A test that failed is a failure for scripts too."""
    return int(any(target["problem"] for target in found["targets"]))
