"""What goes in and out over HTTP for progress, digests and notifications."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from senter.components.api.bodies import MAX_NUMBER, Body
from senter.components.api.texts import text_of
from senter.messages.reports import (
    MAX_KEPT,
    Activity,
    Away,
    DigestReply,
    Notification,
    NotificationsReply,
    NotificationTestReply,
    ProgressReply,
    Seen,
    TestedTarget,
)

MAX_URL_CHARACTERS = 4_096

NotificationId = Annotated[int, Field(strict=True, ge=1, le=MAX_NUMBER)]


class SeenBody(Body):
    """What a person was shown, as it stood in the progress."""

    activity_id: int = Field(default=0, strict=True, ge=0, le=MAX_NUMBER, description="The newest activity.")
    notification_ids: tuple[NotificationId, ...] = Field(
        default=(), max_length=MAX_KEPT, description="Notifications that had reached nobody."
    )

    def as_message(self) -> Seen:
        return Seen(activity_id=self.activity_id, notification_ids=self.notification_ids)


class ProgressBody(Body):
    """What was done."""

    hours: float = Field(description="The period, until now.")
    total: int = Field(description="How many activities there were in it.")
    by_type: dict[str, int] = Field(description="How many of each type.")
    activities: tuple[Activity, ...] = Field(description="The newest first, up to the limit.")
    away: Away = Field(description="Since the last visit.")
    kept: tuple[Notification, ...] = Field(description="Notifications that reached nobody and were not shown yet.")
    seen: SeenBody = Field(description="What to send to /api/visits once all this was shown.")

    @classmethod
    def of(cls, reply: ProgressReply) -> ProgressBody:
        return cls(
            hours=reply.hours,
            total=reply.total,
            by_type=reply.by_type,
            activities=reply.activities,
            away=reply.away,
            kept=reply.kept,
            seen=SeenBody(activity_id=reply.seen.activity_id, notification_ids=reply.seen.notification_ids),
        )


class DigestBody(Body):
    """A digest."""

    type: str = Field(description="daily: the last 24 hours. day: one calendar day.")
    period_hours: int = Field(description="How long the period is.")
    activity_count: int = Field(description="How many activities it covers.")
    summary: str = Field(description="Its text, with line breaks.")
    by_type: dict[str, int] = Field(description="How many of each type.")
    generated_at: AwareDatetime = Field(description="When it was made, UTC.")

    @classmethod
    def of(cls, reply: DigestReply) -> DigestBody:
        return cls(
            type=reply.type,
            period_hours=reply.period_hours,
            activity_count=reply.activity_count,
            summary=reply.summary,
            by_type=reply.by_type,
            generated_at=reply.generated_at,
        )


class NotificationsBody(Body):
    """Notifications and what became of them."""

    notifications: tuple[Notification, ...] = Field(description="The newest first.")

    @classmethod
    def of(cls, reply: NotificationsReply) -> NotificationsBody:
        return cls(notifications=reply.notifications)


class NotificationTestBody(Body):
    """A test of notification targets."""

    url: Annotated[str, AfterValidator(text_of("the URL", MAX_URL_CHARACTERS, may_be_empty=True))] = Field(
        default="", description="An Apprise URL; empty for the targets in the settings."
    )
    dry_run: bool = Field(default=True, description="Whether to only look, and send nothing.")


class NotificationTestedBody(Body):
    """What the test showed."""

    title: str = Field(description="The title that is sent.")
    body: str = Field(description="The text that is sent.")
    targets: tuple[TestedTarget, ...] = Field(description="Every target that was tested.")

    @classmethod
    def of(cls, reply: NotificationTestReply) -> NotificationTestedBody:
        return cls(title=reply.title, body=reply.body, targets=reply.targets)
