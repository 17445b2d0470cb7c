"""What goes in and out over HTTP for goals, tasks, approvals, tools and documents, with the limits on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from senter.components.api.bodies import Body
from senter.components.api.grant_bodies import FolderPath, GrantBody, LimitsBody
from senter.components.api.texts import check_arguments, text_of
from senter.messages.approvals import Approval, ApprovalsReply, AuditEntry, AuditReply
from senter.messages.documents import Folder, FoldersReply, Skipped
from senter.messages.fields import Id
from senter.messages.goals import (
    MAX_GOAL_CHARACTERS,
    GoalReply,
    GoalsReply,
    GoalView,
    Grant,
    Source,
    TaskView,
    WhyLine,
    WhyReply,
)
from senter.messages.needs import words
from senter.messages.tools import ToolsReply, ToolTested, ToolView

MAX_DEADLINE_CHARACTERS = 100
MAX_TASK_TEXT_CHARACTERS = 100_000
MAX_ABOUT_CHARACTERS = 4_096


GoalText = Annotated[
    str,
    AfterValidator(text_of("the goal", MAX_GOAL_CHARACTERS)),
    Field(
        description="What is wanted; not only spaces.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_GOAL_CHARACTERS},
    ),
]
DeadlineText = Annotated[
    str, AfterValidator(text_of("the deadline", MAX_DEADLINE_CHARACTERS, may_be_empty=True)), Field(strict=True)
]
TaskText = Annotated[str, AfterValidator(text_of("the text", MAX_TASK_TEXT_CHARACTERS, may_be_empty=True))]
About = Annotated[str, AfterValidator(text_of("what you ask about", MAX_ABOUT_CHARACTERS))]
Arguments = Annotated[dict[str, JsonValue], AfterValidator(check_arguments)]


class NewGoalBody(Body):
    """Something to be done."""

    text: GoalText
    deadline: DeadlineText = Field(
        default="", description="When it is due, in words or ISO 8601; words are read in the user's zone."
    )
    priority: int = Field(default=5, strict=True, ge=1, le=10, description="Higher first.")
    request_id: Id | None = Field(default=None, description="The same id makes one goal, however often it is sent.")
    budget: LimitsBody | None = Field(default=None, description="What it may use, where that is not as usual.")
    grant: GrantBody | None = Field(default=None, description="What it may do beyond the default grant.")


class PlanBody(Body):
    """Something to be planned and not done."""

    text: GoalText
    grant: GrantBody | None = Field(default=None, description="What it may do beyond the default grant.")


class PriorityBody(Body):
    priority: int = Field(strict=True, ge=1, le=10, description="Higher first.")


class TaskUpdateBody(Body):
    """What became of a task, from outside."""

    action: Literal["done", "fail", "feed"] = Field(description="Complete it, fail it, or tell it what it waits for.")
    text: TaskText = Field(default="", description="The result, the reason, or what to go on with.")


class DecisionBody(Body):
    decision: Literal["approved", "denied"] = Field(description="The word.")


class PanicBody(Body):
    release: bool = Field(default=False, description="Let work go on again instead of stopping it.")


class ToolCallBody(Body):
    arguments: Arguments = Field(
        default_factory=dict[str, JsonValue], description="The arguments, as the tool's schema has them."
    )


class FolderBody(Body):
    path: FolderPath = Field(description="An absolute path.")


class GoalBody(Body):
    """A goal with its plan and its grant; what `senter goal show --json` prints."""

    goal: GoalView = Field(description="The goal as it is now.")
    tasks: tuple[TaskView, ...] = Field(description="Its plan, in order.")
    grant: Grant = Field(description="What it may do without asking.")
    planned_by: str = Field(description="model or rules; empty while there is no plan.")
    note: str = Field(description="What the plan has to say of itself, for people.")
    stopped: bool = Field(description="Whether all work is stopped, by senter panic.")

    @staticmethod
    def of(reply: GoalReply) -> GoalBody:
        return GoalBody(
            goal=reply.goal,
            tasks=reply.tasks,
            grant=reply.grant,
            planned_by=reply.planned_by,
            note=reply.note,
            stopped=reply.stopped,
        )


class GoalsBody(Body):
    goals: tuple[GoalView, ...] = Field(description="Open ones first, then the newest.")
    total: int = Field(description="How many there are of those asked for, shown or not.")
    stopped: bool = Field(description="Whether all work is stopped, by senter panic.")

    @staticmethod
    def of(reply: GoalsReply) -> GoalsBody:
        return GoalsBody(goals=reply.goals, total=reply.total, stopped=reply.stopped)


class WhyBody(Body):
    lines: tuple[WhyLine, ...] = Field(description="From the thing back to the request.")

    @staticmethod
    def of(reply: WhyReply) -> WhyBody:
        return WhyBody(lines=reply.lines)


class ApprovalBody(Approval):
    """An approval, with its needs in words."""

    needs_in_words: tuple[str, ...] = Field(description="The needs for people, in the same order.")

    @staticmethod
    def of(approval: Approval) -> ApprovalBody:
        return ApprovalBody(**dict(approval), needs_in_words=tuple(map(words, approval.needs)))


class ApprovalsBody(Body):
    approvals: tuple[ApprovalBody, ...] = Field(description="The oldest first.")

    @staticmethod
    def of(reply: ApprovalsReply) -> ApprovalsBody:
        return ApprovalsBody(approvals=tuple(map(ApprovalBody.of, reply.approvals)))


class AuditBody(Body):
    entries: tuple[AuditEntry, ...] = Field(description="Ascending.")
    total: int = Field(description="How many entries there are.")
    intact: bool | None = Field(description="Whether the chain holds; null when it was not looked at.")
    broken_at: int | None = Field(description="The first entry that does not fit.")
    head: str | None = Field(
        description="The digest of the last entry that fits, to keep elsewhere; null when the chain was not looked at."
    )
    missing: tuple[str, ...] = Field(
        description="What the log should hold and does not, by what was noted elsewhere and by the journal."
    )
    notes: tuple[str, ...] = Field(description="What is no fault of the log, and should be known.")

    @staticmethod
    def of(reply: AuditReply) -> AuditBody:
        return AuditBody(
            entries=reply.entries,
            total=reply.total,
            intact=reply.intact,
            broken_at=reply.broken_at,
            head=reply.head,
            missing=reply.missing,
            notes=reply.notes,
        )


class ToolsBody(Body):
    tools: tuple[ToolView, ...] = Field(description="By name.")

    @staticmethod
    def of(reply: ToolsReply) -> ToolsBody:
        return ToolsBody(tools=reply.tools)


class ToolTestedBody(Body):
    text: str = Field(description="What the tool returned.")
    sources: tuple[Source, ...] = Field(description="Where it comes from.")
    truncated: bool = Field(description="Whether more was returned than is shown.")

    @staticmethod
    def of(reply: ToolTested) -> ToolTestedBody:
        return ToolTestedBody(text=reply.text, sources=reply.sources, truncated=reply.truncated)


class FoldersBody(Body):
    folders: tuple[Folder, ...] = Field(description="By path.")
    skipped: tuple[Skipped, ...] = Field(
        description="The first 100 files that are not indexed, those of kinds that are read before others."
    )

    @staticmethod
    def of(reply: FoldersReply) -> FoldersBody:
        return FoldersBody(folders=reply.folders, skipped=reply.skipped)
