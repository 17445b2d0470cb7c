"""The tools there are. Answered by the task engine."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from senter.messages.fields import Arguments
from senter.messages.goals import TASK_ENGINE, Source
from senter.messages.message import Command, Frozen, Reply


class EffectClass(StrEnum):
    """What doing it again would mean; decides what happens to a call that was cut off."""

    PURE = "pure"
    IDEMPOTENT = "idempotent"
    COMPENSABLE = "compensable"
    ONCE_ONLY = "once_only"


class ToolView(Frozen):
    """One tool as people see it."""

    name: str = Field(description="Names it.")
    description: str = Field(description="What it does.")
    effect: EffectClass = Field(description="What doing it again would mean.")
    permission: str = Field(description="What a grant must allow for it, for people.")
    timeout_seconds: float = Field(description="How long one call may take, in seconds.")
    arguments: dict[str, JsonValue] = Field(description="JSON schema of its arguments.")
    available: bool = Field(default=True, description="Whether it can be used now.")
    reason: str = Field(default="", description="Why not, when it cannot.")


class ToolsReply(Reply):
    tools: tuple[ToolView, ...] = Field(description="By name.")


class ListTools(Command[ToolsReply], to=TASK_ENGINE):
    """List the tools."""


class ToolTested(Reply):
    text: str = Field(description="What the tool returned.")
    sources: tuple[Source, ...] = Field(default=(), description="Where it comes from.")
    truncated: bool = Field(default=False, description="Whether more was returned than is shown.")


class TestTool(Command[ToolTested], to=TASK_ENGINE):
    """Call a tool once, under the default grant. Once-only tools are refused."""

    __test__ = False

    # Tools of MCP servers are named after their server too: server.tool or server:tool.
    tool: str = Field(pattern=r"^[A-Za-z0-9_.:-]{1,200}$", description="The tool's name.")
    arguments: Arguments = Field(
        default_factory=dict[str, JsonValue], description="The arguments, as the tool's schema has them."
    )
