"""Put defaults, file and environment together, check them, and remember where each value is from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from senter.errors import SettingsError
from senter.masking import MASK
from senter.settings.document import Key, SettingsDocument, TomlTable, TomlValue, nearest, read_document
from senter.settings.environment import Override, as_table, overrides, read_value, to_json
from senter.settings.expectation import expected, holds_secret, leads_somewhere, names_at
from senter.settings.keys import Sections, did_you_mean, setting_names
from senter.settings.moved import Moved
from senter.settings.secret import shown
from senter.settings.shared import own_fields, taken
from senter.text import cut

SectionT = TypeVar("SectionT", bound=BaseModel)

LONGEST_SHOWN_CHARACTERS = 60
OF_NAMES = "[key]"
"""What pydantic ends the place of a name with that does not fit."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting with its value and where that is from. Secrets are masked."""

    key: str
    value: JsonValue
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Every section, validated. What was set explicitly is in each section's `model_fields_set`."""

    document: SettingsDocument
    sections: Mapping[str, BaseModel]
    variables: Mapping[Key, str]
    moved: Moved
    """What the file and the environment have under a key that it had once."""

    def section(self, name: str, kind: type[SectionT]) -> SectionT:
        found = self.sections[name]
        if not isinstance(found, kind):
            raise TypeError(f"section {name} is {type(found).__name__}, not {kind.__name__}")
        return found

    def source_of(self, key: str) -> str:
        """`default`, `PATH:LINE`, or `environment NAME`."""
        path = tuple(key.split("."))
        if variable := nearest(self.variables, path):
            return f"environment {variable}"
        path = self.moved.written_as(path)
        return self.document.place_of(path) if self.document.holds(path) else "default"

    def shown_at(self, section: str, location: Key) -> JsonValue:
        """What stands at a place in a section, as it may be shown; none where nothing does."""
        found: JsonValue = shown(self.sections[section])
        for name in location:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def entries(self) -> Iterator[SettingRow]:
        """Every setting in the order of the sections, ready to be shown."""
        for name, section in self.sections.items():
            elsewhere = taken(type(section))
            for field, value in shown(section).items():
                if field in elsewhere:
                    continue
                key = f"{name}.{field}"
                yield SettingRow(key, value, self.source_of(key))


def load(
    path: Path, sections: Sections, environment: Mapping[str, str] = os.environ, moved: Mapping[str, str] | None = None
) -> Settings:
    """Read the file at `path`, which need not exist. Raises `SettingsError` naming everything that is wrong.

    `moved` names the keys that settings had once, and the one that each has now.
    """
    return load_document(read_document(path), sections, environment, moved)


def load_document(
    document: SettingsDocument,
    sections: Sections,
    environment: Mapping[str, str] = os.environ,
    moved: Mapping[str, str] | None = None,
) -> Settings:
    """The same for a file that was read."""
    return _Loading(document, sections, Moved(moved or {})).result(environment)


def merge(under: Mapping[str, TomlValue], over: Mapping[str, TomlValue]) -> TomlTable:
    """`over` laid on `under`, table by table; anything but a table replaces what is under it."""
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[name] = merge(cast("TomlTable", below), cast("TomlTable", value)) if both else value
    return merged


