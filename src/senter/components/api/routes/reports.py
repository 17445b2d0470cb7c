"""/api/progress, /api/visits, /api/digest and /api/notifications: what was done, and how people are told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from senter.component.asking import Asker
from senter.components.api.report_bodies import (
    DigestBody,
    NotificationsBody,
    NotificationTestBody,
    NotificationTestedBody,
    ProgressBody,
    SeenBody,
)
from senter.messages.reports import (
    MAX_HOURS,
    GetDigest,
    GetProgress,
    ListNotifications,
    RecordVisit,
    TestNotification,
)

Hours = Annotated[float, Query(gt=0, le=MAX_HOURS, allow_inf_nan=False, description="How far to look back.")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="How many at most.")]
Day = Annotated[str, Query(max_length=20, description="today, yesterday or YYYY-MM-DD; empty for the last 24 hours.")]


class ReportRoutes:
    """A test of targets waits for services elsewhere."""

    def __init__(self, asker: Asker, test_timeout_seconds: float) -> None:
        self._asker = asker
        self._test_timeout_seconds = test_timeout_seconds

    def router(self) -> APIRouter:
        router = APIRouter(tags=["reports"])
        add = router.add_api_route
        add("/api/progress", self.progress, summary="What was done, and what was since the last visit")
        add("/api/visits", self.visit, methods=["POST"], status_code=204, summary="Say that a person was shown it")
        add("/api/digest", self.digest, summary="A digest, which is not the day's")
        add("/api/notifications", self.notifications, summary="Notifications and what became of them")
        add("/api/notifications/test", self.test, methods=["POST"], summary="Look at targets, or send a test")
        return router

    async def progress(self, hours: Hours = 24.0, limit: Limit = 100) -> ProgressBody:
        return ProgressBody.of(await self._asker.ask(GetProgress(hours=hours, limit=limit)))

    async def visit(self, body: SeenBody) -> None:
        await self._asker.ask(RecordVisit(seen=body.as_message()))

    async def digest(self, day: Day = "") -> DigestBody:
        return DigestBody.of(await self._asker.ask(GetDigest(day=day)))

    async def notifications(self, limit: Limit = 50) -> NotificationsBody:
        return NotificationsBody.of(await self._asker.ask(ListNotifications(limit=limit)))

    async def test(self, body: NotificationTestBody) -> NotificationTestedBody:
        command = TestNotification(url=body.url, dry_run=body.dry_run)
        return NotificationTestedBody.of(await self._asker.ask(command, self._test_timeout_seconds, repeat=False))
