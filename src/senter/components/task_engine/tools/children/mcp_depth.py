"""JSON that is nested more deeply than the protocol's library reads: cut to a depth, so that it costs only itself.

Counts brackets and never goes down into them, so no depth is too much. Runs in the child.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

DEEPEST = 150
"""The library reads 200 levels."""
NESTED_TOO_DEEPLY = "(nested too deeply)"
_MARK = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def cut_to_depth(text: str) -> str:
    """The same JSON with words in place of what lies deeper."""
    return "".join(_kept(text))


def has_been_cut(value: JsonValue) -> bool:
    """Whether something of it was too deep."""
    pending = [value]
    while pending:
        each = pending.pop()
        if each == NESTED_TOO_DEEPLY:
            return True
        pending += each if isinstance(each, list) else each.values() if isinstance(each, dict) else ()
    return False


def _kept(text: str) -> Iterator[str]:
    depth = since = 0
    for mark in _MARK.finditer(text):
        if mark[0] in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                yield text[since : mark.start()]
                yield f'"{NESTED_TOO_DEEPLY}"'
        elif mark[0] in "]}":
            depth -= 1
            since = mark.end() if depth == DEEPEST else since
    yield text[since:] if depth <= DEEPEST else ""
