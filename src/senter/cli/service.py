"""`senter service`: have the system start the daemon with the user's session."""

from __future__ import annotations

import click

from senter.cli.control import daemon_status
from senter.errors import Conflict, DaemonNotRunning
from senter.operations.service import ServiceManager, service_manager
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import Group
from senter.terminal.options import json_option, prints


@click.group(cls=Group, epilog="Example: senter service install")
def service() -> None:
    """Start the daemon with the session, and again when it fails.

    `senter stop` stops the daemon and leaves the service in place; `senter service remove` takes it away.
    """


@service.command(epilog="Examples: senter service install, senter service install --print")
@click.option("--print", "only_print", is_flag=True, help="Show the definition without installing it.")
@json_option
def install(only_print: bool, as_json: bool) -> None:
    """Install the service and start it."""
    manager = service_manager(from_environment())
    if only_print:
        shown = {"manager": manager.name, "path": str(manager.path), "definition": manager.text}
        output.print_result(shown, manager.text.rstrip("\n"), as_json=as_json)
        return
    _refuse_beside_another_daemon(manager)
    manager.install()
    done = {"installed": True, "manager": manager.name, "path": str(manager.path)}
    output.print_result(done, f"Installed and started: {manager.path}\n{manager.hint}", as_json=as_json)


def _refuse_beside_another_daemon(manager: ServiceManager) -> None:
    try:
        report = daemon_status()
    except DaemonNotRunning:
        return
    if not manager.status().active:
        raise Conflict(
            f"Senter was started by hand (pid {report['pid']}); the service could not start it again.",
            "Stop it first with: senter stop",
        )


@service.command(epilog="Example: senter service remove")
@json_option
def remove(as_json: bool) -> None:
    """Stop the service and remove its definition. Settings and data stay."""
    manager = service_manager(from_environment())
    removed = manager.remove()
    done = {"removed": removed, "manager": manager.name, "path": str(manager.path)}
    said = f"Removed: {manager.path}" if removed else "The service was not installed."
    output.print_result(done, said, as_json=as_json)


def _show(found: dict[str, str | bool]) -> None:
    for what in ("installed", "enabled", "active"):
        output.say(f"{what:<10} {'yes' if found[what] else 'no'}")
    output.say(f"{'definition':<10} {found['path']}")


@service.command(epilog="Example: senter service status --json")
@prints(_show)
def status() -> dict[str, str | bool]:
    """Show whether the service is installed, enabled and active."""
    found = service_manager(from_environment()).status()
    return {
        "manager": found.manager,
        "path": str(found.path),
        "installed": found.installed,
        "enabled": found.enabled,
        "active": found.active,
    }
