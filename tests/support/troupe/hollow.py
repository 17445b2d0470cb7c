"""A third party's component whose SPEC is fine and whose code cannot be imported."""

from __future__ import annotations

from senter.component.spec import ComponentSpec

SPEC = ComponentSpec(
    name="hollow",
    summary="Declares a component that is not there.",
    entry="tests.support.troupe.broken:Hollow",
    preflight="tests.support.troupe.broken:look",
)
