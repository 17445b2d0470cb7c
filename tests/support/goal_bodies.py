"""Goals as the API answers them, for tests of the command line."""

from __future__ import annotations

NO_COST: dict[str, object] = {"model_calls": 0, "tool_calls": 0, "tokens": 0, "wall_seconds": 0.0}


def task_body(number: int = 1, **changes: object) -> dict[str, object]:
    task: dict[str, object] = {
        "id": 100 + number,
        "number": number,
        "description": f"Step {number}",
        "type": "research",
        "status": "pending",
        "state": "pending",
        "depends_on": [],
        "optional": False,
        "tool": "",
        "tool_params": {},
        "attempts": 0,
        "result": "",
        "error": "",
        "checks": [],
        "sources": [],
        "cost": NO_COST,
        "started_at": None,
        "finished_at": None,
    }
    return task | changes


def goal_row(number: object = 1, **changes: object) -> dict[str, object]:
    goal: dict[str, object] = {
        "id": number,
        "text": "Compare tea and coffee",
        "priority": 5,
        "status": "in_progress",
        "state": "active",
        "paused": False,
        "progress_percent": 50,
        "deadline": None,
        "focus": "research",
        "created_at": "2026-11-20T09:00:00Z",
        "finished_at": None,
        "error": "",
        "executed": False,
        "verified": False,
        "delivered": False,
        "results": [],
        "cost": {"model_calls": 1, "tool_calls": 5, "tokens": 1200, "wall_seconds": 3.25},
    }
    return goal | changes


def goal_body(*tasks: dict[str, object], **changes: object) -> dict[str, object]:
    grant: dict[str, object] = {
        "read_roots": ["/papers"],
        "create_roots": ["/data/notes"],
        "sort_roots": [],
        "write_roots": ["/data/own"],
        "hosts": ["*.example.org"],
        "providers": ["documents"],
        "commands": [["git", "log"]],
        "mcp_servers": [],
        "tools": [],
        "budget": {"model_calls": 200, "tool_calls": 500, "tokens": 500_000, "wall_seconds": 3_600.0},
        "expires_at": None,
    }
    return {
        "goal": goal_row(**changes),
        "tasks": list(tasks),
        "grant": grant,
        "planned_by": "rules" if tasks else "",
        "note": "No web provider is on.",
        "stopped": False,
    }


COMPLETED: dict[str, object] = {
    "status": "completed",
    "state": "completed",
    "progress_percent": 100,
    "executed": True,
    "verified": True,
    "delivered": True,
    "results": ["/data/Focuses/research/results/tea.md"],
}
