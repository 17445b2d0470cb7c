"""Server-sent events, as far as chat completions use them: the data of each event, nothing else."""

from __future__ import annotations

import codecs
import re

MAX_LINE_BYTES = 1024 * 1024

LONE_SURROGATE = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class EventTooLong(ValueError):
    """A line has no end within `MAX_LINE_BYTES`."""


class EventParser:
    """Cuts a byte stream, arriving in any pieces, into the data lines of its events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """The data that became complete with this piece. Raises `EventTooLong`."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > MAX_LINE_BYTES or any(len(line) > MAX_LINE_BYTES for line in lines):
            raise EventTooLong
        return [line[5:].strip() for line in lines if line.startswith(b"data:")]


class TextJoiner:
    """Makes valid text of pieces that may end within a character.

    Some servers cut an answer between the bytes of one character (such a byte arrives as a surrogate
    escape, U+DC80 to U+DCFF) or between the halves of a UTF-16 pair. What does not become a character
    is replaced by U+FFFD.
    """

    def __init__(self) -> None:
        self._high = ""
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, piece: str) -> str:
        """The text that became complete with this piece."""
        text = self._high + piece
        self._high = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._high = text[:-1], text[-1]
        return self._utf8.decode(_bytes_of(text))

    def finish(self) -> str:
        """What is left, at the end of the answer."""
        text, self._high = self._high, ""
        return self._utf8.decode(_bytes_of(text), final=True)


def _bytes_of(text: str) -> bytes:
    if text.isascii():
        return text.encode()
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return LONE_SURROGATE.sub("\ufffd", paired).encode("utf-8", "surrogateescape")
