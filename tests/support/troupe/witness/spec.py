"""What the witness declares."""

from __future__ import annotations

from senter.component.spec import ComponentSettings, ComponentSpec
from senter.messages.query import QueryAnswered


class WitnessSettings(ComponentSettings):
    """Section `witness`."""

    fails: bool = False
    """Whether it fails at each event."""


SPEC = ComponentSpec(
    name="witness",
    summary="Writes down which questions were answered.",
    entry="tests.support.troupe.witness.component:Witness",
    settings=WitnessSettings,
    handlers={QueryAnswered: "note"},
    database="witness",
)
