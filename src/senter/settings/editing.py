"""Changes one setting in the settings file. Every other line stays as the person wrote it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from pydantic import JsonValue

from senter.errors import SettingsError
from senter.files import lock_descriptor, replacing
from senter.settings.document import (
    Key,
    SettingsDocument,
    TomlTable,
    TomlValue,
    key_paths,
    parse_document,
    parse_toml,
    read_document,
    statements,
    value_at,
    with_value,
)
from senter.settings.rendering import toml_value

Span: TypeAlias = tuple[int, int]
"""Lines of a text, counted from 0; the second is the first one behind it."""


def read_value(path: Path, key: str) -> TomlValue | None:
    """What the file says a setting is; none where it does not say. Raises `SettingsError`."""
    return value_at(read_document(path).values, tuple(key.split(".")))


def write_value(path: Path, key: str, value: JsonValue) -> None:
    """Set one setting, or take it out where `value` is none. Raises what `edited` and `save` do."""
    with alone_with(path):
        save(edited(read_document(path), key, value))


@contextmanager
def alone_with(path: Path) -> Generator[None]:
    """Nobody else who asks for it reads or writes this file during the block: of two changes at once none is lost.

    The folder is what is held, so no other file is needed; where folders cannot be held, nothing is.
    """
    folder = path.resolve().parent
    if os.name != "posix" or not folder.is_dir():
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        lock_descriptor(descriptor, wait=True)
        yield
    finally:
        os.close(descriptor)


def edited(document: SettingsDocument, key: str, value: JsonValue) -> SettingsDocument:
    """The file as it is to be, with one setting set, or taken out where `value` is none.

    Only the form of the value is looked at, not whether Senter takes it. Raises `SettingsError` for a file that has the
    setting where only a person can change it.
    """
    parts = tuple(key.split("."))
    text = _changed(document.text, parts, value)
    if _settings_of(text) != _pruned(with_value(document.values, parts, _as_toml(value))):
        raise SettingsError(
            f"{document.place_of(parts)}: {key} cannot be changed where it stands.",
            "Change it with: senter config edit",
        )
    return parse_document(document.path, text)


def save(document: SettingsDocument) -> None:
    """Write the file; what it was is kept beside it as NAME.previous.toml. Raises `SettingsError`, and then nothing has
    changed."""
    target = document.path.resolve()  # a link stays a link
    try:
        if target.exists():
            shutil.copy2(target, previous(target))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(document.text)
    except OSError as error:
        raise SettingsError(f"{target} cannot be written: {error.strerror or error}.", "Check its mode.") from error


def previous(path: Path) -> Path:
    """Where the settings are kept as they were before the last change."""
    return path.with_name(f"{path.stem}.previous{path.suffix}")


def _changed(text: str, key: Key, value: JsonValue) -> str:
    lines = text.split("\n")
    found = _places(text, key)
    if found.holder:
        inside = value_at(parse_toml(text), found.holder)
        if isinstance(inside, dict):
            whole = with_value(inside, key[len(found.holder) :], _as_toml(value))
            return _changed(text, found.holder, cast("dict[str, JsonValue]", whole))
    if found.setting:
        begin, end = found.setting
        kept = _comment("\n".join(lines[begin:end]))
        lines[begin:end] = [] if value is None else [f"{_left_side(lines[begin])} = {toml_value(value)}{kept}"]
    elif value is None:
        pass
    elif found.header:
        lines.insert(found.header, f"{key[-1]} = {toml_value(value)}")
    elif found.sibling:
        begin, end = found.sibling
        lines.insert(end, f"{_left_side(lines[begin]).rpartition('.')[0]}.{key[-1]} = {toml_value(value)}")
    else:
        lines += [*_gap(lines), f"[{'.'.join(key[:-1])}]", f"{key[-1]} = {toml_value(value)}", ""]
    return "\n".join(lines)


def _gap(lines: list[str]) -> list[str]:
    """Taken from the end: a new section stands apart, and the text ends with one newline."""
    while lines and not lines[-1].strip():
        lines.pop()
    return [""] if lines else []


@dataclass(slots=True)
class _Places:
    """Where a setting is in the file, or may be put."""

    setting: Span | None = None
    holder: Key = ()
    """The inline table that it is in, as `work = { file = "work.ics" }`, or would be."""
    header: int = 0
    """The line below the header of its section; 0 where there is none."""
    sibling: Span | None = None
    """Another setting of its section that is written with the section's name, as `user.name = "Anna"`."""


def _places(text: str, key: Key) -> _Places:
    table: Key = ()
    found = _Places()
    for number, statement in statements(text):
        lines = number - 1, number - 1 + statement.count("\n")
        if statement.lstrip().startswith("["):
            table = [*key_paths(parse_toml(statement))][-1]
            found.header = number if table == key[:-1] else found.header
        elif (assigned := table + _assigned(statement)) == key:
            found.setting = lines
        elif key[: len(assigned)] == assigned:
            found.holder = assigned
        elif table != key[:-1] == assigned[:-1]:
            found.sibling = lines
    return found


def _assigned(statement: str) -> Key:
    """What a statement sets: of an inline table the table itself."""
    return [*key_paths(parse_toml(f"{_left_side(statement)} = 0"))][-1]


def _comment(statement: str) -> str:
    """What a person wrote behind the value, with the space before it."""
    whole = parse_toml(statement)
    for place in (found.start() for found in re.finditer(r"\s*#", statement)):
        with suppress(ValueError):
            if parse_toml(statement[:place]) == whole:
                return statement[place:]
    return ""


def _left_side(line: str) -> str:
    return re.split(r"\s*=", line, maxsplit=1)[0]


def _as_toml(value: JsonValue) -> TomlValue | None:
    return None if value is None else parse_toml(f"value = {toml_value(value)}")["value"]


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
