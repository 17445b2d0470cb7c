"""`senter version`, apart from the rest because it imports nothing more."""

from __future__ import annotations

import click

import senter
from senter.terminal import output
from senter.terminal.options import json_option


@click.command(epilog="Example: senter version --json")
@json_option
def version(as_json: bool) -> None:
    """Show which Senter this is."""
    output.print_result({"version": senter.__version__}, f"senter {senter.__version__}", as_json=as_json)
