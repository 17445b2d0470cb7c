"""Settings with a marker in every place that their schema calls secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pydantic import BaseModel, JsonValue

from senter.settings import Sections
from senter.settings.rendering import toml_value

Schema: TypeAlias = Mapping[str, JsonValue]
Tables: TypeAlias = dict[str, dict[str, JsonValue]]

MARKER = "mark3r-that-nobody-may-see"
# Fits wherever a secret may stand: an address with a user, a password, a path and a query.
MARKED = f"http://u:{MARKER}@127.0.0.1:9/{MARKER}?k={MARKER}"
# A list may be a command line, whose first word is shown.
FIRST = "http://127.0.0.1:9"
NAME = "one"


def marked(sections: Sections) -> Tables:
    """Each section that has secrets, with nothing in it but markers."""
    found = {name: _marked_fields(kind) for name, kind in sections.items()}
    return {name: fields for name, fields in found.items() if fields}


def as_toml(tables: Mapping[str, Mapping[str, JsonValue]]) -> str:
    return "\n".join("\n".join(_section_lines(name, fields)) for name, fields in tables.items()) + "\n"


def _section_lines(name: str, fields: Mapping[str, JsonValue]) -> Iterator[str]:
    yield f"[{name}]"
    yield from (f"{field} = {toml_value(value)}" for field, value in fields.items())


def _marked_fields(kind: type[BaseModel]) -> dict[str, JsonValue]:
    schema = kind.model_json_schema()
    found = _value(schema, schema)
    return found if isinstance(found, dict) else {}


def _value(root: Schema, schema: Schema) -> JsonValue:
    """What the schema lets stand there, with its secrets marked; None where it has none."""
    schema = _resolved(root, schema)
    if schema.get("writeOnly"):
        return MARKED
    if alternatives := schema.get("anyOf"):
        assert isinstance(alternatives, list)
        return next((found for each in alternatives if (found := _value(root, _table(each)))), None)
    if schema.get("type") == "array":
        inner = _value(root, _table(schema.get("items")))
        return None if inner is None else [FIRST, inner] if inner == MARKED else [inner]
    inner = {name: _value(root, _table(each)) for name, each in _table(schema.get("properties")).items()}
    if isinstance(other := schema.get("additionalProperties"), dict):
        inner[NAME] = _value(root, other)
    return {name: value for name, value in inner.items() if value is not None} or None


def _resolved(root: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    return _table(_table(root["$defs"])[reference.rpartition("/")[2]]) if isinstance(reference, str) else schema


def _table(value: JsonValue) -> Schema:
    return value if isinstance(value, dict) else {}
