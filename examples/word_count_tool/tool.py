"""Counts the words of a file, and writes the count beside it when asked to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from senter.components.task_engine.contract.arguments import WRITES, Arguments, PathToRead
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.messages.tools import EffectClass


class WordCountArguments(Arguments):
    path: PathToRead
    """The file, absolute."""
    write_to: Annotated[Path | None, WRITES] = None
    """A file for the count; none by default."""


class WordCount(Tool[WordCountArguments]):
    """Idempotent: the same count is written again."""

    name = "word_count"
    description = "Counts the words of a text file."
    arguments = WordCountArguments
    effect = EffectClass.IDEMPOTENT
    permission = "reading the file, and writing the count where that is asked for"
    timeout_seconds = 30.0

    async def run(self, arguments: WordCountArguments, call: ToolCall) -> ToolResult:
        with call.access.open_for_reading(arguments.path) as file:
            count = len(file.read().split())
        files = ()
        if arguments.write_to is not None:
            call.access.write(arguments.write_to, f"{count}\n".encode(), replace=True)
            files = (str(arguments.write_to),)
        return ToolResult(text=f"{count} words", data={"count": count}, files=files)


WORD_COUNT = WordCount()
