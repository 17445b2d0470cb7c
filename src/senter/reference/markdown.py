"""The few pieces of Markdown the reference pages are made of."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence

from senter.text import one_line

NOTICE = "<!-- Written by bin/docs from the code. Change the code, then run bin/docs. -->"


def page(title: str, introduction: str, parts: Iterable[str]) -> str:
    """A whole page; every part is separated by an empty line."""
    return "\n\n".join([NOTICE, f"# {title}", introduction, *parts]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def code(text: object) -> str:
    """Inline code; nothing for nothing."""
    return f"`{text}`" if text not in ("", None) else ""


def codes(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)


def meaning(described: object) -> str:
    """The docstring of a class or function as one paragraph for each of its own."""
    paragraphs = (inspect.getdoc(described) or "").split("\n\n")
    return "\n\n".join(map(one_line, paragraphs))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_cells(cells)) + " |"


def _cells(cells: Sequence[str]) -> Iterator[str]:
    for cell in cells:
        yield cell.replace("|", "\\|").replace("\n", " ")
