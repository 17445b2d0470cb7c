"""A task engine alone in a process, on the in-memory bus: makes one goal, or goes on with it, and ends when it has."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.task_engine.settings import TaskEngineSettings
from senter.messages.approvals import DecideApproval, ListApprovals
from senter.messages.goals import FINAL, CreateGoal, GetGoal
from senter.messages.message import ComponentName
from senter.operations.crash_goals import goal_text
from senter.operations.proof.counting import Effects
from senter.operations.proof.spec import SPEC, counts_folder
from senter.paths import Paths

CLIENT = Manifest(sends=(CreateGoal, GetGoal, ListApprovals, DecideApproval))


async def main(place: Path) -> None:
    settings = TaskEngineSettings(attempts=20, quarantine_after=20, first_wait_seconds=0)
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("api"), CLIENT)
    effects = Effects(counts_folder(Paths(place / "home")))
    async with run_component(SPEC, place / "home", settings=settings, broker=broker):
        create = CreateGoal(request_id="goal-1", text=goal_text(1, with_model=False))
        goal = (await bus.request(create, timeout_seconds=30)).goal
        while goal.status not in FINAL:
            for approval in (await bus.request(ListApprovals(), timeout_seconds=30)).approvals:
                key = approval.known.rpartition(" ")[2].rstrip(".")
                decision = "denied" if effects.standing(key) else "approved"
                await bus.request(DecideApproval(approval_id=approval.id, decision=decision), timeout_seconds=30)
            await asyncio.sleep(0.01)
            goal = (await bus.request(GetGoal(goal_id=goal.id), timeout_seconds=30)).goal


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
