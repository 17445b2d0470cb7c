"""Which module reads which kind, imported when the first file of the kind comes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from senter.component.charsets import decode
from senter.component.kinds import FileKind
from senter.component.readers.lines import Lines, TextFull
from senter.errors import Unreadable

Read = Callable[[bytes, Lines], None]
LONGEST_REASON = 300
NESTED = FileKind.EML
NO_TEXT = "There is no text in it."
WRITTEN = (FileKind.DOCX, FileKind.PPTX, FileKind.OPEN_DOCUMENT, FileKind.EPUB, FileKind.RTF)
"""Nobody keeps these empty: they hold pictures, or what no reader finds."""
FUNCTIONS = {
    FileKind.HTML: "web:read",
    FileKind.PDF: "pdf:read",
    FileKind.DOCX: "word:read",
    FileKind.XLSX: "sheets:read",
    FileKind.XLS: "old_sheets:read",
    FileKind.PPTX: "slides:read",
    FileKind.OPEN_DOCUMENT: "open_document:read",
    FileKind.RTF: "rich_text:read",
    FileKind.EPUB: "book:read",
    FileKind.ICS: "agenda:read",
    FileKind.VCF: "cards:read",
    FileKind.EML: "mail:read",
    FileKind.MBOX: "mail:read_all",
    FileKind.JSON: "trees:read",
    FileKind.JSON_LINES: "trees:read_lines",
    FileKind.CODE: "source_code:read",
}


def read(content: bytes, kind: FileKind, depth: int = 0) -> Lines:
    """What a person would read, as much as is kept. Raises `Unreadable`. `depth` says in how many mails it lies."""
    lines = Lines()
    try:
        _read(content, kind, lines, depth)
    except TextFull:
        pass
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # parsers of foreign bytes raise anything
        said = f"The {kind.value} cannot be parsed: {type(error).__name__}: {error}"
        raise Unreadable(said[:LONGEST_REASON]) from error
    if kind in WRITTEN and lines.is_empty:
        raise Unreadable(NO_TEXT)
    return lines


def _read(content: bytes, kind: FileKind, lines: Lines, depth: int) -> None:
    if kind not in FUNCTIONS:
        lines.add(decode(content))
        return
    module, _, name = FUNCTIONS[kind].partition(":")
    function = getattr(import_module(f"senter.component.readers.{module}"), name)
    if kind is NESTED:
        cast("Callable[[bytes, Lines, int], None]", function)(content, lines, depth)
    else:
        cast("Read", function)(content, lines)
