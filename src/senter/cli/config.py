"""`senter config`: see, set, edit and check the settings. Needs no running daemon."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import click

from senter.cli.config_edit import edit_until_valid
from senter.cli.config_set import get, set_, unset
from senter.cli.control import daemon_status
from senter.errors import SenterError, SettingsError
from senter.paths import Paths, from_environment
from senter.terminal import output
from senter.terminal.groups import ShowGroup
from senter.terminal.options import json_option, prints

if TYPE_CHECKING:
    from senter.supervisor.configuration import Configuration


@click.group(
    cls=ShowGroup,
    epilog="Examples: senter config, senter config set user.name Anna, senter config get user.name, senter config edit",
)
def config() -> None:
    """Show, set, edit and check the settings."""


for _each in (get, set_, unset):
    config.add_command(_each)


def _show_settings(found: dict[str, dict[str, object]]) -> None:
    rows = [(key, json.dumps(one["value"], ensure_ascii=False), str(one["source"])) for key, one in found.items()]
    output.print_table(("Setting", "Value", "Source"), rows)


@config.command(epilog="Example: senter config show --json")
@prints(_show_settings)
def show() -> dict[str, dict[str, object]]:
    """Show every setting in effect and where it was set. Secrets are masked."""
    from senter.supervisor.configuration import Configuration

    entries = Configuration.read(from_environment()).settings.entries()
    return {entry.key: {"value": entry.value, "source": entry.source} for entry in entries}


def _show_places(places: dict[str, str]) -> None:
    for name, place in places.items():
        output.say(f"{name:<15} {place}")


@config.command(epilog="Example: senter config path")
@prints(_show_places)
def path() -> dict[str, str]:
    """Show where the settings, data, logs, sockets and the token are."""
    paths = from_environment()
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
    notices = Configuration.read(paths).settings.moved.notices
    for notice in notices:
        output.note(output.printable(notice))
    missing = f"There is no {paths.settings}; every setting has its default."
    sentence = f"{paths.settings} is fine." if paths.settings.exists() else missing
    output.print_result({"ok": True, "settings": str(paths.settings), "notices": notices}, sentence, as_json=as_json)


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
        output.say(f"Changes in {sections} apply after: senter restart")


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
        raise click.ClickException("There is no editor. Name one in the variable EDITOR.")
    return found


def _is_running(paths: Paths) -> bool:
    """A running daemon looks at its settings file by itself."""
    try:
        daemon_status(paths)
    except SenterError:
        return False
    return True
