"""What a person wants done, and how far it is. Answered by the task engine."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, NewType

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, JsonValue

from senter.messages.acts import Act, Receipt
from senter.messages.fields import MAX_NUMBER, AbsolutePath, Host, Id, Whole, Word, text_of
from senter.messages.message import Command, ComponentName, Done, Event, Frozen, Reply, new_message_id

GoalId = NewType("GoalId", int)
TaskId = NewType("TaskId", int)

TASK_ENGINE = ComponentName("task_engine")
MAX_GOAL_CHARACTERS = 10_000
MAX_TASKS = 12
MOST_GRANTED = 100

GoalText = Annotated[
    str,
    AfterValidator(text_of("the goal", MAX_GOAL_CHARACTERS)),
    Field(
        description="What is wanted; not only spaces.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_GOAL_CHARACTERS},
    ),
]
DeadlineText = Annotated[str, AfterValidator(text_of("the deadline", 100, may_be_empty=True))]
TaskText = Annotated[str, AfterValidator(text_of("the text", 100_000, may_be_empty=True))]
About = Annotated[str, AfterValidator(text_of("what you ask about", 4_096))]
GoalNumber = Annotated[GoalId, Field(ge=1, le=MAX_NUMBER)]
TaskNumber = Annotated[TaskId, Field(ge=1, le=MAX_NUMBER)]
Folders = Annotated[tuple[AbsolutePath, ...], Field(max_length=MOST_GRANTED)]


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
    PLEASE_LOOK = "please_look"


FINAL = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED})
ENDED = FINAL | {Status.PLEASE_LOOK}
"""Of a goal: Senter does no more for it; what is done, please look, waits for a person's verdict alone."""


class GoalKind(StrEnum):
    """Whose doing a goal is: Senter's, or the person's own, which Senter keeps and helps with."""

    WORK = "work"
    OWN = "own"


class Shown(StrEnum):
    """The status as people see it."""

    ACTIVE = "active"
    PENDING = "pending"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PLEASE_LOOK = "done, please look"


class TaskType(StrEnum):
    RESEARCH = "research"
    GENERATE = "generate"
    ANALYZE = "analyze"
    COMMUNICATE = "communicate"
    ORGANIZE = "organize"
    CUSTOM = "custom"


class Amounts(Frozen):
    """What may be used, or was."""

    model_calls: int = Field(default=0, ge=0, description="Calls of a model.")
    tool_calls: int = Field(default=0, ge=0, description="Calls of tools.")
    tokens: int = Field(default=0, ge=0, description="Tokens read and written by models.")
    wall_seconds: float = Field(default=0.0, ge=0, description="Time in which tasks ran, in seconds.")


USUAL = Amounts(model_calls=200, tool_calls=500, tokens=500_000, wall_seconds=3_600.0)
"""What a goal may use where nothing else is said."""


class GoalLimits(Frozen):
    """What a person says that one goal may use; null takes the settings'."""

    model_config = ConfigDict(extra="forbid")

    model_calls: Whole | None = Field(default=None, description="Calls of a model.")
    tool_calls: Whole | None = Field(default=None, description="Calls of tools.")
    tokens: Whole | None = Field(default=None, description="Tokens read and written by models.")
    wall_seconds: float | None = Field(
        default=None,
        strict=True,
        gt=0,
        le=31_536_000.0,
        allow_inf_nan=False,
        description="Time in which tasks ran, in seconds.",
    )


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
    budget: Amounts = Field(default=USUAL, description="What it may use.")
    expires_at: AwareDatetime | None = Field(default=None, description="From when on it allows nothing more, UTC.")


class Widening(Frozen):
    """What a goal may do beyond the default grant; what is left out is as usual."""

    model_config = ConfigDict(extra="forbid")

    read_roots: Folders = Field(default=(), description="Folders it may read, absolute.")
    write_roots: Folders = Field(default=(), description="Folders it may write below, absolute.")
    hosts: tuple[Host, ...] = Field(
        default=(), max_length=MOST_GRANTED, description="Hosts it may reach by name; *.example.org takes subdomains."
    )
    commands: tuple[Annotated[tuple[Word, ...], Field(min_length=1, max_length=MOST_GRANTED)], ...] = Field(
        default=(), max_length=MOST_GRANTED, description="Beginnings of command lines it may run."
    )

    def to_grant(self) -> Grant:
        return Grant(**dict(self))


