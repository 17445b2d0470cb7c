"""The tools file_trash, trash_list and trash_restore: putting away, looking, putting back. None of them deletes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, JsonValue, model_validator

from senter.component.grants.holding import trash_folder
from senter.component.threads import in_thread
from senter.components.task_engine.contract.arguments import AbsolutePath, Arguments, PathToWrite
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.file_receipts import (
    FILE_TRASH,
    away_receipt,
    check_unchanged,
    digest_of_file,
    to_restore,
)
from senter.components.task_engine.tools.trash import Trash, Trashed, note_of
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need, ReadPath, WritePath
from senter.messages.tools import EffectClass
from senter.paths import Paths


class FileTrashArguments(Arguments):
    path: PathToWrite
    """The file or folder, absolute."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """The SHA-256 of what is in the file: only where it still is."""
    only_empty: bool = False
    """For a folder: only where nothing is in it."""


class TrashListArguments(Arguments):
    limit: int = Field(default=100, ge=1, le=1_000)
    """How many at most."""


class TrashRestoreArguments(Arguments):
    """One of the two."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,64}$")] | None = None
    """The id that file_trash gave, or trash_list shows."""
    path: AbsolutePath | None = None
    """Or where it was; what was put away last from there comes back."""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.id is None) == (self.path is None):
            raise ValueError("give the id or the path")
        return self


class FileTrash(Tool[FileTrashArguments]):
    """Idempotent: the place in the trash is named by the idempotency key."""

    name = "file_trash"
    description = "Moves a file or a folder to Senter's trash, from where trash_restore brings it back."
    arguments = FileTrashArguments
    examples = (ToolExample("Delete /home/kim/d.md", {"path": "/home/kim/d.md"}),)
    effect = EffectClass.IDEMPOTENT
    permission = "writing the folder it is in"
    undoable = True

    def needs(self, arguments: FileTrashArguments, paths: Paths) -> tuple[Need, ...]:
        return (*super().needs(arguments, paths), CreatePath(path=trash_folder(paths)))

    async def run(self, arguments: FileTrashArguments, call: ToolCall) -> ToolResult:
        if ".." in arguments.path.parts or not arguments.path.name:
            raise ToolError(f"{arguments.path} names no single file or folder.", trusted=True)
        note = await in_thread(_put, arguments, call)
        receipt, undo = away_receipt(note.source, call.paths, is_back=False), f'"Restore {note.id}"'
        return ToolResult(
            text=f"{receipt.done}. To undo it: senter undo, or the goal {undo}.",
            data={"id": note.id, "path": str(note.source)},
            trusted=True,
            receipts=(receipt,),
            inverse=(to_restore(note.id),),
        )


class TrashList(Tool[TrashListArguments]):
    name = "trash_list"
    description = "Lists what is in Senter's trash."
    arguments = TrashListArguments
    examples = (ToolExample("What is in the trash?", {}),)
    effect = EffectClass.PURE
    permission = "nothing beyond Senter's trash"

    def needs(self, arguments: TrashListArguments, paths: Paths) -> tuple[Need, ...]:
        return (ReadPath(path=trash_folder(paths)),)

    async def run(self, arguments: TrashListArguments, call: ToolCall) -> ToolResult:
        notes = (await asyncio.to_thread(_trash(call).all))[: arguments.limit]
        text = "\n".join(map(_line, notes)) or "The trash is empty."
        return ToolResult(text=text, data={"trashed": [note.model_dump(mode="json") for note in notes]})


class TrashRestore(Tool[TrashRestoreArguments]):
    """Idempotent: what was put back already stays where it is."""

    name = "trash_restore"
    description = "Puts something from Senter's trash back where it was. Never replaces anything."
    arguments = TrashRestoreArguments
    examples = (ToolExample("Put /home/kim/d.md back", {"path": "/home/kim/d.md"}),)
    effect = EffectClass.IDEMPOTENT
    permission = "writing the folder it was in"
    undoable = True

    def needs(self, arguments: TrashRestoreArguments, paths: Paths) -> tuple[Need, ...]:
        note = note_of(paths, arguments.id) if arguments.id else None
        source = arguments.path or (note.source if note else None)
        return (WritePath(path=trash_folder(paths)), *((CreatePath(path=source),) if source else ()))

    async def run(self, arguments: TrashRestoreArguments, call: ToolCall) -> ToolResult:
        trash = _trash(call)
        note = await in_thread(lambda: trash.restore(arguments.id or trash.put_away_from(arguments.path or Path()).id))
        said = arguments.path is not None  # else where it was is read from its note
        receipt = away_receipt(note.source, call.paths, is_back=True)
        return ToolResult(
            text=f"{receipt.done}.",
            data={"path": str(note.source)},
            trusted=said,
            receipts=(receipt,),
            inverse=(await in_thread(_away_again, note.source, call),),
        )


def _put(arguments: FileTrashArguments, call: ToolCall) -> Trashed:
    """Where an earlier attempt put it away already, nothing is looked at again."""
    trash, path = _trash(call), arguments.path
    if (known := trash.put_by(call.idempotency_key)) is not None:
        return known
    if arguments.digest is not None:
        check_unchanged(call.access, path, arguments.digest)
    if arguments.only_empty and call.access.exists(path) and call.access.list(path):
        raise ToolError(f"{path} is not empty any more.", trusted=True)
    return trash.put(path, call.idempotency_key)


def _away_again(path: Path, call: ToolCall) -> InverseCall:
    """A file only as long as it holds what it holds now."""
    params: dict[str, JsonValue] = {"path": str(path)}
    with suppress(ToolError):  # a folder, or one that may not be read
        params["digest"] = digest_of_file(call.access, path)
    return InverseCall(FILE_TRASH, params)


def _trash(call: ToolCall) -> Trash:
    return Trash(call.access, trash_folder(call.paths), call.clock)


def _line(note: Trashed) -> str:
    return f"{note.id}  {note.source}  ({note.trashed_at:%Y-%m-%d %H:%M} UTC)"
