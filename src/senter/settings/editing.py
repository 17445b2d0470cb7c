"""Changes one setting in the settings file. Every other line stays as the person wrote it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue

from senter.errors import SettingsError
from senter.files import replacing
from senter.settings.document import Key, TomlTable, TomlValue, key_paths, parse_toml, read_document, statements
from senter.settings.rendering import toml_value

Span: TypeAlias = tuple[int, int]
"""Lines of a text, counted from 0; the second is the first one behind it."""


def read_value(path: Path, key: str) -> TomlValue | None:
    """What the file says a setting is; none where it does not say. Raises `SettingsError`."""
    value: TomlValue = dict(read_document(path).values)
    for name in key.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value


def write_value(path: Path, key: str, value: JsonValue) -> None:
    """Set one setting, or take it out where `value` is none; what the file was is kept beside it as NAME.previous.toml.

    Only the form of the value is looked at, not whether Senter takes it. Raises `SettingsError` for a file that cannot
    be read or written, or that has the setting where only a person can change it; then nothing has changed.
    """
    target, parts = path.resolve(), tuple(key.split("."))  # a link stays a link
    document = read_document(target)
    text = _changed(document.text, parts, value)
    if _settings_of(text) != _pruned(_with(document.values, parts, value)):
        raise SettingsError(
            f"{document.place_of(parts)}: {key} cannot be changed where it stands.",
            "Change it with: senter config edit",
        )
    try:
        if target.exists():
            shutil.copy2(target, previous(target))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(text)
    except OSError as error:
        raise SettingsError(f"{target} cannot be written: {error.strerror or error}.", "Check its mode.") from error


def previous(path: Path) -> Path:
    """Where the settings are kept as they were before the last change."""
    return path.with_name(f"{path.stem}.previous{path.suffix}")


def _changed(text: str, key: Key, value: JsonValue) -> str:
    lines = text.split("\n")
    place, header = _places(text, key)
    if place:
        lines[place[0] : place[1]] = [] if value is None else [f"{_left_side(lines[place[0]])} = {toml_value(value)}"]
    elif value is not None:
        line = f"{key[-1]} = {toml_value(value)}"
        if header:
            lines.insert(header, line)
        else:
            lines += [*_gap(lines), f"[{'.'.join(key[:-1])}]", line, ""]
    return "\n".join(lines)


def _gap(lines: list[str]) -> list[str]:
    """Taken from the end: a new section stands apart, and the text ends with one newline."""
    while lines and not lines[-1].strip():
        lines.pop()
    return [""] if lines else []


def _places(text: str, key: Key) -> tuple[Span | None, int]:
    """Where the setting is said, and the line below the header of its section, 0 where there is none."""
    table: Key = ()
    place: Span | None = None
    header = 0
    for number, statement in statements(text):
        paths = [*key_paths(parse_toml(statement))]
        if statement.lstrip().startswith("["):
            table = paths[-1]
            header = number if table == key[:-1] else header
        elif table + _assigned(statement) == key:
            place = number - 1, number - 1 + statement.count("\n")
    return place, header


def _assigned(statement: str) -> Key:
    """What a statement sets: of an inline table the table itself."""
    return [*key_paths(parse_toml(f"{_left_side(statement)} = 0"))][-1]


def _left_side(line: str) -> str:
    return re.split(r"\s*=", line, maxsplit=1)[0]


def _with(values: Mapping[str, TomlValue], key: Key, value: JsonValue) -> TomlTable:
    """The settings with this one changed."""
    changed = dict(values)
    name, *rest = key
    if rest:
        inner = changed.get(name, {})
        changed[name] = _with(inner if isinstance(inner, dict) else {}, tuple(rest), value)
    elif value is None:
        changed.pop(name, None)
    else:
        changed |= parse_toml(f"{name} = {toml_value(value)}")
    return changed


def _pruned(table: TomlTable) -> TomlTable:
    """Without tables in which nothing is set."""
    inner = {name: _pruned(value) if isinstance(value, dict) else value for name, value in table.items()}
    return {name: value for name, value in inner.items() if value != {}}


def _settings_of(text: str) -> TomlTable | None:
    """None for a text that is no TOML any more."""
    try:
        return _pruned(parse_toml(text))
    except ValueError:
        return None
