"""Reading one entry from a person: with history, suggestions and completion on a terminal that can, else a plain line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from senter.client import Client
from senter.terminal import output

SHOWN_LINES = 5
"""A paste of more lines is shown by how many they are."""
DUMB = frozenset({"", "dumb", "unknown"})


class Prompt(Protocol):
    """Raises `EOFError` when the person leaves and `KeyboardInterrupt` for Ctrl-C."""

    def read(self, begun: str = "") -> str: ...

    def came(self) -> None:
        """There is news, or another number waits. From any thread."""
        ...


class PlainPrompt:
    """A line by the terminal's own means: for one that cannot move a cursor, and for a pipe."""

    def __init__(self, message: Callable[[], str], news: Callable[[], list[str]]) -> None:
        self._message = message
        self._news = news

    def read(self, begun: str = "") -> str:
        for line in self._news():
            output.say(line)
        return begun + input(self._message())

    def came(self) -> None:
        pass


def make_prompt(message: Callable[[], str], news: Callable[[], list[str]], history: Path, client: Client) -> Prompt:
    """The best one for this terminal."""
    if os.environ.get("TERM", "") in DUMB and sys.platform != "win32":
        return PlainPrompt(message, news)
    from senter.shell.drawn_prompt import DrawnPrompt

    return DrawnPrompt(message, news, history, client)
