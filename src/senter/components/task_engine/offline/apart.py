"""Reads and plans by rules where no text can stop the engine: a short one here, a long one in a child with a limit.

Rules hold this process while they read. `bench/adversarial_texts.py` measures that no text of `LONGEST_HERE` characters
holds it for long; of longer ones nothing needs to be believed. Why not all go to the child is told in
docs/decisions/0007-planning-apart.md. Only words, the names of tools and the folders go there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.components.task_engine.contract.plan import Plan
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.rules import plan_of
from senter.errors import ChildFailed, PlanError
from senter.messages.understanding import Understanding
from senter.understanding.known import Known
from senter.understanding.reading import understand as what_is_meant

CHILD = "senter.components.task_engine.offline.apart_child"
LIMITS = ChildLimits(memory_mb=1_024, cpu_seconds=4, answer_bytes=4 * 1024 * 1024)
LONGEST_HERE = 1_000
KNOWN = TypeAdapter(Known)
ATTEMPTS = 2
"""A child may also have been killed for what is no fault of the text."""
PLAN_SECONDS = 30.0
"""Longer than the child may work, on a machine that has other things to do too."""


def planning_child() -> Isolated:
    """The child for `RulesApart`; whoever opens it ends it."""
    return Isolated(CHILD, limits=LIMITS)


class RulesApart:
    """Makes the plans of `plan_of`, and understands. The child lives while long texts come, and a while after."""

    def __init__(self, child: Isolated) -> None:
        self._child = child

    async def plan(self, text: str, tools: Collection[str], folders: Sequence[str]) -> Plan:
        """Raises `PlanError` for a text that takes too long; nothing but its own plan suffers."""
        if len(text) <= LONGEST_HERE:
            return plan_of(understand(text, folders), tools)
        asked = Frame({"text": text, "tools": [*tools], "folders": [*folders]})
        return Plan.model_validate((await self._ask(asked)).head["plan"])

    async def understood(self, text: str, at: datetime, zone: ZoneInfo, known: Known) -> Understanding:
        """What a text means. Raises `PlanError` for one that takes too long."""
        if len(text) <= LONGEST_HERE:
            return what_is_meant(text, at, zone, known)
        asked = {"text": text, "at": at.isoformat(), "zone": zone.key, "known": KNOWN.dump_python(known, mode="json")}
        return Understanding.model_validate((await self._ask(Frame(asked))).head["understood"])

    async def _ask(self, asked: Frame) -> Frame:
        for _ in range(ATTEMPTS):
            try:
                return await self._child.ask(asked, timeout_seconds=PLAN_SECONDS)
            except ChildFailed:
                continue
        raise PlanError(
            "Planning this goal took too long and was stopped.", "Say it in fewer words, or as several goals."
        )
