"""What a person wants done, and how far it is. Answered by the task engine."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NewType

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from senter.messages.message import Command, ComponentName, Done, Event, Reply

GoalId = NewType("GoalId", int)
TaskId = NewType("TaskId", int)

TASK_ENGINE = ComponentName("task_engine")
MAX_GOAL_CHARACTERS = 10_000
MAX_TASKS = 12


class Status(StrEnum):
    """The exact status of a goal or a task."""

    PENDING = "pending"
    PLANNING = "planning"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


FINAL = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED})


class Shown(StrEnum):
    """The status as people see it."""

    ACTIVE = "active"
    PENDING = "pending"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TaskType(StrEnum):
    RESEARCH = "research"
    GENERATE = "generate"
    ANALYZE = "analyze"
    COMMUNICATE = "communicate"
    ORGANIZE = "organize"
    CUSTOM = "custom"


class Frozen(BaseModel):
    """A part of a message; it never changes."""

    model_config = ConfigDict(frozen=True)


class Budget(Frozen):
    """What one goal may use before it stops."""

    model_calls: int = Field(default=200, ge=0, description="Calls of a model.")
    tool_calls: int = Field(default=500, ge=0, description="Calls of tools.")
    tokens: int = Field(default=500_000, ge=0, description="Tokens read and written by models.")
    wall_seconds: float = Field(default=3_600.0, gt=0, description="Time in which tasks ran, in seconds.")


class Limits(Frozen):
    """What a person says that one goal may use."""

    model_calls: int | None = Field(default=None, ge=0, description="Calls of a model; none takes the settings'.")
    tool_calls: int | None = Field(default=None, ge=0, description="Calls of tools; none takes the settings'.")
    tokens: int | None = Field(default=None, ge=0, description="Tokens of models; none takes the settings'.")
    wall_seconds: float | None = Field(
        default=None, gt=0, description="Time in which tasks ran, in seconds; none takes the settings'."
    )


class Cost(Frozen):
    """What was used."""

    model_calls: int = Field(default=0, description="Calls of a model.")
    tool_calls: int = Field(default=0, description="Calls of tools.")
    tokens: int = Field(default=0, description="Tokens read and written by models.")
    wall_seconds: float = Field(default=0.0, description="Time in which tasks ran, in seconds.")


class Grant(Frozen):
    """What one goal may do without asking. Decided when it is planned, shown to the user, fixed from then on."""

    read_roots: tuple[str, ...] = Field(default=(), description="Folders it may read, absolute.")
    create_roots: tuple[str, ...] = Field(
        default=(), description="Folders below which it may make new files and folders, absolute."
    )
    sort_roots: tuple[str, ...] = Field(
        default=(), description="Folders whose files it may move into folders below them, absolute."
    )
    write_roots: tuple[str, ...] = Field(
        default=(), description="Folders below which it may do all this, and replace, move away and trash, absolute."
    )
    hosts: tuple[str, ...] = Field(
        default=(), description="Hosts it may reach by name; *.example.org takes subdomains."
    )
    providers: tuple[str, ...] = Field(default=(), description="Search providers it may use.")
    commands: tuple[tuple[str, ...], ...] = Field(default=(), description="Beginnings of command lines it may run.")
    mcp_servers: tuple[str, ...] = Field(default=(), description="MCP servers whose tools it may call.")
    tools: tuple[str, ...] = Field(default=(), description="Tools of other packages it may call.")
    budget: Budget = Field(default_factory=Budget, description="What it may use.")
    expires_at: AwareDatetime | None = Field(default=None, description="From when on it allows nothing more, UTC.")


class Check(Frozen):
    """One postcondition and what came of looking."""

    what: str = Field(description="What was to be so, for people.")
    held: bool | None = Field(default=None, description="Whether it was; none while nobody looked.")
    found: str = Field(default="", description="What was found instead.")


class Source(Frozen):
    """Where something was read."""

    title: str = Field(description="Its title, or its name.")
    address: str = Field(description="A path or an address.")
    quote: str = Field(default="", description="What was taken from it.")


class TaskView(Frozen):
    """One task as people see it."""

    id: TaskId = Field(description="Names the task.")
    number: int = Field(description="Its place in the plan, from 1.")
    description: str = Field(description="What is to be done.")
    type: TaskType = Field(description="What kind of work it is.")
    status: Status = Field(description="The exact status.")
    state: Shown = Field(description="The status as people see it.")
    depends_on: tuple[int, ...] = Field(default=(), description="Numbers of the tasks it needs first.")
    optional: bool = Field(default=False, description="Whether the goal goes on without it.")
    tool: str = Field(default="", description="The tool it calls, where the plan names one.")
    tool_params: dict[str, JsonValue] = Field(default_factory=dict, description="The arguments of that call.")
    attempts: int = Field(default=0, description="How often it was begun.")
    result: str = Field(default="", description="What it yielded, shortened.")
    error: str = Field(default="", description="Why it failed or waits.")
    checks: tuple[Check, ...] = Field(default=(), description="Its postconditions.")
    sources: tuple[Source, ...] = Field(default=(), description="Where its result comes from.")
    cost: Cost = Field(default_factory=Cost, description="What it used.")
    started_at: AwareDatetime | None = Field(default=None, description="When it was first begun, UTC.")
    finished_at: AwareDatetime | None = Field(default=None, description="When it ended, UTC.")


class GoalView(Frozen):
    """One goal as people see it, without its tasks."""

    id: GoalId = Field(description="The number people use.")
    text: str = Field(description="What is wanted.")
    priority: int = Field(description="1-10, higher first.")
    status: Status = Field(description="The exact status.")
    state: Shown = Field(description="The status as people see it.")
    paused: bool = Field(default=False, description="Whether a person paused it.")
    progress_percent: int = Field(description="Finished tasks of all tasks.")
    deadline: AwareDatetime | None = Field(default=None, description="When it is due, UTC.")
    focus: str = Field(description="The area its results are filed under.")
    created_at: AwareDatetime = Field(description="When it was asked for, UTC.")
    finished_at: AwareDatetime | None = Field(default=None, description="When it ended, UTC.")
    error: str = Field(default="", description="Why it failed, waits or was cancelled.")
    executed: bool = Field(default=False, description="Whether every task that the goal needs was carried out.")
    verified: bool = Field(
        default=False, description="Whether all its checks held, one about the content of what it yields among them."
    )
    delivered: bool = Field(default=False, description="Whether its report was written.")
    results: tuple[str, ...] = Field(default=(), description="Files it wrote, absolute.")
    cost: Cost = Field(default_factory=Cost, description="What it used.")


class GoalReply(Reply):
    wire_name = "goal"

    goal: GoalView = Field(description="The goal as it is now.")
    tasks: tuple[TaskView, ...] = Field(default=(), description="Its plan, in order.")
    grant: Grant = Field(default_factory=Grant, description="What it may do without asking.")
    planned_by: str = Field(default="", description="model or rules; empty while there is no plan.")
    note: str = Field(default="", description="What the plan has to say of itself, for people.")
    stopped: bool = Field(default=False, description="Whether all work is stopped, by senter panic.")


class CreateGoal(Command[GoalReply]):
    """Asks for something to be done. The same `request_id` makes one goal, however often it is sent."""

    wire_name = "task_create"
    receiver = TASK_ENGINE

    request_id: str = Field(description="Chosen by the asker.")
    text: str = Field(description="What is wanted.")
    deadline: str = Field(
        default="", description="When it is due, in words or ISO 8601; words are read in the user's zone."
    )
    priority: int = Field(default=5, ge=1, le=10, description="Higher first.")
    budget: Limits = Field(default_factory=Limits, description="What it may use, where that is not as usual.")
    grant: Grant | None = Field(default=None, description="What it may do beyond the default grant.")


class PlanGoal(Command[GoalReply]):
    """Asks for the plan of a goal without carrying it out; nothing is stored. The goal's number in the reply is 0."""

    wire_name = "plan_goal"
    receiver = TASK_ENGINE

    text: str = Field(description="What is wanted.")
    grant: Grant | None = Field(default=None, description="What it may do beyond the default grant.")


