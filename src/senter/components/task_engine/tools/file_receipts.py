"""What a change of files is to people, the calls that take it back, and the digest by which a file is known again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import JsonValue

from senter.component.grants.roots import resolved
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.tool import InverseCall, ToolCall, ToolResult
from senter.errors import ToolError
from senter.messages.acts import Receipt, ThingKind
from senter.paths import Paths
from senter.sentences import phrase

FILE_TRASH, TRASH_RESTORE, FILE_MOVE = "file_trash", "trash_restore", "file_move"
PIECE_BYTES = 1024 * 1024
Mark = tuple[int, float]
"""A file's size in bytes, and when it was changed last, in seconds since 1970."""


def file_receipt(path: Path, done: str) -> Receipt:
    return Receipt(kind=ThingKind.FILE, id=str(path), title=path.name, done=done)


def away_receipt(path: Path, paths: Paths, *, is_back: bool) -> Receipt:
    """Of what was put in the trash, or came back from there; a note is called by its words."""
    number, title = path.stem.rpartition("-")[2], path.stem.rpartition("-")[0].replace("-", " ")
    if path.parent != paths.data / "notes" or not title:
        return file_receipt(path, phrase("{path} is back" if is_back else "Moved {path} to the trash", path=path))
    done = phrase(
        "Note {id} is back: {title}" if is_back else "Note {id} is forgotten: {title}", id=number, title=title
    )
    return Receipt(kind=ThingKind.NOTE, id=str(path), title=title, done=done)


def made_result(path: Path, done: str, inverse: tuple[InverseCall, ...]) -> ToolResult:
    """Of a call that put one file or folder somewhere."""
    return ToolResult(
        text=f"{done}.",
        data={"path": str(path)},
        files=(str(path),),
        trusted=True,
        receipts=(file_receipt(path, done),),
        inverse=inverse,
    )


def to_trash(path: Path, digest: str) -> InverseCall:
    """Puts a file away that was made, as long as it holds what was put into it."""
    return InverseCall(FILE_TRASH, {"path": str(path), "digest": digest})


def to_restore(trash_id: str) -> InverseCall:
    """Puts back what was put away."""
    params: dict[str, JsonValue] = {"id": trash_id}
    return InverseCall(TRASH_RESTORE, params)


def is_fresh(path: Path, call: ToolCall) -> bool:
    """Whether nothing was there before the call, so that what is there now is its own."""
    found = resolved(path)
    return found is not None and str(found) in call.fresh


def marks_in(access: Access, folder: Path) -> dict[str, Mark]:
    """The files of a folder with what each is known again by."""
    entries = access.list(folder) if access.exists(folder) else []
    return {entry.name: (entry.size_bytes, entry.modified_at) for entry in entries if not entry.is_folder}


def digest_of_file(access: Access, path: Path) -> str:
    """Of all that is in it. Raises `ToolError` where that is no file."""
    found = hashlib.sha256()
    with access.open_for_reading(path) as opened:
        while piece := opened.read(PIECE_BYTES):
            found.update(piece)
    return found.hexdigest()


def check_unchanged(access: Access, path: Path, digest: str) -> None:
    """Raises `ToolError` where the file holds something else than it did, or is not there."""
    if not access.exists(path):
        raise ToolError(f"{path} is not there any more.", trusted=True)
    if digest_of_file(access, path) != digest:
        raise ToolError(f"{path} was changed since: it holds something else now.", trusted=True)
