"""`senter version`."""

from __future__ import annotations

import click

import senter
from senter.terminal import output


@click.command(epilog="Example: senter version --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def version(as_json: bool) -> None:
    """Show which Senter this is."""
    if as_json:
        output.print_json({"version": senter.__version__})
    else:
        output.say(f"senter {senter.__version__}")
