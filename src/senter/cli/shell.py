"""`senter shell`: a conversation with Senter, with every command in reach."""

from __future__ import annotations

import sys

import click

from senter.cli.reaching import reach
from senter.errors import InvalidInput
from senter.paths import Paths, from_environment
from senter.shell.guardian import run_guarded
from senter.terminal.connecting import forbidden
from senter.terminal.options import no_start_option


@no_start_option
@click.command(epilog="Example: senter shell; then just type, or see /help")
@click.pass_context
def shell(context: click.Context) -> int:
    """Talk to Senter: ask, say what is to be done, run commands."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput("The shell needs a terminal.", 'In a script: senter ask "What is Python?"')
    paths, start = from_environment(), not forbidden(context)
    return run_guarded(lambda: _run(paths, start=start))


def _run(paths: Paths, *, start: bool) -> int:
    """What draws the shell is imported here, in the process that needs it."""
    from senter.cli.main import run, senter
    from senter.shell.shell import Commands, Shell

    commands = Commands(senter, run, lambda: reach(paths, start))
    return Shell(paths, commands).run()
