"""The rows of tasks.db as the engine reads them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property

from pydantic import TypeAdapter

from senter.components.task_engine.contract.plan import PlannedTask, WorkKind
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.journal.failures import Record
from senter.messages.acts import Act
from senter.messages.goals import Amounts, Check, GoalId, GoalKind, Status, TaskId
from senter.store.stamps import from_stamp
from senter.text import one_line

CHECKS = TypeAdapter(tuple[Check, ...])
TEXTS = TypeAdapter(tuple[str, ...])
NUMBERS = TypeAdapter(tuple[int, ...])
GIST_CHARACTERS = 200
OUTPUT = TypeAdapter(TaskOutput)
ACTS = TypeAdapter(tuple[Act, ...])


class Attempted:
    """What rows of goals and of tasks have in common."""

    failures: int
    repeated_failures: int
    last_failure: str

    @property
    def cost(self) -> Amounts:
        return Amounts.model_validate(vars(self))

    @property
    def record(self) -> Record:
        return Record(self.failures, self.repeated_failures, self.last_failure)


@dataclass(frozen=True)
class GoalRecord(Attempted):
    """One row of goals."""

    id: GoalId
    request_id: str
    message_id: str
    correlation_id: str
    origin: str
    kind: str
    text: str
    priority: int
    deadline: str | None
    budget: str | None
    preapproved_grant: str | None
    acts: str | None
    part_of: GoalId | None
    said: str
    language: str
    missing: str
    overdue: int
    status: str
    paused: int
    focus: str
    topic: str
    planned_by: str
    plan_note: str
    failures: int
    repeated_failures: int
    last_failure: str
    supervisor_pid: int
    error: str
    executed: int
    verified: int
    delivered: int
    results: str
    model_calls: int
    tool_calls: int
    tokens: int
    wall_seconds: float
    created_at: str
    finished_at: str | None

    @property
    def is_own(self) -> bool:
        """Whether it is the person's own doing."""
        return self.kind == GoalKind.OWN

    @property
    def understood(self) -> tuple[Act, ...] | None:
        """What it asks for; none where nobody has read it so far."""
        return ACTS.validate_json(self.acts) if self.acts is not None else None

    @property
    def gist(self) -> str:
        """What it is about; of a goal of the person's own without the words that ask and those of time."""
        acts = self.understood if self.is_own else ()
        return one_line(acts[0].gist if acts else "", GIST_CHARACTERS) or one_line(self.text, GIST_CHARACTERS)


@dataclass(frozen=True)
class TaskRecord(Attempted):
    """One row of tasks."""

    id: TaskId
    goal_id: GoalId
    number: int
    planned: str
    status: str
    ready: int
    fence: int
    attempts: int
    failures: int
    repeated_failures: int
    last_failure: str
    fed: str
    output: str | None
    checks: str
    error: str
    model_calls: int
    tool_calls: int
    tokens: int
    wall_seconds: float
    started_at: str | None
    finished_at: str | None

    @cached_property
    def plan(self) -> PlannedTask:
        return PlannedTask.model_validate_json(self.planned)

    @property
    def is_waited_for(self) -> bool:
        """Whether it is a person's to do, and not done."""
        return self.status == Status.WAITING and self.plan.work is WorkKind.PERSON and not self.plan.tool

    @property
    def result(self) -> TaskOutput | None:
        return OUTPUT.validate_json(self.output) if self.output is not None else None


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One row of attempts."""

    id: int
    task_id: TaskId
    number: int
    supervisor_pid: int
    begun_at: str
    outcome: str
    error: str


@dataclass(frozen=True, slots=True)
class StepName:
    """Names one call within a task: the same call made again by code that is run again has the same name."""

    digest: str
    """Of the kind, the tool and its exact arguments."""
    occurrence: int
    """How many equal calls the task had made before."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One row of steps."""

    id: int
    task_id: TaskId
    digest: str
    occurrence: int
    kind: str
    name: str
    effect: str
    idempotency_key: str
    arguments: str
    state: str
    runs: int
    result: str | None
    error: str
    tokens: int
    started_at: str
    finished_at: str | None
    tainted: int

    @property
    def step(self) -> StepName:
        return StepName(self.digest, self.occurrence)


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at a task. What it writes carries its fence, and is refused once there is a newer claim."""

    task_id: TaskId
    goal_id: GoalId
    fence: int


def columns(record: type[GoalRecord | TaskRecord | AttemptRecord | StepRecord]) -> str:
    """What a statement has to read for such a row."""
    return ", ".join(field.name for field in fields(record))


def moment(text: str | None) -> datetime | None:
    return from_stamp(text) if text else None
