"""No child outlives its parent: no component the supervisor, no isolated child its component.

On Linux a child asks the kernel to be killed when its parent dies (PR_SET_PDEATHSIG, prctl(2)) and then
looks again whether the parent is still the one it had. Elsewhere, and beside it, a spawned child reads a
pipe whose other end only its parent holds: the end of that pipe is the end of the child.
Linux is tested; the pipe is all there is on macOS and Windows, where it is untested.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_libc: ctypes.CDLL | None = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

ORPHANED = 77


def adopt_orphans() -> None:
    """Make this process the parent of grandchildren whose parent ends (prctl(2), Linux)."""
    if _libc:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with(parent_pid: int) -> None:
    """Be killed when `parent_pid` dies; end now if it is already gone."""
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(ORPHANED)


def wait_for_parent(parent_pid: int, timeout_seconds: float = 5.0) -> None:
    """Wait until the kernel has given this process to `parent_pid`; end if that never happens."""
    deadline = time.monotonic() + timeout_seconds
    while os.getppid() != parent_pid:
        if time.monotonic() > deadline:
            os._exit(ORPHANED)
        os.sched_yield()


def end_with_pipe(pipe: BinaryIO) -> None:
    """End this process when the other end of `pipe` closes; watched from a thread of its own."""

    def watch() -> None:
        while pipe.read(4096):
            pass
        os._exit(ORPHANED)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
