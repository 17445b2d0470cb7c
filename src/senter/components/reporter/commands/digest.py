"""`senter digest`: what was done in a day, in a few lines."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import DigestReply
from senter.paths import from_environment
from senter.terminal import output


@click.command(epilog="Examples: senter digest, senter digest --day yesterday, senter digest --day 2026-03-01 --json")
@click.option("--day", default="", help="today, yesterday or YYYY-MM-DD; the past 24 hours without it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def digest(day: str, as_json: bool) -> None:
    """Show a digest. It does not count as the day's."""
    found = Client(from_environment()).get("/api/digest", DigestReply, day=day)
    if as_json:
        output.print_json(found)
        return
    output.say(output.printable(found["summary"]))
