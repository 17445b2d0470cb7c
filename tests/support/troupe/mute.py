"""Names a command that cannot be imported."""

from __future__ import annotations

from senter.component.spec import CommandLine, ComponentSpec

SPEC = ComponentSpec(
    name="mute",
    summary="Has a command that is not there.",
    entry="tests.support.troupe.mute:Mute",
    commands=(CommandLine("mumble", "tests.support.troupe.mute:mumble"),),
)
