"""Argument schemas as models are given them: what servers can hold a model to, without what only the engine reads.

Patterns and lengths are left out, because servers differ in what they make of them and some refuse the whole request;
the tool's own type checks every call. What others say of their arguments is left out too: it stands between marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, JsonValue

from senter.components.task_engine.contract.tool import Tool
from senter.text import one_line

DEEPEST = 6
MOST_PARTS = 300
MOST_VALUES = 60
LONGEST_WORDS = 300
_TYPES = ("string", "integer", "number", "boolean", "array", "object")
_KEPT = ("enum", "const", "format", "minimum", "maximum", "minItems")
_A_WORD = re.compile(r"[A-Za-z0-9_.:/+-]{1,64}")
Schema = dict[str, JsonValue]


def argument_schema(tool: Tool[BaseModel]) -> Schema:
    """The tool's arguments, in words only where these are Senter's own."""
    shown = _Shown(tool.schema(), words=tool.owner is None)
    return {"type": "object", "properties": {}, **shown.plain(shown.whole)}


def argument_lines(tool: Tool[BaseModel]) -> Iterator[str]:
    """Each argument with its type and what it is; what need not be given is marked as optional."""
    shown = _Shown(tool.schema(), words=True)
    needed = _names(shown.whole.get("required"))
    for name, field in _fields(shown.whole.get("properties")).items():
        plain = shown.plain(field)
        optional = "" if name in needed else ", optional"
        yield f"{name} ({_type_words(plain)}{optional}): {plain.get('description', '')}".rstrip(": ")


@dataclass
class _Shown:
    """One schema, taken apart; what goes too deep or has too many parts is left open."""

    whole: dict[str, JsonValue]
    words: bool
    """Whether free text is shown; else single words only: a schema of others may say anything anywhere."""
    parts_left: int = MOST_PARTS

    def plain(self, schema: JsonValue, depth: int = DEEPEST) -> Schema:
        self.parts_left -= 1
        if depth <= 0 or self.parts_left < 0 or not isinstance(schema, dict):
            return {}
        found = _without_null(_resolved(schema, self.whole))
        shown: Schema = {"type": found["type"]} if found.get("type") in _TYPES else {}
        shown |= {name: found[name] for name in _KEPT if name in found and self._may_show(found[name])}
        if self.words and isinstance(said := found.get("description"), str):
            shown["description"] = one_line(said, LONGEST_WORDS)
        return shown | self._inside(found, depth - 1)

    def _inside(self, found: Mapping[str, JsonValue], depth: int) -> Schema:
        shown: Schema = {"items": self.plain(found["items"], depth)} if "items" in found else {}
        if isinstance(ways := found.get("anyOf"), list):
            shown["anyOf"] = [self.plain(way, depth) for way in ways[:MOST_VALUES]]
        values = [*_fields(found.get("patternProperties")).values(), found.get("additionalProperties")]
        if fields := self._named(found.get("properties")):
            shown["properties"] = {name: self.plain(field, depth) for name, field in fields.items()}
            shown["required"] = [name for name in _names(found.get("required")) if name in fields]
            shown["additionalProperties"] = False
        elif isinstance(values[0], dict):
            shown["additionalProperties"] = self.plain(values[0], depth)
        return shown

    def _named(self, properties: JsonValue) -> dict[str, dict[str, JsonValue]]:
        return {name: field for name, field in _fields(properties).items() if self._may_show(name)}

    def _may_show(self, value: JsonValue) -> bool:
        if isinstance(value, list):
            return len(value) <= MOST_VALUES and all(map(self._may_show, value))
        return not isinstance(value, str | dict) or self.words or bool(_A_WORD.fullmatch(str(value)))


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
