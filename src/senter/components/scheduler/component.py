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
from senter.components.scheduler.spec import EVENTS, SPEC
from senter.components.scheduler.stock import Stock
from senter.messages.activity import ActivityLogged
from senter.messages.health import Health, HealthStatus
from senter.messages.query import QueryAnswered
from senter.messages.reports import DigestHourSet
from senter.moments.dates import user_zone
from senter.store.database import Transaction


class Scheduler(Component[SchedulerSettings]):
    """Has work begun at its time, once."""

    async def open(self, stack: AsyncExitStack) -> None:
        zone = user_zone(self.settings.timezone)
        self._events = EventLog.open(self.context, SPEC, stack)
        database = self._events.database
        self._ledger = Ledger(database, self._events.add, self.clock, zone, self.settings, self.log, self._wake)
        self._firing = Firing(self._ledger)
        outside = Outside(self.bus, self._ledger)
        self._clockwork = Clockwork(self._firing, outside, Stock(self._ledger, self.clock), self._ledger, self.clock)
        jobs = Jobs(self._ledger)
        happenings = Happenings(self._ledger, jobs)
        with waiting_for_space():
            add_defaults(jobs, self._ledger)
            if self._events.fell_back:
                happenings.forget_runs()
        self._take_in(happenings, outside)
        self._events.each_hour(Chores(self._ledger, jobs, happenings).do)
        await Answers(jobs, self._ledger, self.bus, self.paths, self._clockwork.decide_due).subscribe(stack)
        await self._events.consume(stack)

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._events.run())
                group.create_task(self._clockwork.run())
        except ExceptionGroup as failures:  # the runner's last words are about one error
            raise failures.exceptions[0] from failures

    def health(self) -> Health:
        problem = self._events.database.recovered or self._clockwork.problem
        due = self._firing.next_due()
        return Health(
            status=HealthStatus.DEGRADED if problem else HealthStatus.HEALTHY,
            detail=problem,
            facts={"next_due": due.isoformat() if due else None, **self._events.facts()},
        )

    def _take_in(self, happenings: Happenings, outside: Outside) -> None:
        def answered(transaction: Transaction, event: QueryAnswered) -> None:
            outside.question_answered()
            happenings.happened(transaction, event)

        for event in EVENTS:
            self._events.on(event, happenings.happened)
        self._events.on(QueryAnswered, answered)
        self._events.on(ActivityLogged, happenings.activity)
        self._events.on(DigestHourSet, happenings.digest_hour)

    def _wake(self) -> None:
        self._clockwork.wake()
