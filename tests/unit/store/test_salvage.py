"""Damage to single pages of real files: what SQLite can still read is kept, and what is missing is named."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from senter.errors import StoreError
from senter.store.salvage import SavedTable, salvage

PAGE_BYTES = 4096
LEAVES = (10, 13)  # the kinds of page of an index and of a table that have nothing below them
SCHEMA = """
CREATE TABLE schema_migrations (
    owner TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
    PRIMARY KEY (owner, version)
) STRICT;
INSERT INTO schema_migrations VALUES ('test', 1, '0001_test.sql', 'digest');
CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE children (
    id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE, text TEXT NOT NULL
) STRICT;
CREATE INDEX children_by_parent ON children (parent_id);
CREATE TABLE loose (text TEXT NOT NULL) STRICT;
CREATE TABLE named (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(text, content = 'parents', content_rowid = 'id');
CREATE VIRTUAL TABLE own_words USING fts5(text);
CREATE TRIGGER parents_stay BEFORE DELETE ON parents BEGIN SELECT raise(ABORT, 'they stay'); END;
CREATE VIEW all_children AS SELECT id FROM children;
"""
ROWS = 1_000


def write(connection: sqlite3.Connection, first: int, last: int) -> None:
    for number in range(first, last):
        text = f"{number:05} " + "word " * 30
        connection.execute("INSERT INTO parents VALUES (?, ?)", (number, text))
        connection.execute("INSERT INTO children VALUES (?, ?, ?)", (number, number, text))
        connection.execute("INSERT INTO loose VALUES (?)", (text,))
        connection.execute("INSERT INTO named VALUES (?, ?)", (f"{number:05}", text))
        connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, text))
        connection.execute("INSERT INTO own_words (rowid, text) VALUES (?, ?)", (number, text))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a thousand rows in each table, and beside it the snapshot of when it had nine hundred."""
    path = tmp_path_factory.mktemp("whole") / "test.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        write(connection, 1, ROWS - 99)
        connection.execute("COMMIT")
        connection.execute("VACUUM INTO ?", (str(path.with_name("snapshot.db")),))
        connection.execute("BEGIN")
        write(connection, ROWS - 99, ROWS + 1)
        connection.execute("COMMIT")
        connection.execute("PRAGMA user_version = 77")
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    for file in whole.parent.iterdir():
        shutil.copy(file, tmp_path / file.name)
    return tmp_path / "test.db"


@pytest.fixture
def snapshot(path: Path) -> Path:
    return path.with_name("snapshot.db")


def pages_of(path: Path, name: str) -> list[int]:
    """The leaves of a table or an index, counted from 1 as SQLite does."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return [page for page in below(path.read_bytes(), root) if page != root]


def below(content: bytes, page: int) -> Iterator[int]:
    """A page and all under it, in order: see "B-tree Pages" in the description of the file format."""
    start = (page - 1) * PAGE_BYTES
    yield page
    if content[start] in (2, 5):
        count = int.from_bytes(content[start + 3 : start + 5], "big")
        cells = [content[start + 12 + 2 * n : start + 14 + 2 * n] for n in range(count)]
        places = [start + int.from_bytes(cell, "big") for cell in cells]
        for place in (*places, start + 8):
            yield from below(content, int.from_bytes(content[place : place + 4], "big"))


def overwrite(path: Path, *pages: int) -> None:
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE_BYTES)
            file.write(b"\xa5" * PAGE_BYTES)


def leaves_of(path: Path, name: str) -> list[int]:
    content = path.read_bytes()
    return [page for page in pages_of(path, name) if content[(page - 1) * PAGE_BYTES] in LEAVES]


def number_wrongly(path: Path, table: str, number: int, wrong: int) -> None:
    """Both numbers below 128: they are the last such byte before the text."""
    content = bytearray(path.read_bytes())
    starts = [(page - 1) * PAGE_BYTES for page in leaves_of(path, table)]
    text = f"{number:05} word".encode()
    (place,) = [found for start in starts if (found := content.find(text, start, start + PAGE_BYTES)) > 0]
    content[content.rindex(bytes([number]), 0, place)] = wrong
    path.write_bytes(content)


def texts(path: Path, table: str) -> set[str]:
    column = "name" if table == "named" else "text"
    with closing(sqlite3.connect(path)) as connection:
        return {text for (text,) in connection.execute(f"SELECT {column} FROM {table}")}  # noqa: S608


def mended(path: Path, snapshot: Path | None = None) -> tuple[dict[str, SavedTable], Path]:
    target = path.with_name("new.db")
    target.touch()
    before = path.read_bytes()
    saved = salvage(path, target, snapshot)
    assert path.read_bytes() == before
    return {table.name: table for table in saved.tables}, target


def numbers(path: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [number for (number,) in connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]  # noqa: S608


def value(path: Path, sql: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()[0]


@pytest.mark.parametrize("index", ["children_by_parent", "sqlite_autoindex_parents_1"])
def test_a_bad_page_of_an_index_costs_no_row(path: Path, index: str) -> None:
    overwrite(path, pages_of(path, index)[-1])
    saved, target = mended(path)
    assert {table.missing for table in saved.values()} == {0}
    assert not any(table.unknown for table in saved.values())
    assert numbers(target, "children") == list(range(1, ROWS + 1))
    assert value(target, "SELECT count(*) FROM children WHERE parent_id BETWEEN 1 AND 2000") == ROWS


def test_all_around_bad_pages_is_kept_and_what_an_index_counts_is_missed(path: Path) -> None:
    pages = pages_of(path, "children")
    overwrite(path, pages[3], pages[7], pages[8], pages[-1])
    readable = [n for n in range(1, ROWS + 1) if is_readable(path, "children", n)]
    assert len(readable) < ROWS
    saved, target = mended(path)
    assert numbers(target, "children") == readable
    assert saved["children"] == SavedTable("children", len(readable), 0, ROWS - len(readable), unknown=False)


def is_readable(path: Path, table: str, number: int) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        try:
            found = connection.execute(f"SELECT * FROM {table} NOT INDEXED WHERE rowid = ?", (number,))  # noqa: S608
            return found.fetchone() is not None
        except sqlite3.DatabaseError:
            return False


def test_what_cannot_be_read_comes_from_the_snapshot_and_only_that(path: Path, snapshot: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM children WHERE id = 5")  # is not to come back
    pages = pages_of(path, "children")
    overwrite(path, pages[3], pages[-1])
    saved, target = mended(path, snapshot)
    found = numbers(target, "children")
    assert found[:800] == [number for number in range(1, 802) if number != 5]
    assert saved["children"].put_back > 0
    assert saved["children"].missing == ROWS - 1 - len(found) > 0


def test_children_of_a_parent_that_is_lost_are_left_out_and_missed(path: Path) -> None:
    overwrite(path, pages_of(path, "parents")[3])
    saved, target = mended(path)
    left = numbers(target, "parents")
    assert numbers(target, "children") == left
    assert saved["parents"].missing == saved["children"].missing == ROWS - len(left) > 0
    assert value(target, "SELECT seq FROM sqlite_sequence WHERE name = 'parents'") == ROWS


def test_a_number_is_not_given_again_when_the_last_page_is_lost(path: Path) -> None:
    overwrite(path, pages_of(path, "parents")[-1])
    _, target = mended(path)
    assert max(numbers(target, "parents")) < ROWS
    assert value(target, "SELECT seq FROM sqlite_sequence WHERE name = 'parents'") == ROWS


def test_a_table_without_rowids_is_read_from_both_ends_and_by_the_keys_of_the_snapshot(
    path: Path, snapshot: Path
) -> None:
    pages = [page for page in pages_of(path, "named") if path.read_bytes()[(page - 1) * PAGE_BYTES] == 10]
    overwrite(path, pages[3], pages[9])
    saved, target = mended(path)
    assert saved["named"].unknown
    assert ROWS // 2 < saved["named"].rows < ROWS
    target.unlink()
    saved, target = mended(path, snapshot)
    assert saved["named"].rows == ROWS
    assert 0 < saved["named"].put_back < 100


def test_rows_of_a_table_that_nothing_counts_are_missed_by_their_numbers(path: Path) -> None:
    overwrite(path, pages_of(path, "loose")[3])
    saved, _ = mended(path)
    assert saved["loose"].missing == ROWS - saved["loose"].rows > 0


def test_texts_that_are_none_are_made_readable_and_counted(path: Path) -> None:
    content = path.read_bytes()
    place = content.index(b"00500 word", (pages_of(path, "loose")[0] - 1) * PAGE_BYTES)
    path.write_bytes(content[: place + 6] + b"\xff" + content[place + 7 :])
    target = path.with_name("new.db")
    target.touch()
    assert salvage(path, target, None).altered_texts >= 1


def test_searches_find_what_was_saved(path: Path) -> None:
    overwrite(path, pages_of(path, "parents")[3], pages_of(path, "words_data")[0])
    _, target = mended(path)
    left = numbers(target, "parents")
    assert value(target, "SELECT count(*) FROM words WHERE words MATCH 'word'") == len(left)
    assert value(target, "SELECT count(*) FROM own_words WHERE own_words MATCH 'word'") == ROWS


def lose_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // PAGE_BYTES * PAGE_BYTES)


def test_a_lost_header_costs_no_row(path: Path) -> None:
    lose_header(path)
    saved, target = mended(path)
    assert {table.missing for table in saved.values()} == {0}
    assert numbers(target, "loose") == list(range(1, ROWS + 1))


def test_of_a_file_that_is_cut_short_the_rest_is_kept(path: Path) -> None:
    cut_short(path)
    readable = [number for number in range(1, ROWS + 1) if is_readable(path.with_name("test.db"), "loose", number)]
    saved, target = mended(path)
    assert set(readable) <= set(numbers(target, "loose"))
    assert saved["loose"].rows >= ROWS // 4


@pytest.mark.parametrize("place", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("table", ["loose", "named"])
def test_a_file_that_is_cut_within_a_page_has_all_that_a_snapshot_has(
    path: Path, snapshot: Path, table: str, place: float
) -> None:
    pages = leaves_of(path, table)
    os.truncate(path, int((pages[len(pages) // 2] - 1 + place) * PAGE_BYTES))
    saved, target = mended(path, snapshot)
    assert texts(target, table) >= texts(snapshot, table)
    assert saved[table].unknown


@pytest.mark.parametrize("wrong", [1, 60, 127])
def test_a_row_under_a_wrong_number_comes_from_the_snapshot_and_only_that(
    path: Path, snapshot: Path, wrong: int
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM loose WHERE rowid IN (80, 127)")  # are not to come back
    kept = set(numbers(path, "loose"))
    number_wrongly(path, "loose", 70, wrong)
    assert set(numbers(path, "loose")) != kept
    saved, target = mended(path, snapshot)
    assert set(numbers(target, "loose")) - {wrong} == kept - {wrong}
    assert value(target, "SELECT text FROM loose WHERE rowid = 70") == value(
        snapshot, "SELECT text FROM loose WHERE rowid = 70"
    )
    assert saved["loose"].missing == 0


def test_the_last_row_before_a_bad_page_is_kept_where_no_index_says_how_far_a_table_goes(
    path: Path, snapshot: Path
) -> None:
    overwrite(path, leaves_of(path, "loose")[-1])
    readable = [number for number in range(1, ROWS + 1) if is_readable(path, "loose", number)]
    assert max(readable) > ROWS - 100  # what the snapshot knows of
    _, target = mended(path, snapshot)
    assert numbers(target, "loose") == readable


@pytest.mark.parametrize("column", ["owner", "checksum"])
def test_a_list_of_migrations_that_has_a_wrong_bit_comes_from_the_snapshot(
    path: Path, snapshot: Path, column: str
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE schema_migrations SET {column} = 'tesu'")  # noqa: S608
    _, target = mended(path, snapshot)
    sql = "SELECT owner || version || checksum FROM schema_migrations"
    assert value(target, sql) == value(snapshot, sql) == "test1digest"


def test_a_page_that_is_wrong_about_how_many_rows_it_has_is_said_where_nothing_else_counts_them(path: Path) -> None:
    content = bytearray(path.read_bytes())
    rows = (leaves_of(path, "loose")[3] - 1) * PAGE_BYTES + 3
    content[rows + 1] -= 2
    path.write_bytes(content)
    saved, _ = mended(path)
    assert saved["loose"].rows == ROWS - 2
    assert saved["loose"].unknown
    assert not saved["named"].unknown


@pytest.mark.parametrize("harm", [lose_header, cut_short])
def test_triggers_and_views_are_there_again(path: Path, harm: Callable[[Path], None]) -> None:
    harm(path)
    _, target = mended(path)
    assert value(target, "SELECT count(*) FROM all_children") == value(target, "SELECT count(*) FROM children")
    with closing(sqlite3.connect(target)) as connection, pytest.raises(sqlite3.IntegrityError, match="they stay"):
        connection.execute("DELETE FROM parents")


def test_a_file_without_a_schema_cannot_be_salvaged(path: Path) -> None:
    overwrite(path, 1)
    with pytest.raises((sqlite3.DatabaseError, StoreError)):
        mended(path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["new.db", "snapshot.db", "test.db"]
