"""Has the daemon at hand for a command: looks whether it runs, starts it where it may, says when it is outdated."""

from __future__ import annotations

import sys

from senter.client import control
from senter.errors import CommunicationError, DaemonNotRunning, DeadlineExceeded
from senter.paths import Paths
from senter.terminal import output

LOOK_SECONDS = 5.0
OUTDATED = "Senter was updated while it was running: restart it with: senter restart"


def reach(paths: Paths, may_start: bool) -> None:
    """Costs one short exchange when it runs, which is nearly always. What a start needs is imported late.

    Where it does not run and may not be started, that is left to be said by whoever asks it something.
    """
    try:
        found = control.identify(paths, timeout_seconds=LOOK_SECONDS)
    except DeadlineExceeded:
        return  # the supervisor is busy or hangs, and what is to be asked may answer all the same
    except (DaemonNotRunning, CommunicationError):
        found = None
    if found and found["state"] == "running":
        if runs_other_code(found["code"]):
            output.note(output.styled(OUTDATED, output.WARNING, sys.stderr))
    elif may_start:
        _start(paths)


def is_outdated(paths: Paths) -> bool:
    """Whether a daemon runs, and was started from other code."""
    try:
        return runs_other_code(control.identify(paths, timeout_seconds=LOOK_SECONDS)["code"])
    except (DaemonNotRunning, CommunicationError):
        return False


def _start(paths: Paths) -> None:
    from senter.cli.starting import BriefPrinter, ensure_running

    printer = BriefPrinter()
    try:
        ensure_running(paths, printer)
    finally:
        printer.clear()


def runs_other_code(code: str) -> bool:
    """Whether a daemon with that fingerprint was started from other code than this command."""
    from senter.fingerprint import fingerprint_of

    return code != fingerprint_of()
