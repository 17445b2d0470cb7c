"""A real writer process, really killed, and a real disk that is really full."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from senter.component.testing import FakeClock
from senter.errors import StorageFull, StoreError
from senter.store.database import Database

pytestmark = pytest.mark.process

KILLS = 8
OWNER = "store_kill_owner"
PACKAGE = {
    "__init__.py": "",
    "0001_pairs.sql": "CREATE TABLE halves (number INTEGER, half INTEGER, text TEXT) STRICT;",
}
WRITER = """
import sys
from collections.abc import Iterator
from pathlib import Path
import structlog
from senter.clock import SystemClock
from senter.store.database import Database

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
folder = Path(sys.argv[1])
database = Database.open(folder / "pairs.db", migrations="store_kill_owner", snapshots=folder / "snapshots",
                         clock=SystemClock(), log=structlog.stdlib.get_logger())

number = (database.row("SELECT max(number) FROM halves", (), lambda found: found) or 0) + 1
while True:
    with database.transaction() as transaction:
        transaction.execute("INSERT INTO halves VALUES (?, 1, ?)", (number, "x" * 3000))
        transaction.execute("INSERT INTO halves VALUES (?, 2, ?)", (number, "x" * 3000))
    print(number, flush=True)
    number += 1
"""


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packages" / OWNER
    folder.mkdir(parents=True)
    for name, text in PACKAGE.items():
        (folder / name).write_text(text)
    monkeypatch.setattr(sys, "path", [str(folder.parent), *sys.path])
    return folder.parent


def environment(packages: Path) -> dict[str, str]:
    source = Path(sys.modules["senter"].__path__[0]).parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(source), str(packages)))}


def start_writer(folder: Path, packages: Path, limit_bytes: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if limit_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(packages),
        preexec_fn=limit,
    )


def open_pairs(folder: Path) -> Database:
    log = structlog.stdlib.get_logger()
    return Database.open(
        folder / "pairs.db", migrations=OWNER, snapshots=folder / "snapshots", clock=FakeClock(), log=log
    )


def check_whole(folder: Path, acknowledged: int) -> None:
    with open_pairs(folder) as database:
        assert database.recovered == ""
        numbers = database.rows("SELECT number FROM halves WHERE half = 1 ORDER BY number", (), int)
        assert numbers == database.rows("SELECT number FROM halves WHERE half = 2 ORDER BY number", (), int)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= acknowledged


def test_what_a_killed_writer_acknowledged_is_there_and_nothing_is_half_done(tmp_path: Path, packages: Path) -> None:
    acknowledged = 0
    for kill in range(KILLS):
        writer = start_writer(tmp_path, packages)
        assert writer.stdout
        for _ in range(20 + kill * 7):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        remaining, _ = writer.communicate()
        acknowledged = max([acknowledged, *map(int, remaining.split())])
        check_whole(tmp_path, acknowledged)


def test_a_disk_that_refuses_a_write_is_a_typed_error_and_loses_nothing(tmp_path: Path, packages: Path) -> None:
    writer = start_writer(tmp_path, packages, limit_bytes=1_000_000)
    output, errors = writer.communicate(timeout=60)
    assert "senter.errors.StorageFull: The disk refused a write" in errors
    acknowledged = [int(line) for line in output.split()]
    assert len(acknowledged) > 10
    check_whole(tmp_path, acknowledged[-1])


def mount(folder: Path, *options: str) -> bool:
    command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "-o", "size=1m"):
        pytest.skip("file systems cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_a_typed_error_and_writing_goes_on_once_there_is_space(small_disk: Path, packages: Path) -> None:
    with open_pairs(small_disk) as database:
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"x" * 300_000)
        written = write_until_full(database)
        with pytest.raises(StorageFull, match="disk"):
            write_pair(database, written)
        assert database.row("SELECT count(*) FROM halves", (), int) == written * 2
        ballast.unlink()
        write_pair(database, written)
        assert database.row("SELECT count(*) FROM halves", (), int) == written * 2 + 2
    check_numbers_are_whole(small_disk, written + 1)


def write_pair(database: Database, number: int) -> None:
    with database.transaction() as transaction:
        for half in (1, 2):
            transaction.execute("INSERT INTO halves VALUES (?, ?, ?)", (number, half, "x" * 3000))


def write_until_full(database: Database) -> int:
    for number in range(1_000):
        try:
            write_pair(database, number)
        except StorageFull:
            return number
    raise AssertionError("the disk never filled")


def check_numbers_are_whole(folder: Path, expected: int) -> None:
    with open_pairs(folder) as database:
        assert database.recovered == ""
        assert database.row("SELECT count(*) FROM halves", (), int) == expected * 2


def test_a_disk_that_became_read_only_is_a_typed_error(small_disk: Path, packages: Path) -> None:
    open_pairs(small_disk).close()
    mount(small_disk, "-o", "remount,ro")
    with pytest.raises(StoreError, match="cannot be used"):
        open_pairs(small_disk)
    mount(small_disk, "-o", "remount,rw")
    check_numbers_are_whole(small_disk, 0)
