"""Cuts growing Markdown where a block ends, so that what was drawn never has to be drawn again."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_GOES_ON = re.compile(r"(?: {2,}|\t)\S|[-*+] |\d{1,9}[.)] ")
"""A line that belongs to the list before it, though a blank line is between."""


class BlockSplitter:
    """Takes text as it comes; gives whole blocks back.

    A block ends at a blank line outside of fenced code, once the next line has begun and does not go on with a list. So
    a loose list is one block, as Markdown has it.
    """

    def __init__(self) -> None:
        self._waiting = ""

    def take(self, text: str) -> list[str]:
        """The blocks that are finished now."""
        self._waiting += text
        blocks: list[str] = []
        while (end := _end_of_block(self._waiting)) is not None:
            blocks.append(self._waiting[:end].strip("\n"))
            self._waiting = self._waiting[end:]
        return blocks

    def finish(self) -> str:
        """What is left, which ends with the answer."""
        rest, self._waiting = self._waiting.strip("\n"), ""
        return rest


def _end_of_block(text: str) -> int | None:
    """Where the next block begins; only whole lines are looked at."""
    fence, in_list, blank_before, begun, place = "", False, False, False, 0
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n") and not _is_told(line):
            return None
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif not line.strip():
            blank_before = begun
        else:
            if blank_before and not (in_list and _GOES_ON.match(line)):
                return place
            in_list = bool(_GOES_ON.match(line)) or (in_list and not blank_before)
            begun, blank_before = True, False
            found = _FENCE.match(line)
            fence = found[1] if found else ""
        place += len(line)
    return None


def _is_told(line: str) -> bool:
    """Whether the beginning of a line says what it is: `1` may become `1.`, and a blank may become indented text."""
    begun = line.lstrip(" ")
    return len(begun) > 1 and not begun.isdigit() and not begun.startswith(("`", "~"))


def _closes(line: str, fence: str) -> bool:
    found = _FENCE.match(line)
    return found is not None and found[1].startswith(fence) and not line.strip().strip(fence[0])
