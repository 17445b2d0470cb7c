"""The few things that are done to files without SQLite."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

PRIVATE_MODE = 0o600


def beside(path: Path, suffix: str) -> Path:
    """The file of the same name with `suffix` added."""
    return path.with_name(path.name + suffix)


def size_bytes(path: Path) -> int:
    """Of a file that need not be there."""
    return path.stat().st_size if path.exists() else 0


def make_private_file(path: Path) -> None:
    """Create the file if it is missing and keep other users out; SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_MODE))
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(PRIVATE_MODE)


def make_mark(path: Path) -> None:
    """An empty file that says something by being there, also after a loss of power. Raises `OSError`."""
    make_private_file(path)
    sync_folder(path.parent)


def remove_mark(path: Path) -> None:
    """Take back what `make_mark` said. Raises `OSError`."""
    path.unlink()
    sync_folder(path.parent)


@contextmanager
def replacing(path: Path) -> Generator[TextIO]:
    """A text that takes the place of a file when it is whole, also over a loss of power. Raises `OSError`."""
    beside = path.with_name(f".{path.name}.part")
    try:
        make_private_file(beside)
        with beside.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a loss of power, where folders can be synced."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def held_alone(path: Path) -> Generator[bool]:
    """Whether no other process holds this file during the block. A lock goes with the process that has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_MODE)
    try:
        yield lock_descriptor(descriptor, wait=False)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def lock_descriptor(descriptor: int, *, wait: bool) -> bool:
        """Whether the file is this process's alone now; goes with the descriptor."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def lock_descriptor(descriptor: int, *, wait: bool) -> bool:
        """Whether the file is this process's alone now; goes with the descriptor."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
