"""docs/reference/cli.md: every command as its own --help shows it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from senter.cli.main import senter
from senter.reference.markdown import page

_WIDTH = 100
_INTRODUCTION = """\
Exit codes: 0 fine, 1 failed, 2 wrong use, 3 the daemon is not running. With `--json` every command prints JSON, and
errors are `{"error": {"code", "message", "hint"}}`. In a checkout the program is `bin/senter`."""


def cli_page() -> str:
    return page("Command line", _INTRODUCTION, _parts(senter, None, "senter"))


def _parts(command: click.Command, parent: click.Context | None, name: str) -> Iterator[str]:
    context = command.make_context(
        name, [], parent=parent, resilient_parsing=True, terminal_width=_WIDTH, max_content_width=_WIDTH, color=False
    )
    yield f"## {context.command_path}"
    yield f"```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            if (found := command.get_command(context, each)) and not found.hidden:
                yield from _parts(found, context, each)
