from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from senter.component.testing import FakeClock
from senter.store.database import Database
from senter.store.fallen_back import has_fallen_back, taken_note_of, was_mended
from senter.store.recovery import CORRUPT_FILES_KEPT, SIDE_FILES, Recovery, forget_sentences
from senter.store.snapshots import Snapshots
from senter.store.tally import LIMIT, Tally

OpenDatabase = Callable[[], Database]
Damage = Callable[[Path], None]
DAY_SECONDS = 86_400
ROWS = 500


def wrong_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database..")


def wrong_middle_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 8192)


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def gone(path: Path) -> None:
    path.unlink()


def fill(database: Database, start: int = 0, count: int = ROWS) -> None:
    with database.transaction() as transaction:
        for number in range(start, start + count):
            transaction.execute("INSERT INTO notes (id, text) VALUES (?, ?)", (number, "x" * 400))


def count(database: Database) -> int | None:
    return database.row("SELECT count(*) FROM notes", (), int)


def corrupt_copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("notes.db.corrupt-*Z"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "notes.db"


@pytest.mark.parametrize("damage", [wrong_header, wrong_middle_page, cut_short, emptied, gone])
def test_a_damaged_file_is_set_aside_and_nothing_is_lost_that_a_snapshot_has(
    open_database: OpenDatabase, path: Path, damage: Damage
) -> None:
    with open_database() as database:
        fill(database)
    open_database().close()
    damage(path)
    damaged = [path.read_bytes()] if path.exists() else []
    with capture_logs() as logs, open_database() as database:
        assert count(database) == ROWS
        fill(database, start=ROWS, count=1)
        assert "notes.db was damaged" in database.recovered
    assert [copy.read_bytes() for copy in corrupt_copies(path.parent)] == damaged
    assert [line["log_level"] for line in logs if line["event"] == "database_corrupt"] == ["error"]


@pytest.mark.parametrize("damage", [emptied, gone])
def test_where_nothing_can_be_read_the_snapshot_takes_its_place_and_what_came_after_it_is_said_to_be_missing(
    open_database: OpenDatabase, path: Path, clock: FakeClock, damage: Damage
) -> None:
    with open_database() as database:
        fill(database)
    open_database().close()
    clock.elapse(600)
    with open_database() as database:
        fill(database, start=ROWS, count=7)
    damage(path)
    with open_database() as database:
        assert count(database) == ROWS
        assert "replaced by the snapshot notes-2026" in database.recovered
        assert "10 minutes old; up to 7 rows" in database.recovered


def test_without_a_tally_it_is_said_that_nobody_knows_what_came_after_the_snapshot(
    open_database: OpenDatabase, path: Path
) -> None:
    with open_database() as database:
        fill(database)
    open_database().close()
    with open_database() as database:
        fill(database, start=ROWS, count=7)
    gone(path)
    path.with_name("notes.db.tally").unlink()
    with open_database() as database:
        assert count(database) == ROWS
        assert "how many rows that came after it are missing is not known" in database.recovered


@pytest.mark.parametrize("damage", [emptied, gone])
def test_without_a_snapshot_an_empty_file_takes_its_place_and_that_is_said(
    open_database: OpenDatabase, path: Path, damage: Damage
) -> None:
    with open_database() as database:
        fill(database)
    damage(path)
    with open_database() as database:
        assert count(database) == 0
        assert "an empty file, for want of a good snapshot; up to 500 rows" in database.recovered
        fill(database, count=3)
    forget_sentences(path.parent)
    with open_database() as database:
        assert database.recovered == ""
        assert count(database) == 3


def test_a_file_that_was_never_made_is_a_first_start(open_database: OpenDatabase, path: Path) -> None:
    (path.parent / "others.db").touch()
    with open_database() as database:
        assert database.recovered == ""


@pytest.mark.parametrize("left", ["notes.db", "notes.db-wal"])
def test_a_first_start_that_was_killed_is_made_up_for(open_database: OpenDatabase, path: Path, left: str) -> None:
    path.with_name(left).touch()
    with open_database() as database:
        assert database.recovered == ""


def test_a_file_from_before_there_were_tallies_is_taken_as_it_is(open_database: OpenDatabase, path: Path) -> None:
    with open_database() as database:
        fill(database)
    tally = path.with_name("notes.db.tally")
    tally.unlink()
    with open_database() as database:
        assert database.recovered == ""
        assert count(database) == ROWS
        assert tally.exists()


@pytest.mark.parametrize("harm", ["gone", "cut short", "flipped"])
def test_a_lost_wal_is_noticed_and_what_is_missing_is_said(
    open_database: OpenDatabase, path: Path, tmp_path: Path, harm: str
) -> None:
    with open_database() as database:
        fill(database)
    with open_database() as database:
        fill(database, start=ROWS, count=7)
        kept = [Path(shutil.copy(file, tmp_path / file.name)) for file in path.parent.glob("notes.db*")]
    for file in kept:  # as kill -9 would leave them
        shutil.copy(file, path.parent / file.name)
    wal = path.with_name("notes.db-wal")
    if harm == "gone":
        wal.unlink()
    elif harm == "cut short":
        wal.write_bytes(wal.read_bytes()[:-100])
    else:
        wal.write_bytes(wal.read_bytes()[:-100] + b"?" * 100)
    with open_database() as database:
        assert count(database) == ROWS
        assert "some of what was committed is not in it" in database.recovered
        assert "up to 7 rows" in database.recovered
        fill(database, start=ROWS, count=1)
    forget_sentences(path.parent)
    with open_database() as database:
        assert database.recovered == ""


def test_an_older_file_in_the_place_of_a_newer_gives_way_to_a_newer_snapshot(
    open_database: OpenDatabase, path: Path, tmp_path: Path, clock: FakeClock
) -> None:
    with open_database() as database:
        fill(database, count=5)
    shutil.copy(path, tmp_path / "older.db")
    with open_database() as database:
        fill(database, start=5, count=5)
    clock.elapse(DAY_SECONDS)
    open_database().close()
    shutil.copy(tmp_path / "older.db", path)
    with open_database() as database:
        assert count(database) == 10
        assert "replaced by the snapshot" in database.recovered


def test_a_damaged_snapshot_is_passed_over_for_an_older_good_one(
    open_database: OpenDatabase, path: Path, clock: FakeClock
) -> None:
    with open_database() as database:
        fill(database, count=10)
    open_database().close()
    clock.elapse(DAY_SECONDS)
    with open_database() as database:
        fill(database, start=10, count=10)
    newest, older = sorted((path.parent / "snapshots").glob("*.db"), reverse=True)
    wrong_middle_page(newest)
    emptied(path)
    with open_database() as database:
        assert older.name in database.recovered
        assert count(database) == 10


def test_side_files_of_a_damaged_file_go_with_it(open_database: OpenDatabase, path: Path, tmp_path: Path) -> None:
    with open_database() as database:
        fill(database)
        for file in path.parent.glob("notes.db*"):  # as kill -9 would leave them
            shutil.copy(file, tmp_path / file.name)
    for file in tmp_path.glob("notes.db*"):
        shutil.copy(file, path.parent / file.name)
    wrong_header(path)
    open_database().close()
    (aside,) = corrupt_copies(path.parent)
    assert aside.with_name(aside.name + "-wal").exists()


def test_a_small_damaged_file_is_noticed_even_when_its_header_is_fine_and_it_was_checked_today(
    open_database: OpenDatabase, path: Path
) -> None:
    with open_database() as database:
        fill(database)
    open_database().close()
    wrong_middle_page(path)
    with open_database() as database:
        assert database.recovered


def test_a_large_file_is_read_whole_only_once_a_day_or_on_suspicion(
    open_database: OpenDatabase, path: Path, clock: FakeClock
) -> None:
    snapshots = Snapshots(path.parent / "snapshots", "notes", clock)
    large = Recovery(path, snapshots, Tally(path), clock, structlog.stdlib.get_logger(), cheap_check_bytes=0)
    with open_database() as database:
        fill(database)
    open_database().close()
    wrong_middle_page(path)
    assert large.mend() == ""
    large.suspect()
    assert large.mend()
    forget_sentences(path.parent)
    wrong_middle_page(path)
    assert large.mend() == ""
    clock.elapse(DAY_SECONDS)
    assert large.mend()


def test_suspicion_without_damage_is_dropped(open_database: OpenDatabase, path: Path) -> None:
    open_database().close()
    marker = path.with_name("notes.db.suspect")
    marker.touch()
    with open_database() as database:
        assert database.recovered == ""
    assert not marker.exists()


def test_a_recovery_that_was_killed_between_its_renames_is_finished(open_database: OpenDatabase, path: Path) -> None:
    with open_database() as database:
        fill(database, count=7)
    path.rename(path.with_name("notes.db.replacement"))
    path.with_name("notes.db-wal").write_bytes(b"of the file that was set aside")
    with open_database() as database:
        assert count(database) == 7


def test_a_recovery_that_was_killed_before_its_renames_starts_over(open_database: OpenDatabase, path: Path) -> None:
    with open_database() as database:
        fill(database, count=7)
    path.with_name("notes.db.replacement").write_bytes(b"")
    with open_database() as database:
        assert count(database) == 7


def test_only_the_newest_few_damaged_files_are_kept(open_database: OpenDatabase, path: Path, clock: FakeClock) -> None:
    for _ in range(5):
        open_database().close()
        wrong_header(path)
        clock.elapse(1)
    open_database().close()
    assert len(corrupt_copies(path.parent)) == CORRUPT_FILES_KEPT


def test_a_tally_that_starts_over_is_not_behind_one_that_did_not_yet(open_database: OpenDatabase, path: Path) -> None:
    open_database().close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")
    path.with_name("notes.db.tally").write_text(f"{LIMIT - 2}\n")
    with open_database() as database:
        assert database.recovered == ""


@pytest.mark.parametrize("content", [b"", b"\x00" * 21, b"\xff\xfe", b"-5\n", b"9" * 20, b"12\n34\n"])
def test_a_tally_that_cannot_be_read_says_nothing(open_database: OpenDatabase, path: Path, content: bytes) -> None:
    with open_database() as database:
        fill(database)
    path.with_name("notes.db.tally").write_bytes(content)
    with open_database() as database:
        assert database.recovered == ""
        assert count(database) == ROWS
    assert Tally(path).read() == ROWS


def test_the_tally_tells_of_nothing_that_a_loss_of_power_may_take_back(open_database: OpenDatabase, path: Path) -> None:
    with open_database() as database:
        fill(database, count=2)
        with database.transaction(durable=False) as transaction:
            transaction.execute("DELETE FROM notes")
        assert Tally(path).read() == 2
        fill(database, count=1)
        assert Tally(path).read() == 5


def test_a_copy_that_was_put_there_by_hand_has_fallen_back(open_database: OpenDatabase, path: Path) -> None:
    with open_database() as database:
        fill(database, count=1)
    copy = path.read_bytes()
    with open_database() as database:
        fill(database, start=1)
    path.write_bytes(copy)
    for suffix in (*SIDE_FILES, ".tally"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    for _ in range(2):  # until its owner has taken note of it
        with open_database() as database:
            assert (has_fallen_back(database), was_mended(database), database.recovered) == (True, False, "")
            assert count(database) == 1
    with open_database() as database:
        with database.transaction() as transaction:
            taken_note_of(transaction)
        assert not has_fallen_back(database)


def test_a_file_from_before_there_were_tallies_has_not_fallen_back(open_database: OpenDatabase, path: Path) -> None:
    open_database().close()
    path.with_name("notes.db.tally").unlink()
    with open_database() as database:
        assert not has_fallen_back(database)
