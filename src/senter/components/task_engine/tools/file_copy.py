"""The tool file_copy: one file, to where nothing is yet."""

from __future__ import annotations

from pathlib import Path

from senter.component.threads import in_thread
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import Arguments, PathToCreate, PathToRead
from senter.components.task_engine.contract.plan import FilesWritten
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.file_receipts import digest_of_file, is_fresh, made_result, to_trash
from senter.errors import ToolError
from senter.messages.tools import EffectClass
from senter.sentences import phrase

PIECE_BYTES = 1024 * 1024


class FileCopyArguments(Arguments):
    source: PathToRead
    """The file to copy, absolute."""
    target: PathToCreate
    """The copy, absolute. Nothing may be there."""


class FileCopy(Tool[FileCopyArguments]):
    """Idempotent: where the same content is there already, nothing is done."""

    name = "file_copy"
    description = "Copies a file. Never replaces anything."
    arguments = FileCopyArguments
    examples = (
        ToolExample(
            "Copy /home/kim/a.md to /home/kim/old/a.md", {"source": "/home/kim/a.md", "target": "/home/kim/old/a.md"}
        ),
    )
    effect = EffectClass.IDEMPOTENT
    permission = "reading the file and writing the folder of the copy"
    undoable = True
    postconditions = (FilesWritten(),)

    async def run(self, arguments: FileCopyArguments, call: ToolCall) -> ToolResult:
        await in_thread(_copy_once, call.access, arguments)
        target = arguments.target
        done = phrase("Copied {source} to {target}", source=arguments.source, target=target)
        inverse = await in_thread(_away_again, target, call)
        return made_result(target, done, inverse)


def _away_again(target: Path, call: ToolCall) -> tuple[InverseCall, ...]:
    return (to_trash(target, digest_of_file(call.access, target)),) if is_fresh(target, call) else ()


def _copy_once(access: Access, arguments: FileCopyArguments) -> None:
    if not (access.exists(arguments.target) and _are_equal(access, arguments)):
        access.copy(arguments.source, arguments.target)


def _are_equal(access: Access, arguments: FileCopyArguments) -> bool:
    try:
        with access.open_for_reading(arguments.source) as one, access.open_for_reading(arguments.target) as other:
            while True:
                piece = one.read(PIECE_BYTES)
                if piece != other.read(PIECE_BYTES):
                    return False
                if not piece:
                    return True
    except ToolError:
        return False
