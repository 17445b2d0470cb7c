"""The child that reads files of foreign hands. Run as a module by `Reader`; whatever bytes do to it stays here."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.component.kinds import FileKind
from senter.component.readers import reading
from senter.errors import Unreadable

LARGE_BYTES = 1024 * 1024


def main() -> None:
    serve(_answer_and_tidy)


def _answer_and_tidy(frame: Frame) -> Frame:
    """A child that has read one large file is not to stay large: the C library keeps what is freed."""
    answer = _answer(frame)
    if len(frame.body) + len(answer.body) > LARGE_BYTES and sys.platform == "linux":
        with suppress(OSError, AttributeError):  # not every C library has it
            ctypes.CDLL(None).malloc_trim(0)
    return answer


def _answer(frame: Frame) -> Frame:
    try:
        lines = reading.read(frame.body, FileKind(str(frame.head["kind"])))
    except Unreadable as error:
        return Frame({"error": error.message})
    return Frame({"title": lines.title}, lines.text().encode(errors="replace"))


if __name__ == "__main__":
    run(main)
