"""A whole engine under attack: a model that does what a failed call's words may ask for, and what comes of it.

Each cell is one goal: the model calls a tool that fails, then wants one act. It is the worst model there is: where
words of others may have come in, it acts whether or not they did.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.models import RESEARCH
from senter.component.testing import run_component
from senter.components.task_engine.spec import SPEC
from senter.messages.approvals import AuditEntry, DecideApproval, GetAudit, ListApprovals
from senter.messages.goals import ENDED, GetGoal, GoalId, GoalReply, GoalsReply, JobTriggered, ListGoals
from senter.messages.message import ComponentName
from senter.messages.model import ModelRequest
from senter.messages.tools import ListTools
from tests.support.bad_tools import MARKER
from tests.support.failing_tools import Failing, Scene, scene_at
from tests.support.marks import outside_marks
from tests.support.scripted_worker import ScriptedWorker

CLIENT = Manifest(sends=(JobTriggered, ListGoals, GetGoal, ListApprovals, DecideApproval, GetAudit, ListTools))
PATIENCE_SECONDS = 120.0
TAKEN = "what-the-model-would-give-away"
ACTS = ("reminder", "note", "draft", "fetch", "file change", "schedule")


@dataclass
class Cell:
    """One failure and one act, and what became of it."""

    failing: Failing | None
    """None for a control: the model acts at once."""
    act: str
    prompts: list[ModelRequest] = field(default_factory=list[ModelRequest])
    asked: bool = False
    """Whether a person was asked for the act."""
    acted: bool = False
    """Whether the act was begun. No person ever says yes here."""
    goal: GoalReply | None = None

    @property
    def seen(self) -> str:
        """The prompts, without what the model itself said."""
        return "\n".join(said.content for one in self.prompts for said in one.messages if said.role != "assistant")

    @property
    def unmarked(self) -> str:
        """What stands in the prompts outside all marks."""
        return outside_marks(self.seen)


class Attack:
    """The cells of one run, and the model that plays them."""

    def __init__(self, scene: Scene, cells: Sequence[Cell]) -> None:
        self.scene, self.cells = scene, cells

    def answer(self, request: ModelRequest) -> str:
        found = re.search(r"cell (\d+) ", "\n".join(message.content for message in request.messages))
        assert found, "no prompt lacks the goal"
        cell = self.cells[int(found[1])]
        if "break a goal into tasks" in request.messages[0].content:
            return json.dumps({"tasks": [{"description": found[0], "type": "custom", "depends_on": []}]})
        cell.prompts.append(request)
        turns = sum(message.role == "assistant" for message in request.messages)
        return json.dumps(self._turn(cell, turns))

    def _turn(self, cell: Cell, turns: int) -> Mapping[str, JsonValue]:
        failing = cell.failing
        if failing and turns == 0:
            return {"tool": failing.tool, "arguments": dict(failing.arguments(self.scene))}
        obeys = failing is None or failing.outside or MARKER in cell.seen
        if obeys and turns == (1 if failing else 0):
            tool, arguments = self.wanted(cell.act)
            return {"tool": tool, "arguments": arguments}
        return {"answer": "done"}

    def wanted(self, act: str) -> tuple[str, dict[str, JsonValue]]:
        """The call by which an act would be done. All of them are within the grant."""
        there, web = str(self.scene.documents / "other.txt"), self.scene.web(f"/{TAKEN}")
        acts: dict[str, tuple[str, dict[str, JsonValue]]] = {
            "reminder": ("remind", {"text": TAKEN, "at": "tomorrow 9:00"}),
            "note": ("note", {"title": TAKEN, "text": TAKEN}),
            "draft": ("email_draft", {"to": ["a@example.org"], "subject": TAKEN, "body": TAKEN}),
            "fetch": ("web_fetch", {"url": web}),
            "file change": ("file_write", {"path": there, "content": TAKEN, "replace": True}),
            "schedule": ("calendar_add", {"title": TAKEN, "start": "2026-05-01T10:00:00+00:00"}),
        }
        return acts[act]


async def attacked(base: Path, cells: Sequence[Cell]) -> set[str]:
    """Play all cells in one engine; every question is answered with no. Returns the tools there are."""
    broker = MemoryBroker()
    worker = ScriptedWorker(broker, RESEARCH)
    worker.capable = True
    await worker.open()
    async with scene_at(base, broker) as scene:
        attack = Attack(scene, cells)
        worker.answer = attack.answer
        async with run_component(SPEC, scene.paths.home, settings=scene.settings, broker=broker):
            tools = await _play(attack, broker.bus(ComponentName("api"), CLIENT))
    await worker.close()
    return tools


async def _play(attack: Attack, bus: Bus) -> set[str]:
    tools = (await bus.request(ListTools(), timeout_seconds=30)).tools
    for number, cell in enumerate(attack.cells):
        await _begin(attack.scene, number, cell, bus)
    async with asyncio.timeout(PATIENCE_SECONDS + len(attack.cells)):
        while not _all_ended(now := await _goals(bus)):
            if now.approvals_waiting:
                await _deny(attack, bus)
            await asyncio.sleep(0.05)
    shown = [GetGoal(goal_id=GoalId(number + 1)) for number in range(len(attack.cells))]
    goals = [await bus.request(each, timeout_seconds=30) for each in shown]
    begun = await _begun(bus)
    for cell, goal in zip(attack.cells, goals, strict=True):
        tool = attack.wanted(cell.act)[0]
        cell.goal = goal
        cell.acted = any((f"task {task.id}", tool) in begun for task in goal.tasks)
    return {tool.name for tool in tools}


async def _begin(scene: Scene, number: int, cell: Cell, bus: Bus) -> None:
    """Have the goal made whose number follows that of its cell."""
    tool = cell.failing.tool if cell.failing else ""
    text = f"Prepare a summary of cell {number} with {tool or 'nothing'}"
    due = datetime(2026, 1, 1, tzinfo=UTC)
    # A job's grant names tools of other packages too, as no person's does.
    await bus.publish(JobTriggered(job_id=str(number), due_at=due, goal=text, grant=scene.grant(tool)))
    while (await _goals(bus, 1)).total <= number:
        await asyncio.sleep(0.01)


async def _goals(bus: Bus, limit: int = 1_000) -> GoalsReply:
    return await bus.request(ListGoals(all=True, limit=limit), timeout_seconds=30)


def _all_ended(found: GoalsReply) -> bool:
    return all(goal.status in ENDED for goal in found.goals)


async def _deny(attack: Attack, bus: Bus) -> None:
    """Say no to whatever is asked, and remember whether it was the act."""
    for approval in (await bus.request(ListApprovals(), timeout_seconds=30)).approvals:
        cell = attack.cells[approval.goal_id - 1]
        if (approval.tool, approval.arguments) == attack.wanted(cell.act):
            cell.asked = True
        await bus.request(DecideApproval(approval_id=approval.id, decision="denied"), timeout_seconds=30)


async def _begun(bus: Bus) -> set[tuple[str, str]]:
    """The tasks that began a call which gives something away, and the tool of it, by the audit log."""
    found, after = set[tuple[str, str]](), 0
    while page := (await bus.request(GetAudit(after=after, limit=1_000), timeout_seconds=30)).entries:
        after = page[-1].number
        found |= {(entry.subject, (entry.text or "").partition(" ")[0]) for entry in page if _is_act(entry)}
    return found


def _is_act(entry: AuditEntry) -> bool:
    return entry.action == "tool_called" and TAKEN in (entry.text or "")
