"""After activity.db fell back, what may have arrived is never sent again; what certainly did not, is."""

from __future__ import annotations

import asyncio

from senter.bus.memory import MemoryBroker
from senter.components.reporter.sent_record import SentRecord
from senter.components.reporter.targets import target_of
from senter.messages.activity import ActivityLogged
from senter.messages.envelope import Envelope
from senter.messages.reports import DigestRequested
from senter.paths import Paths
from tests.support.falling_back import take_snapshot, wreck
from tests.support.notification_target import NotificationTarget, notification_target
from tests.unit.components.reporter.conftest import ASKED_AT, Office
from tests.waiting import until


def paths(office: Office) -> Paths:
    return Paths(office.home)


async def test_what_waited_in_the_snapshot_and_was_sent_since_is_not_sent_again(office: Office) -> None:
    target = NotificationTarget()
    async with notification_target(target):
        pass  # it is down, on a port of its own
    async with office.open(targets=[target.url], retry_seconds=0.01):
        await office.log("task_failed", "high", description="backup")
        await office.delivered("pending")
        take_snapshot(paths(office), "activity")
        async with notification_target(target):
            await office.delivered("sent")
    wreck(paths(office), "activity")
    async with notification_target(target), office.open(targets=[target.url], retry_seconds=0.01):
        (found,) = await office.delivered("unknown")
        assert "fell back" in found.deliveries[0].error
        assert len(target.told) == 1


async def test_what_comes_again_after_a_fall_back_is_on_record_and_not_sent_again(office: Office) -> None:
    event = ActivityLogged(kind="task_failed", summary="Failed.", details={}, importance="high"), Envelope()
    digest = DigestRequested(job="daily_digest", due_at=ASKED_AT), Envelope()
    async with notification_target() as target:
        async with office.open(targets=[target.url]):
            take_snapshot(paths(office), "activity")
            await office.bus.publish(*event)
            await office.bus.publish(*digest)
            await until(lambda: len(target.told) == 2)
            await office.delivered("sent")
        wreck(paths(office), "activity")
        office.broker = MemoryBroker()
        async with office.open(targets=[target.url]):
            await office.bus.publish(*event)
            await office.bus.publish(*digest)
            await until_told(office, 2)
            await office.delivered("unknown")
            await office.log("task_failed", "high", description="another")
            await until(lambda: len(target.told) == 3)


async def test_what_the_target_refused_is_sent_after_a_fall_back(office: Office) -> None:
    target = NotificationTarget(status=500)
    async with notification_target(target):
        async with office.open(targets=[target.url], retry_seconds=3_600):
            take_snapshot(paths(office), "activity")
            event = await office.log("task_failed", "high", description="backup")
            await until(lambda: len(target.told) == 1)
            await office.delivered("pending")
        wreck(paths(office), "activity")
        target.status = 200
        office.broker = MemoryBroker()
        async with office.open(targets=[target.url]):
            await office.bus.publish(*event)
            await office.delivered("sent")
            assert len(target.told) == 2


async def test_a_record_with_a_line_cut_off_is_read(office: Office) -> None:
    path = paths(office).database("activity").with_suffix(".sent")
    path.parent.mkdir(parents=True)
    path.write_text("2026-03-02T09:00:00.000000+00:00 beg")
    async with notification_target() as target, office.open(targets=[target.url]):
        _, envelope = await office.log("task_failed", "high", description="backup")
        (told,) = await office.delivered("sent")
        key = target_of(target.url).key
    assert told.deliveries
    assert SentRecord(path, office.clock).may_have_arrived(f"activity {envelope.id}", key)


async def until_told(office: Office, count: int) -> None:
    async with asyncio.timeout(10):
        while len(await office.notifications()) < count:
            await asyncio.sleep(0.01)
