"""What was done, as people are told it: progress, digests, notifications. Answered by the reporter.

Whoever skips a job on record says so as an `ActivityLogged` of the kind job_skipped (job, reason, due_at).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from senter.messages.fields import MAX_NUMBER, Whole, text_of
from senter.messages.message import Command, ComponentName, Done, Event, Frozen, Reply

REPORTER = ComponentName("reporter")
MAX_HOURS = 8_784.0
MAX_KEPT = 100

Importance = Literal["low", "normal", "high", "critical"]
DeliveryState = Literal["pending", "sending", "sent", "given_up", "unknown"]
DigestPart = Literal["agenda", "deadlines", "waiting", "found", "failed", "routine"]
DIGEST_PARTS: tuple[DigestPart, ...] = get_args(DigestPart)
LENGTH = r"short|normal|long|[1-9]\d{0,2}"


def _length(text: str) -> str:
    if not re.fullmatch(LENGTH, text):
        raise ValueError("say short, normal, long, or a number of lines from 1 to 999")
    return text


DigestLength = Annotated[str, AfterValidator(_length), Field(json_schema_extra={"pattern": f"^({LENGTH})$"})]
"""How much a digest says, or how many lines it has at most."""
DigestDays = Literal["daily", "weekdays"]
CLOCK_TIME = r"([01]\d|2[0-3]):[0-5]\d"


class DigestRequested(Event):
    """A digest is due. However often the day's is asked for, one is made."""

    wire_name = "digest_request"

    job: str = Field(description="The job that asks.")
    due_at: AwareDatetime = Field(description="When it was due, UTC.")
    by_hand: bool = Field(
        default=False,
        description="Whether a person asked, by a job of their own or by running one: it is not the day's.",
    )


class DigestReady(Event):
    """A digest was made and is on its way to the user."""

    day: str = Field(description="The local day it was made for, YYYY-MM-DD.")
    by_hand: bool = Field(description="Whether a person asked; if not, it is the day's.")
    activity_count: int = Field(description="How many activities it covers.")
    summary: str = Field(description="Its text.")


class DigestTimeSet(Event):
    """The time of the daily digest is another than before; said at the first start too."""

    time: str = Field(pattern=f"^{CLOCK_TIME}$", description="HH:MM, local time.")
    days: DigestDays = Field(description="Whether it comes on weekends too.")


class NotificationEnded(Event):
    """A notification reached a target, or nothing more is tried."""

    notification_id: int = Field(description="Which one.")
    target: str = Field(description="Where it went, secrets masked.")
    state: DeliveryState = Field(description="sent, given_up or unknown.")
    reason: str = Field(default="", description="Why it was not sent.")


class Activity(Frozen):
    """One thing that was done."""

    id: int = Field(description="Ascending in the order in which the reporter heard.")
    at: AwareDatetime = Field(description="When it was done, UTC.")
    type: str = Field(description="What kind of thing, such as task_completed.")
    summary: str = Field(description="One sentence.")
    details: dict[str, JsonValue] = Field(default_factory=dict, description="What the kind names.")
    importance: Importance = Field(description="How much it matters.")


class Delivery(Frozen):
    """What became of a notification at one target."""

    target: str = Field(description="Where it goes, secrets masked.")
    state: DeliveryState = Field(
        description="unknown: it may have arrived, and is not sent again, so that nothing comes twice."
    )
    attempts: int = Field(description="How often it was tried.")
    next_at: AwareDatetime | None = Field(default=None, description="When it is tried next, UTC.")
    error: str = Field(default="", description="Why it was not sent.")


class Notification(Frozen):
    """One thing the user was told, or is to be told."""

    id: int = Field(description="Names it.")
    at: AwareDatetime = Field(description="When it was made, UTC.")
    importance: Importance = Field(description="How much it matters.")
    title: str = Field(description="Its title.")
    body: str = Field(description="Its text.")
    deliveries: tuple[Delivery, ...] = Field(description="Where it goes; nowhere where there is no target.")


class Away(Frozen):
    """What was done since the last visit."""

    since: AwareDatetime | None = Field(description="The last visit, UTC; null before the first.")
    count: int = Field(description="How many activities.")
    text: str = Field(description="For people, with line breaks.")


class Seen(Frozen):
    """What a person was shown."""

    activity_id: Whole = Field(default=0, description="The newest activity.")
    notification_ids: tuple[Annotated[int, Field(strict=True, ge=1, le=MAX_NUMBER)], ...] = Field(
        default=(), max_length=MAX_KEPT, description="Notifications that had reached nobody."
    )


