"""Finds the command that was typed, runs it, and turns every failure into a sentence and an exit code.

Commands are imported when they are used: `senter status` must not pay for `senter ask`. This is one of
the three edges where a `SenterError` is translated.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from senter import __version__
from senter.cli.help import FIRST_STEPS, grouped, not_understood
from senter.cli.reaching import is_outdated, reach
from senter.errors import CommunicationError, DaemonNotRunning, InvalidInput, SenterError
from senter.paths import HOME_VARIABLE, from_environment
from senter.sentences import speaking
from senter.terminal import output
from senter.terminal.commands import COMMANDS
from senter.terminal.groups import Group
from senter.terminal.options import may_start
from senter.terminal.zone import user_language

if TYPE_CHECKING:
    from senter.cli.third_parties import ThirdPartyCommand

FINE, FAILED, WRONG_USE, NOT_RUNNING, INTERRUPTED = 0, 1, 2, 3, 130
COMPLETION_VARIABLE = "_SENTER_COMPLETE"
RESTART = "Restart it with: senter restart"
OF_THE_PROGRAM = "senter.cli."
"""Where the commands are that look after the program itself. Those of components ask the daemon."""


class LazyGroup(Group):
    """A group whose commands are imported by name: Senter's from a table, those of third parties from their SPECs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *_third_parties()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            return _command(cmd_name)
        found = _third_parties().get(cmd_name)
        return found and may_start(found.load())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table, without importing them."""
        own = {name: summary for name, (_, summary) in COMMANDS.items()}
        theirs = {name: found.summary for name, found in _third_parties().items()}
        for title, rows in grouped({**own, **theirs}):
            with formatter.section(title):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(not_understood(args, self.list_commands(ctx)), ctx)
        return super().resolve_command(ctx, args)


def _command(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = cast(click.Command, getattr(importlib.import_module(module), attribute))
    return command if module.startswith(OF_THE_PROGRAM) else may_start(command)


def _third_parties() -> dict[str, ThirdPartyCommand]:
    from senter.cli.third_parties import third_party_commands

    return third_party_commands()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Example: senter ask "What is Python?"',
    invoke_without_command=True,
)
@click.version_option(__version__, "--version", "-V", prog_name="senter", message="%(prog)s %(version)s")
@click.pass_context
def senter(context: click.Context) -> object:
    """A personal assistant that runs on your own machine, always on."""
    if context.invoked_subcommand is not None:
        return None
    if output.is_terminal() and sys.stdin.isatty():
        return context.invoke(_command("shell"))
    return output.say(FIRST_STEPS)


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code. Lets `KeyboardInterrupt` and `BrokenPipeError` through."""
    output.prepare_streams()
    with speaking(user_language()):
        return _run(argv, as_json=_asks_for_json(argv))


def _run(argv: Sequence[str], *, as_json: bool) -> int:
    try:
        _settle_home()
        return _invoke(list(argv))
    except click.exceptions.NoArgsIsHelpError as error:
        output.note(error.format_message())
        return WRONG_USE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "senter"
        output.print_error("wrong_use", error.format_message(), f"See: {command} --help", as_json=as_json)
        return WRONG_USE
    except click.ClickException as error:
        output.print_error("error", error.format_message(), "", as_json=as_json)
        return FAILED
    except click.Abort:
        return INTERRUPTED
    except SenterError as error:
        output.print_error(error.code, error.message, error.hint, as_json=as_json)
        return _exit_code(error)
    except BrokenPipeError:
        raise
    except OSError as error:  # a full disk under standard output, a folder that went away
        sentence = f"The system refuses: {error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        output.print_error("system_error", f"{sentence}.", "", as_json=False)
        return FAILED


def _settle_home() -> None:
    """A relative home is one for whoever stands in this folder; say so, and have what is started know it in full."""
    named = os.environ.get(HOME_VARIABLE, "")
    if named and not (named.startswith("~") or Path(named).is_absolute()):
        home = str(from_environment().home)
        output.note(
            f"{HOME_VARIABLE}={output.one_line(named)} is a relative path: it is taken as {output.one_line(home)}"
        )
        os.environ[HOME_VARIABLE] = home


def _invoke(argv: list[str]) -> int:
    """What click's own `main` does, without its translation of errors."""
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(senter, {}, "senter", COMPLETION_VARIABLE, instruction)
    try:
        with senter.make_context("senter", argv, obj=reach) as context:
            result = cast(object, senter.invoke(context))
    except click.exceptions.Exit as ended:
        result = ended.exit_code
    except (LookupError, TypeError, AttributeError) as error:  # a reply lacks what this version reads in it
        if not is_outdated(from_environment()):
            raise
        raise CommunicationError("The daemon is of another version, and answers otherwise.", RESTART) from error
    sys.stdout.flush()
    return result if isinstance(result, int) else FINE


def _asks_for_json(argv: Sequence[str]) -> bool:
    options = argv[: argv.index("--")] if "--" in argv else argv
    return "--json" in options


def _exit_code(error: SenterError) -> int:
    if isinstance(error, DaemonNotRunning):
        return NOT_RUNNING
    return WRONG_USE if isinstance(error, InvalidInput) else FAILED
