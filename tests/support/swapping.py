"""Two names that change places all the time, for tests of what is looked at first and used later."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

RENAME_EXCHANGE = 2
AT_FDCWD = -100


@contextmanager
def swapping(folder: Path, link: Path) -> Generator[None]:
    """A folder that changes places with a link, each time in one step, as fast as it goes."""
    libc, stop = ctypes.CDLL(None, use_errno=True), threading.Event()
    names = (AT_FDCWD, os.fsencode(folder), AT_FDCWD, os.fsencode(link))

    def swap() -> None:
        while not stop.is_set():
            assert libc.renameat2(*names, RENAME_EXCHANGE) == 0

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
