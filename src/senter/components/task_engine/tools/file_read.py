"""The tool file_read: the text of one file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import Field

from senter.component.kinds import EXACT, FileKind, kind_of
from senter.component.readable import Reader
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import Arguments, PathToRead
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.errors import ToolError, Unreadable
from senter.messages.goals import Source
from senter.messages.tools import EffectClass

LARGEST_FILE_BYTES = 20 * 1024 * 1024
QUOTE_CHARACTERS = 300


class FileReadArguments(Arguments):
    path: PathToRead
    """The file, absolute."""
    offset: int = Field(default=0, ge=0)
    """Where in the text to begin, in characters."""
    max_characters: int = Field(default=50_000, ge=1, le=200_000)
    """How much of the text to return."""


class FileRead(Tool[FileReadArguments]):
    name = "file_read"
    description = "Reads the text of a file (text, PDF, Word, Excel, mail and others)."
    arguments = FileReadArguments
    examples = (ToolExample("What does /home/kim/letter.txt say?", {"path": "/home/kim/letter.txt"}),)
    effect = EffectClass.PURE
    permission = "reading the file's folder"

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def run(self, arguments: FileReadArguments, call: ToolCall) -> ToolResult:
        content = await asyncio.to_thread(read_whole, call.access, arguments.path)
        try:
            readable = await self._reader.read(content, _kind(arguments.path))
        except Unreadable as error:
            raise ToolError(f"{arguments.path} has no text that can be read. {error.message}") from error
        text = readable.text[arguments.offset : arguments.offset + arguments.max_characters]
        title = readable.title or arguments.path.stem
        return ToolResult(
            text=text,
            data={
                "title": title,
                "path": str(arguments.path),
                "characters": len(readable.text),
                "truncated": arguments.offset + len(text) < len(readable.text),
            },
            sources=(
                Source(title=title, address=str(arguments.path), quote=" ".join(text[:QUOTE_CHARACTERS].split())),
            ),
        )


def read_whole(access: Access, path: Path, limit_bytes: int = LARGEST_FILE_BYTES) -> bytes:
    """Raises `ToolError` for a file that is larger."""
    with access.open_for_reading(path) as file:
        content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise ToolError(f"{path} is larger than {limit_bytes // 1024**2} MiB.", trusted=True)
    return content


def _kind(path: Path) -> FileKind:
    kind = kind_of(path)
    return FileKind.TEXT if kind is None or kind in EXACT else kind
