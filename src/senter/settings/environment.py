"""Settings from the environment: SENTER_API__PORT is api.port, SENTER_MODELS__PRIMARY__URL models.primary.url.

Two underscores stand between the parts of a key, so variables without them (SENTER_HOME, SENTER_PYTHON)
are no settings. A value is read as TOML where that gives the type the setting has, else as plain text.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

from pydantic import BaseModel, ValidationError

from senter.settings.document import Key, TomlTable, TomlValue, parse_toml

PREFIX = "SENTER_"
_WRONG_TYPE = frozenset({"string_type", "literal_error", "enum", "path_type", "url_type"})


@dataclass(frozen=True, slots=True)
class Override:
    """One variable that names a setting."""

    variable: str
    key: Key
    text: str


def overrides(environment: Mapping[str, str]) -> Iterator[Override]:
    """The variables that name settings, in the order of their names."""
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX)
        if name != variable and "__" in name:
            yield Override(variable, tuple(name.lower().split("__")), environment[variable])


def as_table(key: Key, value: TomlValue) -> TomlTable:
    """`value` under `key`, as a document would hold it."""
    table: TomlTable = {key[-1]: value}
    for name in reversed(key[:-1]):
        table = {name: table}
    return table


def read_value(kind: type[BaseModel], name: str, rest: Key, text: str) -> TomlValue:
    """`text` as the type of the field `name`; as itself where that is text, or the text is not TOML.

    `rest` leads into a table that the field holds; what is inside is told apart when the whole is validated.
    """
    value = parse_value(text)
    if value is None or isinstance(value, date | time):  # dates are read from text anyway
        return text
    return value if rest or _fits(kind, name, value) else text


def parse_value(text: str) -> TomlValue | None:
    """`text` as TOML; none where it is not."""
    try:
        parsed = parse_toml(f"value = {text}")
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return None
    return parsed["value"] if parsed.keys() == {"value"} else None


def _fits(kind: type[BaseModel], name: str, value: TomlValue) -> bool:
    """Whether the value has the field's type; a value out of its bounds has."""
    try:
        kind.model_validate_json(to_json({name: value}), strict=True)
    except ValidationError as error:
        return not any(detail["loc"][:1] == (name,) and detail["type"] in _WRONG_TYPE for detail in error.errors())
    return True


def to_json(value: TomlValue | Mapping[str, TomlValue]) -> str:
    """TOML values as JSON; dates and times become text."""
    return json.dumps(value, default=str)
