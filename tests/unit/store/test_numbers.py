"""Numbers stay unique over a fall-back of the file that counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from senter.component.testing import FakeClock
from senter.store.database import Database
from senter.store.fallen_back import has_fallen_back, taken_note_of
from senter.store.numbers import AHEAD, Numbers
from senter.store.recovery import Recovery
from senter.store.snapshots import Snapshots
from senter.store.tally import Tally

OpenDatabase = Callable[[], Database]
TABLE = "CREATE TABLE goals (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL) STRICT;\n"
ADD = "INSERT INTO goals (text) VALUES ('x') RETURNING id"


@pytest.fixture(autouse=True)
def goals(owner: Path) -> None:
    (owner / "0002_goals.sql").write_text(TABLE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "notes.db"


@pytest.fixture
def opened(open_database: OpenDatabase) -> Iterator[Callable[[], Database]]:
    """Opens the file as a component does: numbers first."""
    databases: list[Database] = []

    def open_it() -> Database:
        for database in databases:
            database.close()
        database = open_database()
        databases[:] = [database]
        numbers = Numbers(database, structlog.stdlib.get_logger())
        if has_fallen_back(database):
            numbers.go_on_behind()
        numbers.keep_ahead()
        return database

    yield open_it
    for database in databases:
        database.close()


def add(database: Database) -> int:
    with database.transaction() as transaction:
        return transaction.row(ADD, (), int) or 0


def fall_back(path: Path) -> None:
    path.write_bytes(b"\xde\xad" * 8_192)
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)


def test_a_fall_back_gives_no_number_again(opened: OpenDatabase, path: Path) -> None:
    database = opened()
    first = add(database)
    Snapshots(path.parent / "snapshots", "notes", FakeClock()).take(path)
    given = [first, *(add(database) for _ in range(3 * AHEAD))]
    database.close()
    fall_back(path)
    database = opened()
    assert database.row("SELECT count(*) FROM goals", (), int) == 1
    again = add(database)
    assert given[-1] < again <= given[-1] + AHEAD


def test_where_all_is_lost_but_the_numbers_they_go_on(opened: OpenDatabase, path: Path) -> None:
    database = opened()
    given = add(database)
    database.close()
    fall_back(path)
    assert add(opened()) > given


def test_a_start_without_a_fall_back_leaves_no_gap(opened: OpenDatabase) -> None:
    assert [add(opened()) for _ in range(3)] == [1, 2, 3]


def test_numbers_that_cannot_be_set_aside_stop_nothing(opened: OpenDatabase, path: Path) -> None:
    path.with_suffix(".numbers").mkdir(parents=True)
    assert [add(opened()) for _ in range(2)] == [1, 2]


def test_what_is_set_aside_and_cannot_be_read_is_nothing(opened: OpenDatabase, path: Path) -> None:
    add(opened())
    path.with_suffix(".numbers").write_text("{")
    assert add(opened()) == 2


def test_a_fall_back_is_known_until_its_owner_took_note(open_database: OpenDatabase, path: Path) -> None:
    open_database().close()
    fall_back(path)
    for _ in range(2):  # the first process ended before it took note
        with open_database() as database:
            assert has_fallen_back(database)
    with open_database() as database:
        with database.transaction() as transaction:
            taken_note_of(transaction)
        assert not has_fallen_back(database)
    with open_database() as database:
        assert not has_fallen_back(database)


def test_a_fall_back_that_was_cut_short_is_known_too(open_database: OpenDatabase, path: Path) -> None:
    open_database().close()
    fall_back(path)
    clock, partial = FakeClock(), path.with_name(f"{path.name}.replacement.partial")
    snapshots = Snapshots(path.parent / "snapshots", "notes", clock)
    recovery = Recovery(path, snapshots, Tally(path), clock, structlog.stdlib.get_logger())
    recovery._prepare(partial, "it is gone")  # pyright: ignore[reportPrivateUsage] - stopped half-way
    partial.replace(path.with_name(f"{path.name}.replacement"))
    recovery._set_aside(recovery._aside())  # pyright: ignore[reportPrivateUsage]
    with open_database() as database:
        assert has_fallen_back(database)
