from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from senter.errors import MigrationChanged, NewerSchema, StoreError
from senter.store.database import Database
from senter.store.migrate import migrations_of, statements

OpenDatabase = Callable[[], Database]


def add_migration(owner: Path, name: str, sql: str) -> None:
    (owner / name).write_text(sql)


def snapshots(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "data" / "snapshots").glob("notes-*.db"))


def insert(database: Database, text: str) -> None:
    with database.transaction() as transaction:
        transaction.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def test_a_new_file_gets_the_owners_tables_and_the_stores(open_database: OpenDatabase, tmp_path: Path) -> None:
    with open_database() as database:
        tables = set(database.rows("SELECT name FROM sqlite_master WHERE type = 'table'", (), str))
    assert {"notes", "outbox", "inbox_processed", "inbox_attempts", "schema_migrations"} <= tables
    assert snapshots(tmp_path) == []


def test_a_pending_migration_is_applied_once_after_a_snapshot(
    open_database: OpenDatabase, owner: Path, tmp_path: Path
) -> None:
    with open_database() as database:
        insert(database, "old")
    add_migration(owner, "0002_colour.sql", "ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';")
    with open_database() as database:
        assert database.rows("SELECT text || colour FROM notes", (), str) == ["oldred"]
    assert len(snapshots(tmp_path)) == 1
    with open_database() as database:
        assert database.rows("SELECT text || colour FROM notes", (), str) == ["oldred"]
    assert len(snapshots(tmp_path)) == 1


def test_a_migration_that_fails_half_way_changes_nothing(open_database: OpenDatabase, owner: Path) -> None:
    with open_database() as database:
        insert(database, "old")
    add_migration(owner, "0002_more.sql", "CREATE TABLE more (id INTEGER);\nDELETE FROM notes;\nSELECT nonsense;\n")
    with pytest.raises(StoreError, match="nonsense"):
        open_database()
    (owner / "0002_more.sql").unlink()
    with open_database() as database:
        assert database.rows("SELECT text FROM notes", (), str) == ["old"]
        assert database.rows("SELECT name FROM sqlite_master WHERE name = 'more'", (), str) == []


def test_a_table_that_others_refer_to_can_be_rebuilt_but_not_broken(open_database: OpenDatabase, owner: Path) -> None:
    with open_database() as database:
        insert(database, "one")
    add_migration(
        owner, "0002_tags.sql", "CREATE TABLE tags (note INTEGER REFERENCES notes);\nINSERT INTO tags VALUES (1);"
    )
    open_database().close()
    add_migration(owner, "0003_broken.sql", "DELETE FROM notes;")
    with pytest.raises(StoreError, match="broken references in table tags"):
        open_database()
    rebuild = (
        "CREATE TABLE rebuilt (id INTEGER PRIMARY KEY, text TEXT);\nINSERT INTO rebuilt SELECT * FROM notes;\n"
        "DROP TABLE notes;\nALTER TABLE rebuilt RENAME TO notes;"
    )
    (owner / "0003_broken.sql").unlink()
    add_migration(owner, "0003_rebuild.sql", rebuild)
    with open_database() as database:
        assert database.rows("SELECT text FROM notes JOIN tags ON tags.note = notes.id", (), str) == ["one"]


def test_a_newer_schema_is_refused_and_left_alone(open_database: OpenDatabase, owner: Path) -> None:
    add_migration(owner, "0002_more.sql", "CREATE TABLE more (id INTEGER);")
    with open_database() as database:
        path = database.path
    before = path.read_bytes()
    (owner / "0002_more.sql").unlink()
    with pytest.raises(NewerSchema, match="schema version 2; this Senter knows up to 1"):
        open_database()
    assert path.read_bytes() == before


def test_a_changed_migration_is_refused_by_name(open_database: OpenDatabase, owner: Path) -> None:
    open_database().close()
    add_migration(owner, "0001_notes.sql", "CREATE TABLE notes (id INTEGER);")
    with pytest.raises(MigrationChanged, match="0001_notes"):
        open_database()


def test_line_ends_do_not_change_a_migration(open_database: OpenDatabase, owner: Path) -> None:
    open_database().close()
    text = (owner / "0001_notes.sql").read_text()
    (owner / "0001_notes.sql").write_bytes(text.replace("\n", "\r\n").encode())
    open_database().close()


@pytest.mark.parametrize("name", ["0003_gap.sql", "0001_twice.sql"])
def test_numbers_with_a_gap_or_used_twice_are_refused(open_database: OpenDatabase, owner: Path, name: str) -> None:
    add_migration(owner, name, "CREATE TABLE more (id INTEGER);")
    with pytest.raises(StoreError, match="without a gap"):
        open_database()


def test_the_stores_own_migrations_ship_with_it() -> None:
    assert [migration.version for migration in migrations_of("senter.store")] == [1, 2, 3]


def test_a_script_is_split_where_statements_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM b;\n  DELETE FROM c;\nEND;\n"
    script = "-- a comment; with a semicolon\nCREATE TABLE a (x TEXT DEFAULT ';');\n" + trigger + "SELECT 1"
    parts = list(statements(script))
    assert len(parts) == 3
    assert parts[1] == trigger
    assert "".join(parts) == script
