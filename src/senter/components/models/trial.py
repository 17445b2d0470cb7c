"""Tries how fast a model is here, in a child of its own: whoever asks meanwhile is answered, and ends the trial."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.components.models.machine import physical_cores
from senter.components.models.speed import Chosen, ModelSpeed, threads_to_try
from senter.errors import ChildFailed

CHILD = "senter.components.models.trial_child"
TRIAL_SECONDS = 300.0
PROCESS_MIB = 8_192
"""Of addresses, beside the file's own and the weights laid out anew."""
MIB = 1024 * 1024
CPU_SECONDS = 3_600


async def tried_speed(how: Chosen) -> ModelSpeed:
    """How fast the model is here. Raises `ChildFailed`. Cancelling it ends the child."""
    tried = (how.threads,) if how.threads else threads_to_try(physical_cores())
    asked = Frame({"file": str(how.file), "threads": list(tried), "spare": how.spares_memory})
    async with Isolated(CHILD, limits=_limits(how.file)) as child:
        found = await child.ask(asked, timeout_seconds=TRIAL_SECONDS)
    try:
        return ModelSpeed.model_validate(found.head)
    except ValidationError as error:
        raise ChildFailed("It said what is no speed.") from error


def _limits(file: Path) -> ChildLimits:
    return ChildLimits(memory_mb=PROCESS_MIB + 3 * file.stat().st_size // MIB, cpu_seconds=CPU_SECONDS)
