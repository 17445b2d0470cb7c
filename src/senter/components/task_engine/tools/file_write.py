"""The tool file_write: a whole file, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from senter.component.threads import in_thread
from senter.components.task_engine.permissions.access import Access
from senter.components.task_engine.planner.plan import FilesWritten
from senter.components.task_engine.tools.arguments import AbsolutePath, Arguments, Text, to_write
from senter.components.task_engine.tools.file_read import LARGEST_FILE_BYTES, read_whole
from senter.components.task_engine.tools.tool import Tool, ToolCall, ToolResult
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need
from senter.messages.tools import EffectClass
from senter.paths import Paths


class FileWriteArguments(Arguments):
    path: AbsolutePath
    """The file, absolute. Folders on the way are made."""
    content: Text
    """All that is to be in it."""
    replace: bool = False
    """Whether to replace a file that is there."""


class FileWrite(Tool[FileWriteArguments]):
    """Idempotent: writing the same again changes nothing."""

    name = "file_write"
    description = "Writes a text file. Refuses to replace one that is there, unless told to."
    arguments = FileWriteArguments
    effect = EffectClass.IDEMPOTENT
    permission = "writing the file's folder"
    postconditions = (FilesWritten(),)

    def needs(self, arguments: FileWriteArguments, paths: Paths) -> tuple[Need, ...]:
        return (to_write(arguments.path) if arguments.replace else CreatePath(path=arguments.path),)

    async def run(self, arguments: FileWriteArguments, call: ToolCall) -> ToolResult:
        content = arguments.content.encode()
        await in_thread(write_once, call.access, arguments.path, content, replace=arguments.replace)
        text = f"Wrote {len(content):,} bytes to {arguments.path}."
        return ToolResult(text=text, data={"path": str(arguments.path)}, files=(str(arguments.path),), trusted=True)


def write_once(access: Access, path: Path, content: bytes, *, replace: bool) -> None:
    """Write, unless exactly this is there already."""
    if not _has(access, path, content):
        access.write(path, content, replace=replace)


def _has(access: Access, path: Path, content: bytes) -> bool:
    if not access.exists(path):
        return False
    try:
        return read_whole(access, path, max(LARGEST_FILE_BYTES, len(content))) == content
    except ToolError:
        return False
