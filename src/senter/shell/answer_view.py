"""Shows an answer while it is made: each block once it is finished, and a line below that says what is waited for."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

from senter.client.continuation import Continuation
from senter.sentences import told
from senter.shell.bottom_line import BottomLine
from senter.shell.markdown_blocks import BlockSplitter
from senter.terminal import output

THINKING, WRITING = "Thinking", "Writing"
AGAIN = "The answer began again; this is the whole of it."


class BlockView:
    """What is drawn stays as it is: nothing moves under the eyes, and the scrollback holds the answer once."""

    def __init__(self, line: BottomLine) -> None:
        self._line = line
        self._pieces = Continuation()
        self._blocks = BlockSplitter()
        self._is_drawn = False

    @contextmanager
    def open(self) -> Generator[None]:
        """What came of an answer that was broken off is shown."""
        self._line.say(THINKING)
        with self._line.open():
            try:
                yield
            finally:
                self._draw(self._blocks.finish())

    def progress(self, text: str) -> None:
        if not self._pieces.text:
            self._line.say(text)

    def piece(self, attempt: int, offset: int, text: str) -> None:
        self._take(self._pieces.add(offset, text, attempt))

    def final(self, text: str) -> None:
        if not text.startswith(self._pieces.shown):
            self._draw(f"*{told(AGAIN)}*")
        self._take(self._pieces.finish(text))

    def _take(self, text: str) -> None:
        if text:
            self._line.say(WRITING)
        for block in self._blocks.take(text):
            self._draw(block)

    def _draw(self, block: str) -> None:
        if not block.strip():
            return
        with self._line.away():
            if self._is_drawn:
                sys.stdout.write("\n")
            self._is_drawn = True
            output.print_markdown(block)