class GoalsReply(Reply):
    wire_name = "goals"

    goals: tuple[GoalView, ...] = Field(description="Open ones first, then the newest.")
    total: int = Field(description="How many there are of those asked for, shown or not.")
    stopped: bool = Field(default=False, description="Whether all work is stopped, by senter panic.")


class ListGoals(Command[GoalsReply]):
    wire_name = "list_goals"
    receiver = TASK_ENGINE

    include_finished: bool = Field(default=True, description="Whether to show ended ones too.")
    limit: int = Field(default=50, ge=1, le=1_000, description="How many at most.")


class GetGoal(Command[GoalReply]):
    wire_name = "get_goal"
    receiver = TASK_ENGINE

    goal_id: GoalId = Field(description="Which one.")


class ChangeGoal(Command[GoalReply]):
    """A person's word about a goal. Saying it twice changes nothing more."""

    wire_name = "change_goal"
    receiver = TASK_ENGINE

    goal_id: GoalId = Field(description="Which one.")
    action: Literal["pause", "resume", "cancel", "retry", "prioritise"] = Field(description="What to do.")
    priority: int | None = Field(default=None, ge=1, le=10, description="With prioritise.")


class UpdateTask(Command[GoalReply]):
    """Completes, fails or feeds a waiting task from outside."""

    wire_name = "task_update"
    receiver = TASK_ENGINE

    task_id: TaskId = Field(description="Which one.")
    action: Literal["done", "fail", "feed"] = Field(description="What became of it.")
    text: str = Field(default="", description="The result, the reason, or what to go on with.")