class ProgressReply(Reply):
    hours: float = Field(description="The period, until now.")
    total: int = Field(description="How many activities there were in it.")
    by_type: dict[str, int] = Field(description="How many of each type.")
    activities: tuple[Activity, ...] = Field(description="The newest first, up to the limit.")
    away: Away = Field(description="Since the last visit.")
    kept: tuple[Notification, ...] = Field(description="Notifications that reached nobody and were not shown yet.")
    seen: Seen = Field(description="What to send to /api/visits once all this was shown.")


class GetProgress(Command[ProgressReply], to=REPORTER):
    """Show what was done, and what was since the last visit."""

    hours: float = Field(default=24.0, gt=0, le=MAX_HOURS, allow_inf_nan=False, description="How far to look back.")
    limit: int = Field(default=100, ge=1, le=1_000, description="How many activities at most.")


class RecordVisit(Seen, Command[Done], to=REPORTER):
    """Say that a person was shown it; from now on, away begins here. Saying it twice changes nothing."""


class DigestSection(Frozen):
    """One part of a digest."""

    part: DigestPart = Field(description="Which part.")
    title: str = Field(description="Its title, for people.")
    lines: tuple[str, ...] = Field(description="A line for each thing, what matters most first.")
    more: int = Field(default=0, description="How many things more there are.")
    see: str = Field(default="", description="The command that shows all of them.")


class DigestReply(Reply):
    type: Literal["daily", "day"] = Field(
        description="daily: the last 24 hours; of the day's own, since the one before. day: one calendar day."
    )
    day: str = Field(default="", description="The local day whose agenda is told, YYYY-MM-DD.")
    period_hours: int = Field(description="How long the period is.")
    activity_count: int = Field(description="How many activities it covers.")
    summary: str = Field(description="Its text, with line breaks.")
    sections: tuple[DigestSection, ...] = Field(default=(), description="What it is made of, in order.")
    not_looked_at: tuple[str, ...] = Field(default=(), description="What could not be looked at, a sentence each.")
    lines: tuple[str, ...] = Field(default=(), description="A line for each thing that was done, made, found or told.")
    by_type: dict[str, int] = Field(description="How many of each type.")
    audit_head: str = Field(default="", description="The newest entry of the audit log, NUMBER:DIGEST.")
    generated_at: AwareDatetime = Field(description="When it was made, UTC.")


class GetDigest(Command[DigestReply], to=REPORTER):
    """Show a digest. It is not the day's, and no notification is sent."""

    day: str = Field(
        default="", max_length=20, description="today, yesterday or YYYY-MM-DD; empty for the last 24 hours."
    )
    parts: str = Field(
        default="",
        pattern=r"^[a-z]*(,[a-z]+)*$",
        max_length=100,
        description=f"Which parts, with commas between: {', '.join(DIGEST_PARTS)}; empty takes the settings'.",
    )
    length: DigestLength | None = Field(
        default=None, description="short, normal, long, or how many lines; null takes the settings'."
    )


class NotificationsReply(Reply):
    notifications: tuple[Notification, ...] = Field(description="The newest first.")


class ListNotifications(Command[NotificationsReply], to=REPORTER):
    """List notifications and what became of them."""

    limit: int = Field(default=50, ge=1, le=1_000, description="How many at most.")


class NotificationTargetsReply(Reply):
    count: int = Field(description="How many places notifications go to, the desktop among them.")
    reason: str = Field(default="", description="Why there is none; empty where there is one.")


class GetNotificationTargets(Command[NotificationTargetsReply], to=REPORTER):
    """Show whether a notification would reach anybody."""


class TestedTarget(Frozen):
    """What a test showed of one target."""

    target: str = Field(description="Where it goes, secrets masked.")
    service: str = Field(description="The service behind it; empty where it is not understood.")
    sent: bool | None = Field(description="Whether it was sent; null in a dry run.")
    problem: str = Field(description="What is wrong.")


class NotificationTestReply(Reply):
    title: str = Field(description="The title that is sent.")
    body: str = Field(description="The text that is sent.")
    targets: tuple[TestedTarget, ...] = Field(description="Every target that was tested.")


class TestNotification(Command[NotificationTestReply], to=REPORTER):
    """Look at targets, or send a test now, whatever the hour. Each has an effect, unless it is a dry run."""

    __test__ = False

    url: Annotated[str, AfterValidator(text_of("the URL", 4_096, may_be_empty=True))] = Field(
        default="", description="An Apprise URL; empty for the targets in the settings."
    )
    dry_run: bool = Field(default=True, description="Whether to only look, and send nothing.")
