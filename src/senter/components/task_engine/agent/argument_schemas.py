"""Argument schemas as models are given them: what servers can hold a model to, without what only the engine reads.

Patterns and lengths are left out, because servers differ in what they make of them and some refuse the whole request;
the tool's own type checks every call. What others say of their arguments is left out too: it stands between marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, JsonValue

from senter.components.task_engine.contract.tool import Tool
from senter.text import one_line

DEEPEST = 6
MOST_VALUES = 60
LONGEST_WORDS = 300
_KEPT = ("type", "enum", "const", "format", "minimum", "maximum", "minItems")
Schema = dict[str, JsonValue]


def argument_schema(tool: Tool[BaseModel]) -> Schema:
    """The tool's arguments, in words only where these are Senter's own."""
    whole = tool.schema()
    return {"type": "object", "properties": {}, **_plain(whole, whole, DEEPEST, words=tool.owner is None)}


def argument_lines(tool: Tool[BaseModel]) -> Iterator[str]:
    """Each argument with its type and what it is; what need not be given is marked as optional."""
    whole = tool.schema()
    needed = _names(whole.get("required"))
    for name, field in _fields(whole.get("properties")).items():
        shown = _plain(field, whole, DEEPEST, words=True)
        optional = "" if name in needed else ", optional"
        yield f"{name} ({_type_words(shown)}{optional}): {shown.get('description', '')}".rstrip(": ")


def _plain(schema: Mapping[str, JsonValue], whole: Mapping[str, JsonValue], depth: int, *, words: bool) -> Schema:
    if depth <= 0:
        return {}
    found = _without_null(_resolved(schema, whole))

    def plain(inner: JsonValue) -> Schema:
        return _plain(inner, whole, depth - 1, words=words) if isinstance(inner, dict) else {}

    shown: Schema = {name: found[name] for name in _KEPT if name in found}
    if words and isinstance(said := found.get("description"), str):
        shown["description"] = one_line(said, LONGEST_WORDS)
    if "items" in found:
        shown["items"] = plain(found["items"])
    if isinstance(ways := found.get("anyOf"), list):
        shown["anyOf"] = [plain(way) for way in ways[:MOST_VALUES]]
    if fields := _fields(found.get("properties")):
        shown["properties"] = {name: plain(field) for name, field in fields.items()}
        shown["required"] = [name for name in _names(found.get("required")) if name in fields]
        shown["additionalProperties"] = False
    elif values := list(_fields(found.get("patternProperties")).values()):
        shown["additionalProperties"] = plain(values[0])
    elif isinstance(value := found.get("additionalProperties"), dict):
        shown["additionalProperties"] = plain(value)
    return shown


def _resolved(schema: Mapping[str, JsonValue], whole: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """A reference into the schema's own definitions, followed once; others lead nowhere."""
    target = schema.get("$ref")
    if not isinstance(target, str):
        return schema
    found = _fields(whole.get("$defs")).get(target.removeprefix("#/$defs/"), {})
    return {**found, **{name: value for name, value in schema.items() if name != "$ref"}}


def _without_null(schema: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """What may be null may be left out instead."""
    ways = schema.get("anyOf")
    if not isinstance(ways, list):
        return schema
    left = [way for way in ways if way != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**rest, **left[0]} if len(left) == 1 and isinstance(left[0], dict) else {**rest, "anyOf": left}


def _type_words(schema: Schema) -> str:
    """Such as `integer 1 to 50`, `string, format path`, `list of string`."""
    items, values = schema.get("items"), schema.get("enum")
    if isinstance(values, list):
        return "one of " + ", ".join(one_line(str(value), 40) for value in values[:MOST_VALUES])
    if isinstance(items, dict):
        return f"list of {_type_words(items)}"
    kind = str(schema.get("type", "any"))
    ends = [f"{word} {schema[end]}" for word, end in (("from", "minimum"), ("to", "maximum")) if end in schema]
    form = [f"format {schema['format']}"] if "format" in schema else []
    return ", ".join([" ".join([kind, *ends]), *form])


def _fields(value: JsonValue) -> dict[str, dict[str, JsonValue]]:
    fields = value if isinstance(value, dict) else {}
    return {name: field for name, field in list(fields.items())[:MOST_VALUES] if isinstance(field, dict)}


def _names(value: JsonValue) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
