"""The tools file_trash, trash_list and trash_restore: putting away, looking, putting back. None of them deletes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from senter.component.grants.holding import trash_folder
from senter.component.threads import in_thread
from senter.components.task_engine.contract.arguments import AbsolutePath, Arguments, PathToWrite
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.trash import Trash, Trashed, note_of
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need, ReadPath, WritePath
from senter.messages.tools import EffectClass
from senter.paths import Paths


class FileTrashArguments(Arguments):
    path: PathToWrite
    """The file or folder, absolute."""


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

    def needs(self, arguments: FileTrashArguments, paths: Paths) -> tuple[Need, ...]:
        return (*super().needs(arguments, paths), CreatePath(path=trash_folder(paths)))

    async def run(self, arguments: FileTrashArguments, call: ToolCall) -> ToolResult:
        if ".." in arguments.path.parts or not arguments.path.name:
            raise ToolError(f"{arguments.path} names no single file or folder.", trusted=True)
        note = await in_thread(_trash(call).put, arguments.path, call.idempotency_key)
        undo = f'trash_restore with the id {note.id}, or the goal "Restore {note.id}"'
        text = f"Moved {note.source} to the trash. To undo it: {undo}."
        return ToolResult(text=text, data={"id": note.id, "path": str(note.source)}, trusted=True)


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

    def needs(self, arguments: TrashRestoreArguments, paths: Paths) -> tuple[Need, ...]:
        note = note_of(paths, arguments.id) if arguments.id else None
        source = arguments.path or (note.source if note else None)
        return (WritePath(path=trash_folder(paths)), *((CreatePath(path=source),) if source else ()))

    async def run(self, arguments: TrashRestoreArguments, call: ToolCall) -> ToolResult:
        trash = _trash(call)
        note = await in_thread(lambda: trash.restore(arguments.id or trash.put_away_from(arguments.path or Path()).id))
        said = arguments.path is not None  # else where it was is read from its note
        return ToolResult(text=f"{note.source} is back.", data={"path": str(note.source)}, trusted=said)


def _trash(call: ToolCall) -> Trash:
    return Trash(call.access, trash_folder(call.paths), call.clock)


def _line(note: Trashed) -> str:
    return f"{note.id}  {note.source}  ({note.trashed_at:%Y-%m-%d %H:%M} UTC)"
