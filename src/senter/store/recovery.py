"""Puts a damaged database file aside and the newest good snapshot, or an empty file, in its place.

Every step is a rename, and a recovery that was itself interrupted is finished at the next open.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import structlog

from senter.clock import Clock
from senter.store.failures import file_errors
from senter.store.fallen_back import mark_fallen_back
from senter.store.files import make_private_file, sync_folder
from senter.store.snapshots import Snapshots, damage
from senter.store.stamps import file_stamp

CHEAP_CHECK_BYTES = 16 * 1024 * 1024
CORRUPT_FILES_KEPT = 3
SIDE_FILES = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Recovery:
    """Looks after one database file before it is opened."""

    path: Path
    snapshots: Snapshots
    clock: Clock
    log: structlog.stdlib.BoundLogger
    cheap_check_bytes: int = CHEAP_CHECK_BYTES

    def mend(self) -> str:
        """Replace the file if it is damaged. Returns a sentence about what was done, or nothing."""
        self._finish_interrupted()
        if not self.path.exists():
            return ""
        found = self._damage()
        if not found:
            self._suspect.unlink(missing_ok=True)
            return ""
        return self._replace(found)

    def suspect(self) -> None:
        """Ask for a full check at the next open, because SQLite reported damage while the file was in use."""
        with file_errors(self.path):
            make_private_file(self._suspect)

    @property
    def _suspect(self) -> Path:
        return _beside(self.path, ".suspect")

    @property
    def _replacement(self) -> Path:
        return _beside(self.path, ".replacement")

    def _damage(self) -> str:
        """A full check reads the whole file: a large one gets it on suspicion and daily, before its snapshot."""
        size = self.path.stat().st_size
        if size == 0:
            lost = _size(_beside(self.path, "-wal")) > 0 or bool(self.snapshots.newest_first())
            return "it is empty" if lost else ""
        thorough = size < self.cheap_check_bytes or self._suspect.exists() or self.snapshots.due()
        return damage(self.path, thorough=thorough)

    def _replace(self, found: str) -> str:
        snapshot = self.snapshots.newest_good()
        with file_errors(self.path):
            self._prepare(snapshot)
            aside = self._set_aside()
            self._install()
        restored = f"the snapshot {snapshot.name}" if snapshot else "an empty file, for want of a good snapshot"
        self.log.error(
            "database_corrupt",
            path=str(self.path),
            damage=found,
            set_aside=str(aside),
            snapshot=str(snapshot) if snapshot else None,
        )
        return f"{self.path.name} was damaged ({found}); it was set aside as {aside.name} and replaced by {restored}."

    def _prepare(self, snapshot: Path | None) -> None:
        partial = _beside(self.path, ".replacement.partial")
        partial.unlink(missing_ok=True)
        make_private_file(partial)
        if snapshot:
            shutil.copyfile(snapshot, partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(self._replacement)

    def _set_aside(self) -> Path:
        suffix = f".corrupt-{file_stamp(self.clock.now())}"
        aside = _beside(self.path, suffix)
        self.path.replace(aside)
        for side in SIDE_FILES:
            beside = _beside(self.path, side)
            if beside.exists():
                beside.replace(_beside(aside, side))
        self._drop_oldest_aside()
        return aside

    def _install(self) -> None:
        mark_fallen_back(self._replacement)
        self._replacement.replace(self.path)
        self._suspect.unlink(missing_ok=True)
        sync_folder(self.path.parent)

    def _finish_interrupted(self) -> None:
        with file_errors(self.path):
            if not self._replacement.exists():
                return
            if self.path.exists():  # interrupted before anything was moved: look at the file again
                self._replacement.unlink()
                return
            for side in SIDE_FILES:  # they belong to the file that was set aside, never to its replacement
                _beside(self.path, side).unlink(missing_ok=True)
            self._install()
            self.log.error("database_recovery_finished", path=str(self.path))

    def _drop_oldest_aside(self) -> None:
        found = self.path.parent.glob(f"{self.path.name}.corrupt-*Z")
        for path in sorted(found, reverse=True)[CORRUPT_FILES_KEPT:]:
            for file in (path, *(_beside(path, side) for side in SIDE_FILES)):
                file.unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
