"""The tool file_unsort: takes back what file_sort did, in one call."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from senter.component.grants.holding import trash_folder
from senter.component.threads import in_thread
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import AbsolutePath, Arguments
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolResult
from senter.components.task_engine.tools.file_receipts import Mark, file_receipt, marks_in
from senter.components.task_engine.tools.file_sort import MOST_FILES_OF_A_FOLDER, MOST_FOLDERS, Name
from senter.components.task_engine.tools.trash import Trash
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need, WritePath
from senter.messages.tools import EffectClass
from senter.paths import Paths
from senter.sentences import phrase


class FileUnsortArguments(Arguments):
    folder: AbsolutePath
    """The folder whose files were sorted, absolute."""
    into: Annotated[
        dict[Name, Annotated[dict[Name, Mark], Field(max_length=MOST_FILES_OF_A_FOLDER)]],
        Field(min_length=1, max_length=MOST_FOLDERS),
    ]
    """The folders below it, each with the files that went there and what each is known again by."""
    made: tuple[Name, ...] = Field(default=(), max_length=MOST_FOLDERS)
    """Those of the folders that were made for it: they go too where nothing is left in them."""


class FileUnsort(Tool[FileUnsortArguments]):
    """Idempotent: a file that stands where it was is left there."""

    name = "file_unsort"
    description = "Moves files back that were sorted into folders. Leaves those that were changed since, and says so."
    arguments = FileUnsortArguments
    effect = EffectClass.IDEMPOTENT
    permission = "writing the folder"
    undoable = True
    offered: ClassVar[bool] = False

    def needs(self, arguments: FileUnsortArguments, paths: Paths) -> tuple[Need, ...]:
        return (WritePath(path=arguments.folder), CreatePath(path=trash_folder(paths)))

    async def run(self, arguments: FileUnsortArguments, call: ToolCall) -> ToolResult:
        return await in_thread(_unsort, arguments, call)


def _unsort(arguments: FileUnsortArguments, call: ToolCall) -> ToolResult:
    access, folder = call.access, arguments.folder
    stayed = dict(_move_all(access, arguments))
    for number, name in enumerate(arguments.made):
        _put_away_where_empty(call, folder / name, number)
    back = _moved(arguments, stayed)
    count = sum(map(len, back.values()))
    if not count:
        raise ToolError(_said(stayed) or "There is nothing to move back.", trusted=True)
    form = "Moved {count} file back to {folder}" if count == 1 else "Moved {count} files back to {folder}"
    done = phrase(form, count=count, folder=folder)
    text = f"{done}. {_said(stayed)}".strip()
    into: dict[str, JsonValue] = {name: [*names] for name, names in back.items()}
    again = InverseCall("file_sort", {"folder": str(folder), "into": into})
    return ToolResult(
        text=text,
        data={"moved": count, "stayed": len(stayed)},
        trusted=True,
        receipts=(file_receipt(folder, text.rstrip(".")),),
        inverse=(again,),
    )


def _moved(arguments: FileUnsortArguments, stayed: Collection[Path]) -> dict[str, list[str]]:
    """What is back, by the folders it was in."""
    found = {
        into: [name for name in names if arguments.folder / into / name not in stayed]
        for into, names in arguments.into.items()
    }
    return {into: names for into, names in found.items() if names}


def _move_all(access: Access, arguments: FileUnsortArguments) -> Iterator[tuple[Path, str]]:
    """Move one after the other; what stays is yielded with the reason."""
    for into, names in arguments.into.items():
        there = marks_in(access, arguments.folder / into)
        for name, mark in names.items():
            source, target = arguments.folder / into / name, arguments.folder / name
            if name not in there and access.exists(target):
                continue
            if there.get(name) != mark:
                yield source, "it was changed since" if name in there else "it is not there any more"
                continue
            try:
                access.move(source, target)
            except ToolError as error:
                yield source, error.message.rstrip(".")


def _put_away_where_empty(call: ToolCall, folder: Path, number: int) -> None:
    if call.access.exists(folder) and not call.access.list(folder):
        key = f"{number:02x}{call.idempotency_key}"
        Trash(call.access, trash_folder(call.paths), call.clock).put(folder, key)


def _said(stayed: dict[Path, str]) -> str:
    reasons = "; ".join(f"{path}: {why}" for path, why in stayed.items())
    return f"Not moved back: {reasons}." if reasons else ""
