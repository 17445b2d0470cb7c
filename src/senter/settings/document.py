"""The settings file as text: read it, parse it, and say in which line a key is.

`tomllib` does not tell lines. A TOML document is a sequence of statements that each parse on their own,
so the lines are found by cutting the text into the shortest pieces that parse.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TypeAlias, TypeVar, cast

from senter.errors import SettingsError

TomlValue: TypeAlias = "str | int | float | bool | datetime | date | time | list[TomlValue] | dict[str, TomlValue]"
TomlTable: TypeAlias = dict[str, TomlValue]
Key: TypeAlias = tuple[str, ...]
PlaceT = TypeVar("PlaceT")

LARGEST_FILE_BYTES = 1024 * 1024
_CLOSERS = ("]", "}", '"""', "'''")


@dataclass(frozen=True)
class SettingsDocument:
    """A settings file that parsed. A file that does not exist is an empty one."""

    path: Path
    text: str = ""
    values: Mapping[str, TomlValue] = field(default_factory=dict[str, TomlValue])

    @cached_property
    def _lines(self) -> Mapping[Key, int]:
        return key_lines(self.text)

    def place_of(self, key: Key) -> str:
        """`PATH:LINE` of the key, or of the nearest table around it; `PATH` where there is no line to name."""
        line = nearest(self._lines, key)
        return f"{self.path}:{line}" if line else str(self.path)

    def holds(self, key: Key) -> bool:
        return key in self._lines


def read_document(path: Path) -> SettingsDocument:
    """Read and parse; raises `SettingsError` with one sentence for a file that cannot be."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        return SettingsDocument(path)
    except OSError as error:
        raise _wrong(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(raw) > LARGEST_FILE_BYTES:
        raise _wrong(f"{path} is larger than 1 MiB, too large for a settings file.")
    return parse_document(path, _decode(path, raw))


def _decode(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _wrong(f"{path}:{line}: the file is not UTF-8 text here; save it as UTF-8.") from error


def parse_document(path: Path, text: str) -> SettingsDocument:
    """A text as the file at `path` would hold it; raises `SettingsError`."""
    try:
        return SettingsDocument(path, text, parse_toml(text))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(_syntax_sentence(path, text, str(error))) from error
    except RecursionError:
        raise _wrong(f"{path}: the values are nested too deeply to read.") from None
    except ValueError:  # int() refuses thousands of digits
        raise _wrong(f"{path}: not valid TOML: a number has too many digits.") from None


def _syntax_sentence(path: Path, text: str, detail: str) -> str:
    found = re.search(r"\(at line (\d+), column (\d+)\)", detail)
    line = int(found[1]) if found else text.count("\n") + 1
    what = re.sub(r"\s*\(at [^)]*\)$", "", detail)
    return (
        f"{path}:{line}: not valid TOML: {what}. Text needs quotes, tables look like [api], settings like port = 8765."
    )


def nearest(places: Mapping[Key, PlaceT], key: Key) -> PlaceT | None:
    """What there is for `key`, or for the nearest table around it."""
    return next((places[key[:length]] for length in range(len(key), 0, -1) if key[:length] in places), None)


def parse_toml(text: str) -> TomlTable:
    return cast("TomlTable", tomllib.loads(text))


def value_at(values: Mapping[str, TomlValue], key: Key) -> TomlValue | None:
    """What stands under `key`; none where nothing does."""
    name, *rest = key
    found = values.get(name)
    if not rest:
        return found
    return value_at(found, tuple(rest)) if isinstance(found, dict) else None


def with_value(values: Mapping[str, TomlValue], key: Key, value: TomlValue | None) -> TomlTable:
    """The same with `value` under `key`, or without what stands there and the tables that are empty then.

    What is no table is not looked into.
    """
    name, *rest = key
    inner = values.get(name, {})
    if not rest:
        changed = value
    elif isinstance(inner, dict):
        changed = with_value(inner, tuple(rest), value) or None
    else:
        changed = inner
    others = {other: values[other] for other in values if other != name or changed is not None}
    return others if changed is None else {**others, name: changed}


def key_lines(text: str) -> dict[Key, int]:
    """The line, counted from 1, in which each table and key of a valid document begins."""
    lines: dict[Key, int] = {}
    table: Key = ()
    for number, statement in statements(text):
        paths = list(key_paths(parse_toml(statement)))
        if statement.lstrip().startswith("["):
            table = paths[-1]
            for path in paths:
                lines.setdefault(path, number)
        else:
            for path in paths:
                lines.setdefault(table + path, number)
    return lines


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement of a valid document with the line, counted from 1, in which it begins."""
    begin, pending = 1, ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not pending:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            begin = number
        may_end = not pending or any(closer in line for closer in _CLOSERS)
        pending += line + "\n"
        if may_end and _is_toml(pending):
            yield begin, pending
            pending = ""


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def key_paths(table: TomlTable, above: Key = ()) -> Iterator[Key]:
    """The key of everything in a table, outer ones first."""
    for name, value in table.items():
        path = (*above, name)
        yield path
        inner = value[-1] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            yield from key_paths(inner, path)


def _wrong(problem: str) -> SettingsError:
    return SettingsError.from_problems([problem])
