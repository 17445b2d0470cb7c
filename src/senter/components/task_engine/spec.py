"""What the task engine declares about itself."""

from __future__ import annotations

from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.task_engine.settings import TaskEngineSettings
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import DecideApproval, GetAudit, ListApprovals
from senter.messages.audit_heads import AuditGrew, GetNotedHeads
from senter.messages.documents import FoldersChanged, ListFolders, SearchDocuments
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
from senter.messages.schedule import AddJob
from senter.messages.tools import ListTools, TestTool

SPEC = ComponentSpec(
    name="task_engine",
    summary="Turns what people want done into plans, carries them out, and can prove what it did.",
    entry="senter.components.task_engine.component:TaskEngine",
    settings=TaskEngineSettings,
    borrows={"timezone": ("user.timezone",)},
    receives=(
        CreateGoal,
        PlanGoal,
        ListGoals,
        GetGoal,
        ChangeGoal,
        UpdateTask,
        Panic,
        AskWhy,
        ListApprovals,
        DecideApproval,
        GetAudit,
        ListTools,
        TestTool,
        JobTriggered,
        FoldersChanged,
        *MODEL_CLIENT_RECEIVES,
    ),
    sends=(
        TaskFinished,
        ActivityLogged,
        AuditGrew,
        GetNotedHeads,
        SearchDocuments,
        ListFolders,
        AddJob,
        *MODEL_CLIENT_SENDS,
    ),
    database="tasks",
    commands=(
        CommandLine("goal", "senter.components.task_engine.commands.goal:goal"),
        CommandLine("goals", "senter.components.task_engine.commands.goals:goals"),
        CommandLine("task", "senter.components.task_engine.commands.goals:task"),
        CommandLine("approvals", "senter.components.task_engine.commands.approvals:approvals"),
        CommandLine("why", "senter.components.task_engine.commands.goals:why"),
        CommandLine("panic", "senter.components.task_engine.commands.panic:panic"),
        CommandLine("audit", "senter.components.task_engine.commands.audit:audit"),
        CommandLine("tools", "senter.components.task_engine.commands.tools:tools"),
    ),
)
