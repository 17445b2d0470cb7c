"""Text out of files and pages, in an isolated child: what a parser of foreign bytes does harms nobody.

Plain text and Markdown are taken here; only what needs a parser crosses to the child
(senter.component.readable_child).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Self

from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.errors import ChildFailed, Unreadable

PARSE_SECONDS = 30.0
CHILD = "senter.component.readable_child"
LIMITS = ChildLimits(memory_mb=1_024, cpu_seconds=30)
BINARY_LOOK_BYTES = 8_192
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileKind(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"


KINDS = {
    ".txt": FileKind.TEXT,
    ".text": FileKind.TEXT,
    ".rst": FileKind.TEXT,
    ".org": FileKind.TEXT,
    ".adoc": FileKind.TEXT,
    ".csv": FileKind.TEXT,
    ".tsv": FileKind.TEXT,
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".html": FileKind.HTML,
    ".htm": FileKind.HTML,
    ".xhtml": FileKind.HTML,
    ".pdf": FileKind.PDF,
}


@dataclass(frozen=True, slots=True)
class Readable:
    """What a person would read."""

    title: str
    """Empty where the text names none."""
    text: str


def kind_of(path: PurePath) -> FileKind | None:
    """By the ending of its name; none for a kind whose text is not looked for."""
    return KINDS.get(path.suffix.lower())


def is_text(name: str) -> bool:
    """Whether a file's name can be written down at all."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class Reader:
    """Owns the child that parses. Use it as a context manager."""

    def __init__(self) -> None:
        self._child = Isolated(CHILD, limits=LIMITS)

    async def read(self, content: bytes, kind: FileKind) -> Readable:
        """Raises `Unreadable` with the reason."""
        if kind in (FileKind.TEXT, FileKind.MARKDOWN):
            return plain(content, kind)
        try:
            answer = await self._child.ask(Frame({"kind": kind.value}, content), timeout_seconds=PARSE_SECONDS)
        except ChildFailed as error:
            raise Unreadable(f"The {kind.value} cannot be parsed. {error.message}") from error
        if problem := str(answer.head.get("error", "")):
            raise Unreadable(f"The {kind.value} cannot be parsed: {problem}")
        return Readable(str(answer.head.get("title", "")), answer.body.decode(errors="replace"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._child.close()


def plain(content: bytes, kind: FileKind) -> Readable:
    """Text as it stands. Raises `Unreadable` for what is none."""
    if b"\0" in content[:BINARY_LOOK_BYTES] and not content.startswith(UTF16_MARKS):
        raise Unreadable("It is not text.")
    text = decode(content)
    return Readable(_heading(text) if kind is FileKind.MARKDOWN else "", text)


def decode(content: bytes) -> str:
    """UTF-16 where its mark is there, as Windows writes it; UTF-8; or else Latin-1, which any bytes are."""
    if content.startswith(UTF16_MARKS):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _heading(text: str) -> str:
    for line in text[:10_000].splitlines():
        if line.startswith("# "):
            return line[2:].strip()[:200]
    return ""
