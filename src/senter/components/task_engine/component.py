"""The task engine: answers about goals, and owns tasks.db and the loop that carries them out."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, suppress
from datetime import timedelta

from senter.component.component import Component
from senter.component.events import EventLog, waiting_for_space
from senter.component.models import RESEARCH, ModelClient
from senter.components.task_engine.engine.calendar_commands import CalendarCommands
from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.goal_commands import GoalCommands
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.engine.undo_commands import UndoCommands
from senter.components.task_engine.engine.wiring import wire
from senter.components.task_engine.journal.audit import AuditLog
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.spec import SPEC
from senter.components.task_engine.tools.intents import Intents
from senter.components.task_engine.work.report_file import Results
from senter.errors import StorageFull
from senter.messages.health import Health
from senter.messages.model import ModelRequest, ModelResponse
from senter.text import one_line

# Left of the grace for what was interrupted to be written down.
GRACE_FOR_TASKS = 0.8
MODEL_SECONDS = 300.0


class TaskEngine(Component[TaskEngineSettings]):
    """Turns what people want done into work, and answers for it."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.events = EventLog.open(self.context, SPEC, stack)
        self._journal = EngineJournal(self._ledger())
        with waiting_for_space():
            if self.events.mended:
                self._journal.heads.go_on()
            interrupted = self._journal.take_over()
            self._journal.goals.number_after(Results(self.paths).last_number())
        if interrupted:
            self.log.warning("tasks_interrupted", tasks=interrupted)
        self._model = await stack.enter_async_context(ModelClient(self.bus, self.clock))
        services = await self.services(stack)
        self._engine = Engine(self._journal, services)
        self.events.each_hour(self._forget)
        self.answers = GoalCommands(self._journal, self._engine, services)
        self.undoing = UndoCommands(self._journal, self._engine, services)
        self.calendars = CalendarCommands(self.answers, self._engine, services)
        self.events.each_hour(self.calendars.keep_fresh)

    async def run(self) -> None:
        await self.events.run(self._engine.run, self._journal.heads.run)

    async def finish(self, grace_seconds: float) -> None:
        await self._engine.finish(grace_seconds * GRACE_FOR_TASKS)
        with suppress(StorageFull):
            self._journal.heads.announce()

    def health(self) -> Health:
        panicking = self._journal.facts.panicking
        return self.events.health(
            "All work is stopped until: senter panic --release" if panicking else "",
            goals_open=self._journal.goals.open_count(),
            tasks_running=self._engine.running,
            approvals_waiting=self._journal.approvals.waiting(),
            first_approval=one_line(self._journal.approvals.first_waiting()),
        )

    async def services(self, stack: AsyncExitStack) -> EngineServices:
        """What the engine puts to work."""
        return await wire(self.context, self._ask, stack)

    def boundary(self, name: str) -> None:
        """Called after each commit of the journal and each effect."""

    def _ledger(self) -> JournalLedger:
        return JournalLedger(
            database=self.events.database,
            announce=self.events.add,
            audit=AuditLog(self.events.database),
            clock=self.clock,
            settings=self.settings,
            supervisor_pid=os.getppid(),
            boundary=self.boundary,
        )

    async def _ask(self, request: ModelRequest) -> ModelResponse:
        return await self._model.ask(request, RESEARCH, timeout_seconds=MODEL_SECONDS)

    async def _forget(self) -> None:
        keep = timedelta(days=self.settings.keep_days)
        self._journal.actions.forget(keep)
        await asyncio.to_thread(Intents(self.paths).forget_before, self.clock.now() - keep)
        while self._journal.goals.forget_ended(keep):
            await self.clock.sleep(0)
