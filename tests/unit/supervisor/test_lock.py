"""One daemon for each home, and what a killed one leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from senter.errors import AlreadyRunning
from senter.supervisor.lock import InstanceLock, ProcessIdentity, boot_id, read_pid_file


def lock_in(folder: Path) -> InstanceLock:
    return InstanceLock(folder / "senter.lock", folder / "senter.pid")


def test_a_second_daemon_is_refused_and_told_the_pid_of_the_first(tmp_path: Path) -> None:
    first = lock_in(tmp_path)
    assert first.acquire() == ""
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        lock_in(tmp_path).acquire()
    first.release()
    assert lock_in(tmp_path).acquire() == ""


def test_a_pid_file_of_a_killed_daemon_is_reported_and_replaced(tmp_path: Path) -> None:
    (tmp_path / "senter.pid").write_text(f"999999 1.5 {boot_id()}\n")
    assert "999999" in lock_in(tmp_path).acquire()
    found = read_pid_file(tmp_path / "senter.pid")
    assert found is not None
    assert found.is_running()


def test_a_recycled_pid_is_another_process() -> None:
    mine = ProcessIdentity.of(os.getpid())
    assert mine is not None
    assert mine.is_running()
    assert not ProcessIdentity(mine.pid, mine.started_at - 60, mine.boot_id).is_running()
    assert not ProcessIdentity(mine.pid, mine.started_at, "another boot").is_running()


def test_a_pid_file_with_nonsense_is_no_identity(tmp_path: Path) -> None:
    (tmp_path / "senter.pid").write_bytes(b"\xff\x00 nonsense")
    assert read_pid_file(tmp_path / "senter.pid") is None
    assert lock_in(tmp_path).acquire() == ""


@pytest.mark.process
def test_a_child_that_lives_on_does_not_hold_the_lock(tmp_path: Path) -> None:
    lock = lock_in(tmp_path)
    lock.acquire()
    code = "print(flush=True); input()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()  # it runs: what closes on exec is closed
        lock.release()
        assert lock_in(tmp_path).acquire() == ""
    finally:
        child.communicate(b"\n")
