"""Brings a database file up to the schema its owners know.

An owner is a package with numbered files `0001_what.sql` in it. All that is pending is applied in one
transaction, so a file has the old schema or the new one, never something between.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from senter.clock import Clock
from senter.errors import MigrationChanged, NewerSchema, StoreError
from senter.store.stamps import stamp

MIGRATION_NAME = re.compile(r"(\d{4})_\w+\.sql")

MIGRATIONS_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    PRIMARY KEY (owner, version)
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of one owner's schema."""

    owner: str
    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def migrations_of(owner: str) -> list[Migration]:
    """The steps beside the owner's code, in order. Numbers start at 1 and leave no gap."""
    found: list[Migration] = []
    for file in resources.files(owner).iterdir():
        match = MIGRATION_NAME.fullmatch(file.name)
        if match:
            found.append(Migration(owner, int(match[1]), file.name, file.read_text(encoding="utf-8")))
    found.sort(key=lambda migration: migration.version)
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise StoreError(f"The migrations of {owner} are not numbered 1, 2, 3, ... without a gap.")
    return found


def migrate(
    connection: sqlite3.Connection, path: Path, owners: Sequence[str], clock: Clock, before: Callable[[], None]
) -> list[Migration]:
    """Apply what is pending and return it. `before` is called first when the file already holds data."""
    known = [migrations_of(owner) for owner in owners]
    applied = _applied(connection)
    pending = [migration for steps in known for migration in _pending(path, steps, applied)]
    if not pending:
        return []
    if applied:
        before()
    _apply(connection, pending, clock)
    return pending


def _applied(connection: sqlite3.Connection) -> dict[tuple[str, int], str]:
    exists = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").fetchone()
    if not exists:
        return {}
    rows = connection.execute("SELECT owner, version, checksum FROM schema_migrations")
    return {(str(owner), int(version)): str(checksum) for owner, version, checksum in rows}


def _pending(path: Path, steps: list[Migration], applied: dict[tuple[str, int], str]) -> Iterator[Migration]:
    owner = steps[0].owner if steps else ""
    newest = max((version for name, version in applied if name == owner), default=0)
    if newest > len(steps):
        raise NewerSchema(str(path), newest, len(steps))
    for step in steps:
        checksum = applied.get((step.owner, step.version))
        if checksum is None:
            yield step
        elif checksum != step.checksum:
            raise MigrationChanged(str(path), step.name)


def _apply(connection: sqlite3.Connection, pending: list[Migration], clock: Clock) -> None:
    # A table that others refer to can only be rebuilt with foreign keys off; they are checked before the commit.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(MIGRATIONS_TABLE)
        for migration in pending:
            _apply_one(connection, migration, clock)
        _refuse_broken_references(connection, pending[-1])
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _apply_one(connection: sqlite3.Connection, migration: Migration, clock: Clock) -> None:
    for statement in statements(migration.sql):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO schema_migrations (owner, version, name, checksum, applied_at) VALUES (?, ?, ?, ?, ?)",
        (migration.owner, migration.version, migration.name, migration.checksum, stamp(clock.now())),
    )


def _refuse_broken_references(connection: sqlite3.Connection, newest: Migration) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise StoreError(f"Migration {newest.name} of {newest.owner} leaves broken references in table {broken[0]}.")


def statements(sql: str) -> Iterator[str]:
    """Split a script; `executescript` cannot be used because it commits the open transaction first."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
