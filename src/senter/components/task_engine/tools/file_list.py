"""The tool file_list: what is in a folder."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime

from pydantic import Field

from senter.components.task_engine.contract.access import FolderEntry
from senter.components.task_engine.contract.arguments import Arguments, PathToRead, is_line
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.messages.tools import EffectClass


class FileListArguments(Arguments):
    path: PathToRead
    """The folder, absolute."""
    limit: int = Field(default=500, ge=1, le=5_000)
    """How many entries at most."""


class FileList(Tool[FileListArguments]):
    """Names are chosen by others, so they are not trusted."""

    name = "file_list"
    description = "Lists the files and folders in a folder, with sizes and times."
    arguments = FileListArguments
    examples = (ToolExample("What is in /home/kim/Videos?", {"path": "/home/kim/Videos"}),)
    effect = EffectClass.PURE
    permission = "reading the folder"

    async def run(self, arguments: FileListArguments, call: ToolCall) -> ToolResult:
        found = await asyncio.to_thread(call.access.list, arguments.path)
        shown = [entry for entry in found if is_line(entry.name)][: arguments.limit]
        left_out = [entry for entry in found if not is_line(entry.name)][: arguments.limit]
        more = len(found) - len(shown) - len(left_out)
        lines = [_line(entry) for entry in shown]
        if left_out:
            names = ", ".join(_escaped(entry.name) for entry in left_out)
            lines.append(f"... and {len(left_out)} whose names do not fit on one line: {names}")
        if more:
            lines.append(f"... and {more} more")
        return ToolResult(
            text="\n".join(lines) or "The folder is empty.",
            data={
                "path": str(arguments.path),
                "entries": [{**asdict(entry), "modified_at": _moment(entry).isoformat()} for entry in shown],
                "left_out": [{"name": _escaped(entry.name), "is_folder": entry.is_folder} for entry in left_out],
                "more": more,
            },
        )


def _line(entry: FolderEntry) -> str:
    size = "folder" if entry.is_folder else f"{entry.size_bytes:,} bytes"
    return f"{entry.name}  ({size}, {_moment(entry):%Y-%m-%d})"


def _escaped(name: str) -> str:
    """What is no line of text, written as one."""
    return repr(name)[1:-1]


def _moment(entry: FolderEntry) -> datetime:
    return datetime.fromtimestamp(entry.modified_at, UTC)
