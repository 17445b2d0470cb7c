"""Starting the daemon and waiting for it, as `start`, `restart` and `ask` need it.

What is done step by step is the supervisor's; here it is shown.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from senter.cli.control import daemon_status
from senter.errors import (
    AlreadyRunning,
    CommunicationError,
    DaemonNotRunning,
    DeadlineExceeded,
    SenterError,
    StartError,
)
from senter.paths import Paths
from senter.supervisor.launch import MARKS, STEP_COUNT, StartLine, start_daemon, start_line_text
from senter.terminal import output

if TYPE_CHECKING:
    from senter.client.types import DaemonStatus
    from senter.supervisor.lock import ProcessIdentity

STOP_DEADLINE_SECONDS = 20.0
START_DEADLINE_SECONDS = 90.0
POLL_SECONDS = 0.05

_STYLES = {"ok": output.GOOD, "warn": output.WARNING, "fail": output.BAD}

Show = Callable[[StartLine], None]


@dataclass(slots=True)
class StartReport:
    """What a start came to. Without steps, the daemon was running already."""

    pid: int = 0
    warnings: int = 0
    steps: list[StartLine] = field(default_factory=list[StartLine])


class StepPrinter:
    """Prints `[n/10] what` and `  [OK] how it went` for every step."""

    def __init__(self) -> None:
        self._step = 0
        self.failed = False

    def __call__(self, line: StartLine) -> None:
        status = line.get("status", "")
        self.failed = status == "fail"
        for text in start_line_text(line, before=self._step):
            output.say(_coloured(output.printable(text), status))
        self._step = line.get("step", self._step)


def _coloured(text: str, status: str) -> str:
    mark = MARKS.get(status, "")
    if not mark or not text.startswith(f"  {mark}"):
        return text
    return text.replace(mark, output.styled(mark, _STYLES[status]), 1)


class BriefPrinter:
    """For a start on the way to something else: one line on standard error that is written over; what is kept are
    warnings, and what begins with a hint."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, line: StartLine) -> None:
        if output.is_terminal(sys.stderr):
            self._write_over(f"[{line.get('step')}/{STEP_COUNT}] {line.get('title')}")
        elif not self._told:
            output.note("Starting Senter.")
        self._told = True
        text, hint = output.printable(line.get("text", "")), output.printable(line.get("hint", ""))
        if line.get("status") == "warn":
            self.clear()
            output.note(f"{MARKS['warn']} {text}")
        elif hint:
            self.clear()
            output.note(f"{text} {hint}")

    def clear(self) -> None:
        if self._told and output.is_terminal(sys.stderr):
            self._write_over("")

    def _write_over(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{output.printable(text)}")
        sys.stderr.flush()


def follow_start(lines: Iterable[StartLine], show: Show) -> StartReport:
    """Show every step. Raises the error with which the start failed.

    That another start was faster is no failure to show; whoever waits for it will say so.
    """
    report = StartReport()
    failed: StartLine = {}
    for line in lines:
        if "failed" in line:
            if failed and line.get("code") != AlreadyRunning.code:
                show(failed)
            raise SenterError.from_wire(
                line.get("code", StartError.code), line.get("text", "The daemon could not start."), line.get("hint", "")
            )
        if "done" in line:
            report.pid, report.warnings = line.get("pid", 0), line.get("warnings", 0)
            return report
        if line.get("status") == "fail":
            failed = line
            continue
        report.steps.append(line)
        show(line)
    raise StartError("The daemon ended while it was starting.", "See: senter logs supervisor")


def ensure_running(paths: Paths, show: Show) -> StartReport:
    """Have the daemon run: start it, wait for a start under way, or wait for a stop under way and start it then."""
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        running = _running(paths)
        if running is None and not _process_lives(paths):
            with suppress(AlreadyRunning):  # another start was faster
                return follow_start(start_daemon(paths), show)
        elif running and running["state"] not in ("starting", "stopping"):
            return StartReport(pid=running["pid"])
        time.sleep(POLL_SECONDS)
    raise DeadlineExceeded("Starting the daemon", START_DEADLINE_SECONDS)


def _running(paths: Paths) -> DaemonStatus | None:
    """None when nobody answers, which a daemon on its way down may do in mid-answer."""
    try:
        return daemon_status(paths)
    except DeadlineExceeded:
        raise
    except (DaemonNotRunning, CommunicationError):
        return None


def wait_until_stopped(paths: Paths, process: ProcessIdentity | None) -> None:
    """Until the daemon's `process` is gone, which is later than its control socket and its pid file."""
    deadline = time.monotonic() + STOP_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if _running(paths) is None and not (process and process.is_running()):
            return
        time.sleep(POLL_SECONDS)
    raise DeadlineExceeded("Stopping the daemon", STOP_DEADLINE_SECONDS)


def daemon_process(paths: Paths) -> ProcessIdentity | None:
    """The process that the pid file names, whether or not it still runs."""
    from senter.supervisor.lock import read_pid_file

    return read_pid_file(paths.pid)


def _process_lives(paths: Paths) -> bool:
    """Before its control socket is there, and after it is gone."""
    process = daemon_process(paths)
    return process is not None and process.is_running()
