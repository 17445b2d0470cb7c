"""One owner's database: a single connection, short transactions, typed errors.

Commits run in the event loop, because a thread would double their cost; slow ones are logged. Nothing
may be awaited inside a transaction. Damage found while running is reported to `on_damage`, and the
next open repairs it (see recovery.py). Nothing is committed to a file that is gone (see place.py). Durable commits are
counted, in the file and beside it (see tally.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from inspect import signature
from operator import itemgetter
from pathlib import Path
from typing import Self, TypeVar

import structlog

from senter.clock import Clock
from senter.errors import CorruptDatabase, StorageFull
from senter.files import make_private_file
from senter.store.failures import file_errors, sqlite_errors
from senter.store.migrate import migrate
from senter.store.place import FilePlace
from senter.store.recovery import Recovery
from senter.store.snapshots import Snapshots, bad_pages
from senter.store.tally import Tally, added, read_changes, write_changes

SLOW_COMMIT_SECONDS = 0.05
BUSY_TIMEOUT_MS = 2_000
WAL_KEPT_BYTES = 16 * 1024 * 1024
STORE_MIGRATIONS = "senter.store"

SIZE = """
SELECT (page_count - freelist_count) * page_size
FROM pragma_page_count, pragma_freelist_count, pragma_page_size
"""

NAME = itemgetter(0)

Value = str | int | float | bytes | None
Parameters = Sequence[Value] | Mapping[str, Value]
K = TypeVar("K")
T = TypeVar("T")


class Transaction:
    """What may be done between BEGIN and COMMIT; of no use afterwards."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        return self._open_connection().execute(sql, parameters).rowcount

    def rows(self, sql: str, parameters: Parameters, into: Callable[..., T]) -> list[T]:
        """Each row of one column as `into(value)`, of several as `into(name=value, ...)` by the columns' names."""
        cursor = self._open_connection().execute(sql, parameters)
        make = _maker(into, tuple(map(NAME, cursor.description or ())))
        return [make(values) for values in cursor]

    def row(self, sql: str, parameters: Parameters, into: Callable[..., T]) -> T | None:
        """As `rows`, the first; none where there is none, or where its only column is null."""
        cursor = self._open_connection().execute(sql, parameters)
        values = cursor.fetchone()
        if values is None or values == (None,):
            return None
        return _maker(into, tuple(map(NAME, cursor.description)))(values)

    def pairs(self, sql: str, parameters: Parameters, key: Callable[..., K], value: Callable[..., T]) -> dict[K, T]:
        """The rows of two columns: what the first holds, and the second with it."""
        rows = self._open_connection().execute(sql, parameters)
        return {key(first): value(second) for first, second in rows}

    def end(self) -> None:
        self._connection = None

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the transaction is over")
        return self._connection


