"""The options by which a person lets goals do more than the default grant allows, or use less."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from senter.errors import InvalidInput
from senter.terminal import output

if TYPE_CHECKING:
    from senter.client.types import GoalLimits, Grant, Widening

CommandT = TypeVar("CommandT", bound=Callable[..., object])

_OPTIONS = (
    click.option("--may-read", multiple=True, metavar="FOLDER", help="Let it read that folder."),
    click.option("--may-write", multiple=True, metavar="FOLDER", help="Let it write and move below that folder."),
    click.option("--may-reach", multiple=True, metavar="HOST", help="Let it fetch from that host, or *.example.org."),
    click.option("--may-run", multiple=True, metavar="COMMAND", help="Let it run what begins so: 'git log'."),
)


limit_option = click.option(
    "--limit", "limits", multiple=True, metavar="WHAT=NUMBER", help="Of model-calls, tool-calls, tokens or minutes."
)
_LIMIT = re.compile(r"(model-calls|tool-calls|tokens|minutes)=(\d{1,9})", re.ASCII)


def grant_options(command: CommandT) -> CommandT:
    """Give a command these options; what they say comes as `may_read`, `may_write`, `may_reach` and `may_run`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def widening(
    may_read: Sequence[str], may_write: Sequence[str], may_reach: Sequence[str], may_run: Sequence[str]
) -> Widening | None:
    """What the options say; none where they say nothing. Raises `InvalidInput`."""
    given: Widening = {}
    if may_read:
        given["read_roots"] = [_folder(path) for path in may_read]
    if may_write:
        given["write_roots"] = [_folder(path) for path in may_write]
    if may_reach:
        given["hosts"] = list(may_reach)
    if may_run:
        given["commands"] = [_command(text) for text in may_run]
    return given or None


def limited(given: Sequence[str]) -> GoalLimits | None:
    """What `--limit` says; none where it says nothing. Raises `InvalidInput`."""
    limits: GoalLimits = {}
    for text in given:
        found = _LIMIT.fullmatch(text.strip().lower())
        if not found or (found[1] == "minutes" and not int(found[2])):
            hint = "Write it like: --limit tokens=5000, of model-calls, tool-calls, tokens or minutes"
            raise InvalidInput(f"{text!r} is no limit.", hint)
        match found[1]:
            case "model-calls":
                limits["model_calls"] = int(found[2])
            case "tool-calls":
                limits["tool_calls"] = int(found[2])
            case "tokens":
                limits["tokens"] = int(found[2])
            case _:
                limits["wall_seconds"] = 60.0 * int(found[2])
    return limits or None


def _folder(path: str) -> str:
    if not path.strip():
        raise InvalidInput("The folder to allow is empty.", "Write it like: --may-read ~/papers")
    found = Path(path).expanduser().absolute()
    if not found.exists():
        raise InvalidInput(f"There is no {path}.", "Name a folder that is there.")
    if found == Path(found.anchor):
        output.note(f"Warning: {path} is every file on this machine that you may open, but for hidden ones.")
    return str(found)


def _command(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is no command line: {error}.", "Write it like: --may-run 'git log'") from error
    if not words:
        raise InvalidInput("The command to allow is empty.", "Write it like: --may-run 'git log'")
    return words


def in_words(given: Grant) -> list[str]:
    """What a grant names, one line for each kind that it names."""
    lines = (
        _listed("read below", given["read_roots"]),
        _listed("create files below", given["create_roots"]),
        _listed("sort the files of", given["sort_roots"]),
        _listed("write below", given["write_roots"]),
        _listed("search with", given["providers"]),
        _listed("reach", given["hosts"]),
        _listed("run", [" ".join(command) for command in given["commands"]]),
        _listed("call the MCP servers", given["mcp_servers"]),
        _listed("call the tools", given["tools"]),
    )
    return [line for line in lines if line]


def _listed(what: str, things: list[str]) -> str:
    return f"{what} {', '.join(things)}" if things else ""
