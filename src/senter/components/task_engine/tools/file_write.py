"""The tool file_write: a whole file, all of it or nothing.

A task that has read text from outside writes code as it is, for nothing that shows it follows what is in it. Any other
file it writes is text for a person, and defused: a page or a table of its making would be too easy to arm.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from senter.component.grants.holding import trash_folder
from senter.component.threads import in_thread
from senter.component.tool_talk.defusing import without_formulas
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import AbsolutePath, Arguments, Text, to_write
from senter.components.task_engine.contract.plan import FilesWritten
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.file_read import LARGEST_FILE_BYTES, read_whole
from senter.components.task_engine.tools.file_receipts import file_receipt, is_fresh, to_restore, to_trash
from senter.components.task_engine.tools.naming import written_data
from senter.components.task_engine.tools.trash import Trash, Trashed
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need, WritePath
from senter.messages.tools import EffectClass
from senter.paths import Paths
from senter.sentences import phrase

_CODE = """
bash c cc cfg conf cpp cs css diff go h hpp ini java js json kt lua patch php pl ps1 py r rb rs sh sql swift tex toml ts
yaml yml zsh
"""
CODE = frozenset(_CODE.split())
"""Endings of files that are written exactly as they were given."""
TABLES = frozenset({"csv", "dif", "prn", "psv", "slk", "tab", "tsv", "xls"})
"""Endings of files that a spreadsheet opens."""
DEFUSED = " Addresses that no tool found, and what a program would follow, were made plain text."


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
    examples = (
        ToolExample("Save 'call Tom' as /home/kim/calls.txt", {"path": "/home/kim/calls.txt", "content": "call Tom"}),
    )
    effect = EffectClass.IDEMPOTENT
    permission = "writing the file's folder"
    undoable = True
    postconditions = (FilesWritten(),)

    def needs(self, arguments: FileWriteArguments, paths: Paths) -> tuple[Need, ...]:
        if not arguments.replace:
            return (CreatePath(path=arguments.path),)
        need = to_write(arguments.path)
        return (need, CreatePath(path=trash_folder(paths))) if isinstance(need, WritePath) else (need,)

    async def run(self, arguments: FileWriteArguments, call: ToolCall) -> ToolResult:
        written = _harmless(arguments, call) if call.tainted else arguments.content
        content = written.encode()
        inverse = await in_thread(_write, call, arguments, content)
        said = "" if written == arguments.content else DEFUSED
        done = phrase("Wrote {count:,} bytes to {path}", count=len(content), path=arguments.path)
        return ToolResult(
            text=f"{done}.{said}",
            data=written_data(arguments.path, content),
            files=(str(arguments.path),),
            trusted=True,
            receipts=(file_receipt(arguments.path, done),),
            inverse=inverse,
        )


def _write(call: ToolCall, arguments: FileWriteArguments, content: bytes) -> tuple[InverseCall, ...]:
    """What a file held before it is replaced is kept. Returns what takes it back."""
    path, replaced = arguments.path, tuple[InverseCall, ...]()
    away = to_trash(path, hashlib.sha256(content).hexdigest())
    if not is_fresh(path, call):
        kept = _keep_former(call, path, content) if arguments.replace else None
        replaced = (away, to_restore(kept.id)) if kept else ()
    write_once(call.access, path, content, replace=arguments.replace)
    return (away,) if is_fresh(path, call) else replaced


def _keep_former(call: ToolCall, path: Path, content: bytes) -> Trashed | None:
    """What the file held before the first attempt; none where it held this already."""
    trash = Trash(call.access, trash_folder(call.paths), call.clock)
    known = trash.put_by(call.idempotency_key)
    if known is not None or _has(call.access, path, content) or not call.access.exists(path):
        return known
    return trash.keep_copy(path, call.idempotency_key)


def _harmless(arguments: FileWriteArguments, call: ToolCall) -> str:
    kind = arguments.path.suffix.lower().lstrip(".")
    if kind in CODE:
        return arguments.content
    written = call.defused(arguments.content)
    return without_formulas(written) if kind in TABLES else written


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
