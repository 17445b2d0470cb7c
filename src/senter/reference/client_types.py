"""src/senter/client/types.py: the shapes that the API answers with, from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import JsonValue

from senter.component.route import Route
from senter.components.specs import SPECS
from senter.reference.api import Part, as_part, list_of, openapi, part_of, text_of
from senter.reference.markdown import one_line

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEAD = '''\
# Written by bin/docs from the messages. Change those, then run bin/docs.
# ruff: noqa: E501
# fmt: off
"""What the API answers with: JSON objects as dictionaries with known keys. Times are ISO 8601, UTC."""

from __future__ import annotations

from typing import NotRequired, TypedDict
'''
_DONE = '''\
class Done(TypedDict):
    """It was carried out; there is nothing more to say."""
'''


def client_types() -> str:
    """The module, formatted."""
    schemas = part_of(part_of(openapi(), "components"), "schemas")
    answered, taken = _roots()
    names = sorted(_within(schemas, answered) | _within(schemas, taken) - set(taken))
    shapes = [_shape(schemas, name) for name in names if "properties" in as_part(schemas.get(name))]
    routes = [route for spec in SPECS for route in spec.routes]
    repeated = [route for route in routes if route.repeat]
    named = [route for route in repeated if "request_id" in route.command.model_fields]
    sets = [
        _routes("REPEATED", "Routes that may be asked again when nobody knows whether it was carried out.", repeated),
        _routes("NAMED", "Those of them that the same `request_id` carries out once.", named),
        _routes("SLOW", "Routes that may take as long as a question.", [route for route in routes if route.slow]),
    ]
    return "\n\n".join([_HEAD + "\n" + "\n\n".join(sets), _DONE, *shapes])


def _roots() -> tuple[list[str], list[str]]:
    """The shapes that /api answers with, and those that it takes."""
    answered, taken = list[str](), list[str]()
    for path, methods in part_of(openapi(), "paths").items():
        for about in map(as_part, as_part(methods).values()) if path.startswith("/api/") else ():
            answered += _references(about.get("responses"))
            taken += _references(about.get("requestBody"))
    return answered, taken


def _within(schemas: Part, names: Iterable[str]) -> set[str]:
    """These, and all that they hold."""
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas.get(name))
    return found


def _references(schema: JsonValue) -> list[str]:
    """The names of all shapes that are named in it."""
    if isinstance(schema, list):
        return [name for each in schema for name in _references(each)]
    if not isinstance(schema, dict):
        return []
    name = text_of(schema, "$ref").rpartition("/")[2]
    return [name] if name else [found for each in schema.values() for found in _references(each)]


def _shape(schemas: Part, name: str) -> str:
    schema = as_part(schemas.get(name))
    needed = list_of(schema, "required")
    lines = [f"class {name}(TypedDict):"]
    if meaning := one_line(text_of(schema, "description")).partition(". ")[0].removesuffix("."):
        lines += [f'    """{meaning}."""', ""]
    for field, about in part_of(schema, "properties").items():
        kind = _kind(schemas, as_part(about))
        lines.append(f"    {field}: {kind if field in needed else f'NotRequired[{kind}]'}")
    return "\n".join(lines) + "\n"


def _kind(schemas: Part, schema: Part) -> str:
    if name := text_of(schema, "$ref").rpartition("/")[2]:
        target = as_part(schemas.get(name))
        return name if "properties" in target else _kind(schemas, target)
    for combined in ("anyOf", "oneOf", "allOf"):
        if parts := list_of(schema, combined):
            return " | ".join(dict.fromkeys(_kind(schemas, as_part(each)) for each in parts))
    kind = text_of(schema, "type")
    if kind == "array":
        return f"list[{_kind(schemas, part_of(schema, 'items'))}]"
    if kind == "object":
        return f"dict[str, {_kind(schemas, part_of(schema, 'additionalProperties'))}]"
    return _PLAIN.get(kind, "object")


def _routes(name: str, meaning: str, routes: Iterable[Route]) -> str:
    rows = "".join(f'        "{route.method} {route.path}",\n' for route in routes)
    return f'{name} = frozenset(\n    {{\n{rows}    }}\n)\n"""{meaning}"""\n'
