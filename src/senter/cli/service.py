"""`senter service`: have the system start the daemon with the user's session."""

from __future__ import annotations

import click

from senter.cli.control import daemon_status
from senter.errors import Conflict, DaemonNotRunning
from senter.operations.service import ServiceManager, service_manager
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import Group


@click.group(cls=Group, epilog="Example: senter service install")
def service() -> None:
    """Start the daemon with the session, and again when it fails.

    `senter stop` stops the daemon and leaves the service in place; `senter service remove` takes it away.
    """


@service.command(epilog="Examples: senter service install, senter service install --print")
@click.option("--print", "only_print", is_flag=True, help="Show the definition without installing it.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def install(only_print: bool, as_json: bool) -> None:
    """Install the service and start it."""
    manager = service_manager(from_environment())
    if only_print:
        if as_json:
            output.print_json({"manager": manager.name, "path": str(manager.path), "definition": manager.text})
        else:
            output.say(manager.text.rstrip("\n"))
        return
    _refuse_beside_another_daemon(manager)
    manager.install()
    if as_json:
        output.print_json({"installed": True, "manager": manager.name, "path": str(manager.path)})
        return
    output.say(f"Installed and started: {manager.path}")
    output.say(manager.hint)


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
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def remove(as_json: bool) -> None:
    """Stop the service and remove its definition. Settings and data stay."""
    manager = service_manager(from_environment())
    removed = manager.remove()
    if as_json:
        output.print_json({"removed": removed, "manager": manager.name, "path": str(manager.path)})
    else:
        output.say(f"Removed: {manager.path}" if removed else "The service was not installed.")


@service.command(epilog="Example: senter service status --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(as_json: bool) -> None:
    """Show whether the service is installed, enabled and active."""
    found = service_manager(from_environment()).status()
    if as_json:
        output.print_json(
            {
                "manager": found.manager,
                "path": str(found.path),
                "installed": found.installed,
                "enabled": found.enabled,
                "active": found.active,
            }
        )
        return
    for what, yes in (("installed", found.installed), ("enabled", found.enabled), ("active", found.active)):
        output.say(f"{what:<10} {'yes' if yes else 'no'}")
    output.say(f"{'definition':<10} {found.path}")
