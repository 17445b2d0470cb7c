"""Copies of a database file that are known to be whole: taken daily and before migrations, the newest few kept."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from senter.clock import Clock
from senter.errors import CorruptDatabase, StoreError
from senter.store.failures import file_errors
from senter.store.files import make_private_file, sync_folder
from senter.store.stamps import file_stamp, from_file_stamp

SNAPSHOTS_KEPT = 3
SNAPSHOT_INTERVAL = timedelta(days=1)
FILE_HEADER = b"SQLite format 3\x00"


class Snapshots:
    """The snapshots of one database, in a folder that may hold those of others too."""

    def __init__(self, folder: Path, name: str, clock: Clock) -> None:
        self._folder = folder
        self._name = name
        self._clock = clock

    def newest_first(self) -> list[Path]:
        pattern = re.compile(re.escape(self._name) + r"-(\d{8}T\d{12}Z)\.db")
        found = [path for path in self._folder.glob("*.db") if pattern.fullmatch(path.name)]
        return sorted(found, reverse=True)

    def due(self) -> bool:
        """Whether the newest is a day old, or there is none, or the wall clock has gone back."""
        snapshots = self.newest_first()
        if not snapshots:
            return True
        return not timedelta() <= self._clock.now() - self._taken_at(snapshots[0]) < SNAPSHOT_INTERVAL

    def take(self, source: Path) -> Path:
        """Copy `source` as it is now; other connections may go on writing. Blocks for about 2 s a GB."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._folder / f"{self._name}-{file_stamp(self._next_moment())}.db"
        partial = target.with_suffix(".partial")
        try:
            with file_errors(source):
                _copy(source, partial)
                partial.replace(target)
                sync_folder(self._folder)
        finally:
            partial.unlink(missing_ok=True)
        self._drop_oldest()
        return target

    def newest_good(self) -> Path | None:
        """The newest that passes a full check."""
        return next((path for path in self.newest_first() if not damage(path, thorough=True)), None)

    def _taken_at(self, snapshot: Path) -> datetime:
        return from_file_stamp(snapshot.stem.removeprefix(f"{self._name}-"))

    def _next_moment(self) -> datetime:
        """Now, or just after the newest: a clock that went back must not make the newest copy look oldest."""
        newest = self.newest_first()[:1]
        return max([self._clock.now(), *(self._taken_at(path) + timedelta(microseconds=1) for path in newest)])

    def _drop_oldest(self) -> None:
        for path in self.newest_first()[SNAPSHOTS_KEPT:]:
            path.unlink(missing_ok=True)


def damage(path: Path, *, thorough: bool) -> str:
    """What is wrong with the file at `path`, or nothing. Thorough reads every page; else header and schema.

    Raises `StoreError` when the file cannot be looked at for another reason than damage.
    """
    with file_errors(path):
        with path.open("rb") as file:
            header = file.read(len(FILE_HEADER))
        if header and header != FILE_HEADER:
            return "it does not begin as a SQLite database does"
    try:
        with file_errors(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            verdict = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) if thorough else "ok"
    except CorruptDatabase as error:
        return str(error.__cause__)
    return "" if verdict == "ok" else verdict


def _copy(source: Path, target: Path) -> None:
    """Copy through SQLite and compare row counts: a starved copy is an empty file that passes every check."""
    target.unlink(missing_ok=True)
    make_private_file(target)
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        reading.execute("BEGIN")
        expected = _row_counts(reading)
        reading.backup(writing, pages=-1)
        writing.execute("PRAGMA journal_mode = DELETE")
        if _row_counts(writing) != expected:
            raise StoreError(f"The snapshot of {source} is incomplete.")
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608
