"""What has arrived of a file, as it grows: every source goes on where the last one ended."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

from senter.errors import StorageFull

KEPT_FREE_BYTES = 500 * 1024 * 1024
"""What the disk must have left when the file is whole: a full disk would hurt more than a small model."""


class SourceFailed(Exception):
    """A source could not hand over the file, for people why; the next one is tried."""


class Partial:
    """The beginning of a file, open for appending."""

    def __init__(self, path: Path, size_bytes: int, tell: Callable[[int], None]) -> None:
        self.size_bytes = size_bytes
        """How large the whole will be."""
        self._path = path
        self._tell = tell
        self._told = 0
        self._file = path.open("ab", buffering=0)
        if self.arrived > size_bytes:
            self.begin_again()

    @property
    def arrived(self) -> int:
        """How many bytes are there."""
        return self._file.tell()

    @property
    def whole(self) -> bool:
        return self.arrived == self.size_bytes

    def append(self, block: bytes) -> None:
        """Raises `SourceFailed` at more bytes than the file has, and `StorageFull`."""
        if self.arrived + len(block) > self.size_bytes:
            raise SourceFailed("it hands over more than the file has")
        left = memoryview(block)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise cannot_write(error, self._path) from error
        self.tell()

    def tell(self, beside_bytes: int = 0) -> None:
        """Say how far it is, with what has arrived but is not appended yet; never less than before."""
        self._told = max(self._told, min(self.arrived + beside_bytes, self.size_bytes))
        self._tell(self._told)

    def begin_again(self) -> None:
        self._told = 0
        self._file.truncate(0)
        self._file.seek(0)

    def close(self) -> None:
        self._file.close()


def check_space(folder: Path, needed_bytes: int) -> None:
    """Raises `StorageFull` with what is missing before a byte is fetched."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + KEPT_FREE_BYTES:
        needed = (needed_bytes + KEPT_FREE_BYTES) // 1024**2
        raise StorageFull(
            f"The disk of {folder} has {free // 1024**2:,} MiB free; the model needs {needed:,}.",
            "Free some space, or set models.folder to a folder on another disk.",
        )


def cannot_write(error: OSError, path: Path) -> StorageFull:
    """What the system's refusal to write this file means."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(
            f"The disk of {path.parent} is full.", "Free some space, or set models.folder to a folder on another disk."
        )
    return StorageFull(f"{path} cannot be written: {error.strerror or error}.", "Check models.folder.")
