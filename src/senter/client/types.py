# Written by bin/docs from the messages. Change those, then run bin/docs.
# ruff: noqa: E501
# fmt: off
"""What the API answers with: JSON objects as dictionaries with known keys. Times are ISO 8601, UTC."""

from __future__ import annotations

from typing import NotRequired, TypedDict

REPEATED = frozenset(
    {
        "POST /api/turns",
        "DELETE /api/turns/{turn_id}",
        "POST /api/turns/{turn_id}/read",
        "POST /api/understand",
        "POST /api/documents",
        "POST /api/weights",
        "POST /api/visits",
        "POST /api/schedule/jobs",
        "POST /api/schedule/jobs/{job}/run",
        "POST /api/schedule/jobs/{job}/{action}",
        "POST /api/goals",
        "POST /api/goals/plan",
        "POST /api/goals/{goal_id}/{action}",
        "POST /api/tasks/{task_id}",
        "POST /api/panic",
        "POST /api/approvals/{approval_id}",
        "POST /api/undo",
        "POST /api/calendar",
        "POST /api/calendar/remove",
        "POST /api/calendars/disconnect",
    }
)
"""Routes that may be asked again when nobody knows whether it was carried out."""


NAMED = frozenset(
    {
        "POST /api/turns",
        "POST /api/schedule/jobs",
        "POST /api/schedule/jobs/{job}/run",
        "POST /api/schedule/jobs/{job}/{action}",
        "POST /api/goals",
        "POST /api/undo",
        "POST /api/calendar",
        "POST /api/calendar/remove",
    }
)
"""Those of them that the same `request_id` carries out once."""


SLOW = frozenset(
    {
        "POST /api/weights/use",
        "POST /api/notifications/test",
        "POST /api/goals/plan",
        "GET /api/audit",
        "POST /api/calendars",
        "POST /api/tools/{tool}/test",
    }
)
"""Routes that may take as long as a question."""


class Done(TypedDict):
    """It was carried out; there is nothing more to say."""


class Act(TypedDict):
    """One thing that a sentence does."""

    kind: str
    gist: str
    span: list[object]
    confidence: float
    due: str | None
    end: str | None
    recurrence: str | None
    all_day: bool
    zone: str
    place: str
    calendar: str
    subject: str | None
    subject_is_open: bool
    change: str | None
    things: list[Thing]
    one_alone: bool
    unread: list[str]


class ActAfterEnd(TypedDict):
    """To act although the grant has ended."""

    kind: str
    ended_at: str


class ActionView(TypedDict):
    """Something that was done, and whether it can be taken back."""

    number: int
    at: str
    receipt: Receipt
    undone: bool
    is_undo: bool
    refusal: str


class ActionsReply(TypedDict):
    actions: list[ActionView]


class Activity(TypedDict):
    """One thing that was done."""

    id: int
    at: str
    type: str
    summary: str
    details: dict[str, object]
    importance: str


class Alternative(TypedDict):
    """One answer to a question back."""

    label: str
    says: str


class Amounts(TypedDict):
    """What may be used, or was."""

    model_calls: int
    tool_calls: int
    tokens: int
    wall_seconds: float


class Approval(TypedDict):
    """One thing that waits."""

    id: int
    goal_id: int
    task_id: int
    kind: str
    tool: str
    arguments: dict[str, object]
    needs: list[ReadPath | CreatePath | SortPath | WritePath | ReachHost | UseProvider | RunCommand | UseMcpServer | UseTool | ChangeOwn | ActAfterEnd | EarlierWords]
    known: str
    asked_at: str
    expires_at: str
    decision: str
    needs_in_words: list[str]


class ApprovalsReply(TypedDict):
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


class AuditReply(TypedDict):
    entries: list[AuditEntry]
    total: int
    intact: bool | None
    broken_at: int | None
    head: str | None
    missing: list[str]
    notes: list[str]


class Away(TypedDict):
    """What was done since the last visit."""

    since: str | None
    count: int
    text: str


class CalendarConnected(TypedDict):
    name: str
    kind: str
    found: list[str]
    can_write: bool
    is_for_new: bool


class CalendarView(TypedDict):
    """One calendar; an account on a server has several."""

    name: str
    kind: str
    can_write: bool
    is_for_new: bool
    entries: int | None
    read_at: str | None
    problem: str


class CalendarsReply(TypedDict):
    calendars: list[CalendarView]


