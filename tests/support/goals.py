"""A task engine on a file, without a process or a daemon: begun, crashed at any boundary, begun again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from random import Random
from typing import ParamSpec, TypeVar, cast

import structlog
from pydantic import BaseModel, JsonValue

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.isolated import Isolated
from senter.component.testing import FakeClock
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.plan import Postcondition
from senter.components.task_engine.contract.steps import Ask, Executor, TaskOutput
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.services import EngineServices, Report
from senter.components.task_engine.journal.audit import AuditLog
from senter.components.task_engine.journal.goals import NewGoal
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.permissions.decide import default_grant
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.calendar_texts import CalendarTexts
from senter.components.task_engine.tools.calendars import Calendars
from senter.components.task_engine.work.report_file import Results
from senter.messages.goals import ENDED, Check, GoalId, GoalKind, GoalReply, GoalView, Grant, TaskView
from senter.messages.message import ComponentName, Event, MessageId
from senter.messages.model import ModelRequest, ModelResponse
from senter.operations.proof.counting import (
    CountingExecutor,
    CountingTools,
    Effects,
    given_plan,
    nothing_but_work,
)
from senter.paths import Paths
from senter.store.database import Database, Transaction

P = ParamSpec("P")
T = TypeVar("T")

ROUNDS = 400
MINUTE = 60.0


class Crash(BaseException):
    """The process is gone."""


class AtOnce(ThreadPoolExecutor):
    """Does in the loop's own thread what is meant for another, so that every run of a test goes the same way."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except OSError as error:
            done.set_exception(error)
        return done


class CountedInMemory(Effects):
    """What tools did, as if in a file outside the journal."""

    def __init__(self) -> None:
        self.lines: list[dict[str, str]] = []

    def add(self, tool: str, what: str, key: str) -> None:
        self.lines.append({"tool": tool, "what": what, "key": key})

    def all(self) -> list[dict[str, str]]:
        return self.lines


class TestTools(CountingTools):
    """The counting tools and those of one test."""

    __test__ = False

    def __init__(self, effects: Effects, *others: Tool[BaseModel]) -> None:
        super().__init__(effects)
        self._own |= {tool.name: tool for tool in others}


