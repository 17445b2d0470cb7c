"""A disk that fills up while the day's digest is written: it is said, tried again, and there is one digest."""

from __future__ import annotations

import resource
import sqlite3
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest

from senter.bus.manifest import Manifest
from senter.component.testing import FakeClock
from senter.errors import NotReady
from senter.messages.approvals import ApprovalsReply, ListApprovals
from senter.messages.goals import TASK_ENGINE
from senter.messages.health import HealthStatus
from senter.messages.reports import DigestRequested
from senter.paths import Paths
from tests.unit.components.reporter.conftest import Office, an_approval
from tests.unit.components.reporter.test_reporter import passing

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
# More than what is captured of this test's output, less than the log of the database after a few activities.
LIMIT_BYTES = 200_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the size of files cannot be limited there")


@contextmanager
def limited_files() -> Generator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_digest_waits_for_space_and_is_made_once(office: Office) -> None:
    clock = office.clock = FakeClock(NINE)
    full = limited_files()

    async def fill_the_disk(_: ListApprovals) -> ApprovalsReply:
        """Between the request for the digest, which is on record, and the digest."""
        if not asked:
            full.__enter__()
        asked.append(True)
        return ApprovalsReply(approvals=(an_approval(),))

    asked: list[bool] = []
    engine = office.broker.bus(TASK_ENGINE, Manifest(receives=(ListApprovals,)))
    async with office.open():
        await engine.serve(ListApprovals, fill_the_disk)
        for number in range(30):
            await office.log("task_completed", description=f"task {number} {'x' * 2_000}")
        await office.heard(30)
        clock.elapse(60)
        await office.bus.publish(DigestRequested(job="daily_digest", due_at=clock.now()))
        try:
            await passing(clock, lambda: office.component.health().status is HealthStatus.DEGRADED)
            assert office.component.health().detail.startswith("The digest of 2026-03-02 waits")
            assert await office.notifications() == []
        finally:
            full.__exit__(None, None, None)
        await passing(clock, lambda: office.component.health().status is HealthStatus.HEALTHY)
        found = await office.notifications()
        assert len(found) == 1
        assert "senter approvals approve 1" in found[0].body
        assert len(asked) > 1
    await engine.close()


async def test_a_full_disk_at_the_start_is_tried_again(office: Office) -> None:
    async with office.open(digest_time="08:00"):
        await office.log("task_completed", description="x")
        await office.heard(1)
        with closing(sqlite3.connect(Paths(office.home).database("activity"), isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM activities").fetchall()  # from here on, the log of the database only grows
            for number in range(60):
                await office.log("task_completed", description=f"task {number} {'x' * 5_000}")
            await office.heard(61)
            with limited_files(), pytest.raises(NotReady):
                async with Office(office.home).open(digest_time="07:00"):
                    pass
    async with office.open(digest_time="07:00"):
        assert office.component.health().status is HealthStatus.HEALTHY
