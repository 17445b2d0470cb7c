"""Leaves the terminal as it was found, however the shell ends: a second process waits for it and puts it back.

A process that is killed cannot put back what it set: raw keys, bracketed paste, a hidden cursor. So the shell runs in a
child, and the process that was started does nothing but wait. It is small, since nothing is imported in it. Where the
one that waits is killed, the child is told by a pipe that ends, and leaves by itself.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

if sys.platform != "win32":
    import termios

PUT_BACK = b"\x1b[?2004l\x1b[?25h\x1b[?1000l\x1b[0m"
"""No bracketed paste, a cursor that is seen, no mouse, no colours. Harmless where they were not set."""


def run_guarded(run: Callable[[], int]) -> int:
    """What `run` returns; 128 and the signal where it was killed by one, as shells count."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        return run()
    found = termios.tcgetattr(sys.stdin.fileno())
    lives, held = os.pipe()
    child = os.fork()
    if not child:
        os.close(held)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # it puts the terminal back although it may be another's by then
        _leave_with(lives)
        os._exit(_run(run))
    os.close(lives)
    return _wait(child, found)


def _run(run: Callable[[], int]) -> int:
    try:
        code = run()
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _wait(child: int, found: list[object]) -> int:
    before = {number: signal.signal(number, _hand_on(child, number)) for number in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    _put_back(found, was_killed=code < 0)
    return code if code >= 0 else 128 - code


def _hand_on(child: int, number: int) -> Callable[[int, object], None]:
    return lambda _number, _frame: os.kill(child, number)


def _put_back(found: list[object], *, was_killed: bool) -> None:
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, found)  # type: ignore[arg-type]
        if was_killed:
            os.write(sys.stdout.fileno(), PUT_BACK + b"\r\n")
    except (OSError, termios.error):
        pass  # the terminal is gone
    finally:
        signal.signal(signal.SIGTTOU, before)


def _leave_with(lives: int) -> None:
    """End in order when the one that waits is gone."""

    def watch() -> None:
        os.read(lives, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="guardian", daemon=True).start()
