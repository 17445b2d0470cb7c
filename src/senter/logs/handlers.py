"""Where records go: the file each process owns, and the one that all processes share."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

from senter.logs.files import KEPT_FILES, LARGEST_BYTES, rotated
from senter.paths import private


class OwnFileHandler(RotatingFileHandler):
    """One process's log. A record that cannot be written is counted; logging never stops the work."""

    def __init__(self, path: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        super().__init__(path, maxBytes=largest_bytes, backupCount=KEPT_FILES, encoding="utf-8", delay=True)
        self.lost = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        self.lost += 1

    def _open(self) -> TextIOWrapper:
        return cast(TextIOWrapper, open(self.baseFilename, self.mode, encoding=self.encoding, opener=private))


class SharedFileHandler(logging.Handler):
    """A log that many processes append to: one write per line, so that lines never mix.

    Rotation is done under a lock on the very file that is renamed. Whoever waited for that lock sees
    that the name leads to another file by then. A line written meanwhile lands in the renamed file.
    """

    def __init__(self, path: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        super().__init__()
        self._path = path
        self._largest_bytes = largest_bytes
        self.lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
            self._append(line)
        except (OSError, ValueError, RecursionError):
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        self.lost += 1

    def _append(self, line: bytes) -> None:
        with _appending(self._path) as descriptor:
            if os.fstat(descriptor).st_size < self._largest_bytes:
                os.write(descriptor, line)
                return
            with suppress(OSError):  # Windows does not rename open files: then the file grows
                _rotate(self._path, descriptor)
        with _appending(self._path) as descriptor:
            os.write(descriptor, line)


@contextmanager
def _appending(path: Path) -> Generator[int]:
    descriptor = private(str(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _rotate(path: Path, descriptor: int) -> None:
    _lock(descriptor)
    if not os.path.samestat(os.fstat(descriptor), path.stat()):
        return
    for number in range(KEPT_FILES - 1, 0, -1):
        with suppress(FileNotFoundError):
            rotated(path, number).replace(rotated(path, number + 1))
    path.replace(rotated(path, 1))


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        """Renaming fails there while another process has the file open, which is lock enough."""

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
