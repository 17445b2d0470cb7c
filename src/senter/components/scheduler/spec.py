"""What the scheduler declares about itself."""

from __future__ import annotations

from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.scheduler.settings import SchedulerSettings
from senter.messages.activity import ActivityLogged
from senter.messages.control import CheckJob, GetDaemonStatus
from senter.messages.documents import FoldersChanged
from senter.messages.goals import JobTriggered, ListGoals, TaskFinished
from senter.messages.message import Event
from senter.messages.query import QueryAnswered
from senter.messages.reports import DigestReady, DigestRequested, DigestTimeSet, NotificationEnded
from senter.messages.schedule import AddJob, ChangeJob, GetJob, JobChanged, JobHistory, ListJobs, RemoveJob, RunJob

EVENTS: tuple[type[Event], ...] = (
    QueryAnswered,
    TaskFinished,
    ActivityLogged,
    FoldersChanged,
    DigestReady,
    NotificationEnded,
)
"""Events that jobs can wait for."""

SPEC = ComponentSpec(
    name="scheduler",
    summary="Has work begun at its time, and keeps a record of every time that came.",
    entry="senter.components.scheduler.component:Scheduler",
    settings=SchedulerSettings,
    handlers={
        AddJob: "commands.add",
        ListJobs: "commands.list",
        GetJob: "commands.get",
        ChangeJob: "commands.change",
        RunJob: "commands.run",
        RemoveJob: "commands.remove",
        JobHistory: "commands.history",
        DigestTimeSet: "event_triggers.digest_time",
        **dict.fromkeys(EVENTS, "event_triggers.happened"),
        ActivityLogged: "event_triggers.activity",
        QueryAnswered: "question_answered",
    },
    sends=(JobTriggered, JobChanged, DigestRequested, ActivityLogged, GetDaemonStatus, CheckJob, ListGoals),
    database="schedule",
    routes=(
        Route("GET", "/api/schedule/jobs", ListJobs),
        Route("POST", "/api/schedule/jobs", AddJob, status=201, repeat=True),
        Route("GET", "/api/schedule/history", JobHistory),
        Route("GET", "/api/schedule/jobs/{job}", GetJob),
        Route("DELETE", "/api/schedule/jobs/{job}", RemoveJob),
        Route("POST", "/api/schedule/jobs/{job}/run", RunJob, repeat=True),
        Route("POST", "/api/schedule/jobs/{job}/{action}", ChangeJob, repeat=True),
    ),
    commands=(
        CommandLine("schedule", "senter.components.scheduler.commands.schedule:schedule"),
        CommandLine("remind", "senter.components.scheduler.commands.remind:remind"),
        CommandLine("timer", "senter.components.scheduler.commands.timer:timer"),
    ),
)
