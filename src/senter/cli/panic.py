"""`senter panic`: stop all autonomous work at once."""

from __future__ import annotations

import click

from senter.cli import goal_words, output
from senter.client import Client
from senter.paths import from_environment


@click.command(epilog="Examples: senter panic, senter panic --release")
@click.option("--release", is_flag=True, help="Let work go on again.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def panic(release: bool, as_json: bool) -> None:
    """Stop all work on goals at once, until it is released. Questions are still answered."""
    Client(from_environment()).goals.panic(release=release)
    if as_json:
        output.print_json({"stopped": not release})
    elif release:
        output.say("Work goes on.")
    else:
        output.say(goal_words.STOPPED)
