"""Walks the commands of a command line, and says what one lacks."""

from __future__ import annotations

from collections.abc import Iterator

import click


def every_command(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """It and all below it, each with its whole name."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            if below := command.get_command(context, each):
                yield from every_command(below, f"{name} {each}")


def problems_of(name: str, command: click.Command) -> list[str]:
    """What a command must have and this one has not."""
    options = {option for parameter in command.params for option in parameter.opts}
    wanted = {
        "a help text": bool(command.help),
        "an example that names it": "Example" in str(command.epilog) and name in str(command.epilog),
        "an option --json": isinstance(command, click.Group) or "--json" in options,
    }
    return [what for what, there in wanted.items() if not there]
