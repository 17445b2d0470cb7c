"""What waits for a person's word, and the record of what was allowed and done. Answered by the task engine."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue, computed_field

from senter.messages.fields import MAX_NUMBER
from senter.messages.goals import TASK_ENGINE, GoalId, TaskId
from senter.messages.message import Command, Frozen, Reply
from senter.messages.needs import Needs, words


class Approval(Frozen):
    """One thing that waits. Bound to exactly these arguments; silence is a no."""

    id: int = Field(description="Names it.")
    goal_id: GoalId = Field(description="The goal that asks.")
    task_id: TaskId = Field(description="The task that asks.")
    kind: Literal["permission", "unknown_outcome"] = Field(
        description="permission: outside the grant. unknown_outcome: a once-only effect that may have happened."
    )
    tool: str = Field(description="The tool to be called.")
    arguments: dict[str, JsonValue] = Field(description="Its exact arguments.")
    needs: Needs = Field(description="What of it the grant does not allow.")
    known: str = Field(default="", description="What is known of an effect whose outcome is not.")
    asked_at: AwareDatetime = Field(description="Since when it waits, UTC.")
    expires_at: AwareDatetime = Field(description="When silence becomes a no, UTC.")
    decision: Literal["", "approved", "denied", "expired", "withdrawn"] = Field(
        default="", description="Empty while it waits; withdrawn when its task ended without it."
    )

    @computed_field(description="The needs for people, in the same order.")
    @property
    def needs_in_words(self) -> tuple[str, ...]:
        return tuple(map(words, self.needs))


class ApprovalsReply(Reply):
    approvals: tuple[Approval, ...] = Field(description="The oldest first.")


class ListApprovals(Command[ApprovalsReply], to=TASK_ENGINE):
    """Show what waits for a person's word."""

    all: bool = Field(default=False, description="Whether to show decided ones too.")


class DecideApproval(Command[ApprovalsReply], to=TASK_ENGINE):
    """Say yes or no to exactly that. For an unknown outcome, yes means: do it again; no means: take it as done."""

    approval_id: int = Field(ge=1, le=MAX_NUMBER, description="The approval's number.")
    decision: Literal["approved", "denied"] = Field(description="The word.")


class AuditEntry(Frozen):
    """One line of the audit log. `digest` chains over the one before; texts may be erased without breaking it."""

    number: int = Field(description="From 1, without gaps.")
    at: AwareDatetime | None = Field(description="When, UTC; null where somebody overwrote it with something else.")
    actor: str = Field(description="user, task_engine, or a job.")
    action: str = Field(description="What was done, such as tool_called or grant_given.")
    subject: str = Field(description="The id of what it was done to.")
    content_digest: str = Field(description="SHA-256 of the text beside it, hex.")
    digest: str = Field(description="SHA-256 over the digest before and this line, hex.")
    text: str | None = Field(default=None, description="What exactly; null when it was erased.")


class AuditReply(Reply):
    entries: tuple[AuditEntry, ...] = Field(default=(), description="Asked-for entries, ascending.")
    total: int = Field(description="How many entries there are.")
    intact: bool | None = Field(default=None, description="Whether the chain holds; null when it was not looked at.")
    broken_at: int | None = Field(default=None, description="The first entry that does not fit.")
    head: str | None = Field(
        default=None,
        description="The digest of the last entry that fits, to keep elsewhere; null when the chain was not looked at.",
    )
    missing: tuple[str, ...] = Field(
        default=(), description="What the log should hold and does not, by what was noted elsewhere and by the journal."
    )
    notes: tuple[str, ...] = Field(default=(), description="What a reader should know; the log itself is sound.")


class GetAudit(Command[AuditReply], to=TASK_ENGINE):
    """Show the record of what was allowed and done."""

    verify: bool = Field(default=False, description="Whether to check the whole chain.")
    after: int = Field(default=0, ge=0, le=MAX_NUMBER, description="Entries after this number.")
    limit: int = Field(default=200, ge=0, le=1_000, description="How many at most.")
