from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from senter.component.testing import FakeClock
from senter.errors import CorruptDatabase, StoreError
from senter.store.database import Database
from senter.store.snapshots import NEWEST_KEPT, Snapshots, damage

OpenDatabase = Callable[[], Database]
DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600


@pytest.fixture
def snapshots(tmp_path: Path, clock: FakeClock) -> Snapshots:
    return Snapshots(tmp_path / "data" / "snapshots", "notes", clock)


def insert(database: Database, text: str) -> None:
    with database.transaction() as transaction:
        transaction.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def test_opening_takes_at_most_one_snapshot_a_day(
    open_database: OpenDatabase, snapshots: Snapshots, clock: FakeClock
) -> None:
    open_database().close()
    for _ in range(5):
        open_database().close()
        open_database().close()
        clock.elapse(DAY_SECONDS)
    taken = snapshots.newest_first()
    assert len(taken) == 5
    assert taken[0].name == "notes-20260105T000000000000Z.db"


def test_a_snapshot_is_taken_each_hour_that_brought_changes(
    open_database: OpenDatabase, snapshots: Snapshots, clock: FakeClock
) -> None:
    open_database().close()
    with open_database() as database:
        for hour in range(5):
            clock.elapse(HOUR_SECONDS)
            assert database.snapshot_if_due() is None
            insert(database, f"of hour {hour}")
            assert database.snapshot_if_due() is not None
            insert(database, "too soon for another")
            assert database.snapshot_if_due() is None
            clock.elapse(HOUR_SECONDS)
            assert database.snapshot_if_due() is not None
    assert len(snapshots.newest_first()) == 11


def test_a_commit_that_changes_nothing_is_no_reason_for_a_snapshot(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    open_database().close()
    with open_database() as database:
        clock.elapse(HOUR_SECONDS)
        with database.transaction() as transaction:
            transaction.execute("DELETE FROM notes WHERE id = 7")
        assert database.snapshot_if_due() is None


def test_a_damaged_file_is_found_out_by_its_snapshot_which_is_not_kept(
    open_database: OpenDatabase, snapshots: Snapshots, clock: FakeClock
) -> None:
    with open_database() as database:
        for number in range(500):
            insert(database, f"{number} " + "x" * 200)
    with open_database() as database:
        kept = snapshots.newest_first()
        clock.elapse(DAY_SECONDS)
        with database.path.open("r+b") as file:
            file.seek(-4096, 2)
            file.write(b"\xa5" * 4096)
        with pytest.raises(CorruptDatabase):
            database.snapshot_if_due()
        assert snapshots.newest_first() == kept
    with open_database() as database:
        assert "was damaged" in database.recovered


def test_a_file_that_was_removed_under_its_owner_is_found_out_by_its_snapshot(
    open_database: OpenDatabase, snapshots: Snapshots, clock: FakeClock
) -> None:
    with open_database() as database:
        insert(database, "kept")
    with open_database() as database:
        clock.elapse(DAY_SECONDS)
        database.path.unlink()
        with pytest.raises(CorruptDatabase, match="gone"):
            database.snapshot_if_due()
        assert not database.path.exists()
    assert len(snapshots.newest_first()) == 1


def test_a_snapshot_holds_what_was_committed_while_the_owner_still_writes(
    open_database: OpenDatabase, snapshots: Snapshots
) -> None:
    with open_database() as database:
        insert(database, "committed")
        with database.transaction() as transaction:
            transaction.execute("INSERT INTO notes (text) VALUES ('not yet')")
            copy = snapshots.take(database.path)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT text FROM notes").fetchall() == [("committed",)]
    assert damage(copy, thorough=True) == ""
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_clock_that_went_back_does_not_make_the_newest_snapshot_look_oldest(
    open_database: OpenDatabase, snapshots: Snapshots, clock: FakeClock
) -> None:
    with open_database() as database:
        for _ in range(NEWEST_KEPT):
            snapshots.take(database.path)
            clock.elapse(1)
        insert(database, "newest")
        clock.elapse(-10 * DAY_SECONDS)
        assert snapshots.due()
        copy = snapshots.take(database.path)
    assert snapshots.newest_first()[0] == copy
    assert snapshots.newest_good() == copy


def test_snapshots_of_others_in_the_folder_are_left_alone(
    open_database: OpenDatabase, snapshots: Snapshots, clock: FakeClock, tmp_path: Path
) -> None:
    other = Snapshots(tmp_path / "data" / "snapshots", "notes-2", clock)
    with open_database() as database:
        kept = other.take(database.path)
        for _ in range(NEWEST_KEPT + 1):
            snapshots.take(database.path)
            clock.elapse(1)
    assert other.newest_first() == [kept]
    assert kept not in snapshots.newest_first()


def test_a_source_that_cannot_be_read_leaves_no_snapshot_behind(snapshots: Snapshots, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "folder.db"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError):
        snapshots.take(folder)
    assert snapshots.newest_first() == []
    assert list((tmp_path / "data" / "snapshots").iterdir()) == []
