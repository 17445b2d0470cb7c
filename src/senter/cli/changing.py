"""Changing settings for a person: checked before they are written, and taken up by a daemon that runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, cast

from senter.client import call_control
from senter.errors import CommunicationError, DaemonNotRunning, InvalidInput, SettingsError
from senter.paths import Paths

if TYPE_CHECKING:
    from pydantic import JsonValue

    from senter.settings.document import SettingsDocument

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
    from senter.settings.document import read_document
    from senter.settings.editing import alone_with, save

    with alone_with(paths.settings):
        before = read_document(paths.settings)
        after = _edited(before, values)
        _check(before, after)
        if after.text != before.text:
            paths.make_folders()
            save(after)
    return take_up(paths)


def _edited(document: SettingsDocument, values: Mapping[str, JsonValue]) -> SettingsDocument:
    """With the values where they belong, and without what stands under a key that one of them had once."""
    from senter.settings.editing import edited
    from senter.supervisor.configuration import MOVED

    former = {old: None for old, new in MOVED.items() if new in values and document.holds(tuple(old.split(".")))}
    for key, value in {**former, **values}.items():
        document = edited(document, key, value)
    return document


def _check(before: SettingsDocument, after: SettingsDocument) -> None:
    """Raises `InvalidInput` for what is wrong in the file now and was not before, else `SettingsError` for what is."""
    from senter.supervisor.configuration import read_settings

    known = _problems(before)
    if new := [sentence for sentence in _problems(after) if sentence not in known]:
        raise InvalidInput(new[0], "Nothing was changed.")
    read_settings(after)


def _problems(document: SettingsDocument) -> list[str]:
    """What is wrong with a file, whatever the environment says: each as a sentence without its place."""
    from senter.supervisor.configuration import read_settings

    try:
        read_settings(document, {})
    except SettingsError as error:
        place = re.compile(rf"{re.escape(str(document.path))}(:\d+)?: ")
        return [place.sub("", problem, count=1) for problem in error.problems or (error.message,)]
    return []


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
