"""The types that arguments of tools are made of, and what they say about permissions.

A field that is marked with `READS`, `CREATES`, `SORTS`, `WRITES` or `REACHES` names what a grant must allow; from
these marks `Tool.needs` works it out, also for tools whose code runs elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from senter.component.readable import is_text
from senter.components.task_engine.contract.web_address import web_address
from senter.messages.needs import CreatePath, Need, ReachHost, ReadPath, SortPath, WritePath

MARK = "senter_need"
READS, CREATES, SORTS, WRITES, REACHES = (
    Field(json_schema_extra={MARK: word}) for word in ("read", "create", "sort", "write", "reach")
)
PATH_NEEDS = {"read": ReadPath, "create": CreatePath, "sort": SortPath}
LONGEST_PATH_CHARACTERS = 4_096
_LINE = r"^[^\x00-\x1f\x7f]*$"


class Arguments(BaseModel):
    """Arguments of one tool. Unknown ones are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _at_home(value: object) -> object:
    """~ is the user's folder."""
    if isinstance(value, str) and value.startswith("~/"):
        return str(Path.home() / value[2:])
    return value


def _whole(path: Path) -> Path:
    text = str(path)
    if not path.is_absolute():
        raise ValueError("the path must be absolute")
    if "\0" in text or len(text) > LONGEST_PATH_CHARACTERS:
        raise ValueError("cannot read this as a path")
    return path


def _sayable(text: str) -> str:
    """Half a surrogate cannot be written down."""
    text.encode()
    return text


AbsolutePath = Annotated[Path, BeforeValidator(_at_home), AfterValidator(_whole)]
PathToRead = Annotated[AbsolutePath, READS]
PathToCreate = Annotated[AbsolutePath, CREATES]
"""Where something new is made and nothing replaced."""
PathToWrite = Annotated[AbsolutePath, WRITES]
"""What is replaced, moved away or trashed; made where nothing is."""
Line = Annotated[str, Field(min_length=1, max_length=500, pattern=_LINE), AfterValidator(_sayable)]
"""One line."""
Text = Annotated[str, Field(max_length=2_000_000), AfterValidator(_sayable)]


def is_line(name: str) -> bool:
    """Whether a file's name can stand where a line of text is asked for."""
    return is_text(name) and re.fullmatch(_LINE, name) is not None


def marked(schema: Mapping[str, JsonValue]) -> dict[str, str]:
    """Which arguments a JSON schema marks, and how."""
    properties = schema.get("properties", {})
    if not isinstance(properties, dict):
        return {}
    fields = {name: field for name, field in properties.items() if isinstance(field, dict)}
    return {name: str(field[MARK]) for name, field in fields.items() if MARK in field}


def needs_of(schema: Mapping[str, JsonValue], arguments: BaseModel) -> tuple[Need, ...]:
    """What the marked arguments name, each value on its own where there is a list. Raises `ToolError` for a bad URL."""
    given = cast("dict[str, object]", arguments.model_dump(mode="json"))
    return tuple(
        _need(mark, value) for name, mark in marked(schema).items() for value in _each(given.get(name)) if value
    )


def _each(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in cast("list[object]", value)]
    return [] if value is None else [str(value)]


def to_write(path: Path) -> Need:
    """What writing there needs: to replace needs more than to make."""
    try:
        there = os.path.lexists(path)
    except ValueError:  # no file has such a name
        there = True
    return WritePath(path=path) if there else CreatePath(path=path)


def _need(mark: str, value: str) -> Need:
    if mark in PATH_NEEDS:
        return PATH_NEEDS[mark](path=Path(value))
    if mark == "write":
        return to_write(Path(value))
    place = web_address(value)
    return ReachHost(host=place.host, port=place.port)
