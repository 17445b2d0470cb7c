"""Changes settings in the file, checked before they are written: for commands, and for who asks over the bus.

Whoever asks over the bus may change what says who the user is and what the digest is like, and nothing else: no secret,
no address, no program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, JsonValue

from senter.errors import Forbidden, InvalidInput, SettingsError
from senter.messages.control import ChangeSetting, GetSettings, SettingChanged, SettingsReply, SettingView
from senter.paths import Paths
from senter.settings import Settings
from senter.settings.document import SettingsDocument, read_document, value_at
from senter.settings.editing import alone_with, edited, previous, save
from senter.settings.keys import find_setting, value_of
from senter.supervisor.configuration import MOVED, Configuration, known_sections, read_settings

MAY_BE_SAID = ("user.", "reporter.digest_")
"""What the keys begin with that a sentence may change."""


def change_file(paths: Paths, values: Mapping[str, JsonValue]) -> None:
    """Set each of these, or take out those that are none, all or nothing. Raises `InvalidInput` for a value that cannot
    be, and `SettingsError`."""
    with alone_with(paths.settings):
        before = read_document(paths.settings)
        after = _edited(before, values)
        _check(before, after)
        if after.text != before.text:
            paths.make_folders()
            save(after)


def view_settings(paths: Paths, command: GetSettings) -> SettingsReply:
    """Raises `InvalidInput` for a key that is none, and `SettingsError`."""
    settings = Configuration.read(paths).settings
    return SettingsReply(settings=tuple(_view(settings, key) for key in command.keys))


def change_setting(paths: Paths, command: ChangeSetting) -> SettingChanged:
    """One of those that a sentence may change; `Forbidden` for any other. Raises what `change_file` does."""
    if not command.key.startswith(MAY_BE_SAID):
        raise Forbidden(f"{command.key} is changed by a command only.", f"Use: senter config set {command.key} VALUE")
    named = find_setting(known_sections(), command.key, MOVED)
    before = _view(Configuration.read(paths).settings, command.key)
    if command.back:
        value = _value_before(paths, command.key)
    else:
        value = None if command.value is None else value_of(named, command.value)
    change_file(paths, {command.key: value})
    return SettingChanged(before=before, after=_view(Configuration.read(paths).settings, command.key))


def _value_before(paths: Paths, key: str) -> JsonValue:
    """What the file said before its last change."""
    return cast("JsonValue", value_at(read_document(previous(paths.settings.resolve())).values, tuple(key.split("."))))


def _view(settings: Settings, key: str) -> SettingView:
    named = find_setting(known_sections(), key, MOVED)
    section = key.removesuffix("." + ".".join(named.location))
    source = settings.source_of(key)
    return SettingView(
        key=key,
        value=settings.shown_at(section, named.location),
        is_set=source != "default",
        meaning=_meaning(named.kind, named.location[0]),
    )


def _meaning(kind: type[BaseModel], name: str) -> str:
    return kind.model_fields[name].description or ""


def _edited(document: SettingsDocument, values: Mapping[str, JsonValue]) -> SettingsDocument:
    """With the values where they belong, and without what stands under a key that one of them had once."""
    former = {old: None for old, new in MOVED.items() if new in values and document.holds(tuple(old.split(".")))}
    for key, value in {**former, **values}.items():
        document = edited(document, key, value)
    return document


def _check(before: SettingsDocument, after: SettingsDocument) -> None:
    """Raises `InvalidInput` for what is wrong in the file now and was not before, else `SettingsError` for what is."""
    known = _problems(before)
    if new := [sentence for sentence in _problems(after) if sentence not in known]:
        raise InvalidInput(new[0], "Nothing was changed.")
    read_settings(after)


def _problems(document: SettingsDocument) -> list[str]:
    """What is wrong with a file, whatever the environment says: each as a sentence without its place."""
    try:
        read_settings(document, {})
    except SettingsError as error:
        place = re.compile(rf"{re.escape(str(document.path))}(:\d+)?: ")
        return [place.sub("", problem, count=1) for problem in error.problems or (error.message,)]
    return []
