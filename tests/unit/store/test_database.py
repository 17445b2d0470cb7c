from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from senter.component.testing import FakeClock
from senter.errors import CorruptDatabase, StoreError
from senter.store.database import Database

OpenDatabase = Callable[[], Database]


def add(database: Database, text: str) -> None:
    with database.transaction() as transaction:
        transaction.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def texts(database: Database) -> list[str]:
    return database.rows("SELECT text FROM notes ORDER BY id", (), str)


def test_what_was_committed_is_there_after_reopening(open_database: OpenDatabase) -> None:
    with open_database() as database:
        add(database, "kept")
    with open_database() as database:
        assert texts(database) == ["kept"]
        assert database.recovered == ""


def test_a_transaction_that_raises_leaves_nothing_behind(open_database: OpenDatabase) -> None:
    with open_database() as database:
        with pytest.raises(KeyError), database.transaction() as transaction:
            transaction.execute("INSERT INTO notes (text) VALUES ('lost')")
            raise KeyError
        assert texts(database) == []
        add(database, "after")
        assert texts(database) == ["after"]


def test_transactions_do_not_nest(open_database: OpenDatabase) -> None:
    with open_database() as database, database.transaction() as outer:
        outer.execute("INSERT INTO notes (text) VALUES ('outer')")
        with pytest.raises(RuntimeError, match="nest"), database.transaction():
            pass


def test_a_transaction_is_of_no_use_when_it_is_over(open_database: OpenDatabase) -> None:
    with open_database() as database:
        with database.transaction() as transaction:
            pass
        with pytest.raises(RuntimeError, match="over"):
            transaction.execute("DELETE FROM notes")


def test_who_waits_for_commits_is_told_of_commits_only(open_database: OpenDatabase) -> None:
    with open_database() as database:
        commits: list[int] = []
        database.on_commit(lambda: commits.append(len(texts(database))))
        with pytest.raises(ValueError, match="no"), database.transaction():
            raise ValueError("no")
        add(database, "one")
        assert commits == [1]


def test_the_file_is_private_to_its_user(open_database: OpenDatabase) -> None:
    with open_database() as database:
        add(database, "secret")
        for file in database.path.parent.glob("notes.db*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_an_existing_file_that_others_can_read_is_made_private(open_database: OpenDatabase) -> None:
    with open_database() as database:
        path = database.path
    path.chmod(0o644)
    with open_database():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_acknowledged_write_survives_loss_of_power_unless_it_says_otherwise(open_database: OpenDatabase) -> None:
    full, normal = 2, 1
    with open_database() as database:
        with database.transaction() as transaction:
            assert transaction.row("PRAGMA synchronous", (), int) == full
        with database.transaction(durable=False) as transaction:
            assert transaction.row("PRAGMA synchronous", (), int) == normal
        with database.transaction() as transaction:
            assert transaction.row("PRAGMA synchronous", (), int) == full
        assert database.row("PRAGMA journal_mode", (), str) == "wal"
        assert database.row("PRAGMA foreign_keys", (), int) == 1


def test_a_slow_commit_is_logged(open_database: OpenDatabase, clock: FakeClock) -> None:
    with open_database() as database, capture_logs() as logs:
        with database.transaction():
            clock.elapse(0.2)
        add(database, "fast")
    assert [(line["event"], line["duration_ms"]) for line in logs] == [("slow_commit", 200.0)]


def test_a_broken_rule_of_the_schema_is_a_typed_error(open_database: OpenDatabase) -> None:
    with open_database() as database, pytest.raises(StoreError, match="NOT NULL"), database.transaction() as writing:
        writing.execute("INSERT INTO notes (text) VALUES (NULL)")


def test_a_mistake_in_the_calling_code_is_not_blamed_on_the_file(open_database: OpenDatabase) -> None:
    with open_database() as database, pytest.raises(sqlite3.ProgrammingError), database.transaction() as writing:
        writing.execute("INSERT INTO notes (text) VALUES (?)", ())


def test_a_file_that_another_program_holds_is_a_typed_error(open_database: OpenDatabase, tmp_path: Path) -> None:
    with open_database() as database:
        other = sqlite3.connect(database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program"):
            add(database, "refused")
        other.close()
        add(database, "accepted")
        assert texts(database) == ["accepted"]


def test_a_folder_in_place_of_the_file_is_a_typed_error(open_database: OpenDatabase, tmp_path: Path) -> None:
    (tmp_path / "data" / "notes.db").mkdir()
    with pytest.raises(StoreError, match=r"notes\.db"):
        open_database()


def test_a_file_system_that_cannot_be_written_is_a_typed_error(owner: Path, clock: FakeClock, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        Database.open(
            Path("/proc/notes.db"),
            migrations=owner.name,
            snapshots=tmp_path,
            clock=clock,
            log=structlog.stdlib.get_logger(),
        )


def test_damage_found_while_running_is_said_and_mended_at_the_next_open(open_database: OpenDatabase) -> None:
    with open_database() as database:
        for number in range(2_000):
            add(database, f"{number} " + "x" * 200)
        path = database.path
    with open_database() as database:  # the first reopening takes a snapshot
        found: list[CorruptDatabase] = []
        database.on_damage(found.append)
        pages = bytearray(path.read_bytes())
        pages[4096 * 3 :] = b"\xa5" * (len(pages) - 4096 * 3)
        path.write_bytes(pages)
        with pytest.raises(CorruptDatabase):
            texts(database)
        assert len(found) == 1
    with open_database() as database:
        assert "damaged" in database.recovered
        assert len(texts(database)) == 2_000


def test_size_is_that_of_the_data_without_free_pages(open_database: OpenDatabase) -> None:
    with open_database() as database:
        empty = database.size_bytes()
        add(database, "x" * 1_000_000)
        assert database.size_bytes() > empty + 990_000
        with database.transaction() as transaction:
            transaction.execute("DELETE FROM notes")
        assert database.size_bytes() <= empty + 4096


def test_deleted_text_is_not_left_in_the_file(open_database: OpenDatabase) -> None:
    with open_database() as database:
        add(database, "a very private sentence")
        with database.transaction() as transaction:
            transaction.execute("DELETE FROM notes")
        path = database.path
    assert b"a very private sentence" not in path.read_bytes()
