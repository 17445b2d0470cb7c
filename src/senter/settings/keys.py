"""Keys as people type them: which setting one leads to, and what a text typed for it means."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from pydantic import BaseModel, JsonValue

from senter.errors import InvalidInput
from senter.settings.document import Key, TomlValue
from senter.settings.environment import parse_value, read_value, to_json
from senter.settings.expectation import expected, form, holds_secret, is_place
from senter.settings.shared import own_fields, taken

Sections: TypeAlias = Mapping[str, type[BaseModel]]

_YES, _NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


@dataclass(frozen=True, slots=True)
class SettingKey:
    """A key that leads to a setting, or into a table that one holds."""

    text: str
    kind: type[BaseModel]
    """The section's class."""
    location: Key
    """From the section on."""

    @property
    def is_secret(self) -> bool:
        """Whether no part of what stands there may be seen."""
        return holds_secret(self.kind, self.location, partly=False)

    @property
    def is_place(self) -> bool:
        """Whether it is a file or a folder."""
        return is_place(self.kind, self.location)

    @property
    def expected(self) -> str:
        """What may stand there, in words."""
        return expected(self.kind, self.location)


def find_setting(sections: Sections, key: str, moved: Mapping[str, str]) -> SettingKey:
    """The setting that `key` names. Raises `InvalidInput` with the nearest key there is."""
    parts = tuple(key.split("."))
    fitting = [name for name in sections if tuple(name.split(".")) == parts[: name.count(".") + 1]]
    section = max(fitting, key=len, default="")
    location = parts[section.count(".") + 1 :] if section else ()
    if location and location[0] in own_fields(sections[section]):
        return SettingKey(key, sections[section], location)
    if now := moved.get(key) or _elsewhere(sections, section, location):
        raise InvalidInput(f"{key} is now {now}.", f"Use that: {now}")
    guess = did_you_mean(key, setting_names(sections))
    raise InvalidInput(f"{key} is not a setting of Senter.{guess}", "List them with: senter config show")


def _elsewhere(sections: Sections, section: str, location: Key) -> str:
    return taken(sections[section]).get(location[0], "") if location else ""


def setting_names(sections: Sections) -> list[str]:
    """Every key there is."""
    return [f"{section}.{field}" for section, kind in sections.items() for field in own_fields(kind)]


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The nearest name as a question, with the space before it; empty where none is near."""
    known = list(candidates)
    close = [one for one in known if one.rpartition(".")[2] == name.rpartition(".")[2]]
    found = difflib.get_close_matches(name, known, n=1) or close
    return f" Did you mean {found[0]}?" if found else ""


def value_of(key: SettingKey, text: str) -> JsonValue:
    """What a person means who types `text` for a setting: TOML where that fits its type, else the text itself.

    A list may be written without brackets, its parts set apart by commas. Whether Senter takes it is not looked at.
    """
    match form(key.kind, key.location):
        case "boolean" if text.lower() in _YES | _NO:
            return text.lower() in _YES
        case "array" if not isinstance(parse_value(text), list):
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            name, *rest = key.location
            return _as_json(read_value(key.kind, name, tuple(rest), text))


def _as_json(value: TomlValue) -> JsonValue:
    return cast(JsonValue, json.loads(to_json({"value": value}))["value"])
