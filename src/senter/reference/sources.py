"""`python -m senter.reference.sources` writes the modules of src that are made from other code. A test compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from senter.reference.client_types import client_types
from senter.reference.commands import command_table

PACKAGE = Path(__file__).parents[1]
SOURCES: Mapping[str, Callable[[], str]] = {
    "client/types.py": client_types,
    "terminal/commands.py": command_table,
}

if __name__ == "__main__":
    for name, source in SOURCES.items():
        (PACKAGE / name).write_text(source(), encoding="utf-8")
