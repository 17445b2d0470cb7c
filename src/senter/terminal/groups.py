"""Commands that have commands below them."""

from __future__ import annotations

from typing import ClassVar

import click

from senter.terminal.words import no_such


class Group(click.Group):
    """Says what may have been meant when there is no such command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(no_such("command", args[0], self.list_commands(ctx)), ctx)
        return super().resolve_command(ctx, args)


class ListGroup(Group):
    """Runs `list` when no command is named."""

    default: ClassVar[str] = "list"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


class ShowGroup(ListGroup):
    """Runs `show` when no command is named."""

    default: ClassVar[str] = "show"
