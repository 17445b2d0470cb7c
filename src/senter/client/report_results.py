"""What the client returns about progress, digests and notifications; times are ISO 8601, UTC."""

from __future__ import annotations

from typing import TypedDict


class Activity(TypedDict):
    """One thing that was done."""

    id: int
    at: str
    type: str
    summary: str
    details: dict[str, object]
    importance: str


class Away(TypedDict):
    """What was done since the last visit."""

    since: str | None
    count: int
    text: str


class Delivery(TypedDict):
    """What became of a notification at one target."""

    target: str
    state: str
    attempts: int
    next_at: str | None
    error: str


class Notification(TypedDict):
    """One thing the user was told, or is to be told."""

    id: int
    at: str
    importance: str
    title: str
    body: str
    deliveries: list[Delivery]


class Notifications(TypedDict):
    notifications: list[Notification]


class Seen(TypedDict):
    """What a person was shown; comes with the progress, goes into `visit`."""

    activity_id: int
    notification_ids: list[int]


class ProgressReport(TypedDict):
    """What `senter progress --json` prints."""

    hours: float
    total: int
    by_type: dict[str, int]
    activities: list[Activity]
    away: Away
    kept: list[Notification]
    seen: Seen


class Digest(TypedDict):
    """What `senter digest --json` prints."""

    type: str
    period_hours: int
    activity_count: int
    summary: str
    by_type: dict[str, int]
    generated_at: str


class TestedTarget(TypedDict):
    """What a test showed of one target; `sent` is none in a dry run."""

    target: str
    service: str
    sent: bool | None
    problem: str


class NotificationTest(TypedDict):
    title: str
    body: str
    targets: list[TestedTarget]
