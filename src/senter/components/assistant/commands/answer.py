"""Showing an answer while it is made: plain text for a pipe, drawn Markdown for a terminal.

Pieces may be missing and may begin again under another attempt; the final text is always whole, and what
was shown before is made to agree with it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from senter.client.continuation import Continuation
from senter.terminal import output

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult


class PlainView:
    """Writes the answer and nothing else to standard output; what cannot be unwritten is kept true."""

    def __init__(self) -> None:
        self._continuation = Continuation()
        self._waits = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None and self._continuation.shown:
            self._write("\n")
        self._wait_no_more()

    def progress(self, text: str) -> None:
        if not self._continuation.shown:
            self._waits = True
            output.progress(text)

    def piece(self, attempt: int, offset: int, text: str) -> None:
        self._write(self._continuation.add(offset, text, attempt))

    def final(self, text: str) -> None:
        if not text.startswith(self._continuation.shown):
            output.note("The answer began again; this is the whole of it.")
        self._write(self._continuation.finish(text) + "\n")

    def _write(self, text: str) -> None:
        self._wait_no_more()
        sys.stdout.write(text)
        sys.stdout.flush()

    def _wait_no_more(self) -> None:
        """Once, before anything is written: the pipe may well end in the same terminal."""
        if self._waits:
            self._waits = False
            output.progress("")


class Growing:
    """The end of what is drawn, as far as the screen has room: what is new is at the end.

    The cursor is left on an empty line, so that the `^C` a terminal shows cannot push the drawing out of its place.
    """

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        lines = console.render_lines(self._drawn, options.update(height=None), pad=False)
        for line in lines[-max(options.size.height - 1, 1) :]:
            yield from line
            yield Segment.line()
        yield ""


class TerminalView:
    """Draws a spinner, then the Markdown as it grows; the last drawing is the whole answer."""

    def __init__(self) -> None:
        from rich.live import Live

        self._pieces = Continuation()
        self._drawing: RenderableType | None = None
        self._live = Live(self._waiting("Thinking"), console=output.console(), refresh_per_second=10, transient=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:  # which may have come in the middle of an import: nothing is drawn anew here
            self._live.update(self._drawing or self._plain(self._pieces.text))
        self._live.stop()

    def progress(self, text: str) -> None:
        if not self._pieces.text:
            self._live.update(self._waiting(text))

    def piece(self, attempt: int, offset: int, text: str) -> None:
        self._pieces.take(offset, text, attempt)
        if self._pieces.text:
            self._live.update(Growing(self._drawn(self._pieces.text)))

    def final(self, text: str) -> None:
        self._live.update(self._drawn(text), refresh=True)

    def _waiting(self, text: str) -> RenderableType:
        from rich.spinner import Spinner
        from rich.text import Text

        return Spinner("dots" if output.speaks_unicode() else "line", Text(output.printable(text), style="dim"))

    def _plain(self, text: str) -> RenderableType:
        from rich.text import Text

        return Text(output.printable(text))

    def _drawn(self, text: str) -> RenderableType:
        from rich.markdown import Markdown

        self._drawing = Markdown(output.printable(text))
        return self._drawing


def view() -> PlainView | TerminalView:
    """The one that fits standard output."""
    return TerminalView() if output.is_terminal() else PlainView()
