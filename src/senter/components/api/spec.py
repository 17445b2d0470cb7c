"""What the api component declares, and the addresses of the supervisor's commands.

What it sends for the routes of all components is added in `senter.components`.
"""

from __future__ import annotations

from senter.component.route import Route
from senter.component.spec import ComponentSpec
from senter.components.api.settings import ApiSettings
from senter.messages.activity import ActivityLogged
from senter.messages.control import GetDaemonStatus
from senter.messages.dead_letters import DropDeadLetter, GetDeadLetter, ListDeadLetters, ReplayDeadLetter
from senter.messages.goals import GetGoal, JobTriggered, TaskFinished
from senter.messages.health import ComponentDied
from senter.messages.model import (
    CancelModelRequest,
    EndExam,
    ExamineModel,
    GetModelStatus,
    ModelDelta,
    ModelLoad,
    ModelRequest,
)
from senter.messages.query import AnswerDelta, CancelQuery, ContinueChat, QueryAnswered, UserQuery
from senter.messages.reports import DigestReady, NotificationEnded
from senter.messages.turns import AwaitTurn, GetTurn

BY_HAND = frozenset(
    {
        "POST /api/query",
        "GET /api/turns/{turn_id}/events",
        "GET /api/models",
        "POST /api/exams",
        "DELETE /api/exams",
        "GET /api/events",
        "GET /api/goals/{goal_id}/events",
    }
)
"""What the api serves below /api/ without a row, because bytes stream or many are asked."""

SPEC = ComponentSpec(
    name="api",
    summary="Answers HTTP on a Unix socket and on one TCP port of this machine.",
    entry="senter.components.api.component:Api",
    settings=ApiSettings,
    listens=(AnswerDelta, ModelDelta, ModelLoad, ComponentDied),
    sends=(
        UserQuery,
        ContinueChat,
        CancelQuery,
        GetTurn,
        AwaitTurn,
        GetGoal,
        GetDaemonStatus,
        ModelRequest,
        CancelModelRequest,
        GetModelStatus,
        ExamineModel,
        EndExam,
    ),
    observes=(QueryAnswered, ActivityLogged, TaskFinished, JobTriggered, DigestReady, NotificationEnded),
    routes=(
        Route("GET", "/api/status", GetDaemonStatus),
        Route("GET", "/api/dead-letters", ListDeadLetters),
        Route("GET", "/api/dead-letters/{number}", GetDeadLetter),
        Route("POST", "/api/dead-letters/{number}/replay", ReplayDeadLetter),
        Route("DELETE", "/api/dead-letters/{number}", DropDeadLetter),
    ),
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