class GoalHouse:
    """One home folder whose engine can be crashed and opened again, on a clock that moves by hand."""

    def __init__(self, home: Path, *tools: object, settings: TaskEngineSettings | None = None) -> None:
        self.paths = Paths(home)
        self.paths.make_folders()
        self.settings = settings or TaskEngineSettings()
        self.clock = FakeClock()
        self.effects = CountedInMemory()
        self.events: list[Event] = []
        self.event_ids: list[str] = []
        self.boundaries: list[str] = []
        self.at_boundary: Callable[[str], None] = lambda _: None
        self.asked: list[ModelRequest] = []
        self.executor: Executor = CountingExecutor()
        self.checks: Callable[[TaskOutput], tuple[Check, ...]] = lambda _: ()
        self.supervisor_pid = 1
        self.crash_after: int | None = None
        self.crashed = False
        self._tools = TestTools(self.effects, *cast("tuple[Tool[BaseModel], ...]", tools))
        self._bus = MemoryBroker().bus(ComponentName("task_engine"), Manifest())
        self._log = structlog.stdlib.get_logger("task_engine")
        asyncio.get_running_loop().set_default_executor(AtOnce())
        self.open()

    def open(self) -> None:
        """Begin as a process begins."""
        self.crashed = False
        self.database = Database.open(
            self.paths.database("tasks"),
            migrations="senter.components.task_engine",
            snapshots=self.paths.snapshots,
            clock=self.clock,
            log=self._log,
        )
        ledger = JournalLedger(
            database=self.database,
            announce=self._announce,
            audit=AuditLog(self.database),
            clock=self.clock,
            settings=self.settings,
            supervisor_pid=self.supervisor_pid,
            boundary=self._boundary,
        )
        self.journal = EngineJournal(ledger, Random(1))  # noqa: S311 - a test is to go the same way each time
        self.journal.take_over()
        self.engine = Engine(self.journal, self.services())
        self._run = asyncio.create_task(self.engine.run())

    async def close(self) -> None:
        """End as a process ends that was asked to."""
        self._run.cancel()
        await asyncio.wait({self._run})
        self.database.close()

    async def crash(self) -> None:
        """Leave everything as it is, and begin again on the same file."""
        self.crash_after = None
        if not self.crashed:
            self.database.close()
        self._run.cancel()
        await asyncio.wait({self._run})
        self.open()

    def crash_now(self) -> None:
        """Nothing is written from here on, and whoever called goes no further."""
        self.crash_after = None
        self.crashed = True
        self.database.close()
        raise Crash

    def add(
        self,
        plan: Mapping[str, JsonValue] | str,
        *,
        request_id: str = "",
        priority: int = 5,
        grant: Grant | None = None,
        kind: GoalKind = GoalKind.WORK,
        deadline: datetime | None = None,
    ) -> GoalId:
        text = plan if isinstance(plan, str) else f"plan: {json.dumps(plan)}"
        request_id = request_id or f"request {len(self.goals()) + 1}"
        new = NewGoal(
            request_id,
            request_id,
            request_id,
            "user",
            text,
            priority,
            deadline=deadline,
            preapproved_grant=grant,
            kind=kind,
        )
        goal_id = self.journal.goals.add(new)
        self.engine.wake()
        return goal_id

    def goals(self) -> list[GoalId]:
        return [goal.id for goal in self.journal.views.goals(include_finished=True, limit=1_000).goals]

    def goal(self, goal_id: int) -> GoalReply:
        return self.journal.views.goal(GoalId(goal_id))

    async def until(self, condition: Callable[[], bool], step_seconds: float = 0.5) -> None:
        """Let time pass until something is so."""
        for _ in range(ROUNDS):
            if condition():
                return
            if self._run.done():
                self._run.result()
            self.engine.wake()
            await self.clock.advance(step_seconds)
        raise AssertionError("it did not come about")

    async def until_ended(self, *goal_ids: int) -> None:
        await self.until(lambda: all(self.goal(goal_id).goal.status in ENDED for goal_id in goal_ids))

    def _announce(self, transaction: Transaction, event: Event, *, named: MessageId | None = None) -> None:
        self.events.append(event)
        self.event_ids.append(named or "")

    def _boundary(self, name: str) -> None:
        self.boundaries.append(name)
        self.at_boundary(name)
        if self.crash_after is not None:
            self.crash_after -= 1
            if self.crash_after <= 0:
                self.crash_now()

    def services(self) -> EngineServices:
        """What the engine puts to work."""

        def access(grant: Grant, found: Collection[str] | None) -> Access:
            return GrantedAccess(grant, self.paths, self.clock, self.settings, found=found)

        def grant(folders: Sequence[str]) -> Grant:
            return default_grant(self.settings, folders, self.paths, self.clock)

        async def no_folders() -> Sequence[str]:
            return ()

        async def verify(
            postconditions: Sequence[Postcondition], output: TaskOutput, access: Access, folder: Path
        ) -> tuple[Check, ...]:
            return self.checks(output)

        return EngineServices(
            tools=self._tools,
            calendars=Calendars((), CalendarTexts(Isolated("none")), "", main_is_set=False),
            understand=nothing_but_work,
            plan=given_plan,
            executor=self.executor,
            verify=verify,
            report=write_report(self.paths.data),
            folder=Results(self.paths).folder,
            default_grant=grant,
            access=access,
            list_folders=no_folders,
            ask=self._ask(),
            settings=self.settings,
            bus=self._bus,
            paths=self.paths,
            clock=self.clock,
            log=self._log,
        )

    def _ask(self) -> Ask:
        async def ask(request: ModelRequest) -> ModelResponse:
            self.asked.append(request)
            text = f"answer {len(self.asked)}"
            return ModelResponse(
                text=text, model="m", endpoint="e", prompt_tokens=3, completion_tokens=2, finish_reason="stop"
            )

        return ask


def write_report(folder: Path) -> Report:
    """Reports of a line."""

    def report(goal: GoalView, tasks: Sequence[TaskView], outputs: Mapping[int, TaskOutput], note: str) -> Path:
        path = folder / f"goal-{goal.id}.txt"
        path.write_text(f"{goal.status.value} {len(outputs)} of {len(tasks)} {note}", encoding="utf-8")
        return path

    return report


def task(tool: str = "", **given: JsonValue) -> dict[str, JsonValue]:
    """One task of a plan: a counting tool's short name, or none for steps."""
    name = f"count_{tool}" if tool in ("pure", "idempotent", "compensable", "once_only") else tool
    return {"description": f"do {tool or 'steps'}", "tool": name, **given}


def plan(*tasks: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {"tasks": [dict(one) for one in tasks]}
