"""`senter shell`: a conversation with Senter, with every command in reach."""

from __future__ import annotations

import sys

import click

from senter.errors import InvalidInput
from senter.paths import from_environment
from senter.shell.guardian import run_guarded


@click.command(epilog="Example: senter shell; then type, or /help")
@click.pass_context
def shell(context: click.Context) -> int:
    """Talk to Senter: ask, say what is to be done, run commands."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise InvalidInput("The shell needs a terminal.", 'In a script: senter ask "What is Python?"')
    return run_guarded(_run)


def _run() -> int:
    from senter.shell.shell import run_shell

    return run_shell(from_environment())
