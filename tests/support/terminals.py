"""A terminal of the given size with a program in it: what is typed there, what stands on its screen, how it is left."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyte

DEADLINE_SECONDS = 30.0


class Terminal:
    """The master's side of a pseudo-terminal; the screen is what a person would see."""

    def __init__(self, argv: list[str], environment: Mapping[str, str], columns: int = 80, rows: int = 40) -> None:
        self._ours, self._theirs = pty.openpty()
        self._screen = pyte.HistoryScreen(columns, rows, history=10_000)
        self._stream = pyte.ByteStream(self._screen)
        self.sent = b""
        """Every byte that the program wrote."""
        self.resize(columns, rows)
        self._found = self.modes()
        self.process = subprocess.Popen(
            argv,
            env={"TERM": "xterm-256color", "LANG": "C.UTF-8", **environment},
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def resize(self, columns: int, rows: int) -> None:
        """As a window does; the foreground program is told by SIGWINCH."""
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen.resize(rows, columns)

    def modes(self) -> list[object]:
        return termios.tcgetattr(self._theirs)

    def is_as_found(self) -> bool:
        """Modes are what they were, the cursor is seen, and a paste is not marked any more."""
        pasting = self.sent.rfind(b"\x1b[?2004h") > self.sent.rfind(b"\x1b[?2004l")
        return self.modes() == self._found and not self._screen.cursor.hidden and not pasting

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def enter(self, line: str) -> None:
        self.type(line + "\r")

    def text(self) -> str:
        """What stands in the scrollback and on the screen."""
        above = ["".join(row[place].data for place in range(self._screen.columns)) for row in self._screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *self._screen.display]).rstrip()

    def screen_lines(self) -> list[str]:
        """Those that are not empty."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    def read_some(self) -> None:
        """Wait a little for what the program writes."""
        self._read(0.01)

    def pids(self) -> list[int]:
        """The program and the processes below it. Linux only."""
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
            found += map(int, children)
        return found

    def wait_for(self, text: str) -> str:
        """The whole text, once this is in it."""
        return self._until(lambda: text in self.text(), f"{text!r} to be shown")

    def wait_for_prompt(self, prompt: str = "[general] >") -> str:
        """The whole text, once it ends with a prompt."""
        return self._until(lambda: self.text().endswith(prompt), f"the prompt {prompt!r}")

    def enter_and_wait(self, line: str, prompt: str = "[general] >") -> str:
        """What is shown from the line on, once there is a prompt below it."""
        before = len(self.text())
        self.enter(line)
        self._until(lambda: self.text()[before:].endswith("\n" + prompt), f"a prompt after {line!r}")
        return self.text()[before:]

    def wait_for_end(self) -> int:
        """The exit code."""
        self._until(lambda: self.process.poll() is not None, "the program to end")
        while self._read(0.0):
            pass
        return self.process.wait()

    def read_for(self, seconds: float) -> None:
        ends_at = time.monotonic() + seconds
        while (left := ends_at - time.monotonic()) > 0:
            self._read(left)

    def close(self) -> None:
        """End what runs in it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Read what the program writes until something is so."""
        self._until(is_so, what)

    def _until(self, is_so: Callable[[], bool], what: str) -> str:
        ends_at = time.monotonic() + DEADLINE_SECONDS
        while not is_so():
            if time.monotonic() > ends_at:
                raise AssertionError(f"waited for {what}; the screen:\n{self.text()}")
            self._read(0.05)
        return self.text()

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        piece = os.read(self._ours, 65_536)
        self.sent += piece
        self._stream.feed(piece)
        return bool(piece)


@contextmanager
def terminal(argv: list[str], environment: Mapping[str, str], columns: int = 80, rows: int = 40) -> Generator[Terminal]:
    opened = Terminal(argv, environment, columns, rows)
    try:
        yield opened
    finally:
        opened.close()
