"""Files that people and other programs read: written whole, beside the old one, and then put in its place."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TextIO

from senter.store.files import make_private_file, sync_folder

Write = Callable[[str], Awaitable[object]]


@asynccontextmanager
async def whole_file(path: Path) -> AsyncGenerator[Write]:
    """Takes a text piece by piece, so that it need not fit in memory; all or nothing. Raises `OSError`."""
    beside = path.with_name(f".{path.name}.part")
    file: TextIO | None = None
    try:
        file = await asyncio.to_thread(_open, beside)
        opened = file
        yield lambda piece: asyncio.to_thread(opened.write, piece)
        await asyncio.to_thread(_put_in_place, opened, beside, path)
    except BaseException:
        if file is not None:
            with suppress(OSError):  # a full disk refuses what is still to be written, and nobody wants it any more
                file.close()
        beside.unlink(missing_ok=True)
        raise


def _open(path: Path) -> TextIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private_file(path)
    return path.open("w", encoding="utf-8")


def _put_in_place(file: TextIO, beside: Path, path: Path) -> None:
    with file:
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)
