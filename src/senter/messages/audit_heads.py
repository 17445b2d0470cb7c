"""The newest entry of the audit log, as a second owner notes it: what is cut off the log's end shows against that."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from senter.messages.message import Command, Event, Frozen, Reply
from senter.messages.reports import REPORTER


class AuditGrew(Event):
    """The audit log has entries that were not announced before. All of them are on disk by now."""

    number: int = Field(description="The newest entry.")
    digest: str = Field(description="Its digest.")
    follows: str = Field(
        default="", description="The digest announced before, where the log still holds that entry; else empty."
    )


class NotedHead(Frozen):
    """One entry that was the newest at its time."""

    number: int = Field(description="The entry.")
    digest: str = Field(description="Its digest.")
    noted_at: AwareDatetime = Field(description="When it was announced, UTC.")


class NotedHeads(Reply):
    heads: tuple[NotedHead, ...] = Field(description="The last of each day, and those that no later one follows.")


class GetNotedHeads(Command[NotedHeads], to=REPORTER):
    """Asks what the audit log must still hold."""
