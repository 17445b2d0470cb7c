"""What the client returns about goals: JSON objects as dictionaries with known keys; times are ISO 8601, UTC."""

from __future__ import annotations

from typing import NamedTuple, NotRequired, TypedDict


class Limits(TypedDict, total=False):
    """What one goal may use; what is left out is as usual."""

    model_calls: int
    tool_calls: int
    tokens: int
    wall_seconds: float


class Cost(TypedDict):
    """What was used."""

    model_calls: int
    tool_calls: int
    tokens: int
    wall_seconds: float


class Grant(TypedDict):
    """What one goal may do without asking."""

    read_roots: list[str]
    create_roots: list[str]
    sort_roots: list[str]
    write_roots: list[str]
    hosts: list[str]
    providers: list[str]
    commands: list[list[str]]
    mcp_servers: list[str]
    tools: list[str]
    budget: Cost
    expires_at: str | None


class Widening(TypedDict, total=False):
    """What a goal may do beyond the default grant."""

    read_roots: list[str]
    write_roots: list[str]
    hosts: list[str]
    commands: list[list[str]]


class Check(TypedDict):
    """One postcondition and what came of looking."""

    what: str
    held: bool | None
    found: str


class Source(TypedDict):
    """Where something was read."""

    title: str
    address: str
    quote: str


class Task(TypedDict):
    """One task of a plan."""

    id: int
    number: int
    description: str
    type: str
    status: str
    state: str
    depends_on: list[int]
    optional: bool
    tool: str
    tool_params: dict[str, object]
    attempts: int
    result: str
    error: str
    checks: list[Check]
    sources: list[Source]
    cost: Cost
    started_at: str | None
    finished_at: str | None


class Goal(TypedDict):
    """One goal: `state` as people see it, `status` exact."""

    id: int
    text: str
    priority: int
    status: str
    state: str
    paused: bool
    progress_percent: int
    deadline: str | None
    focus: str
    created_at: str
    finished_at: str | None
    error: str
    executed: bool
    verified: bool
    delivered: bool
    results: list[str]
    cost: Cost


class GoalDetails(TypedDict):
    """A goal with its plan and its grant; what `senter goal show --json` prints."""

    goal: Goal
    tasks: list[Task]
    grant: Grant
    planned_by: str
    note: str
    stopped: bool


class GoalList(TypedDict):
    goals: list[Goal]
    total: int
    stopped: bool


class GoalEvent(NamedTuple):
    """Something that happened on the way: `task_complete`, or `activity_log`."""

    name: str
    data: dict[str, object]


class WhyLine(TypedDict):
    """One line of the story of a thing."""

    depth: int
    kind: str
    id: str
    text: str
    at: str | None
    grant: Grant | None


class Why(TypedDict):
    lines: list[WhyLine]


class Need(TypedDict):
    """What a grant lacks, by its kind; what is named besides depends on it."""

    kind: str
    path: NotRequired[str]
    leads_to: NotRequired[str | None]
    host: NotRequired[str]
    port: NotRequired[int]
    name: NotRequired[str]
    argv: NotRequired[list[str]]
    what: NotRequired[str]
    ended_at: NotRequired[str]
    text: NotRequired[str]


class Approval(TypedDict):
    """One thing that waits for a person's word."""

    id: int
    goal_id: int
    task_id: int
    kind: str
    tool: str
    arguments: dict[str, object]
    needs: list[Need]
    needs_in_words: list[str]
    known: str
    asked_at: str
    expires_at: str
    decision: str


class Approvals(TypedDict):
    approvals: list[Approval]


class AuditEntry(TypedDict):
    """One line of the audit log."""

    number: int
    at: str | None
    actor: str
    action: str
    subject: str
    content_digest: str
    digest: str
    text: str | None


class Audit(TypedDict):
    entries: list[AuditEntry]
    total: int
    intact: bool | None
    broken_at: int | None
    head: str | None
    missing: list[str]
    notes: list[str]


class Tool(TypedDict):
    """One tool; `arguments` is a JSON schema."""

    name: str
    description: str
    effect: str
    permission: str
    timeout_seconds: float
    arguments: dict[str, object]
    available: bool
    reason: str


class Tools(TypedDict):
    tools: list[Tool]


class ToolTested(TypedDict):
    text: str
    sources: list[Source]
    truncated: bool


class Folder(TypedDict):
    """One indexed folder."""

    path: str
    files: int
    skipped: int
    bytes: int
    indexed_at: str | None
    busy: bool
    problem: str


class Skipped(TypedDict):
    """One file that is not indexed."""

    path: str
    reason: str


class Folders(TypedDict):
    folders: list[Folder]
    skipped: list[Skipped]
