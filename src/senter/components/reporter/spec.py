"""What the reporter declares about itself."""

from __future__ import annotations

from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.reporter.settings import ReporterSettings
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import ListApprovals
from senter.messages.audit_heads import AuditGrew, GetNotedHeads
from senter.messages.calendar import ListEvents
from senter.messages.goals import GetGoal, ListGoals
from senter.messages.job_work import DigestWork, ReminderWork
from senter.messages.reports import (
    DigestReady,
    DigestRequested,
    DigestTimeSet,
    GetDigest,
    GetNotificationTargets,
    GetProgress,
    ListNotifications,
    NotificationEnded,
    RecordVisit,
    TestNotification,
)
from senter.messages.schedule import JobType, ListJobs
from senter.messages.turns import GetTurn, ListTurns

SPEC = ComponentSpec(
    name="reporter",
    summary="Keeps what was done, and tells it: progress, digests, notifications.",
    entry="senter.components.reporter.component:Reporter",
    settings=ReporterSettings,
    handlers={
        ActivityLogged: "log_activity",
        DigestRequested: "digests.wanted",
        AuditGrew: "audit_heads.note",
        GetProgress: "report_progress",
        RecordVisit: "visits.record",
        GetDigest: "digests.of",
        ListNotifications: "notifications.list_newest",
        GetNotificationTargets: "notification_targets",
        TestNotification: "test_notification",
        GetNotedHeads: "audit_heads.all",
    },
    sends=(
        ActivityLogged,
        DigestReady,
        DigestTimeSet,
        NotificationEnded,
        ListApprovals,
        ListEvents,
        ListGoals,
        GetGoal,
        ListJobs,
        ListTurns,
        GetTurn,
    ),
    jobs={JobType.DIGEST: DigestWork, JobType.CUSTOM: ReminderWork},
    database="activity",
    nice=5,
    routes=(
        Route("GET", "/api/progress", GetProgress),
        Route("POST", "/api/visits", RecordVisit, repeat=True),
        Route("GET", "/api/digest", GetDigest),
        Route("GET", "/api/notifications", ListNotifications),
        Route("GET", "/api/notifications/targets", GetNotificationTargets),
        Route("POST", "/api/notifications/test", TestNotification, slow=True),
    ),
    commands=(
        CommandLine("progress", "senter.components.reporter.commands:progress"),
        CommandLine("digest", "senter.components.reporter.commands:digest"),
        CommandLine("notify", "senter.components.reporter.commands:notify"),
    ),
)
