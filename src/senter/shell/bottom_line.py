"""The one line below what is written: what is waited for and what is typed meanwhile. It alone is drawn again."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from senter.sentences import told
from senter.terminal import output

CLEAR = "\r\x1b[K"
FRAMES, PLAIN_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
REDRAW_SECONDS = 0.1


class BottomLine:
    """Drawn in a thread as long as it is open, and away before anything is written above it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._says = ""
        self._typed = ""
        self._drawn = False
        self._draws = output.draws()
        self._over = threading.Event()
        self._frames = FRAMES if output.speaks_unicode() else PLAIN_FRAMES

    @contextmanager
    def open(self) -> Generator[None]:
        spinning = threading.Thread(target=self._spin, name="bottom line", daemon=True)
        spinning.start()
        try:
            yield
        finally:
            self._over.set()
            spinning.join()
            with self.away():
                pass

    def say(self, text: str) -> None:
        with self._lock:
            self._says = output.one_line(told(text))
            self._draw()

    def show_typed(self, text: str) -> None:
        with self._lock:
            self._typed = output.one_line(text)
            self._draw()

    @contextmanager
    def away(self) -> Generator[None]:
        """Nothing is drawn while the body writes."""
        with self._lock:
            if self._drawn:
                sys.stdout.write(CLEAR)
                self._drawn = False
            yield
            sys.stdout.flush()

    def _spin(self) -> None:
        while not self._over.wait(REDRAW_SECONDS):
            with self._lock:
                self._draw()

    def _draw(self) -> None:
        """Never as wide as the terminal: a line that wraps cannot be cleared."""
        if not self._draws:
            return
        frame = self._frames[int(time.monotonic() / REDRAW_SECONDS) % len(self._frames)]
        room = max(shutil.get_terminal_size().columns - 3, 10)
        typed = f" > {self._typed}" if self._typed else ""
        line = f"{self._says}{typed}"
        while output.width_of(line) > room:
            line = line[1:]
        sys.stdout.write(f"{CLEAR}{frame} {output.styled(line, output.FAINT)}")
        sys.stdout.flush()
        self._drawn = True
