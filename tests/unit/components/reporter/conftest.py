"""The reporter on the in-memory bus, what others tell it, and targets that a test scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import Clock, SystemClock
from senter.component.component import Component
from senter.component.spec import ComponentSettings
from senter.component.testing import run_component
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import Approval
from senter.messages.envelope import Envelope
from senter.messages.goals import GoalId, TaskId
from senter.messages.message import ComponentName
from senter.messages.reports import (
    GetProgress,
    Importance,
    ListNotifications,
    Notification,
    ProgressReply,
)

ASKED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OTHERS = Manifest(sends=SPEC.receives)


class Office:
    """What others do with the reporter. The broker and the home outlive the component."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.broker = MemoryBroker()
        self.clock: Clock = SystemClock()
        self.component: Component[ComponentSettings]
        self.bus: Bus

    @asynccontextmanager
    async def open(self, **settings: object) -> AsyncGenerator[Office]:
        chosen = ReporterSettings.model_validate({"desktop": False, **settings})
        self.bus = self.broker.bus(ComponentName("others"), OTHERS)
        async with run_component(
            SPEC, self.home, settings=chosen, broker=self.broker, clock=self.clock
        ) as self.component:
            yield self
        await self.bus.close()

    async def log(
        self, kind: str, importance: Importance = "normal", **details: JsonValue
    ) -> tuple[ActivityLogged, Envelope]:
        event = ActivityLogged(kind=kind, summary="Something.", details=details, importance=importance)
        envelope = Envelope(sent_at=self.clock.now())
        await self.bus.publish(event, envelope)
        return event, envelope

    async def progress(self, hours: float = 24.0) -> ProgressReply:
        return await self.bus.request(GetProgress(hours=hours), timeout_seconds=5)

    async def heard(self, count: int) -> ProgressReply:
        """The progress, once so many activities are on record."""
        while (reply := await self.progress()).total < count:
            await asyncio.sleep(0.002)
        return reply

    async def notifications(self) -> list[Notification]:
        return list((await self.bus.request(ListNotifications(), timeout_seconds=5)).notifications)

    async def delivered(self, *states: str) -> list[Notification]:
        """The notifications, once every delivery of every one is in one of the states."""
        async with asyncio.timeout(30):
            while True:
                found = await self.notifications()
                if found and all(d.state in states for one in found for d in one.deliveries):
                    return found
                await asyncio.sleep(0.01)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")


def an_approval() -> Approval:
    return Approval(
        id=1,
        goal_id=GoalId(1),
        task_id=TaskId(1),
        kind="permission",
        tool="web_fetch",
        arguments={},
        needs=(),
        asked_at=ASKED_AT,
        expires_at=ASKED_AT,
    )
