"""Text out of files and pages, in an isolated child: what a parser of foreign bytes does harms nobody.

Plain text and Markdown that tell their encoding are taken here; what needs a parser or a guess crosses to the child
(senter.component.readable_child).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from senter.component.charsets import told
from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.component.kinds import FileKind
from senter.errors import ChildFailed, Unreadable

PARSE_SECONDS = 30.0
CHILD = "senter.component.readable_child"
LIMITS = ChildLimits(memory_mb=1_024, cpu_seconds=30)
PLAIN = (FileKind.TEXT, FileKind.MARKDOWN)


@dataclass(frozen=True, slots=True)
class Readable:
    """What a person would read."""

    title: str
    """Empty where the text names none."""
    text: str


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
        if kind in PLAIN and (readable := plain(content, kind)) is not None:
            return readable
        try:
            answer = await self._child.ask(Frame({"kind": kind.value}, content), timeout_seconds=PARSE_SECONDS)
        except ChildFailed as error:
            raise Unreadable(f"The {kind.value} cannot be read. {error.message}") from error
        if problem := str(answer.head.get("error", "")):
            raise Unreadable(problem)
        text = answer.body.decode(errors="replace")
        title = heading(text) if kind is FileKind.MARKDOWN else str(answer.head.get("title", ""))
        return Readable(title, text)

    @property
    def pid(self) -> int | None:
        """The child's process while there is one."""
        return self._child.pid

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._child.close()


def plain(content: bytes, kind: FileKind) -> Readable | None:
    """Text that tells its encoding, as it stands. Raises `Unreadable` for what is none."""
    text = told(content)
    if text is None:
        return None
    return Readable(heading(text) if kind is FileKind.MARKDOWN else "", text)


def heading(text: str) -> str:
    """The first of a Markdown text; empty where there is none near its beginning."""
    for line in text[:10_000].splitlines():
        if line.startswith("# "):
            return line[2:].strip()[:200]
    return ""
