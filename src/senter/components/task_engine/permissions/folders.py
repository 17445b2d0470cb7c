"""Folders held open, and files reached through them: the one place that knows how an operating system does it.

A path can lead somewhere else a moment after it was looked at. A folder that is held open cannot: it is
opened from the root of the file system downwards, each name relative to the folder before and never through
a link, and everything is done by name inside it. Linux is tested; macOS goes the same way without
renameat2, untested. Windows has no such handles: files are then refused with a sentence.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO, Self

from senter.component.grants.holding import KERNEL_FOLDERS
from senter.errors import ToolError

LARGEST_FILE_BYTES = 256 * 1024 * 1024
MOST_ENTRIES_BELOW = 500_000
RENAME_NOREPLACE = 1


class HeldFolder:
    """One folder, held open until it is closed. Use it in a `with`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: Path, *, make: bool = False) -> Self:
        """Walk to a folder without ever following a link; `make` makes what is missing, private to this user."""
        with explained(path):
            descriptor = _walk(path, make=make)
        return cls(path, descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def status(self, name: str) -> os.stat_result | None:
        """What is there under a name, a link itself rather than what it leads to; None for nothing."""
        with explained(self.path / name):
            try:
                return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
            except FileNotFoundError:
                return None

    def open_file(self, name: str) -> BinaryIO:
        """A regular file of bearable size, for reading. Devices, pipes, sockets and links are not touched."""
        path = self.path / name
        with explained(path):
            _check_regular(os.stat(name, dir_fd=self._descriptor, follow_symlinks=False), path)
            # The entry may be another by now: O_NONBLOCK keeps a pipe from holding us up until fstat tells.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            descriptor = os.open(name, flags, dir_fd=self._descriptor)
        try:
            _check_regular(os.fstat(descriptor), path)
        except BaseException:
            os.close(descriptor)
            raise
        return os.fdopen(descriptor, "rb")

    def write_file(self, name: str, mode: int) -> BinaryIO:
        """A new file under a name nothing has."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with explained(self.path / name):
            descriptor = os.open(name, flags, 0o600, dir_fd=self._descriptor)
            os.fchmod(descriptor, mode)
        return os.fdopen(descriptor, "wb")

    def statuses(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every entry but those that vanish meanwhile."""
        with explained(self.path), os.scandir(self._descriptor) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield entry.name, entry.stat(follow_symlinks=False)

    def links(self) -> Iterator[Path]:
        """Every link in it and below it, hidden ones too, as a path from here. What cannot be read is left out."""
        seen = 0
        for root, folders, files, held in os.fwalk(".", dir_fd=self._descriptor):
            seen += len(folders) + len(files)
            if seen > MOST_ENTRIES_BELOW:
                raise ToolError(f"{self.path} holds more than {MOST_ENTRIES_BELOW:,} entries, too many to look at.")
            for name in (*folders, *files):
                with suppress(OSError):  # gone, or in a folder whose names may be read and no more
                    if stat.S_ISLNK(os.stat(name, dir_fd=held, follow_symlinks=False).st_mode):
                        yield Path(root, name)

    def rename(self, name: str, target: HeldFolder, new_name: str, *, replace: bool) -> bool:
        """Move an entry into a folder; False when it is on another file system and nothing was done."""
        with explained(target.path / new_name):
            try:
                if replace:
                    os.replace(name, new_name, src_dir_fd=self._descriptor, dst_dir_fd=target._descriptor)
                else:
                    _rename_to_nothing(self._descriptor, name, target._descriptor, new_name)
            except OSError as error:
                if error.errno == errno.EXDEV:
                    return False
                raise
        self.sync()
        target.sync()
        return True

    def remove(self, name: str) -> None:
        with explained(self.path / name):
            os.unlink(name, dir_fd=self._descriptor)

    def sync(self) -> None:
        """Make what changed in the folder survive a loss of power."""
        with explained(self.path):
            os.fsync(self._descriptor)


def _walk(path: Path, *, make: bool) -> int:
    if os.open not in os.supports_dir_fd:
        raise ToolError("This system cannot hold folders open, so files are closed to goals here.", trusted=True)
    passing = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    held = os.open(path.anchor, passing)
    try:
        for name in path.parts[1:]:
            following = _step(held, name, passing, make=make)
            os.close(held)
            held = following
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=held)
    finally:
        os.close(held)


def _step(held: int, name: str, flags: int, *, make: bool) -> int:
    try:
        return os.open(name, flags, dir_fd=held)
    except FileNotFoundError:
        if not make:
            raise
    with suppress(FileExistsError):  # somebody else may be making it now
        os.mkdir(name, 0o700, dir_fd=held)
    return os.open(name, flags, dir_fd=held)


def _check_regular(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_dev in _kernel_devices():
        raise ToolError(f"{path} is not an ordinary file.", trusted=True)
    if found.st_size > LARGEST_FILE_BYTES:
        raise ToolError(f"{path} is larger than {LARGEST_FILE_BYTES // 1024**2} MB.", trusted=True)


@cache
def _kernel_devices() -> frozenset[int]:
    """File systems whose files are made up by the kernel, wherever they are mounted."""
    return frozenset(Path(name).stat().st_dev for name in KERNEL_FOLDERS if Path(name).is_mount())


def _rename_to_nothing(source: int, name: str, target: int, new_name: str) -> None:
    """Rename without replacing anything. Where the system cannot, an empty entry claims the name first."""
    if _renameat2(source, name, target, new_name):
        return
    moved = os.stat(name, dir_fd=source, follow_symlinks=False)
    if stat.S_ISDIR(moved.st_mode):
        os.mkdir(new_name, 0o700, dir_fd=target)
    else:
        os.close(os.open(new_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=target))
    try:
        os.replace(name, new_name, src_dir_fd=source, dst_dir_fd=target)
    except OSError:
        with suppress(OSError):
            (os.rmdir if stat.S_ISDIR(moved.st_mode) else os.unlink)(new_name, dir_fd=target)
        raise


def _renameat2(source: int, name: str, target: int, new_name: str) -> bool:
    """Whether the kernel did it; False where it or the file system does not know how."""
    if not sys.platform.startswith("linux"):
        return False
    libc = _libc()
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(source, os.fsencode(name), target, os.fsencode(new_name), RENAME_NOREPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@contextmanager
def explained(path: Path) -> Generator[None]:
    """What the system refuses, as a sentence. Whether the path is others' words is for the caller to know."""
    try:
        yield
    except FileNotFoundError as error:
        raise ToolError(f"There is no {path}.", trusted=True) from error
    except FileExistsError as error:
        raise ToolError(f"{path} is already there.", "Choose another name.", trusted=True) from error
    except (NotADirectoryError, IsADirectoryError) as error:
        text = f"{path} is not what it was taken for: a folder, a file, or a link in its way."
        raise ToolError(text, trusted=True) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ToolError(f"{path} became a link while it was being opened.", trusted=True) from error
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ToolError(f"{path}: {error.strerror or error}.", retryable=full, trusted=True) from error
