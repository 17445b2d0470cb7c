"""JSON: each value as a line with the path to it, such as `rent.amount: 850`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from senter.component.charsets import decode
from senter.component.readers.lines import Lines
from senter.errors import Unreadable
from senter.text import one_line

TOO_DEEP = "It is nested too deeply."


def read(content: bytes, lines: Lines) -> None:
    _add(decode(content), lines)


def read_lines(content: bytes, lines: Lines) -> None:
    """One value a line; a blank line between them."""
    for line in decode(content).splitlines():
        if line.strip():
            _add(line, lines)
            lines.gap()


def _add(text: str, lines: Lines) -> None:
    """As it stands where it is no JSON: with comments, or one comma too many, it can still be read."""
    try:
        value: object = json.loads(text, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise Unreadable(TOO_DEEP) from error
    except ValueError:
        lines.add(text)
        return
    try:
        for line in _lines(value, ""):
            lines.add(line)
    except RecursionError as error:
        raise Unreadable(TOO_DEEP) from error


def _lines(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from _lines(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(cast("list[object]", value)):
            yield from _lines(inner, f"{path}[{place}]")
    elif shown := _shown(value):
        yield f"{path}: {shown}" if path else shown


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return one_line(str(value))
