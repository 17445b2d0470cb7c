"""Copies of a database file that were found whole: taken hourly while it changes, daily, and before migrations."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from senter.clock import Clock
from senter.errors import CorruptDatabase, StoreError
from senter.files import make_private_file, sync_folder
from senter.store.failures import file_errors
from senter.store.header import changes_in, is_sqlite, read_header
from senter.store.schema import read_tables
from senter.store.stamps import file_stamp, from_file_stamp
from senter.store.tally import lacking

# One for each span of the first length, as far back as the second.
TIERS = (
    (timedelta(hours=1), timedelta(days=1)),
    (timedelta(days=1), timedelta(weeks=2)),
    (timedelta(weeks=1), timedelta(weeks=6)),
)
NEWEST_KEPT = 3
SPACE_BYTES = 512 * 1024 * 1024
COARSER = (1, 2, 4, 8, 16, 32)
EPOCH = datetime(1970, 1, 5, tzinfo=UTC)
LONGEST_INTERVAL = timedelta(days=1)
# Less than the hour that housekeeping waits, so that it finds one due each time.
SHORTEST_INTERVAL = timedelta(minutes=55)


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
        return not snapshots or not timedelta() <= self.age(snapshots[0]) < LONGEST_INTERVAL

    def due_after(self, changes: int) -> bool:
        """The same, or an hour old and without some of the row changes (see tally.py)."""
        if self.due():
            return True
        newest = self.newest_first()[0]
        return self.age(newest) >= SHORTEST_INTERVAL and changes_in(newest) != changes

    def age(self, snapshot: Path) -> timedelta:
        return self._clock.now() - self._taken_at(snapshot)

    def take(self, source: Path, changes: int = 0) -> Path:
        """Copy `source` as it is now, and look at each page of the copy; other connections may go on writing.

        Blocks for about 4 s a GB. Raises `CorruptDatabase` when the file is damaged, or gone, or lacks some of the
        row changes that its owner committed.
        """
        if not source.exists():
            raise CorruptDatabase(f"{source} is damaged: it is gone.")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._folder / f"{self._name}-{file_stamp(self._next_moment())}.db"
        partial = target.with_suffix(".partial")
        try:
            with file_errors(source):
                _copy(source, partial)
                _refuse_damaged(source, partial, changes)
                partial.replace(target)
                sync_folder(self._folder)
        finally:
            partial.unlink(missing_ok=True)
        self._thin_out()
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

    def _thin_out(self) -> None:
        paths = {self._taken_at(path): path for path in self.newest_first()}
        sizes = {moment: path.stat().st_size for moment, path in paths.items()}
        for moment in paths.keys() - worth_keeping(sizes, self._clock.now()):
            paths[moment].unlink(missing_ok=True)


def damage(path: Path, *, thorough: bool) -> str:
    """What is wrong with the file at `path`, or nothing. Thorough reads every page; else header and schema.

    Raises `StoreError` when the file cannot be looked at for another reason than damage.
    """
    with file_errors(path):
        if not is_sqlite(read_header(path)):
            return "it does not begin as a SQLite database does"
    return bad_pages(path, thorough=thorough)


def bad_pages(path: Path, *, thorough: bool) -> str:
    """The same, by what SQLite says of it alone: also for a file that this process has open."""
    try:
        with file_errors(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            verdict = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) if thorough else "ok"
    except CorruptDatabase as error:
        return str(error.__cause__)
    return "" if verdict == "ok" else verdict.splitlines()[-1]


def bad_text(path: Path) -> str:
    """In which table there are bytes that are no text, which SQLite does not mind; or nothing. Reads every row."""
    name = ""
    try:
        with file_errors(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for table in read_tables(connection):
                name = table.name
                for _ in connection.execute(f"SELECT {table.listed} FROM {table.quoted}"):  # noqa: S608
                    pass
    except CorruptDatabase as error:
        return f"{name}: {error.__cause__}"
    return ""


def _refuse_damaged(source: Path, copy: Path, changes: int) -> None:
    found = damage(copy, thorough=True)
    if not found and lacking(changes_in(copy), changes):
        found = "what was committed is not in it"
    if found:
        raise CorruptDatabase(f"{source} is damaged: {found}.")


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


def worth_keeping(sizes: Mapping[datetime, int], now: datetime, space_bytes: int = SPACE_BYTES) -> set[datetime]:
    """Of snapshots by their moments. The newest three stay, whatever they take."""
    newest = set(sorted(sizes, reverse=True)[:NEWEST_KEPT])
    for factor in COARSER:
        kept = newest | _thinned(sizes, now, factor)
        if sum(sizes[moment] for moment in kept) <= space_bytes:
            return kept
    return newest


def _thinned(moments: Mapping[datetime, int], now: datetime, factor: int) -> set[datetime]:
    return {moment for spacing, reach in TIERS for moment in _newest_of_each(moments, now - reach, spacing * factor)}


def _newest_of_each(moments: Mapping[datetime, int], since: datetime, spacing: timedelta) -> set[datetime]:
    """Spans lie fast in time, so that what is kept once is kept until it is out of reach."""
    return set({(moment - EPOCH) // spacing: moment for moment in sorted(moments) if moment > since}.values())
