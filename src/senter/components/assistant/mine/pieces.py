"""Texts in the pieces that are quoted: sentences, entries of lists, rows of tables, short records. Pure.

Each goes with the headings above it. Time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from senter.quoting.sentences import plain, split_sentences

LONGEST_RECORD = 400
LONGEST_TITLE = 80
LONGEST_PIECE = 600
LONGEST_ENTRY, FEWEST_ENTRIES = 80, 3
"""Of a list of things, which may be quoted as a whole."""
MOST_PIECES = 2_000

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,})\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_FIELD = re.compile(r"^\s*[^\W\d_][^:|]{0,40}:\s+\S")
_RULE = re.compile(r"^[\s|:+-]+$")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """What is quoted, and what it stands under."""

    text: str
    headings: str = ""
    is_whole: bool = False
    """Whether it is a list with all its entries."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    kind: str
    headings: str


def pieces_of(text: str) -> list[TextPiece]:
    """In order."""
    return list(islice(_pieces(text), MOST_PIECES))


def _pieces(text: str) -> Iterator[TextPiece]:
    lines = list(_lines(_FRONT_MATTER.sub("", text.replace("\r\n", "\n"))))
    for (kind, headings), group in groupby(lines, lambda line: (line.kind, line.headings)):
        texts = [line.text for line in group]
        for piece in _READERS[kind](texts):
            if shown := plain(piece)[:LONGEST_PIECE]:
                yield TextPiece(shown, headings)
        if kind == "list" and (whole := _whole_list(texts)):
            yield TextPiece(plain(whole)[:LONGEST_PIECE], headings, is_whole=True)


def _lines(text: str) -> Iterator[_Line]:
    """Every line with what it is; what goes on with the one before it joins it."""
    lines = text.strip("\n").split("\n")
    above = [(1, plain(lines[0]))] if _is_title(lines[:2]) else list[tuple[int, str]]()
    previous = "blank"
    for number, line in enumerate(lines):
        if level := _level(line, lines[number + 1 : number + 2]):
            above = [*(one for one in above if one[0] < level), (level, plain(line.strip("# ")))]
        kind = "heading" if level or (number == 0 and above) else _kind(line, previous)
        previous = kind
        yield _Line(line, kind, " / ".join(title for _, title in above))


def _level(line: str, after: Sequence[str]) -> int:
    """Of a heading; 0 for what is none."""
    if found := _HEADING.match(line):
        return len(found[1])
    underlined = bool(after and line.strip() and not line.startswith("|") and _UNDERLINE.match(after[0]))
    return 1 if underlined else 0


def _is_title(lines: Sequence[str]) -> bool:
    """Whether a text without marks begins with what it is called: a short line by itself."""
    first, *after = lines
    by_itself = bool(after) and not after[0].strip() and 0 < len(first.strip()) <= LONGEST_TITLE
    return by_itself and not _FIELD.match(first) and not first.rstrip().endswith((".", "!", "?", ",", ";"))


def _kind(line: str, previous: str) -> str:
    if not line.strip() or _UNDERLINE.match(line):
        return "blank"
    if line.lstrip().startswith("|"):
        return "table"
    if _BULLET.match(line):
        return "list"
    if previous == "list" and line.startswith((" ", "\t")):
        return "list"
    if _FIELD.match(line) and not line.rstrip().endswith((".", "!", "?")):
        return "record"
    return "paragraph"


def _nothing(_: Sequence[str]) -> Iterator[str]:
    return iter(())


def _paragraph(lines: Sequence[str]) -> Iterator[str]:
    return split_sentences(" ".join(line.strip().lstrip("> ") for line in lines))


def _list(lines: Sequence[str]) -> Iterator[str]:
    entries: list[str] = []
    for line in lines:
        if _BULLET.match(line) or not entries:
            entries.append(_BULLET.sub("", line, count=1))
        else:
            entries[-1] += f" {line.strip()}"
    for entry in entries:
        yield from [entry] if len(entry) <= LONGEST_RECORD else split_sentences(entry)


def _whole_list(lines: Sequence[str]) -> str:
    """A list of things in one piece; empty for one of sentences."""
    entries = list(_list(lines))
    is_short = all(len(entry) <= LONGEST_ENTRY and not entry.endswith((".", "!", "?")) for entry in entries)
    return "; ".join(entries) if is_short and len(entries) >= FEWEST_ENTRIES else ""


def _record(lines: Sequence[str]) -> Iterator[str]:
    """Fields in one piece, as those of an invoice are."""
    whole = "; ".join(line.strip() for line in lines)
    return iter([whole] if len(whole) <= LONGEST_RECORD else [line.strip() for line in lines])


def _table(lines: Sequence[str]) -> Iterator[str]:
    rows = [_cells(line) for line in lines if not _RULE.match(line)]
    if not rows:
        return
    head, *rest = rows
    for row in rest:
        yield "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


_READERS = {
    "heading": _nothing,
    "blank": _nothing,
    "paragraph": _paragraph,
    "list": _list,
    "record": _record,
    "table": _table,
}