class Check(Frozen):
    """One postcondition and what came of looking."""

    what: str = Field(description="What was to be so, for people.")
    held: bool | None = Field(default=None, description="Whether it was; null while nobody looked.")
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
    final: bool = Field(default=False, description="Whether its call does something that cannot be taken back.")
    attempts: int = Field(default=0, description="How often it was begun.")
    result: str = Field(default="", description="What it yielded, shortened.")
    error: str = Field(default="", description="Why it failed or waits.")
    checks: tuple[Check, ...] = Field(default=(), description="Its postconditions.")
    sources: tuple[Source, ...] = Field(default=(), description="Where its result comes from.")
    cost: Amounts = Field(default_factory=Amounts, description="What it used.")
    started_at: AwareDatetime | None = Field(default=None, description="When it was first begun, UTC.")
    finished_at: AwareDatetime | None = Field(default=None, description="When it ended, UTC.")


class GoalView(Frozen):
    """One goal as people see it, without its tasks."""

    id: GoalId = Field(description="The number people use.")
    text: str = Field(description="What is wanted.")
    kind: GoalKind = Field(default=GoalKind.WORK, description="Whose doing it is: work is Senter's, own the person's.")
    priority: int = Field(description="1-10, higher first.")
    status: Status = Field(description="The exact status.")
    state: Shown = Field(description="The status as people see it.")
    paused: bool = Field(default=False, description="Whether a person paused it.")
    progress_percent: int = Field(description="Finished tasks of all tasks.")
    deadline: AwareDatetime | None = Field(default=None, description="When it is due, UTC.")
    overdue: bool = Field(default=False, description="Whether the deadline of an open goal of the person's own passed.")
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
    receipts: tuple[Receipt, ...] = Field(
        default=(), description="What it made or changed beside files, each with its id."
    )
    cost: Amounts = Field(default_factory=Amounts, description="What it used.")


class GoalReply(Reply):
    goal: GoalView = Field(description="The goal as it is now.")
    tasks: tuple[TaskView, ...] = Field(default=(), description="Its plan, in order.")
    grant: Grant = Field(default_factory=Grant, description="What it may do without asking.")
    planned_by: str = Field(default="", description="model or rules; empty while there is no plan.")
    note: str = Field(default="", description="What the plan has to say of itself, for people.")
    waits: tuple[str, ...] = Field(default=(), description="What waits for a person, and how it is settled.")
    stopped: bool = Field(default=False, description="Whether all work is stopped, by senter panic.")


class CreateGoal(Command[GoalReply], to=TASK_ENGINE):
    """Have something done. The same `request_id` makes one goal, however often it is sent."""

    wire_name = "task_create"

    request_id: Id = Field(default_factory=new_message_id, description="Chosen by the asker.")
    text: GoalText
    deadline: DeadlineText = Field(
        default="", description="When it is due, in words or ISO 8601; words are read in the user's zone."
    )
    priority: int = Field(default=5, ge=1, le=10, description="Higher first.")
    budget: GoalLimits = Field(default_factory=GoalLimits, description="What it may use, where that is not as usual.")
    grant: Widening | None = Field(default=None, description="What it may do beyond the default grant.")


class CarryOut(Command[GoalReply], to=TASK_ENGINE):
    """Have acts done that were understood already. The same `request_id` makes one goal, however often it is sent."""

    request_id: Id = Field(description="Chosen by the asker.")
    text: GoalText
    acts: Annotated[tuple[Act, ...], Field(min_length=1, max_length=MAX_TASKS, description="What the text asks for.")]
    asked_at: AwareDatetime = Field(description="When the person said it; the acts were read at that moment.")
    tainted: bool = Field(
        default=False,
        description="Whether a model chose them that had read text of others: each change waits for a person then.",
    )
    language: str = Field(
        default="en",
        max_length=2,
        description="The language that it was said in, by its two letters; what is told of it may be in it.",
    )


