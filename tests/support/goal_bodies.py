"""Goals as the API answers them, for tests of the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from senter.messages.goals import (
    Amounts,
    GoalId,
    GoalReply,
    GoalView,
    Grant,
    ResultReply,
    Shown,
    Status,
    TaskId,
    TaskType,
    TaskView,
)

TASK = TaskView(
    id=TaskId(101),
    number=1,
    description="Step 1",
    type=TaskType.RESEARCH,
    status=Status.PENDING,
    state=Shown.PENDING,
)
GOAL = GoalView(
    id=GoalId(1),
    text="Compare tea and coffee",
    priority=5,
    status=Status.IN_PROGRESS,
    state=Shown.ACTIVE,
    progress_percent=50,
    focus="research",
    created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    cost=Amounts(model_calls=1, tool_calls=5, tokens=1200, wall_seconds=3.25),
)
GRANT = Grant(
    read_roots=("/papers",),
    create_roots=("/data/notes",),
    write_roots=("/data/own",),
    hosts=("*.example.org",),
    providers=("documents",),
    commands=(("git", "log"),),
)


def task_body(number: int = 1, **changes: object) -> dict[str, object]:
    numbered = TASK.model_copy(update={"id": 100 + number, "number": number, "description": f"Step {number}"})
    return numbered.model_dump(mode="json") | changes


def goal_row(number: object = 1, **changes: object) -> dict[str, object]:
    return GOAL.model_dump(mode="json") | {"id": number} | changes


def goal_body(*tasks: dict[str, object], **changes: object) -> dict[str, object]:
    planned_by = "rules" if tasks else ""
    reply = GoalReply(goal=GOAL, grant=GRANT, planned_by=planned_by, note="No web provider is on.")
    body: dict[str, object] = json.loads(reply.model_dump_json())
    waits = changes.pop("waits", [])
    return body | {"goal": goal_row(**changes), "tasks": list(tasks), "waits": waits}


COMPLETED: dict[str, object] = {
    "status": "completed",
    "state": "completed",
    "progress_percent": 100,
    "executed": True,
    "verified": True,
    "delivered": True,
    "results": ["/data/Focuses/research/results/tea.md"],
}

APPROVAL: dict[str, object] = {
    "id": 7,
    "goal_id": 1,
    "task_id": 102,
    "kind": "permission",
    "tool": "web_fetch",
    "arguments": {"url": "https://tea.example/"},
    "needs": [{"kind": "reach_host", "host": "tea.example", "port": 443}],
    "needs_in_words": ["reach tea.example"],
    "known": "",
    "asked_at": "2026-11-20T09:00:00Z",
    "expires_at": "2026-11-21T09:00:00Z",
    "decision": "",
}


def result_body(text: str, *files: str, **changes: object) -> dict[str, object]:
    reply = ResultReply(goal=GOAL, text=text, whole=True, files=files)
    body: dict[str, object] = json.loads(reply.model_dump_json())
    return body | {"goal": goal_row(**changes)}
