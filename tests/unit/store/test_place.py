"""Files that are deleted, replaced or opened by others while their owner has them open."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from senter.errors import CorruptDatabase
from senter.store.database import Database
from senter.store.recovery import CHEAP_CHECK_BYTES, SIDE_FILES

OpenDatabase = Callable[[], Database]
LOOK = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM notes'); c.close()"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "notes.db"


def add(database: Database, text: str) -> None:
    with database.transaction() as transaction:
        transaction.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def texts(database: Database) -> list[str]:
    return database.rows("SELECT text FROM notes ORDER BY id", (), str)


@pytest.mark.parametrize("deleted", [("",), ("-wal",), ("-wal", "-shm"), ("", *SIDE_FILES)], ids=" and ".join)
def test_nothing_is_acknowledged_after_a_file_was_deleted_and_nothing_that_was_before_is_lost(
    open_database: OpenDatabase, path: Path, deleted: tuple[str, ...]
) -> None:
    damaged: list[CorruptDatabase] = []
    with open_database() as database:
        database.on_damage(damaged.append)
        add(database, "before")
        for suffix in deleted:
            path.with_name(path.name + suffix).unlink()
        with pytest.raises(CorruptDatabase, match="deleted or replaced"):
            add(database, "after")
    assert damaged
    with open_database() as database:
        assert texts(database) == ["before"]
        assert database.recovered == ""
        add(database, "again")


def test_a_file_that_took_the_place_of_an_open_one_is_not_written_over(open_database: OpenDatabase, path: Path) -> None:
    with open_database() as database:
        add(database, "before")
        other = path.with_name("other.db")
        with closing(sqlite3.connect(other)) as connection:
            connection.execute("CREATE TABLE others (id INTEGER)")
        found = other.read_bytes()
        other.replace(path)
        with pytest.raises(CorruptDatabase, match="deleted or replaced"):
            add(database, "after")
    assert path.read_bytes() == found


def test_a_deleted_file_that_cannot_be_put_back_is_said_in_the_log(open_database: OpenDatabase, path: Path) -> None:
    with capture_logs() as logs, open_database():
        shutil.rmtree(path.parent)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["database_not_put_back"]


def test_looking_at_a_large_file_leaves_its_wal_safe_from_other_programs(
    open_database: OpenDatabase, path: Path
) -> None:
    with open_database() as database:
        add(database, "x" * CHEAP_CHECK_BYTES)
    with open_database() as database:
        add(database, "in the wal")
        database.check()
        subprocess.run([sys.executable, "-c", LOOK, path], check=True)
        assert path.with_name("notes.db-wal").exists()
        add(database, "after another program had it open")