class PlanGoal(Command[GoalReply], to=TASK_ENGINE):
    """Show the plan of a goal without carrying it out. Nothing is stored; the goal's number in the reply is 0."""

    text: GoalText
    grant: Widening | None = Field(default=None, description="What it may do beyond the default grant.")


class GoalsReply(Reply):
    goals: tuple[GoalView, ...] = Field(description="Open ones first, then the newest.")
    total: int = Field(description="How many there are of those asked for, shown or not.")
    stopped: bool = Field(default=False, description="Whether all work is stopped, by senter panic.")
    approvals_waiting: int = Field(default=0, description="How many approvals wait for a person, whatever is shown.")
    first_approval: str = Field(default="", description="The oldest of them: the call, and how it is decided.")


class ListGoals(Command[GoalsReply], to=TASK_ENGINE):
    """List goals."""

    all: bool = Field(default=False, description="Whether to show ended ones too.")
    limit: int = Field(default=50, ge=1, le=1_000, description="How many at most.")


class GetGoal(Command[GoalReply], to=TASK_ENGINE):
    """Show a goal, its plan and its grant."""

    goal_id: GoalNumber = Field(description="The goal's number.")


class ResultReply(Reply):
    goal: GoalView = Field(description="The goal as it is now.")
    text: str = Field(description="What came of it, Markdown; empty while there is nothing.")
    whole: bool = Field(description="Whether that is all of it; the first of the goal's results has it all.")
    files: tuple[str, ...] = Field(default=(), description="Files that it wrote beside its report, absolute.")
    waits: tuple[str, ...] = Field(default=(), description="What waits for a person, and how it is settled.")


class GetResult(Command[ResultReply], to=TASK_ENGINE):
    """Show what came of a goal, as far as there is something. Without a number, of the one that was done last."""

    goal_id: GoalNumber | None = Field(default=None, description="The goal's number; null is the one done last.")


class AwaitGoal(Command[GoalReply], to=TASK_ENGINE):
    """Wait until a goal has ended, is kept, or waits for a person. Who no longer waits stops nothing."""

    goal_id: GoalNumber = Field(description="The goal's number.")


class ChangeGoal(Command[GoalReply], to=TASK_ENGINE):
    """Pause, resume, cancel, retry, prioritise, move or rename a goal; accept it as done, or reopen it.

    Saying it twice changes nothing more.
    """

    goal_id: GoalNumber = Field(description="The goal's number.")
    action: Literal["pause", "resume", "cancel", "retry", "prioritise", "move", "rename", "accept", "reopen"] = Field(
        description="What to do."
    )
    priority: int | None = Field(default=None, ge=1, le=10, description="With prioritise: higher first.")
    deadline: DeadlineText = Field(default="", description="With move: the new deadline, in words or ISO 8601.")
    text: TaskText = Field(default="", description="With reopen: what is missing; with rename: its new text.")


class UpdateTask(Command[GoalReply], to=TASK_ENGINE):
    """Complete, fail or feed a task."""

    wire_name = "task_update"

    task_id: TaskNumber = Field(description="The task's id, not its place in the plan.")
    action: Literal["done", "fail", "feed"] = Field(description="Complete it, fail it, or tell it what it waits for.")
    text: TaskText = Field(default="", description="The result, the reason, or what to go on with.")


class Panic(Command[Done], to=TASK_ENGINE):
    """Stop all autonomous work at once, until it is released."""

    release: bool = Field(default=False, description="Let work go on again instead of stopping it.")


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
    lines: tuple[WhyLine, ...] = Field(description="From the thing back to the request.")


class AskWhy(Command[WhyReply], to=TASK_ENGINE):
    """Show how something came about."""

    about: About = Field(
        description="A goal's number, a kind and number such as `task N`, a message's id, or a result's path."
    )


class TaskFinished(Event):
    """A task ended, well or not."""

    wire_name = "task_complete"

    goal_id: GoalId = Field(description="Its goal.")
    task_id: TaskId = Field(description="The task.")
    status: Status = Field(description="How it ended.")
    description: str = Field(description="What was to be done.")


class JobTriggered(Event):
    """A job is due. Job and due time together name the work, however often it is delivered.

    For the task engine, `goal` says what is wanted; for another component, `payload` does.
    """

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
