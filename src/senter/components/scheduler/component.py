"""The scheduler: owns schedule.db, answers about jobs, and has their work begun at its time."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from senter.component.component import Component
from senter.component.events import EventLog, waiting_for_space
from senter.components.scheduler.answers import Answers
from senter.components.scheduler.chores import Chores
from senter.components.scheduler.clockwork import Clockwork
from senter.components.scheduler.defaults import add_defaults
from senter.components.scheduler.firing import Firing
from senter.components.scheduler.happenings import Happenings
from senter.components.scheduler.jobs import Jobs
from senter.components.scheduler.ledger import Ledger
from senter.components.scheduler.outside import Outside
from senter.components.scheduler.settings import SchedulerSettings
from senter.components.scheduler.spec import SPEC
from senter.components.scheduler.stock import Stock
from senter.messages.health import Health, HealthStatus
from senter.messages.query import QueryAnswered
from senter.moments.dates import user_zone
from senter.store.database import Transaction


class Scheduler(Component[SchedulerSettings]):
    """Has work begun at its time, once."""

    async def open(self, stack: AsyncExitStack) -> None:
        zone = user_zone(self.settings.timezone)
        self.events = EventLog.open(self.context, SPEC, stack)
        database = self.events.database
        self._ledger = Ledger(database, self.events.add, self.clock, zone, self.settings, self.log, self._wake)
        self._firing = Firing(self._ledger)
        self._outside = Outside(self.bus, self._ledger)
        self._clockwork = Clockwork(
            self._firing, self._outside, Stock(self._ledger, self.clock), self._ledger, self.clock
        )
        jobs = Jobs(self._ledger)
        self.happenings = happenings = Happenings(self._ledger, jobs)
        with waiting_for_space():
            add_defaults(jobs, self._ledger)
            if self.events.fell_back:
                happenings.forget_runs()
        self.events.each_hour(Chores(self._ledger, jobs, happenings).do)
        self.answers = Answers(jobs, self._ledger, self.paths, self._clockwork.decide_due)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.events.run())
            group.create_task(self._clockwork.run())

    def health(self) -> Health:
        problem = self.events.database.recovered or self._clockwork.problem
        due = self._firing.next_due()
        return Health(
            status=HealthStatus.DEGRADED if problem else HealthStatus.HEALTHY,
            detail=problem,
            facts={"next_due": due.isoformat() if due else None, **self.events.facts()},
        )

    def question_answered(self, transaction: Transaction, event: QueryAnswered) -> None:
        """Senter is not idle, and jobs may wait for it."""
        self._outside.question_answered()
        self.happenings.happened(transaction, event)

    def _wake(self) -> None:
        self._clockwork.wake()
