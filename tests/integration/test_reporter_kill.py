"""A reporter in a process of its own, killed while it takes activities in and tells of them: nothing comes twice."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC
from senter.messages.message import ComponentName
from senter.messages.reports import GetProgress, ListNotifications, Notification, NotificationsReply, ProgressReply
from tests.support.notification_target import NotificationTarget, notification_target

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
KILLS = 4
EVENTS = 12
ASKER = Manifest(sends=(GetProgress, ListNotifications))
# Every life is given the same events and the same request for the day's digest: as the bus would deliver them again.
REPORTER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
import structlog
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC
from senter.messages.activity import ActivityLogged
from senter.messages.envelope import Envelope
from senter.messages.reports import DigestRequested

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
home, url, events = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

async def main():
    broker = MemoryBroker()
    bus = broker.bus("others", Manifest(sends=(ActivityLogged, DigestRequested)))
    settings = ReporterSettings(targets=(url,), desktop=False, retry_seconds=0.05)
    async with run_component(SPEC, home, settings=settings, broker=broker):
        for number in range(events):
            details = {"description": f"task {number}"}
            event = ActivityLogged(kind="task_failed", summary="x", details=details, importance="high")
            await bus.publish(event, Envelope(id=f"e{number}"))
        due_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        for number in range(2):
            await bus.publish(DigestRequested(job="daily_digest", due_at=due_at), Envelope(id=f"d{number}"))
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def live_and_be_killed(home: Path, target: NotificationTarget, after: int) -> None:
    """Let a reporter live until the target was told of so many in all, and kill -9 it with the answer held back."""
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    killed = asyncio.Event()
    target.hold.clear()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", REPORTER, str(home), target.url, str(EVENTS)),
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )

    def told() -> None:
        if len(target.told) < after:
            target.hold.set()
        elif not killed.is_set():
            target.hold.clear()
            process.kill()
            killed.set()

    target.on_told = told
    async with asyncio.timeout(20):
        await process.wait()
    target.hold.set()


async def test_nothing_is_counted_or_told_twice_over_kills(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with notification_target() as target:
        for kill in range(1, KILLS + 1):
            await live_and_be_killed(home, target, after=len(target.told) + 1 + kill % 2)
        target.on_told = None
        progress, found = await what_is_known(home, target)
    assert progress.by_type == {"task_failed": EVENTS}
    assert len(found) == EVENTS + 1
    told = Counter(one.message for one in target.told)
    assert set(told.values()) == {1}
    states: Mapping[str, str] = {one.body: one.deliveries[0].state for one in found}
    assert {body for body, state in states.items() if state == "sent"} <= set(told)
    assert set(states) - set(told) <= {body for body, state in states.items() if state == "unknown"}
    assert 1 <= Counter(states.values())["unknown"] <= KILLS
    assert sum(body.startswith("Nothing was done on") for body in states) == 1


async def what_is_known(home: Path, target: NotificationTarget) -> tuple[ProgressReply, list[Notification]]:
    """A last life, until all was delivered."""
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("asker"), ASKER)
    settings = ReporterSettings(targets=(SecretStr(target.url),), desktop=False, retry_seconds=0.05)
    async with run_component(SPEC, home, settings=settings, broker=broker), asyncio.timeout(30):
        while True:
            reply: NotificationsReply = await bus.request(ListNotifications(), timeout_seconds=5)
            if all(one.deliveries[0].state in ("sent", "unknown") for one in reply.notifications):
                progress = await bus.request(GetProgress(hours=24), timeout_seconds=5)
                return progress, list(reply.notifications)
            await asyncio.sleep(0.02)
