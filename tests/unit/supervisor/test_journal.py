from __future__ import annotations

from pathlib import Path

import structlog

from senter.component.testing import FakeClock
from senter.store.database import Database
from senter.supervisor.journal import Journal


def test_a_run_that_did_not_end_is_told_by_its_local_time_to_the_minute(tmp_path: Path) -> None:
    clock = FakeClock()
    log = structlog.stdlib.get_logger("test")
    path = tmp_path / "supervisor.db"
    with Database.open(path, migrations="senter.supervisor", snapshots=tmp_path, clock=clock, log=log) as database:
        journal = Journal(database, clock, log)
        assert journal.begin_run() == ""
        began = clock.now().astimezone()
        assert journal.begin_run() == f"the run that began at {began:%Y-%m-%d %H:%M} was cut off"
