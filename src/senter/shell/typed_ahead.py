"""The keys that are typed while an answer is made: shown at once at the bottom, and given to the next prompt."""

from __future__ import annotations

import codecs
import os
import select
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

if sys.platform != "win32":
    import termios
    import tty

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
ENTER, ERASE, ERASE_WORD, ERASE_LINE = "\r\n", "\x7f\b", "\x17", "\x15"
LONGEST_SEQUENCE = 32  # characters; a terminal sends no longer one
_FINAL = frozenset(map(chr, range(0x40, 0x7F)))


class TypedAhead:
    """Puts keys together: whole lines, and the one that is being typed. Keys that move the cursor are left out."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._escape = ""
        self._pasting = False
        self._last = ""

    def type(self, keys: bytes) -> None:
        for key in self._decoder.decode(keys):
            self._type(key)

    def take(self) -> tuple[list[str], str]:
        """The whole lines and the beginning of the next; they are forgotten here."""
        taken = self.lines, self.line
        self.lines, self.line = [], ""
        return taken

    def _type(self, key: str) -> None:
        if self._escape or key == "\x1b":
            self._escape += key
            self._end_escape()
        elif key in ENTER and not self._pasting:
            self.lines.append(self.line)
            self.line = ""
        elif key in ERASE:
            self.line = self.line[:-1]
        elif key in ERASE_LINE:
            self.line = ""
        elif key in ERASE_WORD:
            self.line = self.line.rstrip().rpartition(" ")[0]
        elif key.isprintable() or (self._pasting and key in "\t\r\n"):
            self._add(key)

    def _add(self, key: str) -> None:
        """A line of a paste ends with a carriage return, or with that and a line feed."""
        if not (key == "\n" and self._last == "\r"):
            self.line += "\n" if key == "\r" else key
        self._last = key

    def _end_escape(self) -> None:
        """An escape sequence is over at its last character; pastes begin and end with one."""
        sequence = self._escape
        is_open = sequence == "\x1b" or sequence in ("\x1b[", "\x1bO")
        if not is_open and (sequence[-1] in _FINAL or len(sequence) > LONGEST_SEQUENCE):
            self._pasting = sequence == PASTE_BEGINS or (self._pasting and sequence != PASTE_ENDS)
            self._escape = ""


@contextmanager
def typing_ahead(typed: TypedAhead, changed: Callable[[], object]) -> Generator[None]:
    """Reads keys in a thread while the body runs, without echo of the terminal's own; Ctrl-C stays an interrupt.

    Does nothing where standard input is no terminal, or on Windows, whose console keeps what is typed by itself.
    """
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    keys = sys.stdin.fileno()
    found = termios.tcgetattr(keys)
    over, end = os.pipe()
    tty.setcbreak(keys, termios.TCSANOW)
    reading = threading.Thread(target=_read, args=(keys, over, typed, changed), name="keys", daemon=True)
    reading.start()
    try:
        yield
    finally:
        os.write(end, b".")
        reading.join()
        termios.tcsetattr(keys, termios.TCSANOW, found)
        os.close(over)
        os.close(end)


def _read(keys: int, over: int, typed: TypedAhead, changed: Callable[[], object]) -> None:
    while over not in (ready := select.select([keys, over], [], [])[0]):
        if ready:
            try:
                pressed = os.read(keys, 65_536)
            except OSError:  # the terminal is gone
                return
            if not pressed:
                return
            typed.type(pressed)
            changed()
