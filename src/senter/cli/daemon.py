"""`senter start`, `stop` and `restart`: the whole daemon, or one component by name."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import click

from senter.cli import starting
from senter.cli.control import command_component
from senter.client import call_control
from senter.errors import CommunicationError, ComponentError, DaemonNotRunning, DeadlineExceeded, SenterError
from senter.paths import Paths, from_environment
from senter.supervisor.launch import shown_in_one_place
from senter.terminal import output
from senter.terminal.options import json_option, small_option

if TYPE_CHECKING:
    from senter.client.types import ComponentStatus

COMPONENT_TIMEOUT_SECONDS = 90.0  # a component may take a minute to become ready


@click.command(epilog="Examples: senter start, senter start --foreground, senter start assistant")
@click.argument("component", required=False)
@click.option("-f", "--foreground", is_flag=True, help="Stay in this terminal, for debugging and service managers.")
@small_option
@json_option
def start(component: str | None, foreground: bool, as_json: bool) -> int | None:
    """Start the daemon, or one COMPONENT of a running daemon.

    Returns when every component is ready.
    """
    if component and foreground:
        raise click.UsageError("--foreground is for the whole daemon, not for one component.")
    if foreground:
        return _become_the_daemon(from_environment())
    if component:
        _command("start", component, as_json)
    else:
        _start_daemon(from_environment(), as_json)
    return None


def _become_the_daemon(paths: Paths) -> int:
    """In this very process where the system can do that: a service manager watches its pid."""
    argv = [sys.executable, "-P", "-m", "senter.supervisor"]
    environment = {**os.environ, "SENTER_HOME": str(paths.home)}
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(sys.executable, argv, environment)  # noqa: S606 an argv list, no shell
    return subprocess.run(argv, env=environment, check=False).returncode


def _start_daemon(paths: Paths, as_json: bool) -> None:
    printer = starting.StepPrinter()
    try:
        report = starting.ensure_running(paths, (lambda _: None) if as_json else printer)
    except SenterError as error:
        if printer.failed and shown_in_one_place():  # the step has said why
            raise click.exceptions.Exit(1) from error
        raise
    if as_json:
        steps = {"already_running": not report.steps, "steps": report.steps}
        output.print_json({**steps, "pid": report.pid, "warnings": report.warnings})
    elif not report.steps:
        output.say(f"Senter is already running (pid {report.pid}).")
    elif report.warnings:
        plural = "warning" if report.warnings == 1 else "warnings"
        output.say(output.styled(f"Started with {report.warnings} {plural}", output.WARNING))
    else:
        output.say(output.styled("All systems operational", output.GOOD))


@click.command(epilog="Examples: senter stop, senter stop model_research")
@click.argument("component", required=False)
@json_option
def stop(component: str | None, as_json: bool) -> None:
    """Stop the daemon, or one COMPONENT.

    Answers in flight finish or are reported.
    """
    if component:
        _command("stop", component, as_json)
        return
    _stop_daemon(from_environment())
    output.print_result({"state": "stopped"}, "Senter has stopped.", as_json=as_json)


def _stop_daemon(paths: Paths) -> None:
    process = starting.daemon_process(paths)
    try:
        call_control(paths, "stop")
    except DeadlineExceeded:
        raise
    except CommunicationError:
        pass  # it hung up on the way down; whether it really goes shows below
    starting.wait_until_stopped(paths, process)


@click.command(epilog="Examples: senter restart, senter restart model_primary")
@click.argument("component", required=False)
@small_option
@json_option
def restart(component: str | None, as_json: bool) -> None:
    """Restart the daemon, or one COMPONENT.

    A component that was given up after repeated failure gets a fresh count.
    """
    if component:
        _command("restart", component, as_json)
        return
    paths = from_environment()
    with suppress(DaemonNotRunning):
        _stop_daemon(paths)
    _start_daemon(paths, as_json)


def _command(command: str, name: str, as_json: bool) -> None:
    """Fails when the component does not run afterwards although it should."""
    result = cast("ComponentStatus", command_component(command, name, COMPONENT_TIMEOUT_SECONDS))
    words = result["state"].replace("_", " ")
    if command != "stop" and result["state"].startswith("stopped"):
        raise ComponentError(name, f"{words}: {result['reason']}", f"See: senter logs {name}")
    sentence = f"{name}: {words}" + (f" (pid {result['pid']})" if result["pid"] else "")
    output.print_result(result, sentence, as_json=as_json)
