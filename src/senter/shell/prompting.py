"""Reading one entry from a person, by drawing on the terminal where it can be drawn on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from senter.terminal import output


class Prompt(Protocol):
    """What reads from a person."""

    def read(self, begun: str = "") -> str:
        """One entry; `begun` is what was typed of it already.

        Raises `EOFError` when the person leaves, `KeyboardInterrupt` for Ctrl-C.
        """
        ...

    def came(self) -> None:
        """There is news, or another number waits. Called from any thread."""


class PlainPrompt:
    """A line by the terminal's own means, where no cursor can be moved."""

    def __init__(self, message: Callable[[], str], news: Callable[[], list[str]]) -> None:
        self._message = message
        self._news = news

    def read(self, begun: str = "") -> str:
        for line in self._news():
            output.say(line)
        return begun + input(f"{self._message()}{begun}")

    def came(self) -> None:
        """It is told before the next line."""
