"""`senter config`: see, find, edit and check the settings. Needs no running daemon."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import click

from senter.cli.config_edit import edit_until_valid
from senter.cli.control import daemon_status
from senter.errors import SenterError, SettingsError
from senter.paths import Paths, from_environment
from senter.terminal import output
from senter.terminal.groups import ShowGroup

if TYPE_CHECKING:
    from senter.supervisor.configuration import Configuration

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group(cls=ShowGroup, epilog="Examples: senter config, senter config edit, senter config check")
def config() -> None:
    """Show, find, edit and check the settings."""


@config.command(epilog="Example: senter config show --json")
@json_option
def show(as_json: bool) -> None:
    """Show every setting in effect and where it was set. Secrets are masked."""
    from senter.supervisor.configuration import Configuration

    entries = list(Configuration.read(from_environment()).settings.entries())
    if as_json:
        output.print_json({entry.key: {"value": entry.value, "source": entry.source} for entry in entries})
        return
    rows = [(entry.key, json.dumps(entry.value, ensure_ascii=False), entry.source) for entry in entries]
    output.print_table(("Setting", "Value", "Source"), rows)


@config.command(epilog="Example: senter config path")
@json_option
def path(as_json: bool) -> None:
    """Show where the settings, data, logs, sockets and the token are."""
    places = _places(from_environment())
    if as_json:
        output.print_json(places)
        return
    for name, place in places.items():
        output.say(f"{name:<15} {place}")


def _places(paths: Paths) -> dict[str, str]:
    return {
        "home": str(paths.home),
        "settings": str(paths.settings),
        "data": str(paths.data),
        "logs": str(paths.logs),
        "run": str(paths.run),
        "socket": str(paths.api_socket),
        "control_socket": str(paths.control_socket),
        "token": str(paths.token),
        "port": str(paths.port),
    }


@config.command(epilog="Example: senter config check")
@json_option
def check(as_json: bool) -> None:
    """Check the settings without starting anything.

    Names the file, line, key and what was expected; exit code 1 when something is wrong.
    """
    from senter.supervisor.configuration import Configuration

    paths = from_environment()
    Configuration.read(paths)
    if as_json:
        output.print_json({"ok": True, "settings": str(paths.settings)})
    elif paths.settings.exists():
        output.say(f"{paths.settings} is fine.")
    else:
        output.say(f"There is no {paths.settings}; every setting has its default.")


@config.command(epilog="Example: EDITOR=nano senter config edit")
@json_option
def edit(as_json: bool) -> None:
    """Edit the settings in $EDITOR; they are replaced only when the new ones are valid."""
    paths = from_environment()
    paths.make_folders()
    before = _configuration(paths)
    changed = edit_until_valid(paths.settings, _editor())
    taken = changed and _is_running(paths)
    after = _configuration(paths) if taken else None
    waiting = after.core_sections_unlike(before) if before and after else []
    if as_json:
        answer = {"changed": changed, "taken_up": taken, "needs_restart": waiting, "settings": str(paths.settings)}
        output.print_json(answer)
    elif not changed:
        output.say("Nothing was changed.")
    else:
        output.say("Saved." + (" The running daemon takes the changes up." if taken else ""))
    if waiting and not as_json:
        sections = ", ".join(f"[{name}]" for name in waiting)
        output.say(f"What changed in {sections} counts from the next start: senter restart")


def _configuration(paths: Paths) -> Configuration | None:
    """What the settings say now; none where they are wrong."""
    from senter.supervisor.configuration import Configuration

    try:
        return Configuration.read(paths)
    except SettingsError:
        return None


def _editor() -> str:
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    found = chosen or next((name for name in ("nano", "vi", "notepad") if shutil.which(name)), None)
    if found is None:
        raise click.ClickException("There is no editor; name one in the variable EDITOR.")
    return found


def _is_running(paths: Paths) -> bool:
    """A running daemon looks at its settings file by itself."""
    try:
        daemon_status(paths)
    except SenterError:
        return False
    return True
