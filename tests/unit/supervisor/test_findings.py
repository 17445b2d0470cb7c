"""What is said at the start about the databases."""

from __future__ import annotations

from pathlib import Path

import structlog

from senter.component.testing import FakeClock
from senter.components.scheduler.spec import SPEC
from senter.paths import Paths
from senter.store.database import Database
from senter.supervisor.findings import look_at_databases

ADD = "INSERT INTO outbox (event_id, wire_name, payload, added_at, stream_sequence) VALUES (?, 'w', '{}', '', ?)"


def opened(paths: Paths) -> Database:
    return Database.open(
        paths.database(SPEC.database),
        migrations=SPEC.package,
        snapshots=paths.snapshots,
        clock=FakeClock(),
        log=structlog.stdlib.get_logger(),
    )


def said(paths: Paths) -> list[str]:
    _, work = look_at_databases([SPEC], paths, FakeClock(), structlog.stdlib.get_logger())
    return [finding.text for finding in work]


def test_events_that_the_bus_has_do_not_wait(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.make_folders()
    with opened(paths) as database, database.transaction() as transaction:
        transaction.execute(ADD, ("published", 7))
    assert said(paths) == []
    with opened(paths) as database, database.transaction() as transaction:
        transaction.execute(ADD, ("new", None))
    assert said(paths) == ["schedule.db: 1 event waits to be sent; it will be"]
