"""Starting the daemon and waiting for it, as `start`, `restart` and `ask` need it.

What is done step by step is the supervisor's; here it is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from senter.cli import output
from senter.cli.control import DaemonRow, daemon_status
from senter.errors import DaemonNotRunning, DeadlineExceeded, SenterError, StartError
from senter.paths import Paths

STEPS = 10
STOP_DEADLINE_SECONDS = 20.0
START_DEADLINE_SECONDS = 60.0
POLL_SECONDS = 0.05

_MARKS = {"ok": ("[OK]", output.GOOD), "warn": ("[WARN]", output.WARNING), "fail": ("[FAIL]", output.BAD)}

ProgressLine = Mapping[str, object]


@dataclass(slots=True)
class StartReport:
    """What a start came to."""

    warnings: int = 0
    steps: list[ProgressLine] = field(default_factory=list[ProgressLine])


class StepPrinter:
    """Prints `[n/10] what` and `  [OK] how it went` for every step."""

    def __init__(self) -> None:
        self._step: object = None

    def __call__(self, line: ProgressLine) -> None:
        if line["step"] != self._step:
            self._step = line["step"]
            output.say(f"[{line['step']}/{STEPS}] {line['title']}")
        mark, style = _MARKS[str(line["status"])]
        output.say(f"  {output.styled(mark, style)} {output.printable(str(line['text']))}")
        if line.get("hint"):
            output.say(f"      {output.printable(str(line['hint']))}")


def say_nothing(_line: ProgressLine) -> None:
    """For a start whose steps nobody wants to see."""


def follow_start(lines: Iterable[ProgressLine], show: Callable[[ProgressLine], None]) -> StartReport:
    """Show every step. Raises the error with which the start failed."""
    report = StartReport()
    for line in lines:
        if line.get("failed"):
            raise _failure(line, report)
        if line.get("done"):
            report.warnings = int(str(line.get("warnings", 0)))
            return report
        report.steps.append(line)
        show(line)
    raise StartError("The daemon ended while it was starting.", "See: senter logs supervisor")


def _failure(line: ProgressLine, report: StartReport) -> SenterError:
    """The failed step tells more than the last line, where there is one."""
    failed = [step for step in report.steps if step.get("status") == "fail"]
    told = {**(failed[-1] if failed else {}), **{key: value for key, value in line.items() if value}}
    message = str(told.get("message") or told.get("text") or "The daemon could not start.")
    return SenterError.from_wire(
        str(told.get("code", StartError.code)), message, str(told.get("hint") or "See: senter logs supervisor")
    )


def start(paths: Paths, show: Callable[[ProgressLine], None]) -> StartReport:
    """Start the daemon and follow its steps."""
    from senter.supervisor.launch import start_daemon

    return follow_start(start_daemon(paths), show)


def running_daemon(paths: Paths) -> DaemonRow | None:
    """What runs now; none when nothing does. A daemon that is stopping is waited for."""
    try:
        report = daemon_status(paths)
        if report["state"] != "stopping":
            return report
    except DaemonNotRunning:
        return None
    wait_until_stopped(paths)
    return None


def wait_until_stopped(paths: Paths) -> None:
    deadline = time.monotonic() + STOP_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        try:
            daemon_status(paths)
        except DaemonNotRunning:
            return
        time.sleep(POLL_SECONDS)
    raise DeadlineExceeded("Stopping the daemon", STOP_DEADLINE_SECONDS)


def wait_until_started(paths: Paths) -> None:
    """For a daemon that someone else is starting."""
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if daemon_status(paths)["state"] != "starting":
            return
        time.sleep(POLL_SECONDS)
    raise DeadlineExceeded("Starting the daemon", START_DEADLINE_SECONDS)
