from __future__ import annotations

import asyncio
import errno
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from pydantic import JsonValue

from senter.component.testing import FakeClock
from senter.components.reporter.activities import Activities
from senter.components.reporter.days import LocalDays
from senter.components.reporter.exports import PAGE, Exports, whole_file
from senter.messages.activity import ActivityLogged
from senter.paths import Paths
from senter.store.database import Database

LOG = structlog.stdlib.get_logger()
PAGES = 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(
        tmp_path / "activity.db",
        migrations="senter.components.reporter",
        snapshots=tmp_path / "snapshots",
        clock=FakeClock(),
        log=LOG,
    ) as database:
        yield database


async def test_the_file_of_a_busy_day_is_written_without_holding_the_day_in_memory(
    database: Database, tmp_path: Path
) -> None:
    clock = FakeClock()
    activities = Activities(database, clock, LocalDays(ZoneInfo("UTC")))
    with database.transaction() as tx:
        for number in range(PAGES * PAGE):
            details: dict[str, JsonValue] = {"task_id": number, "description": "x" * 400}
            activities.add(tx, ActivityLogged(kind="note", summary="Done.", details=details), clock.now())
    path = tmp_path / "data" / "progress" / "daily" / "2026-01-01.json"
    tracemalloc.start()
    writing = asyncio.create_task(Exports(database, activities, Paths(tmp_path), clock, LOG).run())
    try:
        async with asyncio.timeout(60):
            while not path.exists():
                await asyncio.sleep(0.01)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        writing.cancel()
        await asyncio.wait({writing})
    assert len(json.loads(path.read_text())["activities"]) == PAGES * PAGE
    assert peak_bytes < path.stat().st_size / 2


async def test_a_file_that_could_not_be_written_whole_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "day.json"
    async with whole_file(path) as write:
        await write("old")
    with pytest.raises(OSError, match="No space"):
        async with whole_file(path) as write:
            await write("half of the new")
            raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
