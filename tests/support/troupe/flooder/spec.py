"""What the flooder declares, and its two messages."""

from __future__ import annotations

from pydantic import Field

from senter.component.spec import ComponentSettings, ComponentSpec
from senter.messages.message import Event, Volatile


class Flooded(Event):
    """One of very many facts."""

    wire_name = "flooded"

    number: int = Field(description="Counts up from 1.")
    filler: str = Field(description="Takes up room.")


class Splash(Volatile):
    """One of very many things that may be missed."""

    wire_name = "splash"

    number: int = Field(description="Counts up from 1.")


class FlooderSettings(ComponentSettings):
    """Section `flooder`."""

    durable: int = 0
    """How many facts to tell."""
    volatile: int = 0
    """How many things that may be missed."""


SPEC = ComponentSpec(
    name="flooder",
    summary="Tells far too much, and listens to it.",
    entry="tests.support.troupe.flooder.component:Flooder",
    settings=FlooderSettings,
    handlers={Flooded: "take", Splash: "splashed"},
    sends=(Flooded, Splash),
    database="flooder",
)
