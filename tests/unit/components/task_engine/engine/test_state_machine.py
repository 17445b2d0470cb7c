"""The engine as a state machine: whatever people do and wherever it crashes, its promises hold.

A crash abandons the engine at a boundary of its journal and opens another on the same file. At the end
everything that waits is decided as an honest person would, by looking at what the tools really did.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pydantic import JsonValue

from senter.components.task_engine.journal.chain import START
from senter.components.task_engine.journal.goals import SAID_DONE
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import Conflict
from senter.messages.goals import ENDED, FINAL, Check, GoalId, GoalKind, Status
from tests.support.goals import GoalHouse, plan, task

MEMORY = Path("/dev/shm")
TOOLS = ("pure", "idempotent", "compensable", "once_only")
CALLS = st.lists(
    st.tuples(st.sampled_from([*TOOLS, "model"]), st.sampled_from([0, 2]), st.sampled_from([0, 0, 0, 1])),
    min_size=1,
    max_size=3,
)
TASKS = st.lists(st.tuples(CALLS, st.booleans(), st.booleans()), min_size=1, max_size=4)
ACTIONS = ("pause", "resume", "cancel", "retry", "prioritise", "accept", "reopen")
MISSING = json.dumps(plan(task("pure"), task("once_only", depends_on=[1])))
Tasks = list[tuple[list[tuple[str, int, int]], bool, bool]]


class EngineMachine(RuleBasedStateMachine):
    """What people and failures may do to an engine, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.runner = asyncio.Runner()
        self.house = self.run(self.make())
        self.finished: dict[int, int] = {}
        """Attempts of completed tasks when they were first seen completed."""
        self.cancelled: set[int] = set()

    async def make(self) -> GoalHouse:
        house = GoalHouse(self.folder, settings=TaskEngineSettings(quarantine_after=20, attempts=4))
        house.checks = lambda _: (Check(what="it is what was asked for"),)
        return house

    def run(self, coroutine: Coroutine[object, object, GoalHouse | None]) -> GoalHouse:
        return self.runner.run(coroutine) or self.house

    @rule(tasks=TASKS, priority=st.integers(1, 10))
    def add(self, tasks: Tasks, priority: int) -> None:
        self.run(self._add(tasks, priority))

    @rule(due_in_seconds=st.sampled_from([None, 1.0]))
    def keep_a_goal_of_ones_own(self, due_in_seconds: float | None) -> None:
        self.run(self._keep(due_in_seconds))

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.5, 4.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.run(self._pass(seconds))

    @rule(boundaries=st.integers(1, 12), seconds=st.sampled_from([0.5, 4.0]))
    def crash_at_a_boundary(self, boundaries: int, seconds: float) -> None:
        self.house.crash_after = boundaries
        self.run(self._pass(seconds))
        self.run(self._crash())

    @rule(daemon_too=st.booleans())
    def crash_at_once(self, daemon_too: bool) -> None:
        self.house.supervisor_pid += daemon_too
        self.run(self._crash())

    @precondition(lambda self: self.house.journal.approvals.waiting() > 0)
    @rule()
    def decide(self) -> None:
        self.run(self._decide())

    @precondition(lambda self: bool(self.house.goals()))
    @rule(data=st.data(), action=st.sampled_from(ACTIONS))
    def change(self, data: st.DataObject, action: str) -> None:
        self.run(self._change(data.draw(st.sampled_from(self.house.goals())), action))

    @rule(release=st.booleans())
    def panic(self, release: bool) -> None:
        self.run(self._panic(release))

    @invariant()
    def completed_tasks_stay_as_they_are(self) -> None:
        """Those that Senter attempted; a person's own part is theirs to open again."""
        for goal_id in self.house.goals():
            for one in self.house.goal(goal_id).tasks:
                if one.status is Status.COMPLETED and one.attempts:
                    assert self.finished.setdefault(one.id, one.attempts) == one.attempts
                else:
                    assert one.id not in self.finished

    def teardown(self) -> None:
        try:
            self.run(self._finish())
        finally:
            self.run(self._close())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def _add(self, tasks: Tasks, priority: int) -> None:
        planned = [
            task(
                tool_params={"steps": [_step(*call) for call in calls]},
                postconditions=[{"kind": "person_judges"}] if priority > 7 else [],
                optional=optional,
                depends_on=[number] if depends and number else [],
            )
            for number, (calls, optional, depends) in enumerate(tasks)
        ]
        self.house.add(plan(*planned), priority=priority)

    async def _keep(self, due_in_seconds: float | None) -> None:
        now = self.house.clock.now()
        deadline = now + timedelta(seconds=due_in_seconds) if due_in_seconds else None
        self.house.add("finish the deck", kind=GoalKind.OWN, deadline=deadline)

    async def _pass(self, seconds: float) -> None:
        await self.house.clock.advance(seconds)
        await self.house.clock.advance(0.001)
        if self.house.crashed:
            await self.house.crash()

    async def _crash(self) -> None:
        await self.house.crash()

    async def _decide(self) -> None:
        """As a person who looks: what happened is taken as done, what did not is done again."""
        house = self.house
        for approval in house.journal.approvals.list(include_decided=False):
            key = approval.known.rpartition(" ")[2].rstrip(".")
            house.journal.approvals.decide(approval.id, "denied" if house.effects.standing(key) else "approved")
        house.engine.wake()

    async def _change(self, goal_id: GoalId, action: str) -> None:
        goals = self.house.journal.goals
        try:
            match action:
                case "pause" | "resume":
                    goals.pause(goal_id, paused=action == "pause")
                case "cancel":
                    goals.cancel(goal_id)
                    self.cancelled.add(goal_id)
                    await self.house.engine.stop_goal(goal_id)
                case "retry":
                    goals.retry(goal_id, None)
                case "accept":
                    self.house.journal.verdicts.accept(goal_id)
                    await self.house.engine.stop_goal(goal_id)
                case "reopen":
                    self.house.journal.verdicts.reopen(goal_id, f"plan: {MISSING}")
                case _:
                    goals.prioritise(goal_id, 7)
        except Conflict:
            pass
        self.house.engine.wake()

    async def _panic(self, release: bool) -> None:
        if release:
            self.house.engine.release()
        else:
            await self.house.engine.panic()

    async def _finish(self) -> None:
        """Undo what holds work up, and let everything come to its end."""
        self.house.crash_after = None
        self.house.journal.facts.panic(release=True)
        for goal_id in self.house.goals():
            if self.house.goal(goal_id).goal.status not in ENDED:
                self.house.journal.goals.pause(goal_id, paused=False)
        for _ in range(200):
            await self._decide()
            self._say_that_ones_own_is_done()
            await self._pass(2.0)
            if all(self.house.goal(goal_id).goal.status in ENDED for goal_id in self.house.goals()):
                break
        self._check_ends()

    def _say_that_ones_own_is_done(self) -> None:
        """Senter never does: by itself no goal of one's own ends but by what a person says."""
        for goal in self.house.journal.verdicts.own_goals():
            yours = [one for one in self.house.goal(goal.id).tasks if one.status is Status.WAITING]
            for one in yours:
                self.house.journal.tasks.update(one.id, "done", "")

    def _check_ends(self) -> None:
        house = self.house
        for goal_id in house.goals():
            reply = house.goal(goal_id)
            assert reply.goal.status in ENDED, reply
            judged = any(one.status is Status.COMPLETED and one.checks for one in reply.tasks)
            own, said = reply.goal.kind is GoalKind.OWN, reply.goal.error == SAID_DONE
            if reply.goal.status is Status.COMPLETED:
                assert said or own or not judged, reply
            if reply.goal.status is Status.PLEASE_LOOK:
                assert judged, reply
            assert all(one.status in FINAL for one in reply.tasks), reply.tasks
        self._check_effects()
        verdict = house.journal.audit.verify_page(START)
        assert verdict.intact

    def _check_effects(self) -> None:
        effects = self.house.effects
        steps = self.house.database.rows("SELECT idempotency_key, name, state, runs FROM steps", (), _row)
        known = {key: (name, state, runs) for key, name, state, runs in steps}
        for key in {line["key"] for line in effects.lines}:
            name, state, runs = known[key]  # every effect is accounted for
            assert effects.count(key, "called") <= runs
            if name in ("count_idempotent", "count_compensable", "count_once_only"):
                assert effects.standing(key) <= 1
                if state == "finished":
                    assert effects.standing(key) == 1

    async def _close(self) -> None:
        if not self.house.crashed:
            await self.house.close()


def _step(tool: str, seconds: int, fails: int) -> JsonValue:
    if tool == "model":
        return ["ask_model", {"text": "what?"}]
    return [f"count_{tool}", {"seconds": seconds, "fails": fails}]


def _row(idempotency_key: str, name: str, state: str, runs: int) -> tuple[str, str, str, int]:
    return idempotency_key, name, state, runs


EngineMachine.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestEngineMachine = EngineMachine.TestCase
