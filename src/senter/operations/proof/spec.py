"""The task engine that stands in for the usual one in a daemon that was started to prove crashes, and in no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from senter.components.specs import STAND_IN
from senter.components.task_engine import spec as task_engine
from senter.paths import Paths

SPEC = replace(
    task_engine.SPEC, entry="senter.operations.proof.component:ProofEngine", migrations=task_engine.SPEC.package
)
STARTED_WITH = {STAND_IN: f"{__name__}:SPEC"}
"""The environment in which such a daemon is started."""


def counts_folder(paths: Paths) -> Path:
    """Where its tools count what they did, and faults wait for it."""
    return paths.data / "counts"
