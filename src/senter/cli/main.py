"""Finds the command that was typed, runs it, and turns every failure into a sentence and an exit code.

Commands are imported when they are used: `senter status` must not pay for `senter ask`. This is one of
the three edges where a `SenterError` is translated.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import cast

import click

from senter import __version__
from senter.cli.running import ensure_daemon_running
from senter.errors import DaemonNotRunning, InvalidInput, SenterError
from senter.terminal import output
from senter.terminal.groups import Group

FINE, FAILED, WRONG_USE, NOT_RUNNING, INTERRUPTED = 0, 1, 2, 3, 130
COMPLETION_VARIABLE = "_SENTER_COMPLETE"

COMMANDS = {
    "ask": "senter.components.assistant.commands.ask:ask",
    "query": "senter.components.assistant.commands.ask:query",
    "goal": "senter.components.task_engine.commands.goal:goal",
    "goals": "senter.components.task_engine.commands.goals:goals",
    "task": "senter.components.task_engine.commands.task:task",
    "approvals": "senter.components.task_engine.commands.approvals:approvals",
    "why": "senter.components.task_engine.commands.why:why",
    "panic": "senter.components.task_engine.commands.panic:panic",
    "audit": "senter.components.task_engine.commands.audit:audit",
    "tools": "senter.components.task_engine.commands.tools:tools",
    "documents": "senter.components.documents.commands:documents",
    "schedule": "senter.components.scheduler.commands.schedule:schedule",
    "remind": "senter.components.scheduler.commands.schedule:remind",
    "prove-crash": "senter.cli.prove_crash:prove_crash",
    "start": "senter.cli.daemon:start",
    "stop": "senter.cli.daemon:stop",
    "restart": "senter.cli.daemon:restart",
    "status": "senter.cli.status:status",
    "logs": "senter.cli.logs:logs",
    "config": "senter.cli.config:config",
    "models": "senter.components.models.commands:models",
    "progress": "senter.components.reporter.commands.progress:progress",
    "digest": "senter.components.reporter.commands.digest:digest",
    "notify": "senter.components.reporter.commands.notify:notify",
    "conversations": "senter.components.assistant.commands.conversations:conversations",
    "dead-letters": "senter.cli.dead_letters:dead_letters",
    "service": "senter.cli.service:service",
    "version": "senter.cli.version:version",
}


class LazyGroup(Group):
    """A group whose commands are imported by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        return cast(click.Command, getattr(importlib.import_module(module), attribute))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Example: senter ask "What is Python?"',
)
@click.version_option(__version__, "--version", "-V", prog_name="senter", message="%(prog)s %(version)s")
def senter() -> None:
    """A personal assistant that runs on your own machine, always on."""


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code. Lets `KeyboardInterrupt` and `BrokenPipeError` through."""
    output.prepare_streams()
    as_json = _asks_for_json(argv)
    try:
        return _invoke(list(argv))
    except click.exceptions.NoArgsIsHelpError as error:
        output.note(error.format_message())
        return WRONG_USE
    except click.UsageError as error:
        output.print_error("wrong_use", error.format_message(), _usage_hint(error), as_json=as_json)
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


def _invoke(argv: list[str]) -> int:
    """What click's own `main` does, without its translation of errors."""
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(senter, {}, "senter", COMPLETION_VARIABLE, instruction)
    try:
        with senter.make_context("senter", argv, obj=ensure_daemon_running) as context:
            result = cast(object, senter.invoke(context))
    except click.exceptions.Exit as ended:
        result = ended.exit_code
    sys.stdout.flush()
    return result if isinstance(result, int) else FINE


def _asks_for_json(argv: Sequence[str]) -> bool:
    options = argv[: argv.index("--")] if "--" in argv else argv
    return "--json" in options


def _usage_hint(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "senter"
    return f"See: {command} --help"


def _exit_code(error: SenterError) -> int:
    if isinstance(error, DaemonNotRunning):
        return NOT_RUNNING
    return WRONG_USE if isinstance(error, InvalidInput) else FAILED