class _Loading:
    """One pass over one document; collects problems instead of stopping at the first."""

    def __init__(self, document: SettingsDocument, sections: Sections, moved: Moved) -> None:
        self._document = document
        self._moved = moved
        self._kinds = {tuple(name.split(".")): kind for name, kind in sections.items()}
        self._problems: list[str] = []
        self._variables: dict[Key, str] = {}

    def result(self, environment: Mapping[str, str]) -> Settings:
        written = self._moved.in_document(self._document)
        self._check_tables(written, ())
        values = self._overridden(written, environment)
        found = {".".join(name): self._validated(name, kind, values) for name, kind in self._kinds.items()}
        if self._problems:
            raise SettingsError.from_problems(self._problems)
        present = {name: section for name, section in found.items() if section is not None}
        return Settings(self._document, present, self._variables, self._moved)

    def _check_tables(self, values: Mapping[str, TomlValue], above: Key) -> None:
        """Everything outside the sections must lead to one."""
        for name, value in values.items():
            path = (*above, name)
            if self._leads_to_section(path):
                if isinstance(value, dict):
                    self._check_tables(value, path)
                else:
                    self._report_no_table(path)
            elif above not in self._kinds:  # else it is a setting, for its section to check
                self._report(self._document.place_of(path), self._unknown(path, isinstance(value, dict)))

    def _leads_to_section(self, path: Key) -> bool:
        return any(section[: len(path)] == path for section in self._kinds)

    def _report_no_table(self, path: Key) -> None:
        name = ".".join(path)
        example = next(".".join(section) for section in self._kinds if section[: len(path)] == path)
        sentence = f"{name} is a section: write [{example}] and its settings below."
        self._report(self._document.place_of(path), sentence)

    def _overridden(self, written: TomlTable, environment: Mapping[str, str]) -> TomlTable:
        values = written
        for override in self._moved.in_environment(overrides(environment)):
            section = self._section_of(override.key)
            if section is None or len(section) == len(override.key):
                self._report(override.variable, self._unknown(override.key, is_table=section is not None))
            elif not _is_unicode(override.text):
                self._report(override.variable, f"{'.'.join(override.key)} is not UTF-8 text.")
            else:
                values = merge(values, self._read(section, override))
        return values

    def _section_of(self, key: Key) -> Key | None:
        fitting = [section for section in self._kinds if section == key[: len(section)]]
        return max(fitting, key=len, default=None)

    def _read(self, section: Key, override: Override) -> TomlTable:
        kind, (name, *rest) = self._kinds[section], override.key[len(section) :]
        self._variables[override.key] = override.variable
        known = name in own_fields(kind)
        value = read_value(kind, name, tuple(rest), override.text) if known else override.text
        return as_table(override.key, value)

    def _validated(self, name: Key, kind: type[BaseModel], values: TomlTable) -> BaseModel | None:
        table: TomlValue = values
        for part in name:
            table = table.get(part, {}) if isinstance(table, dict) else {}
        if not isinstance(table, dict):
            return None
        own = {key: value for key, value in table.items() if not self._leads_to_section((*name, key))}
        self._check_taken(name, own.keys(), taken(kind))
        try:
            return kind.model_validate_json(to_json(own), strict=True)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self._report_detail(name, kind, detail)
            return None

    def _check_taken(self, section: Key, written: Set[str], elsewhere: Mapping[str, str]) -> None:
        for field in [name for name in elsewhere if name in written]:
            path = (*section, field)
            self._report(self._place_of(path), f"{'.'.join(path)} is not set by itself: set {elsewhere[field]}.")

    def _report_detail(self, name: Key, kind: type[BaseModel], detail: ErrorDetails) -> None:
        location = _field_location(kind, detail["loc"])
        path = (*name, *(str(part) for part in location if isinstance(part, str)))
        place = self._place_of(path)
        if detail["type"] == "extra_forbidden":
            self._report_unknown(name, kind, detail["loc"], path)
        elif detail["loc"][-1:] == (OF_NAMES,):
            self._report(place, f"{'.'.join(path)}: choose another name; {_name_words(detail)}.")
        elif detail["type"] in ("value_error", "assertion_error"):
            self._report(
                place, f"{'.'.join(path)}: {detail['msg'].partition(', ')[2]}.".replace("..", ".").replace("?.", "?")
            )
        else:
            self._report(
                place, f"{'.'.join(path)}: expected {expected(kind, location)}{_found(kind, location, detail)}."
            )

    def _report_unknown(self, name: Key, kind: type[BaseModel], location: tuple[int | str, ...], path: Key) -> None:
        """Of a table that a section holds, such as one of several servers, what it may hold is told."""
        inside = names_at(kind, location[:-1]) if len(location) > 1 else ()
        whole = (*name, *(str(part) for part in location)) if inside else path
        sentence = _unknown_inside(whole, inside) if inside else self._unknown(path, is_table=False)
        self._report(self._place_of(whole), sentence)

    def _place_of(self, path: Key) -> str:
        return nearest(self._variables, path) or self._document.place_of(self._moved.written_as(path))

    def _unknown(self, path: Key, is_table: bool) -> str:
        name = ".".join(path)
        candidates = self._section_names() if is_table else self._setting_names()
        thing = "section" if is_table else "setting"
        return f"{name} is not a {thing} of Senter.{did_you_mean(name, candidates)}"

    def _section_names(self) -> list[str]:
        return [".".join(section[: length + 1]) for section in self._kinds for length in range(len(section))]

    def _setting_names(self) -> list[str]:
        return setting_names({".".join(section): kind for section, kind in self._kinds.items()})

    def _report(self, place: str, sentence: str) -> None:
        self._problems.append(f"{place}: {sentence}")


def _field_location(kind: type[BaseModel], location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """`location` without places in a list, and without the names pydantic adds for the branches of a union."""
    if not location or location[0] not in kind.model_fields:
        return location
    named = tuple(takewhile(lambda part: isinstance(part, str), location))
    known = (end for end in range(len(named), 1, -1) if leads_somewhere(kind, named[:end]))
    return named[: next(known, 1)]


def _unknown_inside(path: Key, known: tuple[str, ...]) -> str:
    guess = did_you_mean(path[-1], known) or f" There are: {', '.join(known)}."
    return f"{'.'.join(path)} is not a setting of Senter.{guess}"


def _name_words(detail: ErrorDetails) -> str:
    pattern = detail.get("ctx", {}).get("pattern")
    return f"it has to match {pattern}" if pattern else "this one does not fit"


def _found(kind: type[BaseModel], location: tuple[int | str, ...], detail: ErrorDetails) -> str:
    """What stands there instead; never where a secret belongs, or a table that has room for one."""
    if detail["type"] == "missing":
        return "; it has no default"
    if holds_secret(kind, location):
        return f", found {MASK}"
    text = json.dumps(detail["input"], default=str, ensure_ascii=False)
    return f", found {cut(text, LONGEST_SHOWN_CHARACTERS)}"


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
