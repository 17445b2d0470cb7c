"""Files that people and other programs read: written whole, beside the old one, and then put in its place."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

from senter.component.threads import in_thread
from senter.files import make_private_file, sync_folder

Write = Callable[[str], Awaitable[object]]


@asynccontextmanager
async def whole_file(path: Path) -> AsyncGenerator[Write]:
    """Takes a text piece by piece, so that it need not fit in memory; all or nothing. Raises `OSError`."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private_file(beside)
        with beside.open("w", encoding="utf-8") as file:
            yield lambda piece: in_thread(file.write, piece)
            await in_thread(_make_durable, file)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    await in_thread(sync_folder, path.parent)


def _make_durable(file: TextIO) -> None:
    file.flush()
    os.fsync(file.fileno())