class ChangeOwn(TypedDict):
    """To change what is the user's own, after text from outside was read."""

    kind: str
    what: str


class Check(TypedDict):
    """One postcondition and what came of looking."""

    what: str
    held: bool | None
    found: str


class Clarification(TypedDict):
    """The one question back: what it lacks, and choices that lead to the right thing."""

    lacks: str
    question: str
    alternatives: list[Alternative]
    acts: list[Act]


class ComponentStatus(TypedDict):
    """One row of `senter status`."""

    state: str
    pid: int | None
    uptime_seconds: float
    restarts: int
    memory_mb: float
    cpu_percent: float
    threads: int
    open_files: int
    dropped: int
    health: Health
    reason: str
    takes_jobs: bool


class Conversation(TypedDict):
    summary: ConversationSummary
    turns: list[Turn]
    truncated: bool


class ConversationSummary(TypedDict):
    """One row of `senter conversations list`."""

    id: str
    title: str
    focus: str
    turns: int
    created_at: str
    updated_at: str


class Conversations(TypedDict):
    conversations: list[ConversationSummary]


class CreatePath(TypedDict):
    """To make a file or folder where nothing is, or new ones below a folder."""

    path: str
    leads_to: str | None
    kind: str


class DaemonStatus(TypedDict):
    """The whole daemon, as `senter status --json` prints it."""

    state: str
    pid: int
    uptime_seconds: float
    health_score: int
    components: dict[str, ComponentStatus]
    code: str
    settings_problem: str


class DeadLetter(TypedDict):
    """One event that one consumer could not take in."""

    number: int
    consumer: str
    event: str
    event_id: str
    error: str
    attempts: int
    died_at: str
    payload: object


class DeadLetterReply(TypedDict):
    """One dead letter with its payload."""

    number: int
    consumer: str
    event: str
    event_id: str
    error: str
    attempts: int
    died_at: str
    payload: object


class DeadLetters(TypedDict):
    letters: list[DeadLetter]
    total: int


class Delivery(TypedDict):
    """What became of a notification at one target."""

    target: str
    state: str
    attempts: int
    next_at: str | None
    error: str


class DigestReply(TypedDict):
    type: str
    day: str
    period_hours: int
    activity_count: int
    summary: str
    sections: list[DigestSection]
    not_looked_at: list[str]
    lines: list[str]
    by_type: dict[str, int]
    audit_head: str
    generated_at: str


class DigestSection(TypedDict):
    """One part of a digest."""

    part: str
    title: str
    lines: list[str]
    more: int
    see: str


class DocumentText(TypedDict):
    """What was read of a document when it was indexed."""

    path: str
    title: str
    text: str
    truncated: bool


class EarlierWords(TypedDict):
    """What an earlier version, which kept sentences only, said of a need."""

    kind: str
    text: str


class EmbeddedModelStatus(TypedDict):
    """What a worker chose for its embedded model, and how fast that is."""

    model: str
    loaded: bool
    measured: bool
    read_tokens_per_second: float
    write_tokens_per_second: float
    reading_threads: int
    writing_threads: int
    batch_tokens: int
    spares_memory: bool
    memory_mib: int


class EndpointStatus(TypedDict):
    """One link of a worker's provider chain."""

    kind: str
    url: str
    model: str
    breaker: str
    capability: str
    known_by: str
    native_tools: bool | None
    json_schema: bool | None
    streaming: bool | None
    context_tokens: int | None
    examined_at: str | None
    exam_running: bool
    exam: str
    last_error: str


class EventView(TypedDict):
    """One entry of a calendar, each occurrence of a repeated one by itself."""

    uid: str
    calendar: str
    title: str
    start: str
    end: str
    all_day: bool
    location: str


class EventsReply(TypedDict):
    events: list[EventView]
    calendars: list[str]
    problem: str
    start: str | None
    end: str | None


class ExamBegun(TypedDict):
    """Which worker examines it, through which link of its chain."""

    worker: str
    kind: str


class FiringView(TypedDict):
    """What became of one due time of one job."""

    number: int
    job_id: int
    job: str
    due_at: str
    at: str
    outcome: str
    reason: str
    ended_at: str | None
    status: str


class Folder(TypedDict):
    """One folder the user named."""

    path: str
    files: int
    skipped: int
    bytes: int
    indexed_at: str | None
    busy: bool
    problem: str


class FoldersReply(TypedDict):
    folders: list[Folder]
    skipped: list[Skipped]
    pictures: int