class Database:
    """An open database file. Made by `open`; use it as a context manager."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, recovery: Recovery, recovered: str, clock: Clock
    ) -> None:
        self.path = path
        self.recovered = recovered
        """What was done about a damaged file since the daemon was started, else empty."""
        self._connection = connection
        self._recovery = recovery
        self._place = FilePlace(path)
        self._clock = clock
        self._log = recovery.log
        self._in_transaction = False
        self._changes = read_changes(connection)
        self._counted_up_to = connection.total_changes
        self._committed: list[Callable[[], None]] = []
        self._damaged: list[Callable[[CorruptDatabase], None]] = []

    @classmethod
    def open(
        cls, path: Path, *, migrations: str, snapshots: Path, clock: Clock, log: structlog.stdlib.BoundLogger
    ) -> Database:
        """Open or create the file, mend it if it is damaged, and migrate it.

        `migrations` is the package with the owner's `0001_what.sql` files. Raises `NewerSchema`,
        `MigrationChanged`, `StorageFull` or `StoreError`.
        """
        recovery = Recovery(path, Snapshots(snapshots, path.stem, clock), Tally(path), clock, log)
        recovered = recovery.mend()
        try:
            connection = _open(recovery, migrations)
        except CorruptDatabase:  # the quick look passed; look at every page, and try once more
            recovery.suspect()
            recovered = recovery.mend()
            connection = _open(recovery, migrations)
        return cls(path, connection, recovery, recovered, clock)

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call back after every commit."""
        self._committed.append(callback)

    def on_damage(self, callback: Callable[[CorruptDatabase], None]) -> None:
        """Call back when SQLite reports damage; whoever runs the component should let it end."""
        self._damaged.append(callback)

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Generator[Transaction]:
        """Write: committed when the block ends, rolled back when it raises. Transactions do not nest.

        A durable one survives loss of power once committed; one that is not survives kill -9 only and
        costs a thirtieth: for what may be repeated, such as marks and partial results.
        """
        if self._in_transaction:
            raise RuntimeError("transactions do not nest, and nothing may be awaited inside one")
        started = self._clock.monotonic()
        transaction = Transaction(self._connection)
        self._in_transaction = True
        try:
            with self._guarded():
                self._begin(durable)
                yield transaction
                self._commit(durable)
        finally:
            transaction.end()
            self._in_transaction = False
            self._roll_back()
        self._report_slow(self._clock.monotonic() - started)
        for callback in self._committed:
            callback()

    def rows(self, sql: str, parameters: Parameters, into: Callable[..., T]) -> list[T]:
        """Read outside a transaction, as `Transaction.rows`."""
        with self._guarded():
            return Transaction(self._connection).rows(sql, parameters, into)

    def row(self, sql: str, parameters: Parameters, into: Callable[..., T]) -> T | None:
        """Read outside a transaction, as `Transaction.row`."""
        with self._guarded():
            return Transaction(self._connection).row(sql, parameters, into)

    def pairs(self, sql: str, parameters: Parameters, key: Callable[..., K], value: Callable[..., T]) -> dict[K, T]:
        """Read outside a transaction, as `Transaction.pairs`."""
        with self._guarded():
            return Transaction(self._connection).pairs(sql, parameters, key, value)

    def size_bytes(self) -> int:
        """What the data takes, without pages that are free to be used again."""
        return self.row(SIZE, (), int) or 0

    def check(self) -> None:
        """Look at the whole file, if that was not done when it was opened. Raises `CorruptDatabase`.

        Reads through a connection of its own for about 2 s a GB: call it in a thread. Never opens the file but by
        SQLite: closing it again would give up the locks that keep other programs from removing the -wal.
        """
        with self._doubting():
            if self._recovery.is_large() and (found := bad_pages(self.path, thorough=True)):
                raise CorruptDatabase(f"{self.path} is damaged: {found}.")

    def snapshot_if_due(self) -> Path | None:
        """Take a snapshot when an hour has brought changes, or a day has passed. As `check` in all else."""
        snapshots, changes = self._recovery.snapshots, self._changes
        with self._doubting():
            return snapshots.take(self.path, changes) if snapshots.due_after(changes) else None

    def close(self) -> None:
        self._put_back()
        with sqlite_errors(self.path):
            self._connection.close()
        self._recovery.tally.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, durable: bool) -> None:
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._connection.execute("BEGIN IMMEDIATE")

    def _commit(self, durable: bool) -> None:
        self._refuse_lost()
        total = self._connection.total_changes
        changes = added(self._changes, total - self._counted_up_to)
        counting = durable and changes != self._changes
        if counting:
            write_changes(self._connection, changes)
        self._connection.execute("COMMIT")
        if counting:
            self._changes, self._counted_up_to = changes, total
            self._recovery.tally.note(changes)

    def _refuse_lost(self) -> None:
        with file_errors(self.path):
            if lost := self._place.lost():
                raise CorruptDatabase(f"{self.path} is damaged: {lost}.")

    def _put_back(self) -> None:
        """If it was deleted. What cannot be written here is mended by the next open, from a snapshot."""
        try:
            if self._place.is_free():
                self._place.put_back(self._connection)
                self._log.error("database_put_back", path=str(self.path))
        except (OSError, sqlite3.Error) as error:
            self._log.error("database_not_put_back", path=str(self.path), reason=str(error))

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with sqlite_errors(self.path):
                self._connection.execute("ROLLBACK")

    def _report_slow(self, seconds: float) -> None:
        if seconds > SLOW_COMMIT_SECONDS:
            self._log.warning("slow_commit", database=self.path.name, duration_ms=round(seconds * 1000, 1))

    @contextmanager
    def _guarded(self) -> Generator[None]:
        try:
            with self._doubting(), sqlite_errors(self.path):
                yield
        except CorruptDatabase as error:
            for callback in self._damaged:
                callback(error)
            raise

    @contextmanager
    def _doubting(self) -> Generator[None]:
        """Have the next open look closely at a file that was found damaged."""
        try:
            yield
        except CorruptDatabase as error:
            self._log.error("database_damage_found", path=str(self.path), error=error.message)
            self._recovery.suspect()
            raise


@lru_cache(maxsize=500)
def _maker(into: Callable[..., T], names: tuple[str, ...]) -> Callable[[Sequence[Value]], T]:
    """What makes of a row with such columns what `into` makes of them by their names."""
    if len(names) == 1:
        return lambda values: into(values[0])
    taken = [one.name for one in signature(into).parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD]
    if sorted(taken) != sorted(names):
        return lambda values: into(**dict(zip(names, values, strict=True)))
    if taken == list(names):  # many names are quicker by their places
        return lambda values: into(*values)
    in_order = itemgetter(*map(names.index, taken))
    return lambda values: into(*in_order(values))


def _open(recovery: Recovery, migrations: str) -> sqlite3.Connection:
    path = recovery.path
    with file_errors(path):
        make_private_file(path)
        connection = _connect(path)
        try:
            owners = (STORE_MIGRATIONS, migrations)
            applied = migrate(connection, path, owners, recovery.clock, before=lambda: _snapshot(recovery))
            connection.execute("PRAGMA foreign_keys = ON")
            if not applied and recovery.snapshots.due():
                _snapshot_if_possible(recovery)
            recovery.tally.open(read_changes(connection))
        except BaseException:
            connection.close()
            raise
    if applied:
        recovery.log.info("database_migrated", path=str(path), migrations=[f"{m.owner}/{m.name}" for m in applied])
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def _snapshot(recovery: Recovery) -> None:
    recovery.snapshots.take(recovery.path)


def _snapshot_if_possible(recovery: Recovery) -> None:
    """The daily copy is worth having but never worth staying down for."""
    try:
        _snapshot(recovery)
    except StorageFull as error:
        recovery.log.warning("snapshot_failed", path=str(recovery.path), error=error.message)
