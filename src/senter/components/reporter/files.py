"""Files that people and other programs read: written whole, beside the old one, and then put in its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from senter.store.files import make_private_file, sync_folder


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """All or nothing. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        make_private_file(beside)
        with beside.open("w", encoding="utf-8") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def json_pieces(value: object) -> Iterable[str]:
    yield json.dumps(value, ensure_ascii=False, indent=1)
    yield "\n"
