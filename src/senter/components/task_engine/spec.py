"""What the task engine declares about itself."""

from __future__ import annotations

from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS
from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.task_engine.settings import TaskEngineSettings
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import DecideApproval, GetAudit, ListApprovals
from senter.messages.audit_heads import AuditGrew, GetNotedHeads
from senter.messages.calendar import (
    AddEvent,
    ConnectCalendar,
    DisconnectCalendar,
    ListCalendars,
    ListEvents,
    RemoveEvent,
)
from senter.messages.documents import FoldersChanged, ListFolders, SearchDocuments
from senter.messages.goals import (
    AskWhy,
    AwaitGoal,
    CarryOut,
    ChangeGoal,
    CreateGoal,
    GetGoal,
    GetResult,
    JobTriggered,
    ListGoals,
    Panic,
    PlanGoal,
    TaskFinished,
    UpdateTask,
)
from senter.messages.job_work import GoalWork, ResearchWork
from senter.messages.reports import GetNotificationTargets
from senter.messages.schedule import AddJob, ChangeJob, GetJob, JobChanged, JobType, ListJobs
from senter.messages.tools import ListTools, TestTool
from senter.messages.understanding import LookUpOwn
from senter.messages.undo import ListActions, Undo
from senter.messages.written import ListNotes, SearchWritten

SPEC = ComponentSpec(
    name="task_engine",
    summary="Turns what people want done into plans, carries them out, and can prove what it did.",
    entry="senter.components.task_engine.component:TaskEngine",
    settings=TaskEngineSettings,
    handlers={
        CreateGoal: "answers.create",
        CarryOut: "answers.carry_out",
        AwaitGoal: "answers.wait",
        PlanGoal: "answers.plan",
        ListGoals: "answers.list",
        GetGoal: "answers.get",
        GetResult: "answers.result",
        ChangeGoal: "answers.change",
        UpdateTask: "answers.update",
        Panic: "answers.panic",
        AskWhy: "answers.why",
        ListApprovals: "answers.approvals",
        DecideApproval: "answers.decide",
        GetAudit: "answers.audit",
        ListTools: "answers.tools",
        TestTool: "answers.test",
        SearchWritten: "answers.search_written",
        ListNotes: "answers.list_notes",
        Undo: "undoing.undo",
        ListActions: "undoing.actions",
        ListEvents: "calendars.events",
        ListCalendars: "calendars.list",
        ConnectCalendar: "calendars.connect",
        DisconnectCalendar: "calendars.disconnect",
        AddEvent: "calendars.add",
        RemoveEvent: "calendars.remove",
        JobTriggered: "answers.triggered",
        JobChanged: "undoing.job_changed",
        FoldersChanged: "answers.folders_changed",
    },
    jobs={JobType.GOAL: GoalWork, JobType.RESEARCH: ResearchWork},
    concurrency={PlanGoal: 2},
    listens=MODEL_CLIENT_RECEIVES,
    sends=(
        TaskFinished,
        ActivityLogged,
        AuditGrew,
        GetNotedHeads,
        SearchDocuments,
        LookUpOwn,
        ListFolders,
        ChangeGoal,
        AddJob,
        GetGoal,
        ChangeGoal,
        ChangeJob,
        GetJob,
        ListJobs,
        GetNotificationTargets,
        *MODEL_CLIENT_SENDS,
    ),
    database="tasks",
    routes=(
        Route("GET", "/api/goals", ListGoals),
        Route("POST", "/api/goals", CreateGoal, status=201, repeat=True),
        Route("POST", "/api/goals/plan", PlanGoal, repeat=True, slow=True),
        Route("GET", "/api/goals/{goal_id}", GetGoal),
        Route("GET", "/api/result", GetResult),
        Route("POST", "/api/goals/{goal_id}/{action}", ChangeGoal, repeat=True),
        Route("POST", "/api/tasks/{task_id}", UpdateTask, repeat=True),
        Route("GET", "/api/why", AskWhy),
        Route("POST", "/api/panic", Panic, repeat=True),
        Route("GET", "/api/approvals", ListApprovals),
        Route("POST", "/api/approvals/{approval_id}", DecideApproval, repeat=True),
        Route("GET", "/api/audit", GetAudit, slow=True),
        Route("POST", "/api/undo", Undo, status=201, repeat=True),
        Route("GET", "/api/actions", ListActions),
        Route("GET", "/api/calendar", ListEvents),
        Route("POST", "/api/calendar", AddEvent, status=201, repeat=True),
        Route("POST", "/api/calendar/remove", RemoveEvent, status=201, repeat=True),
        Route("GET", "/api/calendars", ListCalendars),
        Route("POST", "/api/calendars", ConnectCalendar, status=201, slow=True),
        Route("POST", "/api/calendars/disconnect", DisconnectCalendar, repeat=True),
        Route("GET", "/api/tools", ListTools),
        Route("POST", "/api/tools/{tool}/test", TestTool, slow=True),
    ),
    commands=(
        CommandLine("goal", "senter.components.task_engine.commands.goal:goal"),
        CommandLine("goals", "senter.components.task_engine.commands.goals:goals"),
        CommandLine("result", "senter.components.task_engine.commands.result:result"),
        CommandLine("task", "senter.components.task_engine.commands.goals:task"),
        CommandLine("undo", "senter.components.task_engine.commands.undo:undo"),
        CommandLine("approvals", "senter.components.task_engine.commands.approvals:approvals"),
        CommandLine("why", "senter.components.task_engine.commands.goals:why"),
        CommandLine("panic", "senter.components.task_engine.commands.panic:panic"),
        CommandLine("audit", "senter.components.task_engine.commands.audit:audit"),
        CommandLine("calendar", "senter.components.task_engine.commands.calendar:calendar"),
        CommandLine("tools", "senter.components.task_engine.commands.tools:tools"),
    ),
)
