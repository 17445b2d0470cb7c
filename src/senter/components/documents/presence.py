"""Whether a folder is there now: a stick that is pulled out leaves an empty folder behind, or none at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

NOT_THERE = "It is not there now; what was read of it is still found."
MARK = " (not there now)"
IsMount = Callable[[Path], bool]


def is_away(folder: Path, mounts: Collection[str], is_mount: IsMount = os.path.ismount) -> bool:
    """Whether it was a file system of its own, by `mounts`, and is an empty folder by now."""
    return str(folder) in mounts and not is_mount(folder) and _is_empty(folder)


def problem_with(folder: Path, mounts: Collection[str]) -> str:
    """Why a folder cannot be gone through; empty for one that can."""
    try:
        os.scandir(folder).close()
    except PermissionError as error:
        return f"It cannot be read: {error.strerror}."
    except OSError:
        return NOT_THERE
    return NOT_THERE if is_away(folder, mounts) else ""


def marked(title: str, path: str) -> str:
    """The title of a file that was read and may be gone."""
    return title if os.path.lexists(path) else title + MARK


def _is_empty(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return True
