"""What a setting may be, in words, from the JSON schema of its section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias, cast

from pydantic import BaseModel, JsonValue

from senter.settings.secret import PARTLY_SHOWN

Schema: TypeAlias = Mapping[str, JsonValue]

_PLAIN = {"boolean": "true or false", "integer": "a whole number", "number": "a number", "object": "a table"}
_FORMATS = {"path": "a path", "uri": "an address", "date-time": "a date and time", "duration": "a duration"}


def expected(kind: type[BaseModel], location: Sequence[str | int]) -> str:
    """What may stand at `location` in a section, such as "a whole number from 0 to 65535"."""
    root = _schema(kind)
    return _words(root, _at(root, location))


def form(kind: type[BaseModel], location: Sequence[str | int]) -> str:
    """The JSON type of what may stand at `location`, such as "array"; empty where it may have several."""
    return str(_at(_schema(kind), location).get("type", ""))


def leads_somewhere(kind: type[BaseModel], location: Sequence[str | int]) -> bool:
    """Whether the schema says what stands at `location`; not inside of what may be one thing or another."""
    return bool(_at(_schema(kind), location))


def names_at(kind: type[BaseModel], location: Sequence[str | int]) -> tuple[str, ...]:
    """What a table at `location` may hold; nothing where any names may stand."""
    return tuple(_table(_at(_schema(kind), location).get("properties")))


def is_place(kind: type[BaseModel], location: Sequence[str | int]) -> bool:
    """Whether a file or a folder may stand at `location`."""
    schema = _at(_schema(kind), location)
    choices = [schema, *map(_table, _list(schema.get("anyOf")))]
    return any(each.get("format") == "path" for each in choices)


def holds_secret(kind: type[BaseModel], location: Sequence[str | int], *, partly: bool = True) -> bool:
    """Whether what may stand at `location` is a secret, or has room for one inside; where not `partly`, one of which
    nothing may be shown."""
    root = _schema(kind)
    return _any_secret(root, _at(root, location), frozenset(), partly)


def _at(root: Schema, location: Sequence[str | int]) -> Schema:
    schema: Schema = root
    for part in location:
        schema = _step(_resolve(root, schema), part)
    return _resolve(root, schema)


def _any_secret(root: Schema, schema: JsonValue | Schema, above: frozenset[str], partly: bool) -> bool:
    if isinstance(schema, list):
        return any(_any_secret(root, inner, above, partly) for inner in schema)
    if not isinstance(schema, Mapping):
        return False
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return reference not in above and _any_secret(root, _resolve(root, schema), above | {reference}, partly)
    inside = (inner for name, inner in schema.items() if name not in ("$defs", "default", "examples"))
    is_one = schema.get("writeOnly") is True and (partly or PARTLY_SHOWN not in schema)
    return is_one or any(_any_secret(root, inner, above, partly) for inner in inside)


@cache
def _schema(kind: type[BaseModel]) -> Schema:
    return kind.model_json_schema()


def _step(schema: Schema, part: str | int) -> Schema:
    if isinstance(part, int):
        return _table(schema.get("items"))
    properties = _table(schema.get("properties"))
    by_pattern = next(iter(_table(schema.get("patternProperties")).values()), None)
    return _table(properties.get(part, schema.get("additionalProperties", by_pattern)))


def _resolve(root: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return _table(_table(root.get("$defs")).get(reference.rpartition("/")[2]))


def _words(root: Schema, schema: Schema) -> str:
    if choices := _list(schema.get("enum")):
        return "one of " + ", ".join(str(choice) or '""' for choice in choices)
    if "const" in schema:
        return str(schema["const"])
    if alternatives := _list(schema.get("anyOf")):
        tables = [_resolve(root, _table(each)) for each in alternatives]
        return " or ".join(_words(root, each) for each in tables if each.get("type") != "null")
    kind = str(schema.get("type", ""))
    if kind == "array":
        return "a list of: " + _words(root, _resolve(root, _table(schema.get("items")))).removeprefix("one of ")
    if kind == "string":
        return _text_words(schema)
    if kind == "object" and "properties" in schema:
        return f"a table ({schema['title']})"
    return _PLAIN.get(kind, "another value") + _range_words(schema)


def _text_words(schema: Schema) -> str:
    words = _FORMATS.get(str(schema.get("format", "")), "text")
    if schema.get("minLength"):
        words += " that is not empty"
    if pattern := schema.get("pattern"):
        words += f" that matches {pattern}"
    return words


def _range_words(schema: Schema) -> str:
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    if lowest is not None and highest is not None:
        return f" from {lowest} to {highest}"
    limits = {"at least": lowest, "above": schema.get("exclusiveMinimum")}
    limits |= {"at most": highest, "below": schema.get("exclusiveMaximum")}
    words = " and ".join(f"{word} {limit}" for word, limit in limits.items() if limit is not None)
    return f", {words}" if words else ""


def _table(value: JsonValue) -> Schema:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return cast("list[JsonValue]", value) if isinstance(value, list) else []