class Panic(Command[Done]):
    """Stops all autonomous work at once, until it is released."""

    wire_name = "panic"
    receiver = TASK_ENGINE

    release: bool = Field(default=False, description="Whether to let work go on again.")


class WhyLine(Frozen):
    """One line of the story of a thing, the thing itself first."""

    depth: int = Field(description="How far from the thing that was asked about.")
    kind: str = Field(
        description="request, goal, plan, grant, task, attempt, tool_call, model_call, approval or result."
    )
    id: str = Field(description="Its id.")
    text: str = Field(description="What it was, for people.")
    at: AwareDatetime | None = Field(default=None, description="When, UTC.")
    grant: Grant | None = Field(default=None, description="For a line of kind grant: what it allows.")


class WhyReply(Reply):
    wire_name = "why"

    lines: tuple[WhyLine, ...] = Field(description="From the thing back to the request.")


class AskWhy(Command[WhyReply]):
    """Asks how something came about: a goal number, `task N`, a message id, an approval, or a result's path."""

    wire_name = "ask_why"
    receiver = TASK_ENGINE

    about: str = Field(description="The thing.")


class TaskFinished(Event):
    """A task ended, well or not."""

    wire_name = "task_complete"

    goal_id: GoalId = Field(description="Its goal.")
    task_id: TaskId = Field(description="The task.")
    status: Status = Field(description="How it ended.")
    description: str = Field(description="What was to be done.")


class JobTriggered(Event):
    """A job's time has come. Job and due time together name the work, however often it is delivered.

    For the task engine, `goal` says what is wanted; for another component, `payload` does.
    """

    wire_name = "job_triggered"

    job_id: str = Field(description="The job.")
    due_at: AwareDatetime = Field(description="When it was due, UTC.")
    component: ComponentName = Field(default=TASK_ENGINE, description="Who is to do the work; others ignore it.")
    job_type: str = Field(default="goal", description="What kind of work it is.")
    goal: str = Field(default="", description="What is wanted, for the task engine.")
    payload: dict[str, JsonValue] = Field(default_factory=dict, description="What is wanted, for another component.")
    priority: int = Field(default=5, ge=1, le=10, description="Higher first.")
    grant: Grant | None = Field(
        default=None,
        description="What its goals may do beyond the default grant, as the user fixed it when adding the job.",
    )
