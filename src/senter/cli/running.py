"""Has the daemon run before something is asked of it. Every command imports this, so what it needs is imported late."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from senter.paths import Paths


def ensure_daemon_running(paths: Paths) -> None:
    """Costs one short exchange when it runs, which is nearly always."""
    from senter.cli.control import daemon_status
    from senter.errors import CommunicationError, DaemonNotRunning

    with suppress(DaemonNotRunning, CommunicationError):
        if daemon_status(paths)["state"] == "running":
            return
    from senter.cli.starting import BriefPrinter, ensure_running

    printer = BriefPrinter()
    try:
        ensure_running(paths, printer)
    finally:
        printer.clear()
