"""How a component says that it is well."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from senter.messages.envelope import Envelope
from senter.messages.message import Broadcast, ComponentName, Frozen, Reply, Volatile


class HealthStatus(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


class Health(Frozen):
    """A component's own opinion of itself."""

    status: HealthStatus = Field(
        default=HealthStatus.HEALTHY, description="healthy, degraded (works, not fully) or unhealthy."
    )
    detail: str = Field(default="", description="One sentence for people; empty when all is well.")
    note: str = Field(default="", description="What is under way, for people; no complaint.")
    facts: dict[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="Figures worth showing, such as queue lengths."
    )


class HealthReport(Reply):
    """One component's answer to `HealthCheck`."""

    health: Health = Field(description="What the component says of itself.")


class HealthCheck(Broadcast[HealthReport]):
    """Asks every running component how it is."""


class Heartbeat(Volatile):
    """Sent every few seconds by every component; the first one announces that it is ready."""

    pid: int = Field(description="The process that sends it.")
    health: Health = Field(description="What the component says of itself.")
    dropped: int = Field(default=0, description="Volatile messages this process dropped since it started.")

    def key(self, envelope: Envelope) -> str:
        return envelope.source


class ComponentDied(Volatile):
    """Published by the supervisor as `died.NAME` the moment it sees a death."""

    component: ComponentName = Field(description="Who died.")
    pid: int = Field(description="The process that is gone.")
    reason: str = Field(description="How it ended, for people.")

    def key(self, envelope: Envelope) -> str:
        return self.component
