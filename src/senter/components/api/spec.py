"""What the api component declares."""

from __future__ import annotations

from senter.component.spec import ComponentSpec
from senter.components.api.settings import ApiSettings
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import DecideApproval, GetAudit, ListApprovals
from senter.messages.control import GetDaemonStatus
from senter.messages.conversations import DeleteConversation, GetConversation, ListConversations
from senter.messages.dead_letters import DropDeadLetter, GetDeadLetter, ListDeadLetters, ReplayDeadLetter
from senter.messages.documents import AddFolder, ListFolders, RemoveFolder
from senter.messages.goals import (
    AskWhy,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    JobTriggered,
    ListGoals,
    Panic,
    PlanGoal,
    TaskFinished,
    UpdateTask,
)
from senter.messages.health import ComponentDied
from senter.messages.model import CancelModelRequest, GetModelStatus, ModelDelta, ModelLoad, ModelRequest
from senter.messages.query import CancelQuery, QueryAnswered, UserQuery
from senter.messages.reports import (
    DigestReady,
    GetDigest,
    GetProgress,
    ListNotifications,
    NotificationEnded,
    RecordVisit,
    TestNotification,
)
from senter.messages.schedule import AddJob, ChangeJob, GetJob, JobHistory, ListJobs, RemoveJob, RunJob
from senter.messages.tools import ListTools, TestTool

SPEC = ComponentSpec(
    name="api",
    summary="Answers HTTP on a Unix socket and on one TCP port of this machine.",
    entry="senter.components.api.component:Api",
    settings=ApiSettings,
    listens=(ModelDelta, ModelLoad, ComponentDied),
    sends=(
        UserQuery,
        CancelQuery,
        ListConversations,
        GetConversation,
        DeleteConversation,
        ListDeadLetters,
        GetDeadLetter,
        ReplayDeadLetter,
        DropDeadLetter,
        GetDaemonStatus,
        ModelRequest,
        CancelModelRequest,
        GetModelStatus,
        CreateGoal,
        PlanGoal,
        ListGoals,
        GetGoal,
        ChangeGoal,
        UpdateTask,
        AskWhy,
        Panic,
        ListApprovals,
        DecideApproval,
        GetAudit,
        ListTools,
        TestTool,
        ListFolders,
        AddFolder,
        RemoveFolder,
        GetProgress,
        RecordVisit,
        GetDigest,
        ListNotifications,
        TestNotification,
        AddJob,
        ListJobs,
        GetJob,
        ChangeJob,
        RunJob,
        RemoveJob,
        JobHistory,
    ),
    observes=(QueryAnswered, ActivityLogged, TaskFinished, JobTriggered, DigestReady, NotificationEnded),
    preload=(
        "fastapi",
        "uvicorn",
        "httptools",
        "uvicorn.protocols.http.httptools_impl",
        "psutil",
        # What FastAPI and uvicorn otherwise import at their first use: half of a restart's time.
        "anyio._backends._asyncio",
        "pydantic.v1",
        "uvicorn.lifespan.off",
    ),
)
