"""The reporter around the API as tests script it: a few activities, one kept notification."""

from __future__ import annotations

from senter.bus.bus import Bus
from senter.clock import utc_now
from senter.errors import InvalidInput
from senter.messages.message import Done
from senter.messages.reports import (
    Activity,
    Away,
    DigestReply,
    GetDigest,
    GetNotificationTargets,
    GetProgress,
    ListNotifications,
    Notification,
    NotificationsReply,
    NotificationTargetsReply,
    NotificationTestReply,
    ProgressReply,
    RecordVisit,
    Seen,
    TestedTarget,
    TestNotification,
)
from tests.support.scripted import Scripted


class ScriptedReporter(Scripted):
    """Remembers visits and tests."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(
            bus,
            {
                GetProgress: self._progress,
                RecordVisit: self._visit,
                GetDigest: self._digest,
                ListNotifications: NotificationsReply(notifications=(_kept(),)),
                GetNotificationTargets: NotificationTargetsReply(count=1),
                TestNotification: self._test,
            },
        )
        self.visits: list[RecordVisit] = []
        self.tests: list[TestNotification] = []

    async def _progress(self, command: GetProgress) -> ProgressReply:
        activity = Activity(id=7, at=utc_now(), type="task_completed", summary="Completed: it", importance="normal")
        count = 0 if self.visits else 1
        text = "While you were away (1 activity):\n  - Completed: it" if count else "No autonomous activity."
        return ProgressReply(
            hours=command.hours,
            total=1,
            by_type={"task_completed": 1},
            activities=(activity,),
            away=Away(since=None, count=count, text=text),
            kept=() if self.visits else (_kept(),),
            seen=Seen(activity_id=7, notification_ids=(3,)),
        )

    async def _visit(self, command: RecordVisit) -> Done:
        self.visits.append(command)
        return Done()

    async def _digest(self, command: GetDigest) -> DigestReply:
        if command.day not in ("", "today", "yesterday"):
            raise InvalidInput(
                f"Cannot read {command.day!r} as a day.", "Say today, yesterday, or a date such as 2026-03-01."
            )
        return DigestReply(
            type="day" if command.day else "daily",
            period_hours=24,
            activity_count=1,
            summary="Today, Fri 2 Jan 2026\n- 09:00 Stand-up",
            by_type={"task_completed": 1},
            generated_at=utc_now(),
        )

    async def _test(self, command: TestNotification) -> NotificationTestReply:
        self.tests.append(command)
        good = not command.url.startswith("wrong")
        target = TestedTarget(
            target="ntfy://***",
            service="ntfy" if good else "",
            sent=None if command.dry_run or not good else True,
            problem="" if good else "Unparseable URL",
        )
        return NotificationTestReply(title="Senter", body="This is a test.", targets=(target,))


def _kept() -> Notification:
    return Notification(id=3, at=utc_now(), importance="high", title="Senter", body="Failed: it - why", deliveries=())
