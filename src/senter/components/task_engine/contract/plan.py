"""A plan: tasks that depend on each other, whoever made it. Checked once, here; trusted afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from senter.messages.goals import MAX_TASKS, TaskType


class _Condition(BaseModel):
    """Each kind of postcondition says in `words` what must be so, for people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about_content: ClassVar[bool] = False
    """Whether it says more than that something is there. Only such a check can make a result verified."""


class FileExists(_Condition):
    """A file is there and is not empty."""

    kind: Literal["file_exists"] = "file_exists"
    path: str
    """Absolute, or relative to the goal's results folder."""

    @property
    def words(self) -> str:
        return f"{self.path} exists and is not empty"


class FilesWritten(_Condition):
    """The result names at least one file it wrote, and each of them is there and has what was put into it.

    What a tool does not give the digest of, under `digests` in its data, may hold anything and leaves this open.
    """

    about_content: ClassVar[bool] = True
    kind: Literal["files_written"] = "files_written"

    words: ClassVar[str] = "every file that was written is there with what was put into it"


class SourcesAtLeast(_Condition):
    """The result names so many different sources, each of which can be opened."""

    about_content: ClassVar[bool] = True
    kind: Literal["sources_at_least"] = "sources_at_least"
    count: int = Field(ge=1, le=50)
    """How many."""

    @property
    def words(self) -> str:
        return f"{self.count} {'source' if self.count == 1 else 'sources'} can be opened"


class TextAtLeast(_Condition):
    """The result has so many characters that are not blank."""

    kind: Literal["text_at_least"] = "text_at_least"
    characters: int = Field(ge=1)
    """How many."""

    @property
    def words(self) -> str:
        return (
            "the result is not empty"
            if self.characters == 1
            else f"the result has {self.characters} characters or more"
        )


class SchemaHolds(_Condition):
    """The result is JSON that a schema describes."""

    about_content: ClassVar[bool] = True
    kind: Literal["schema_holds"] = "schema_holds"
    json_schema: dict[str, JsonValue]
    """JSON Schema, draft 2020-12."""

    words: ClassVar[str] = "the result is JSON of the form that was asked for"


class PersonJudges(_Condition):
    """What was asked for came about, which no machine can look at: a goal with it is never called verified."""

    kind: Literal["person_judges"] = "person_judges"

    words: ClassVar[str] = "the result is what was asked for"


class NothingStayed(_Condition):
    """Every file that was to be moved was."""

    about_content: ClassVar[bool] = True
    kind: Literal["nothing_stayed"] = "nothing_stayed"

    words: ClassVar[str] = "every file was moved"


Postcondition = Annotated[
    FileExists | FilesWritten | NothingStayed | SourcesAtLeast | TextAtLeast | SchemaHolds | PersonJudges,
    Field(discriminator="kind"),
]


class WorkKind(StrEnum):
    """What a task without a tool does. Each kind is right without a capable model, and better with one.

    Senter never carries out nor ticks off what is a person's: such a task waits until the person says that it is done.
    """

    ANSWER = "answer"
    READ = "read"
    SUMMARISE = "summarise"
    GATHER = "gather"
    TABLE = "table"
    CONCLUDE = "conclude"
    OUTLINE = "outline"
    DRAFT = "draft"
    REVIEW = "review"
    PROPOSE = "propose"
    MOVE = "move"
    FIND = "find"
    PERSON = "person"
    UNDO = "undo"


class PlannedTask(BaseModel):
    """One task of a plan. Its number is its place, from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str = Field(min_length=1, max_length=500)
    """What is to be done; for a task without a tool, what the model is asked."""
    type: TaskType = TaskType.CUSTOM
    """What kind of work it is."""
    depends_on: tuple[int, ...] = ()
    """Numbers of earlier or later tasks whose outputs it needs."""
    tool: str = ""
    """The tool to call; empty for work that takes more than one step."""
    work: WorkKind = WorkKind.ANSWER
    """What is done where no tool is named."""
    about: str = Field(default="", max_length=500)
    """The topic of that work, in words to search for; empty takes the goal's."""
    tool_params: dict[str, JsonValue] = {}
    """Arguments of the tool, or of the work.

    The text {{N}} stands for the output of task N, {{goal}} for the goal's text.
    """
    optional: bool = False
    """Whether the goal goes on when this fails."""
    postconditions: tuple[Postcondition, ...] = ()
    """What must be so afterwards."""
    asked: bool = False
    """Whether a person's own words ask for exactly this call, so that they need not allow it once more."""
    final: bool = False
    """Whether its call does something that cannot be taken back."""
    tainted: bool = False
    """Whether text from outside was in view when it was planned or asked for: what foreign tools say of themselves, or
    what a model had read."""


class Plan(BaseModel):
    """What is to be done, in which order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tasks: tuple[PlannedTask, ...] = Field(min_length=1, max_length=MAX_TASKS)
    """In the order in which people read them."""

    def as_tainted(self) -> Plan:
        """As one that text from outside may have steered."""
        return self.model_copy(
            update={"tasks": tuple(each.model_copy(update={"tainted": True}) for each in self.tasks)}
        )


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan, who made it, and what a person should know about it."""

    plan: Plan
    planned_by: Literal["model", "rules"] = "rules"
    note: str = ""
    focus: str = "general"
    topic: str = ""
    """What it finds out about; empty where it finds out nothing."""


def problems_of(plan: Plan, tools: Collection[str]) -> list[str]:
    """What is wrong with a plan beyond its shape: unknown tools, dependencies that are not there or go in a circle."""
    count = len(plan.tasks)
    problems = [
        f"task {number}: there is no tool {task.tool!r}"
        for number, task in enumerate(plan.tasks, 1)
        if task.tool and task.tool not in tools
    ]
    problems += [
        f"task {number}: it depends on task {needed}, which is not there"
        for number, task in enumerate(plan.tasks, 1)
        for needed in task.depends_on
        if not 1 <= needed <= count
    ]
    if not problems and (circle := _in_a_circle(plan)):
        problems.append(f"tasks {', '.join(map(str, circle))} wait for each other")
    return problems


def _in_a_circle(plan: Plan) -> list[int]:
    """Numbers of tasks that can never be begun."""
    left = {number: set(task.depends_on) for number, task in enumerate(plan.tasks, 1)}
    while free := [number for number, needs in left.items() if not needs]:
        for number in free:
            del left[number]
        for needs in left.values():
            needs.difference_update(free)
    return sorted(left)
