"""A limit to the processor time of a piece of work, for what others wrote and may count for ever."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

TOO_LONG = "it takes too long to work out"


@contextmanager
def processor_limit(seconds: float) -> Generator[None]:
    """Raises `TimeoutError` in what is within once it has used more of the processor.

    Never where the system cannot limit, nor beside the main thread.
    """
    if seconds <= 0:
        raise TimeoutError(TOO_LONG)
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError(TOO_LONG)
