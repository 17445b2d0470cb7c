"""Changing settings for a person: checked before they are written, and taken up by a daemon that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, cast

from senter.client import call_control
from senter.errors import CommunicationError, DaemonNotRunning, InvalidInput
from senter.paths import Paths

if TYPE_CHECKING:
    from pydantic import JsonValue

TAKE_UP_SECONDS = 120.0  # components that are restarted finish what is in flight


class ChangeReport(TypedDict):
    """What became of a change."""

    taken_up: bool
    """Whether a running daemon goes by it now."""
    restarted: list[str]
    """The components that were restarted for it."""
    needs_restart: list[str]
    """Sections that the daemon goes by after a restart only."""


def change_settings(paths: Paths, values: Mapping[str, JsonValue]) -> ChangeReport:
    """Set each of these, or take out those that are none, all or nothing. Raises `InvalidInput` for a value that cannot
    be, and `SettingsError`."""
    from senter.supervisor.setting_changes import change_file

    change_file(paths, values)
    return take_up(paths)


def take_up(paths: Paths) -> ChangeReport:
    """Have a running daemon go over to the file as it is."""
    try:
        taken = call_control(paths, "take_up", timeout_seconds=TAKE_UP_SECONDS)
    except (DaemonNotRunning, CommunicationError):
        return {"taken_up": False, "restarted": [], "needs_restart": []}
    except InvalidInput:  # it is older than that command, and looks at its file by itself
        return {"taken_up": True, "restarted": [], "needs_restart": []}
    return cast(ChangeReport, {"taken_up": True, **taken})


def said_of(report: ChangeReport) -> str:
    """What became of a change, as a sentence; empty where nothing runs."""
    if report["needs_restart"]:
        sections = ", ".join(f"[{name}]" for name in report["needs_restart"])
        return f"Changes in {sections} apply after: senter restart"
    if report["restarted"]:
        return f"Restarted: {', '.join(report['restarted'])}."
    return "The running daemon goes by it." if report["taken_up"] else ""
