"""Mends a damaged database file before it is opened: what can be read of it is copied into a new one (salvage.py), or
the newest good snapshot takes its place, or an empty file. What was found is set aside.

Every step is a rename, and a recovery that was itself interrupted is finished at the next open.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from senter.clock import Clock
from senter.errors import StorageFull, StoreError
from senter.files import beside, make_private_file, replacing, size_bytes, sync_folder
from senter.store.failures import file_errors
from senter.store.fallen_back import mark_fallen_back, mark_put_back
from senter.store.header import changes_in
from senter.store.restored import Restored
from senter.store.salvage import Salvaged, salvage
from senter.store.snapshots import Snapshots, bad_text, damage
from senter.store.stamps import file_stamp
from senter.store.tally import Tally, lacking, read_changes, write_changes

CHEAP_CHECK_BYTES = 16 * 1024 * 1024
CORRUPT_FILES_KEPT = 3
SIDE_FILES = ("-wal", "-shm")
GONE = "it is gone"
EMPTY = "it is empty"
SAID = ".recovered"
BEHIND = "some of what was committed is not in it"


@dataclass(frozen=True, slots=True)
class Recovery:
    """Looks after one database file before it is opened."""

    path: Path
    snapshots: Snapshots
    tally: Tally
    clock: Clock
    log: structlog.stdlib.BoundLogger
    cheap_check_bytes: int = CHEAP_CHECK_BYTES

    def mend(self) -> str:
        """Replace the file if it is damaged or gone.

        Returns a sentence about what was done, also at later opens, until the daemon has stopped in good order.
        """
        self._finish_interrupted()
        found = self._damage()
        if found:
            self._replace(found)
        else:
            self._suspect.unlink(missing_ok=True)
            self._look_for_origin()
        return self._said.read_text(encoding="utf-8") if self._said.exists() else ""

    def suspect(self) -> None:
        """Ask for a full check at the next open, because SQLite reported damage while the file was in use."""
        with file_errors(self.path):
            make_private_file(self._suspect)

    def is_large(self) -> bool:
        """Whether opening does not read the whole file."""
        return size_bytes(self.path) >= self.cheap_check_bytes

    @property
    def _suspect(self) -> Path:
        return beside(self.path, ".suspect")

    @property
    def _said(self) -> Path:
        return beside(self.path, SAID)

    @property
    def _replacement(self) -> Path:
        return beside(self.path, ".replacement")

    def _damage(self) -> str:
        """A full check reads the whole file: a large one gets it on suspicion and daily, before its snapshot."""
        if size_bytes(self.path) == 0:
            lost = EMPTY if self.path.exists() else GONE
            return lost if self._was_made() else ""
        suspected = self._suspect.exists()
        thorough = suspected or not self.is_large() or self.snapshots.due()
        found = damage(self.path, thorough=thorough) or self._behind()
        return found or (bad_text(self.path) if suspected else "")

    def _was_made(self) -> bool:
        """A first start that was killed leaves an empty file at most."""
        return self.tally.exists() or size_bytes(beside(self.path, "-wal")) > 0 or bool(self.snapshots.newest_first())

    def _behind(self) -> str:
        with file_errors(self.path):
            return BEHIND if lacking(self._changes(), self.tally.read()) else ""

    def _changes(self) -> int:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            return read_changes(connection)

    def _look_for_origin(self) -> None:
        """A file that was counted in, and now has no tally, is a copy that somebody put there, or may be one."""
        if self.tally.exists() or size_bytes(self.path) == 0:
            return
        with file_errors(self.path):
            if self._changes():
                mark_put_back(self.path)
                self.log.warning("database_put_back_by_hand", path=str(self.path))

    def _replace(self, found: str) -> None:
        partial, aside = beside(self.path, ".replacement.partial"), self._aside()
        with file_errors(self.path):
            restored = self._prepare(partial, found)
            self._say(restored, aside)  # first: from here on the replacement is installed, whoever is killed
            partial.replace(self._replacement)
            self._set_aside(aside)
            self._install()
        self.log.error(
            "database_corrupt",
            path=str(self.path),
            damage=found,
            set_aside=str(aside),
            snapshot=str(restored.snapshot) if restored.snapshot else None,
            rows_missing=restored.rows_missing(),
        )

    def _prepare(self, partial: Path, found: str) -> Restored:
        """Make the file that is to take the place, from what keeps most."""
        snapshot = self.snapshots.newest_good()
        salvaged = self._salvage(partial, snapshot)
        held = salvaged.changes if salvaged else None
        if not salvaged or (snapshot and held is not None and lacking(held, changes_in(snapshot))):
            salvaged = None
            held = changes_in(snapshot) if snapshot else 0
            _fill(partial, snapshot)
        noted = self.tally.read()
        _finish(partial, noted)
        age = self.snapshots.age(snapshot) if snapshot else None
        known = salvaged or noted
        missing = (0 if held is None else lacking(held, noted)) if known else None
        return Restored(self.path.name, found, salvaged, snapshot, age, missing)

    def _salvage(self, partial: Path, snapshot: Path | None) -> Salvaged | None:
        if size_bytes(self.path) == 0:
            return None
        _fill(partial, None)
        try:
            return salvage(self.path, partial, snapshot)
        except StorageFull:
            raise
        except (sqlite3.DatabaseError, StoreError) as error:
            self.log.warning("database_not_salvaged", path=str(self.path), reason=str(error))
            return None

    def _say(self, restored: Restored, aside: Path) -> None:
        kept = f" What was found is kept as {aside.name}." if self.path.exists() else ""
        with replacing(self._said) as file:
            file.write(restored.sentence() + kept)

    def _aside(self) -> Path:
        return beside(self.path, f".corrupt-{file_stamp(self.clock.now())}")

    def _set_aside(self, aside: Path) -> None:
        for suffix in ("", *SIDE_FILES):
            if beside(self.path, suffix).exists():
                beside(self.path, suffix).replace(beside(aside, suffix))
        self._drop_oldest_aside()

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
                beside(self.path, side).unlink(missing_ok=True)
            self._install()
            self.log.error("database_recovery_finished", path=str(self.path))

    def _drop_oldest_aside(self) -> None:
        found = self.path.parent.glob(f"{self.path.name}.corrupt-*Z")
        for path in sorted(found, reverse=True)[CORRUPT_FILES_KEPT:]:
            for file in (path, *(beside(path, side) for side in SIDE_FILES)):
                file.unlink(missing_ok=True)


def forget_sentences(folder: Path) -> None:
    """What was mended was said for as long as the daemon ran. What cannot be removed is said again."""
    with suppress(OSError):
        for path in folder.glob(f"*.db{SAID}"):
            path.unlink()


def _fill(partial: Path, content: Path | None) -> None:
    partial.unlink(missing_ok=True)
    make_private_file(partial)
    if content:
        shutil.copyfile(content, partial)


def _finish(partial: Path, changes: int) -> None:
    """On disk, and no longer behind its tally."""
    with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
        if lacking(read_changes(connection), changes):
            write_changes(connection, changes)
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
