"""Gathers what a person would read, line by line, up to a limit.

A heading, and each page, slide, sheet and mail, is a line `# NAME`. A table is a line `# NAME` with a line of
cells joined by TAB for each row, and ends with a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from senter.text import one_line

LARGEST_TEXT_CHARACTERS = 10_000_000
LONGEST_TITLE = 200
OTHER_KIND = "It is damaged, or not of the kind that its name says."
"""Why a file is not read."""
# What programs write where nobody named a document.
PRINTED = re.compile(r"^Microsoft (?:Office )?(?:Word|Excel|PowerPoint) - ")
NO_TITLE = re.compile(
    r"(?:untitled|unbenannt|powerpoint[ -]pr[eä]sentation|(?:document|dokument|presentation|book) ?\d*)", re.I
)
Rows = Iterable[Sequence[str]]


class TextFull(Exception):
    """As much was gathered as is kept. What was gathered before stands."""


class Lines:
    """The text of one file as it grows. Raises `TextFull` when it holds more than the limit."""

    def __init__(self, most_characters: int = LARGEST_TEXT_CHARACTERS) -> None:
        self.title = ""
        """What the file calls itself; empty where it does not."""
        self._lines: list[str] = []
        self._room = most_characters

    def name(self, title: str) -> None:
        """The first name that a file gives itself is its title."""
        title = PRINTED.sub("", one_line(title, LONGEST_TITLE))
        self.title = self.title or ("" if NO_TITLE.fullmatch(title) else title)

    def add(self, line: str) -> None:
        """One paragraph, or some lines."""
        self._lines.append(line[: max(0, self._room)])
        self._room -= len(line) + 1
        if self._room < 0:
            self._lines.append("\n(The rest is left out: it is too long.)")
            raise TextFull

    def paragraph(self, text: str, *, prefix: str = "") -> None:
        """Its lines as they stand; nothing for an empty one."""
        if text := text.strip():
            self.add(prefix + text)

    def heading(self, text: str) -> None:
        if line := one_line(text):
            self.gap()
            self.add(f"# {line}")

    def table(self, name: str, rows: Rows) -> None:
        """Rows without any cell are left out."""
        filled = [row for row in map(_row, rows) if row.strip()]
        if filled:
            self.heading(name)
            self.add("\n".join(filled))
            self.gap()

    def gap(self) -> None:
        """A blank line, if there is none."""
        if self._lines and self._lines[-1]:
            self.add("")

    @property
    def is_empty(self) -> bool:
        return not any(line.strip() for line in self._lines)

    def text(self) -> str:
        return "\n".join(self._lines).strip("\n")


def _row(cells: Sequence[str]) -> str:
    return "\t".join(map(one_line, cells)).rstrip("\t")
