"""`python -m senter.reference.sources` writes the modules of src that are made from other code. A test compares."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from senter.cli.commands import COMMANDS
from senter.component.spec import CommandLine
from senter.components.specs import SPECS
from senter.reference.client_types import client_types

_BEGINNING = '''\
"""Every command of Senter's own: its name, where it is, and what it does. Written by bin/docs from the SPECs."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
'''
_LONGEST_SUMMARY = 61  # characters: a line of the help has 80


def own_commands() -> Iterator[CommandLine]:
    """Those of the components, then those of `cli`."""
    yield from (command for spec in SPECS for command in spec.commands)
    yield from COMMANDS


def command_table() -> str:
    return _BEGINNING + "".join(map(_row, own_commands())) + "}\n"


def _row(command: CommandLine) -> str:
    module, _, attribute = command.target.partition(":")
    loaded = getattr(importlib.import_module(module), attribute)
    assert isinstance(loaded, click.Command)
    texts = (command.target, loaded.get_short_help_str(_LONGEST_SUMMARY))
    lines = "".join(f"        {json.dumps(text, ensure_ascii=False)},\n" for text in texts)
    return f"    {json.dumps(command.name)}: (\n{lines}    ),\n"


PACKAGE = Path(__file__).parents[1]
SOURCES: Mapping[str, Callable[[], str]] = {"client/types.py": client_types, "terminal/commands.py": command_table}

if __name__ == "__main__":
    for name, source in SOURCES.items():
        (PACKAGE / name).write_text(source(), encoding="utf-8")
