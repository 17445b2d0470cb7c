"""docs/reference/api.md: every route and shape, from the OpenAPI document the api serves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

import structlog
from pydantic import JsonValue

from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.component import Context
from senter.component.runner import manifest_of
from senter.components.api.component import Api
from senter.components.api.settings import ApiSettings
from senter.components.api.spec import SPEC
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.reference.markdown import code, page, table
from senter.text import one_line

Part: TypeAlias = Mapping[str, JsonValue]

_INTRODUCTION = """\
The API listens on a Unix socket, `run/senter.sock` in Senter's home, and on 127.0.0.1, port 8765 unless `api.port`
says otherwise. On the socket the system tells who asks; over TCP each request carries `Authorization: Bearer TOKEN`
with the token from `run/token`. A failure is a problem detail (RFC 9457) with a request id. The same as a document for
programs: `GET /api/openapi.json`."""
_METHODS = ("get", "post", "put", "patch", "delete")


def api_page() -> str:
    return page("API", _INTRODUCTION, _parts(openapi()))


@cache
def openapi() -> Part:
    """The OpenAPI document, from an api that is made and never opened."""
    name = ComponentName(SPEC.name)
    context = Context(
        name=name,
        settings=ApiSettings(),
        bus=MemoryBroker().bus(name, manifest_of(SPEC)),
        paths=Paths(Path(tempfile.gettempdir())),
        clock=SystemClock(),
        log=structlog.stdlib.get_logger(),
    )
    return Api(context).application().openapi()


def _parts(document: Part) -> Iterator[str]:
    routes = list(_routes(document))
    yield "## Routes"
    yield table(("Route", "Answers"), [(_link(route), one_line(text_of(about, "summary"))) for route, about in routes])
    for route, about in routes:
        yield from _route(route, about)
    yield "## Shapes"
    for name, schema in part_of(part_of(document, "components"), "schemas").items():
        yield f"### {name}"
        yield from _shape(as_part(schema))


def _routes(document: Part) -> Iterator[tuple[str, Part]]:
    for path, methods in part_of(document, "paths").items():
        for method in _METHODS:
            if about := part_of(as_part(methods), method):
                yield f"{method.upper()} {path}", about


def _link(heading: str) -> str:
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return f"[{heading}](#{''.join(kept).replace(' ', '-')})"


def _route(route: str, about: Part) -> Iterator[str]:
    yield f"### {route}"
    yield one_line(text_of(about, "description") or text_of(about, "summary"))
    if parameters := [_parameter(as_part(each)) for each in list_of(about, "parameters")]:
        yield table(("Parameter", "In", "Is", "Meaning"), parameters)
    for media, content in part_of(part_of(about, "requestBody"), "content").items():
        yield f"Takes {_kind(part_of(as_part(content), 'schema'))} ({code(media)})."
    answers = [_answer(status, as_part(each)) for status, each in part_of(about, "responses").items()]
    yield table(("Status", "Meaning", "Body"), answers)


def _parameter(about: Part) -> tuple[str, str, str, str]:
    name = code(text_of(about, "name")) + (" (needed)" if about.get("required") else "")
    return name, text_of(about, "in"), _kind(part_of(about, "schema")), one_line(text_of(about, "description"))


def _answer(status: str, about: Part) -> tuple[str, str, str]:
    bodies = [
        f"{_kind(part_of(as_part(content), 'schema'))} ({code(media)})"
        for media, content in part_of(about, "content").items()
    ]
    return status, one_line(text_of(about, "description")), ", ".join(bodies)


def _shape(schema: Part) -> Iterator[str]:
    if description := one_line(text_of(schema, "description")):
        yield description
    if choices := list_of(schema, "enum"):
        yield "One of " + ", ".join(code(choice) for choice in choices) + "."
    needed = list_of(schema, "required")
    rows = [
        (
            code(name) + (" (needed)" if name in needed else ""),
            _kind(as_part(field)),
            one_line(text_of(as_part(field), "description")),
        )
        for name, field in part_of(schema, "properties").items()
    ]
    if rows:
        yield table(("Field", "Is", "Meaning"), rows)


def _kind(schema: Part) -> str:
    """A schema in a few words; a shape of its own is linked to."""
    if reference := text_of(schema, "$ref"):
        return _link(reference.rpartition("/")[2])
    for combined in ("anyOf", "oneOf", "allOf"):
        if parts := list_of(schema, combined):
            return " or ".join(_kind(as_part(each)) for each in parts)
    if choices := list_of(schema, "enum"):
        return "one of " + ", ".join(code(choice) for choice in choices)
    if "const" in schema:
        return code(schema["const"])
    kind = text_of(schema, "type")
    if kind == "array":
        return f"list of {_kind(part_of(schema, 'items'))}"
    inner = part_of(schema, "additionalProperties")
    return f"object of {_kind(inner)}" if inner else kind or text_of(schema, "title") or "anything"


def part_of(of: Part, name: str) -> Part:
    return as_part(of.get(name))


def as_part(value: JsonValue) -> Part:
    return value if isinstance(value, dict) else {}


def list_of(of: Part, name: str) -> list[JsonValue]:
    value = of.get(name)
    return value if isinstance(value, list) else []


def text_of(of: Part, name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""
