"""The tool file_sort: the files of one folder, into folders below it. One call, so that a person is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from senter.component.threads import in_thread
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import SORTS, AbsolutePath, Arguments, Line
from senter.components.task_engine.contract.plan import NothingStayed
from senter.components.task_engine.contract.tool import InverseCall, Tool, ToolCall, ToolResult
from senter.components.task_engine.contract.unfinished import unfinished
from senter.components.task_engine.tools.file_receipts import file_receipt, marks_in
from senter.errors import ToolError
from senter.messages.acts import Receipt
from senter.messages.tools import EffectClass
from senter.sentences import phrase

MOST_FOLDERS = 50
MOST_FILES_OF_A_FOLDER = 1_000
SORTED_INTO_ONE = "Sorted {files} of {folder} into {count} folder"
SORTED_INTO = "Sorted {files} of {folder} into {count} folders"


def _single(name: str) -> str:
    if PurePath(name).name != name or name == "..":
        raise ValueError("this is not the name of one file or folder")
    return name


Name = Annotated[Line, AfterValidator(_single)]
"""The name of one file or folder, without a way to it."""


class FileSortArguments(Arguments):
    folder: Annotated[AbsolutePath, SORTS]
    """The folder whose files are sorted, absolute."""
    into: Annotated[
        dict[Name, Annotated[list[Name], Field(max_length=MOST_FILES_OF_A_FOLDER)]],
        Field(min_length=1, max_length=MOST_FOLDERS),
    ]
    """The names of the folders below it, each with the names of the files that go there."""


class FileSort(Tool[FileSortArguments]):
    """Idempotent: a file that stands where it was to go is left there."""

    name = "file_sort"
    description = (
        "Moves files of one folder into folders below it, which are made. Never replaces anything. Downloads that are "
        "not finished, links, and what links of the folder lead to stay."
    )
    arguments = FileSortArguments
    effect = EffectClass.IDEMPOTENT
    permission = "sorting the folder"
    undoable = True
    postconditions = (NothingStayed(),)

    async def run(self, arguments: FileSortArguments, call: ToolCall) -> ToolResult:
        return await in_thread(sort_files, call.access, arguments)


def sort_files(access: Access, arguments: FileSortArguments) -> ToolResult:
    """Move what may be moved; the result names what was not, and why."""
    left = _to_leave(access, arguments)
    moves = [
        (arguments.folder / name, arguments.folder / into / name)
        for into, names in arguments.into.items()
        for name in names
        if name not in left
    ]
    made = [name for name in arguments.into if not access.exists(arguments.folder / name)]
    stayed = dict(_move_all(access, moves))
    moved = [(source, target) for source, target in moves if source not in stayed]
    return ToolResult(
        text=_report(moved, stayed, len(moves), left),
        data={"moved": len(moved), "stayed": len(stayed), "left": [*sorted(left)]},
        files=tuple(str(target) for _, target in moved),
        trusted=not stayed,  # why they stayed may name what a link leads to
        receipts=(_receipt(arguments.folder, moved),) if moved else (),
        inverse=(_back(access, arguments.folder, moved, made),) if moved else (),
    )


def _receipt(folder: Path, moved: list[tuple[Path, Path]]) -> Receipt:
    into = len({target.parent for _, target in moved})
    count = phrase("{count} file" if len(moved) == 1 else "{count} files", count=len(moved))
    form = SORTED_INTO_ONE if into == 1 else SORTED_INTO
    return file_receipt(folder, phrase(form, files=count, folder=folder, count=into))


def _back(access: Access, folder: Path, moved: list[tuple[Path, Path]], made: list[str]) -> InverseCall:
    """Each file with what it is known again by."""
    into: dict[str, JsonValue] = {}
    for parent in dict.fromkeys(target.parent for _, target in moved):
        there = marks_in(access, parent)
        names = [target.name for _, target in moved if target.parent == parent and target.name in there]
        into[parent.name] = {name: [*there[name]] for name in names}
    return InverseCall("file_unsort", {"folder": str(folder), "into": into, "made": [*made]})


def _to_leave(access: Access, arguments: FileSortArguments) -> dict[str, str]:
    """The names that moving would break something of, with what that is."""
    wanted = {name for names in arguments.into.values() for name in names}
    begun = unfinished({*wanted, *(entry.name for entry in access.list(arguments.folder))})
    leaving = dict.fromkeys(wanted & begun, "its download is not finished")
    return dict.fromkeys(wanted & access.tied(arguments.folder), "it is a link, or a link leads to it") | leaving


def _move_all(access: Access, moves: list[tuple[Path, Path]]) -> Iterator[tuple[Path, str]]:
    """Move one after the other; what stays is yielded with the reason."""
    for source, target in moves:
        if access.exists(target) and not access.exists(source):
            continue
        try:
            access.move(source, target)
        except ToolError as error:
            yield source, error.message


def _report(moved: list[tuple[Path, Path]], stayed: dict[Path, str], count: int, left: dict[str, str]) -> str:
    lines = [f"Moved {len(moved)} of {count} files.", ""]
    lines += [f"- {source} → {target}" for source, target in moved]
    if stayed:
        lines += ["", "Not moved:", "", *(f"- {source}: {why}" for source, why in stayed.items())]
    if left:
        lines += ["", "Left where they are:", "", *(f"- {name}: {why}" for name, why in sorted(left.items()))]
    return "\n".join(lines).strip()
