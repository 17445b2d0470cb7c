"""The arguments and options that many commands have, and the way they print what they got."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from senter.terminal import output

CommandT = TypeVar("CommandT", bound="Callable[..., object] | click.Command")
ResultT = TypeVar("ResultT")

NO_START = "SENTER_NO_START"
"""A variable: set to 1, no command starts the daemon."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show in full what it may do without asking.")
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask first.")
file_option = click.option(
    "-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where; else printed."
)


def no_start_option(command: CommandT) -> CommandT:
    """Leave a daemon that is down as it is: the command fails then."""

    def leave_down(context: click.Context, parameter: click.Parameter, is_set: bool) -> None:
        context.meta[NO_START] = is_set

    return click.option(
        "--no-start",
        is_flag=True,
        expose_value=False,
        callback=leave_down,
        help="Do not start the daemon when it is not running.",
    )(command)


def may_start(command: click.Command) -> click.Command:
    """The command, with the option not to start the daemon, which every command below it gets as well."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            may_start(each)
    elif all("--no-start" not in parameter.opts for parameter in command.params):
        no_start_option(command)
    return command


def small_option(command: CommandT) -> CommandT:
    """Leave the default model out where the command starts the daemon; bin/senter heeds it too."""

    def leave_out(context: click.Context, parameter: click.Parameter, is_small: bool) -> None:
        if is_small:
            os.environ["SENTER_MODELS__FETCH"] = "never"

    return click.option(
        "--small", is_flag=True, expose_value=False, callback=leave_out, help="Start without fetching a better model."
    )(command)


def limit_option(default: int) -> Callable[[CommandT], CommandT]:
    """How many rows of a list to show, as `limit`."""
    return click.option(
        "--limit", default=default, show_default=True, type=click.IntRange(1, 1_000), help="How many at most."
    )


def number_argument(
    name: str = "number", metavar: str = "N", *, required: bool = True
) -> Callable[[CommandT], CommandT]:
    """The number of a goal, a task or the like."""
    return click.argument(name, metavar=metavar, type=click.IntRange(min=1), required=required)


def prints(show: Callable[[ResultT], object]) -> Callable[[Callable[..., ResultT]], Callable[..., None]]:
    """Make a command of a function that returns what it got: `--json` prints that as it is, else `show` shows it."""

    def decorate(command: Callable[..., ResultT]) -> Callable[..., None]:
        @json_option
        @functools.wraps(command)
        def printing(*, as_json: bool, **given: object) -> None:
            result = command(**given)
            output.print_json(result) if as_json else show(result)

        return printing

    return decorate
