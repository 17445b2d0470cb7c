"""What the supervisor remembers over its own restarts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from senter.component.testing import FakeClock
from senter.messages.message import ComponentName
from senter.store.database import Database
from senter.supervisor.journal import HISTORY_LENGTH, RestartHistory, settings_digest
from senter.supervisor.settings import MOST_FAILURES
from tests.support.supervision import NAME, open_journal

OTHER = ComponentName("other")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[RestartHistory]:
    with open_journal(tmp_path) as journal:
        yield journal


def restarts(journal: RestartHistory, count: int) -> None:
    for number in range(count):
        journal.add_restart(NAME, reason=f"reason {number}", outcome="restarted", downtime_seconds=0.1)


def test_the_history_keeps_the_last_hundred_of_each_unit_newest_first(journal: RestartHistory) -> None:
    journal.add_restart(OTHER, reason="once", outcome="restarted", downtime_seconds=None)
    restarts(journal, HISTORY_LENGTH + 5)
    history = journal.history(NAME)
    assert len(history) == HISTORY_LENGTH
    assert history[0].reason == f"reason {HISTORY_LENGTH + 4}"
    assert [restart.reason for restart in journal.history(OTHER)] == ["once"]


def test_failures_are_counted_for_each_unit_and_forgotten_when_asked(journal: RestartHistory) -> None:
    journal.add_failure(NAME)
    journal.add_failure(OTHER)
    assert len(journal.add_failure(NAME)) == 2
    journal.forget_failures(NAME)
    assert len(journal.add_failure(NAME)) == 1
    assert len(journal.add_failure(OTHER)) == 2


def test_failures_do_not_pile_up_in_the_file(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for _ in range(MOST_FAILURES + 20):
            journal.add_failure(NAME)
    with sqlite3.connect(tmp_path / "supervisor.db") as database:
        (count,) = database.execute("SELECT count(*) FROM failures").fetchone()
    database.close()
    assert count == MOST_FAILURES


def test_failures_of_another_boot_do_not_count(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.add_failure(NAME)
    with sqlite3.connect(tmp_path / "supervisor.db") as database:
        database.execute("UPDATE failures SET boot_id = 'another'")
    database.close()
    with open_journal(tmp_path) as successor:
        assert len(successor.add_failure(NAME)) == 1


def test_a_unit_stays_given_up_until_it_is_forgiven_or_its_settings_change(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.set_digest(NAME, settings_digest({"port": 1}))
        journal.give_up(NAME, "it always dies")
    with open_journal(tmp_path) as successor:
        successor.set_digest(NAME, settings_digest({"port": 1}))
        assert successor.given_up_because(NAME) == "it always dies"
        successor.set_digest(NAME, settings_digest({"port": 2}))
        assert successor.given_up_because(NAME) == ""
        successor.set_digest(NAME, settings_digest({"port": 1}))
        successor.forget_failures(NAME)
        assert successor.given_up_because(NAME) == ""


def test_a_run_that_was_cut_off_is_told_to_the_next(tmp_path: Path) -> None:
    with open_journal(tmp_path) as first:
        assert first.begin_run() == ""
    with open_journal(tmp_path) as second:
        assert "was cut off" in second.begin_run()
        second.end_run()
    with open_journal(tmp_path) as third:
        assert third.begin_run() == ""


def test_a_disk_that_refuses_is_said_and_decisions_go_on_from_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_journal(tmp_path) as journal:
        journal.add_failure(NAME)
        other = sqlite3.connect(tmp_path / "supervisor.db")
        other.execute("DROP TABLE failures")
        other.commit()
        other.close()
        assert len(journal.add_failure(NAME)) == 2
    assert "journal_write_failed" in capsys.readouterr().out


def test_a_run_that_did_not_end_is_told_by_its_local_time_to_the_minute(tmp_path: Path) -> None:
    clock = FakeClock()
    log = structlog.stdlib.get_logger("test")
    path = tmp_path / "supervisor.db"
    with Database.open(path, migrations="senter.supervisor", snapshots=tmp_path, clock=clock, log=log) as database:
        journal = RestartHistory(database, clock, log)
        assert journal.begin_run() == ""
        began = clock.now().astimezone()
        assert journal.begin_run() == f"the run that began at {began:%Y-%m-%d %H:%M} was cut off"
