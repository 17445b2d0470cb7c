"""`senter progress`: what was done, and what was while you were away."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import Activity, Done, Notification, ProgressReply
from senter.paths import from_environment
from senter.terminal import output

STYLES = {"high": output.WARNING, "critical": output.BAD, "low": output.FAINT}


@click.command(epilog="Examples: senter progress, senter progress --hours 72, senter progress --json")
@click.option(
    "--hours",
    default=24.0,
    show_default=True,
    type=click.FloatRange(0, 8_784, min_open=True),
    help="How far to look back.",
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1_000), help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def progress(hours: float, limit: int, as_json: bool) -> None:
    """Show what was done while you were away, and in the last hours."""
    client = Client(from_environment())
    found = client.get("/api/progress", ProgressReply, hours=hours, limit=limit)
    if as_json:
        output.print_json(found)
    else:
        output.say(output.printable(found["away"]["text"]))
        _show_kept(found["kept"])
        _show(found["activities"], found["total"], hours)
    client.post("/api/visits", Done, **found["seen"])


def _show_kept(kept: list[Notification]) -> None:
    if not kept:
        return
    output.say()
    output.say("Notifications that may not have reached you:")
    for one in reversed(kept):
        why = "; ".join(f"{delivery['target']}: {delivery['error']}" for delivery in one["deliveries"])
        text = f"  {output.moment(one['at'])}  {one['body']}" + (f" ({why})" if why else "")
        output.say(output.printable(text))


def _show(activities: list[Activity], total: int, hours: float) -> None:
    output.say()
    period = "hour" if hours == 1 else f"{hours:g} hours"
    if not activities:
        output.say(f"Nothing was done in the past {period}.")
        return
    output.say(f"In the past {period}:")
    rows = [
        (output.moment(one["at"]), one["type"], (one["summary"], STYLES.get(one["importance"], "")))
        for one in activities
    ]
    output.print_table(("When", "Type", "What"), rows)
    if total > len(activities):
        output.note(f"{len(activities)} of {total} are shown; more with --limit.")