class GoalLimits(TypedDict):
    """What a person says that one goal may use; null takes the settings'."""

    model_calls: NotRequired[int | None]
    tool_calls: NotRequired[int | None]
    tokens: NotRequired[int | None]
    wall_seconds: NotRequired[float | None]


class GoalReply(TypedDict):
    goal: GoalView
    tasks: list[TaskView]
    grant: Grant
    planned_by: str
    note: str
    waits: list[str]
    stopped: bool


class GoalView(TypedDict):
    """One goal as people see it, without its tasks."""

    id: int
    text: str
    kind: str
    priority: int
    status: str
    state: str
    paused: bool
    progress_percent: int
    deadline: str | None
    overdue: bool
    focus: str
    created_at: str
    finished_at: str | None
    error: str
    executed: bool
    verified: bool
    delivered: bool
    results: list[str]
    receipts: list[Receipt]
    cost: Amounts


class GoalsReply(TypedDict):
    goals: list[GoalView]
    total: int
    stopped: bool
    approvals_waiting: int
    first_approval: str


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
    budget: Amounts
    expires_at: str | None


class Health(TypedDict):
    """A component's own opinion of itself."""

    status: str
    detail: str
    note: str
    facts: dict[str, str | int | float | bool | None]


class HistoryReply(TypedDict):
    firings: list[FiringView]


class JobReply(TypedDict):
    job: JobView
    zone: str
    before: JobView | None
    known: bool


class JobState(TypedDict):
    """What a job was, so that it can be that again."""

    name: str
    trigger_type: str
    trigger_config: dict[str, object]
    payload: dict[str, object]


class JobView(TypedDict):
    """One job as people see it."""

    id: int
    name: str
    job_type: str
    component: str
    trigger_type: str
    trigger_config: dict[str, object]
    trigger: str
    payload: dict[str, object]
    enabled: bool
    running: bool
    last_run: str | None
    next_run: str | None
    times: list[str]
    run_count: int
    created_at: str
    misfire: str
    grace_seconds: float
    overlap: bool
    only_when_idle: bool
    daily_limit: int | None
    built_in: bool
    grant: Grant | None
    version: str
    over: bool
    left_out: list[str]
    told_due: str | None
    told_at: str | None
    snoozed_until: str | None


class JobsReply(TypedDict):
    jobs: list[JobView]
    total: int
    zone: str


class ModelWorkerStatus(TypedDict):
    """One model worker: its endpoints and figures."""

    worker: str
    model: str
    model_loaded: bool
    endpoints: list[EndpointStatus]
    planner: str
    requests: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    latency_p50_seconds: float | None
    latency_p95_seconds: float | None
    active: int
    waiting: int
    embedded: EmbeddedModelStatus | None
    lesser: str


class Models(TypedDict):
    """The model workers."""

    models: list[ModelWorkerStatus]
    missing: dict[str, str]


class Notification(TypedDict):
    """One thing the user was told, or is to be told."""

    id: int
    at: str
    importance: str
    title: str
    body: str
    deliveries: list[Delivery]


class NotificationTargetsReply(TypedDict):
    count: int
    reason: str


class NotificationTestReply(TypedDict):
    title: str
    body: str
    targets: list[TestedTarget]


class NotificationsReply(TypedDict):
    notifications: list[Notification]


class ProgressReply(TypedDict):
    hours: float
    total: int
    by_type: dict[str, int]
    activities: list[Activity]
    away: Away
    kept: list[Notification]
    seen: Seen


class QueryAnswer(TypedDict):
    """The whole answer; what `senter ask --json` prints."""

    id: str
    conversation_id: str
    response: str
    focus: str
    model: str
    latency_seconds: float
    degraded: bool
    degraded_reason: NotRequired[str]
    tokens: int
    cut_off: NotRequired[str]
    receipts: list[Receipt]
    sources: list[Quoted]
    asks: Clarification | None


class Quoted(TypedDict):
    """A place that an answer rests on."""

    source: str
    address: str
    quote: str


class ReachHost(TypedDict):
    """To reach a host on a port."""

    kind: str
    host: str
    port: int


class ReadPath(TypedDict):
    """To read a file or a folder."""

    path: str
    leads_to: str | None
    kind: str


class Receipt(TypedDict):
    """What came of an act: the proof that something was done."""

    kind: str
    id: str
    title: str
    done: str
    note: str
    goal_id: int | None
    undoable: bool


