"""The options by which a person lets goals do more than the default grant allows, or use less."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click

from senter.errors import InvalidInput
from senter.sentences import phrase, told
from senter.terminal import output

if TYPE_CHECKING:
    from senter.client.types import GoalLimits, Grant, Widening

ValueT = TypeVar("ValueT")

AMOUNTS = {
    "model-calls": ("model_calls", 1),
    "tool-calls": ("tool_calls", 1),
    "tokens": ("tokens", 1),
    "minutes": ("wall_seconds", 60.0),
}
AMOUNT_WORDS = "model-calls, tool-calls, tokens or minutes"
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def _folder(path: str) -> str:
    if not path.strip():
        raise InvalidInput("The folder to allow is empty.", "Write it like: --may-read ~/papers")
    found = Path(path).expanduser().absolute()
    if not found.exists():
        raise InvalidInput(f"Cannot find {path}.", "Name a folder that exists.")
    if found == Path(found.anchor):
        output.note(f"Warning: {path} is every file on this machine that you may open, but for hidden ones.")
    return str(found)


def _command(text: str) -> list[str]:
    hint = "Write it like: --may-run 'git log'"
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidInput(f"Cannot read {text!r} as a command line: {error}.", hint) from error
    if not words:
        raise InvalidInput("The command to allow is empty.", hint)
    return words


def _budget(_context: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> GoalLimits | None:
    limits: dict[str, float] = {}
    for text in given:
        what, _, number = text.strip().lower().partition("=")
        if what not in AMOUNTS or not _NUMBER.fullmatch(number) or (what == "minutes" and not int(number)):
            raise InvalidInput(f"Unknown limit {text!r}. Use {AMOUNT_WORDS}.", "Write it like: --limit tokens=5000")
        name, unit = AMOUNTS[what]
        limits[name] = int(number) * unit
    return cast("GoalLimits | None", limits or None)


def _may(option: str, name: str, metavar: str, read: Callable[[str], object], meaning: str) -> Callable[..., object]:
    def read_all(_context: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> list[object]:
        return [read(text) for text in given]

    return click.option(option, name, multiple=True, metavar=metavar, callback=read_all, help=meaning)


_OPTIONS = (
    _may("--may-read", "read_roots", "FOLDER", _folder, "Allow reading below this folder."),
    _may("--may-write", "write_roots", "FOLDER", _folder, "Allow writing and moving below this folder."),
    _may("--may-reach", "hosts", "HOST", str, "Allow fetching from this host, or *.example.org."),
    _may("--may-run", "commands", "COMMAND", _command, "Allow commands that start with this prefix."),
)
_NAMES = ("read_roots", "write_roots", "hosts", "commands")

budget_option = click.option(
    "--limit", "budget", multiple=True, metavar="WHAT=NUMBER", callback=_budget, help=f"Limit {AMOUNT_WORDS}."
)


def grant_options(command: Callable[..., ValueT]) -> Callable[..., ValueT]:
    """Give a command these options; what they say comes as `grant`, None where they say nothing."""

    @functools.wraps(command)
    def granting(**given: object) -> ValueT:
        named = {name: given.pop(name) for name in _NAMES}
        grant = {name: things for name, things in named.items() if things}
        return command(grant=cast("Widening | None", grant or None), **given)

    for option in reversed(_OPTIONS):
        option(granting)
    return granting


def in_words(given: Grant) -> list[str]:
    """What a grant names, one line for each kind that it names."""
    kinds = (
        ("read below", given["read_roots"]),
        ("create files below", given["create_roots"]),
        ("sort the files of", given["sort_roots"]),
        ("write below", given["write_roots"]),
        *_named(given),
    )
    return [told(f"{what} {', '.join(things)}") for what, things in kinds if things]


def in_short(given: Grant) -> str:
    """The same in one line: folders are counted, all else is named."""
    folders = (
        ("read", given["read_roots"]),
        ("create files in", given["create_roots"]),
        ("sort", given["sort_roots"]),
        ("write in", given["write_roots"]),
    )
    counted = [f"{what} {len(roots)} {'place' if len(roots) == 1 else 'places'}" for what, roots in folders if roots]
    named = [f"{what} {', '.join(things)}" for what, things in _named(given) if things]
    return ", ".join(map(told, [*counted, *named])) or phrase("do nothing")


def _named(given: Grant) -> Sequence[tuple[str, Sequence[str]]]:
    """What is no folder."""
    return (
        ("search with", given["providers"]),
        ("reach", given["hosts"]),
        ("run", [" ".join(command) for command in given["commands"]]),
        ("call the MCP servers", given["mcp_servers"]),
        ("call the tools", given["tools"]),
    )
