"""What the two components of the flood declare. Both are background work, and as nice as the research workers."""

from __future__ import annotations

from pydantic import Field

from flood.messages import Spray, Wave
from senter.component.spec import ComponentSettings, ComponentSpec

NICE = 10


class FlooderSettings(ComponentSettings):
    """Section `flooder`."""

    durable: int = Field(default=100_000, ge=0)
    """Durable messages to publish."""
    volatile: int = Field(default=1_000_000, ge=0)
    """Volatile messages to send."""
    at_once: int = Field(default=50, ge=1)
    """Durable messages on their way to the stream at the same time."""


FLOODER = ComponentSpec(
    name="flooder",
    summary="Floods the bus when it gets SIGUSR1.",
    entry="flood.flooder:Flooder",
    settings=FlooderSettings,
    sends=(Wave, Spray),
    nice=NICE,
)

FLOODED = ComponentSpec(
    name="flooded",
    summary="Takes in the flood: counts each durable message in its database, each volatile one in memory.",
    entry="flood.flooded:Flooded",
    handlers={Wave: "note", Spray: "hear"},
    nice=NICE,
    database="flooded",
)