class ResultReply(TypedDict):
    goal: GoalView
    text: str
    whole: bool
    files: list[str]
    waits: list[str]


class RunCommand(TypedDict):
    """To run a program."""

    kind: str
    argv: list[str]


class Seen(TypedDict):
    """What a person was shown."""

    activity_id: int
    notification_ids: list[int]


class Skipped(TypedDict):
    """One file of these folders that is not indexed."""

    path: str
    reason: str


class SortPath(TypedDict):
    """To move files of a folder into folders below it."""

    path: str
    leads_to: str | None
    kind: str


class Source(TypedDict):
    """Where something was read."""

    title: str
    address: str
    quote: str


class TaskView(TypedDict):
    """One task as people see it."""

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
    final: bool
    attempts: int
    result: str
    error: str
    checks: list[Check]
    sources: list[Source]
    cost: Amounts
    started_at: str | None
    finished_at: str | None


class TestedTarget(TypedDict):
    """What a test showed of one target."""

    target: str
    service: str
    sent: bool | None
    problem: str


class Thing(TypedDict):
    """Something that exists, as a sentence may speak of it."""

    kind: str
    id: str
    title: str
    at: str | None
    repeats: bool
    runs: bool
    later: list[str]
    shares_id: bool
    waits_since: str | None


class ToldState(TypedDict):
    """How a reminder that was told stands; without a time nothing of it waits for a person."""

    told_due: NotRequired[str | None]
    told_at: NotRequired[str | None]
    snoozed_until: NotRequired[str | None]


class ToolTested(TypedDict):
    text: str
    sources: list[Source]
    truncated: bool


class ToolView(TypedDict):
    """One tool as people see it."""

    name: str
    description: str
    effect: str
    permission: str
    timeout_seconds: float
    arguments: dict[str, object]
    available: bool
    reason: str


class ToolsReply(TypedDict):
    tools: list[ToolView]


class Turn(TypedDict):
    """One question and what became of it."""

    query_id: str
    asked_at: str
    text: str
    state: str
    response: str
    error: str
    model: str
    tokens: int
    latency_seconds: float | None
    degraded: bool


class TurnReply(TypedDict):
    """A turn as it is now."""

    id: str
    conversation_id: str
    focus: str
    asked_at: str
    text: str
    state: str
    attempt: int
    response: str
    error: str
    error_code: str
    error_hint: str
    model: str
    tokens: int
    latency_seconds: float | None
    degraded: bool
    degraded_reason: str
    cut_off: str
    read: bool
    receipts: list[Receipt]
    sources: list[Quoted]
    asks: Clarification | None


class TurnRow(TypedDict):
    """One turn in a list."""

    id: str
    conversation_id: str
    asked_at: str
    text: str
    state: str
    read: bool


class Turns(TypedDict):
    turns: list[TurnRow]


class Understanding(TypedDict):
    """What a text means at a moment, in a zone."""

    acts: list[Act]
    question: Clarification | None
    now: str
    zone: str
    language: str


class UseMcpServer(TypedDict):
    """To call the tools of an MCP server."""

    kind: str
    name: str


class UseProvider(TypedDict):
    """To search with a provider."""

    kind: str
    name: str


class UseTool(TypedDict):
    """To call a tool of another package, whose code only its user vouches for."""

    kind: str
    name: str


class WeightsChosen(TypedDict):
    """What the model workers answer by from now on."""

    model: str
    before: str
    fetching: bool


class WeightsReply(TypedDict):
    """The catalogue and the cache."""

    models: list[WeightsStatus]
    folder: str
    left_out: str


class WeightsStatus(TypedDict):
    """One model of the catalogue."""

    name: str
    title: str
    good_for: str
    size_bytes: int
    memory_mib: int
    licence: str
    checked: bool
    state: str
    done_bytes: int
    place: str
    problem: str


class WhyLine(TypedDict):
    """One line of the story of a thing, the thing itself first."""

    depth: int
    kind: str
    id: str
    text: str
    at: str | None
    grant: Grant | None


class WhyReply(TypedDict):
    lines: list[WhyLine]


class Widening(TypedDict):
    """What a goal may do beyond the default grant; what is left out is as usual."""

    read_roots: NotRequired[list[str]]
    write_roots: NotRequired[list[str]]
    hosts: NotRequired[list[str]]
    commands: NotRequired[list[list[str]]]


class WritePath(TypedDict):
    """To replace, move away or trash what is there; making new things is part of it."""

    path: str
    leads_to: str | None
    kind: str
