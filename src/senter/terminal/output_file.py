"""The file that `-o` names, for every command that has one."""

from __future__ import annotations

import errno
import stat
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from senter.errors import InvalidInput, StorageFull
from senter.files import replacing

# Names in here stand for what a process has open, also where that is a file.
DEVICES, PROCESSES = Path("/dev"), Path("/proc")


@contextmanager
def output_file(path: Path) -> Generator[TextIO]:
    """A file, or the one a link leads to, is replaced whole or left as it was. Anything else is written to as it is.

    Raises `StorageFull` or `InvalidInput`.
    """
    try:
        with _opened(path) as file:
            yield file
    except OSError as error:
        kind = StorageFull if error.errno == errno.ENOSPC else InvalidInput
        raise kind(f"Cannot write {path}: {error.strerror}.", "Choose another file.") from error


def _opened(path: Path) -> AbstractContextManager[TextIO]:
    folder = path.parent.resolve()
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        is_file = True
    if is_file and folder != DEVICES and not folder.is_relative_to(PROCESSES):
        return replacing(path.resolve())
    return path.open("a", encoding="utf-8", errors="replace")
