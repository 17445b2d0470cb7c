"""What the scheduler declares about itself."""

from __future__ import annotations

from senter.component.spec import CommandLine, ComponentSpec
from senter.components.scheduler.settings import SchedulerSettings
from senter.messages.activity import ActivityLogged
from senter.messages.control import GetDaemonStatus
from senter.messages.documents import FoldersChanged
from senter.messages.goals import JobTriggered, ListGoals, TaskFinished
from senter.messages.message import Event
from senter.messages.query import QueryAnswered
from senter.messages.reports import DigestHourSet, DigestReady, DigestRequested, NotificationEnded
from senter.messages.schedule import AddJob, ChangeJob, GetJob, JobHistory, ListJobs, RemoveJob, RunJob

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
    borrows={"timezone": ("user.timezone", "task_engine.timezone"), "interests": ("user.interests",)},
    receives=(AddJob, ListJobs, GetJob, ChangeJob, RunJob, RemoveJob, JobHistory, DigestHourSet, *EVENTS),
    sends=(JobTriggered, DigestRequested, ActivityLogged, GetDaemonStatus, ListGoals),
    database="schedule",
    commands=(
        CommandLine("schedule", "senter.components.scheduler.commands.schedule:schedule"),
        CommandLine("remind", "senter.components.scheduler.commands.schedule:remind"),
    ),
)
